"""Interoperability: every standard and foreign format Lantern speaks."""
