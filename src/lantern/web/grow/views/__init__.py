"""The pages of grow."""
