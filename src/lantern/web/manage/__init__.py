"""Manage: organisations, people, imports, frameworks, catalog, rules, audit."""
