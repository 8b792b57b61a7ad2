"""Evidence: reflections on what was learned and tried, and files that show it.

Words: a *reflection* says what one takes away, names a class and a date to try it, and comes back to ask how it went;
*evidence* is a file or link
that shows attendance or work. Private until its owner shares it. It never learns that credits exist.
"""
