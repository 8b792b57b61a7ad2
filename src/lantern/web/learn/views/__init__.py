"""The pages of learn."""
