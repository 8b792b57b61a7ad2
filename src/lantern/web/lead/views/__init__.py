"""The pages of lead."""
