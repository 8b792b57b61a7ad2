"""Together: coaches and mentors, proposals, communities, what a group asks for."""
