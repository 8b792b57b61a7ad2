"""Initiatives: aims that a school or district publishes, to which anyone may link a goal if she wishes.

It never changes a goal, and never shows who linked one: only a released count.
"""
