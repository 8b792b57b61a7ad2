"""People: organisations, persons, their roles, and how they sign in.

Words: an *organisation* is a state, region, district or school; a *person* is one educator in one tenant; a
*membership* is a role at an organisation with a beginning and an end; an *account* is what one signs in with. It never
stores what an educator needs or learns.
"""
