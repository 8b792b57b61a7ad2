"""The Aularagon course catalogue of the Government of Aragon."""
