"""Insights: figures about groups of people, released once for each closed term, and nothing else about anybody.

Words: a *term* is half a school year; the *roster* says who counted where when it closed; a *line* is one group's
figure or why there is none. The rule is `engine.release`, the gathering `flows.releases`; this feature keeps and shows.
It never counts: what is not in a line is not known here, and a line never changes.
"""
