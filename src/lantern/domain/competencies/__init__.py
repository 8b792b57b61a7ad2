"""Competencies: frameworks as versioned data, their items as a tree, and which framework is whose.

Words: a *framework* is a CASE CFDocument in one version; a *competency* is a CFItem; an *association* joins two items
(isChildOf, precedes …). It never says how good anybody is.
"""
