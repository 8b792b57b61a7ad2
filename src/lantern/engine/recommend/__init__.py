"""Suggestions as a sum of named parts, each with its words; and a short list that is few and different
(intelligence.md B7, A.2, N5).

`Shelf.of(items)` prepares a catalog once; `rank` scores it for one learner; `shortlist` picks a few that differ.
"""

from lantern.engine.recommend.facts import Dismissed, GoalFact, Item, Learner, NeedFact, Part, Ranked
from lantern.engine.recommend.rank import FACTORS, Shelf, Weights, rank, standing
from lantern.engine.recommend.shortlist import shortlist

__all__ = [
    "FACTORS",
    "Dismissed",
    "GoalFact",
    "Item",
    "Learner",
    "NeedFact",
    "Part",
    "Ranked",
    "Shelf",
    "Weights",
    "rank",
    "shortlist",
    "standing",
]
