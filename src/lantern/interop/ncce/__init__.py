"""The catalogue of England's National Centre for Computing Education."""
