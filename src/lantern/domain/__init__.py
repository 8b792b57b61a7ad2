"""What Lantern stores, who may, and what changes it: one package a feature, always with the same files."""
