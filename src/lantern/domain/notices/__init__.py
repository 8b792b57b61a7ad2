"""Notices: the in-app inbox. A notice says that there is news and leads to its page; mail only repeats that there is
one.

It never holds private text: a notice is a key, a link and numbers, and its words are looked up when it is shown.
"""
