"""Forms of manage."""
