"""The two-minute start of a newcomer; nothing in it is obligatory."""
