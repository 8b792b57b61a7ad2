"""Grow: private needs, goals, the plan in weeks."""
