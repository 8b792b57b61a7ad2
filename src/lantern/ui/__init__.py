"""The look: components, shells, pictures of numbers, and the gallery that shows them. Knows nothing of learning."""
