"""Banks of questions as files: Lantern's own table (docs/admin/item-format.md)."""
