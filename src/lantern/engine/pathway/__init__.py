"""The planner: from weeks, goals and musts to a plan that is the best there is, says why, and says what stands in the
way (intelligence.md C, decision 0055).

`greedy` answers at once, `improve` within seconds, `prove` in a job. `explain` and `compare` say why and what differs;
`smallest_changes` what helps when the musts cannot all hold; `complaints` what is wrong with a problem; `check` judges
any plan without the planner. `shortlist` cuts a catalog down first. `structure` holds pathways as data, `reviews` when
to come back. OR-Tools is loaded by the first plan that is improved, not by importing this.
"""

from lantern.engine.pathway.check import Violation, check
from lantern.engine.pathway.compare import Moved, PlanDifference, compare
from lantern.engine.pathway.complaints import Complaint, Trouble, complaints
from lantern.engine.pathway.greedy import greedy
from lantern.engine.pathway.plan import Piece, Placement, Plan, Proof, Shortfall, Worth
from lantern.engine.pathway.problem import (
    Badge,
    Candidate,
    Clock,
    CreditRule,
    Duty,
    Gap,
    Goal,
    Id,
    ItemDone,
    LevelReached,
    Limit,
    LiveDate,
    Must,
    Pin,
    Problem,
    Requirement,
    Week,
)
from lantern.engine.pathway.reasons import Because, Here, Out, Reasons, WhyNot, explain
from lantern.engine.pathway.remedies import Change, Offer, Remedies, apply, smallest_changes, smallest_clash
from lantern.engine.pathway.reviews import next_review, prompts, review_weeks
from lantern.engine.pathway.search import improve, prove
from lantern.engine.pathway.shortlist import Profile, Shortlisted, Unfit, shortlist

__all__ = [
    "Badge",
    "Because",
    "Candidate",
    "Change",
    "Clock",
    "Complaint",
    "CreditRule",
    "Duty",
    "Gap",
    "Goal",
    "Here",
    "Id",
    "ItemDone",
    "LevelReached",
    "Limit",
    "LiveDate",
    "Moved",
    "Must",
    "Offer",
    "Out",
    "Piece",
    "Pin",
    "Placement",
    "Plan",
    "PlanDifference",
    "Problem",
    "Profile",
    "Proof",
    "Reasons",
    "Remedies",
    "Requirement",
    "Shortfall",
    "Shortlisted",
    "Trouble",
    "Unfit",
    "Violation",
    "Week",
    "WhyNot",
    "Worth",
    "apply",
    "check",
    "compare",
    "complaints",
    "explain",
    "greedy",
    "improve",
    "next_review",
    "prompts",
    "prove",
    "review_weeks",
    "shortlist",
    "smallest_changes",
    "smallest_clash",
]
