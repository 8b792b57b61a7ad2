"""Catalogues of professional learning, read from Lantern's own format and from others."""
