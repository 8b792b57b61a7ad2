"""The forms of together."""
