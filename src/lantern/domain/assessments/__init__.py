"""Item banks and adaptive checks: a few questions on a competency that place the novice and let the expert skip.

Words: an *item* is a question with its answers, key and calibration (QTI: assessment item), a *bank* the published
items of one competency; a *check* is one educator's way through a bank, private and without a score: it says in which
levels she probably is. The mathematics are in `engine/assess` (decision 0040), what is made of it in `flows/checks`.
"""
