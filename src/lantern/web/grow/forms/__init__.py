"""The forms of grow."""
