"""The pages of portfolio."""
