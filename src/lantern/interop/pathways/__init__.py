"""Pathways as one JSON file (docs/admin/pathway-format.md), in and out."""
