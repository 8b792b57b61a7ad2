"""Pathways: starts that coordinators prepare for a kind of work, an ordered list of a few steps, each with its outcome.

Words: a *pathway* has *steps*; each step is one resource with an outcome. It is public and says nothing about anybody:
who puts it into her plan has activities and plan items of her own from then on. Sets of steps and choices among them
come with the pathway engine; nothing here decides anything.
"""
