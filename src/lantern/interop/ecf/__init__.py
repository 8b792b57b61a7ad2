"""Early Career Framework self-study materials."""
