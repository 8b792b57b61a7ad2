"""Courses: what an educator does to learn, one row an activity, whether it comes from the catalog or from anywhere
else.

Words: an *activity* is a resource, or something from outside, taken up by one educator; its *progress* is a
percentage she or the player sets.
It is private, and knows neither plans nor credits.
"""
