"""Pathways: sets of steps that coordinators prepare, or that an educator makes for herself, and where she is in one.

Words: a *pathway* has *versions*; what is being written is its *draft*. A version is an outline
(`engine/pathway/outline`) of *sets* and *steps*; each step is one outcome with one or more *routes*, resources of which
one is enough. Prepared pathways are public and say nothing about anybody. That somebody *started* one, what she chose
in it, and her *own* pathways are hers alone (decision 0056).
"""
