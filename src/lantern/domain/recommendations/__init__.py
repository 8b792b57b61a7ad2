"""Recommendations: what Lantern suggests to one educator, each with the sum of named parts that put it there.

Words: a *suggestion* is a stored rank with its parts and reasons; a *dismissal* is "not for me", with a why. Private
like what it is made from.
"""
