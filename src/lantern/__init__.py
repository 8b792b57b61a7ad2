"""Lantern: professional learning that each educator steers."""

__version__ = "0.1.0"
