"""Competency frameworks in CASE 1.0/1.1 packages and CSV."""
