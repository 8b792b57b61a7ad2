"""Goals: what an educator sets out to reach, with a measure, a baseline, a target and a date.

Private and hers alone; a link to an initiative is hers to make and to undo. A goal without a measure is refused (B.1).
"""
