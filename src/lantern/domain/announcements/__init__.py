"""Announcements: what an organisation tells its people, each with one permanent page (P3.5).

It never carries a person's data, and who read what is not kept.
"""
