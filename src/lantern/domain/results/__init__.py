"""Results of an educator's own classes, by standard: brought in by herself, for herself alone.

Words: a *class* bears the label she gave it; a *standard* is a code as she brought it, in one class; a *result* is how
many answers were right on it, of how many, on a day; a *measure* is a standard that she put beside a goal of hers. No
student is ever here: what a file says of one is summed before anything is kept. Nothing here counts over classes or
people, and no role but the educator reads it.
"""
