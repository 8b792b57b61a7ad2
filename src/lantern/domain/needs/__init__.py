"""Needs: what an educator wants to get better at. Private; and what a group asks for together, which its members see.

Words: a *need* is one educator's and private; a *rating* is how she sees herself on a competency (0 not yet … 4 leads
others), with its source; a *group need* is put up by a member of a school for all its staff to see and vote on. No
private need ever becomes a group need by itself, and nobody is shown who voted.
"""
