"""Mutation testing of the modules that keep the privacy promise: `make mutants` (docs/developer/trust.md)."""
