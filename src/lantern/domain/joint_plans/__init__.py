"""Joint plans: what several people plan together, all of them with the same rights (C.7).

Words: a *joint plan* belongs to those who take part in it, whatever their roles; a *member* is in, or asked; a *step*
is a resource or own words, with minutes, a week and who takes part; a *change* says who did what to it and when. What
somebody does with a step in her own weeks stays hers: a joint plan knows only what she marks in it herself.
"""
