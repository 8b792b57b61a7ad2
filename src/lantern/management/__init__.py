"""Three-line wrappers for Django's command line; the acts themselves are elsewhere."""
