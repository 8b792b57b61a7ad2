"""Forms of learn."""
