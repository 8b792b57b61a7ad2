"""The pages of together."""
