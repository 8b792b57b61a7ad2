"""Suggestions as a sum of named parts, each with its words; and a short list that is few and different
(intelligence.md B7, A.2, N5).

`Shelf.of(items)` prepares a catalog once; `rank` scores it for one learner; `shortlist` picks a few that differ;
`why_not` says where an item loses and what would bring it in; `lessons` lists what her dismissals teach. What others'
choices say is worked out in `collaborative` and given to `rank` as `Learner.peers`.
"""

from lantern.engine.recommend.dismissals import Lesson, lessons
from lantern.engine.recommend.facts import (
    CreditFact,
    Dismissed,
    GoalFact,
    Item,
    Learner,
    NeedFact,
    Part,
    PeerFact,
    Ranked,
)
from lantern.engine.recommend.first_step import FirstStep, first_step
from lantern.engine.recommend.rank import FACTORS, Weights, assumed_level, chosen, rank, standing
from lantern.engine.recommend.shelf import Shelf
from lantern.engine.recommend.shortlist import shortlist
from lantern.engine.recommend.whatif import Answer, Change, Difference, why_not

__all__ = [
    "FACTORS",
    "Answer",
    "Change",
    "CreditFact",
    "Difference",
    "Dismissed",
    "FirstStep",
    "GoalFact",
    "Item",
    "Learner",
    "Lesson",
    "NeedFact",
    "Part",
    "PeerFact",
    "Ranked",
    "Shelf",
    "Weights",
    "assumed_level",
    "chosen",
    "first_step",
    "lessons",
    "rank",
    "shortlist",
    "standing",
    "why_not",
]
