"""The pages of start."""
