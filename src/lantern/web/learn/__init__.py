"""Learn: the catalog, one resource, what was kept for later, progress."""
