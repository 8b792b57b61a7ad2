"""The forms of lead."""
