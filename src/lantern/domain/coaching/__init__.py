"""Coaching: who asked whom for help, what a coach proposes, and what she saw.

Words: a *link* joins an educator and a coach she asked, once the coach said yes; a *proposal* is a goal, an
activity, or several changes of a plan that is shared with the coach, which the
educator accepts, rewrites or declines: what was proposed and what she made of it are both kept (B.4). An
*observation* is what a coach saw and wrote for one educator, worth nothing until she takes it up. A coach sees only
what was shared with her.
"""
