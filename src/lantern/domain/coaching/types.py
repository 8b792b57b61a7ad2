"""The closed lists of coaching."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class LinkState(StrEnum):
    """From asking to ending."""

    ASKED = "asked"
    ACTIVE = "active"
    DECLINED = "declined"
    ENDED = "ended"


class ProposalKind(StrEnum):
    """What can be proposed."""

    GOAL = "goal"
    ACTIVITY = "activity"
    PLAN = "plan"


class ProposalState(StrEnum):
    """What the educator made of it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REWRITTEN = "rewritten"
    PARTLY = "partly"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ObservationState(StrEnum):
    """What the educator made of what her coach saw; the coach learns only whether it still waits."""

    OPEN = "open"
    TAKEN_UP = "taken_up"
    SET_ASIDE = "set_aside"


GOAL_FIELDS: tuple[str, ...] = (
    "title",
    "why",
    "competency_id",
    "target_level",
    "measure",
    "baseline",
    "target",
    "due_on",
)
ACTIVITY_FIELDS: tuple[str, ...] = ("resource_id", "title", "kind", "minutes", "url")
"""The fields of a proposal, by its kind; all are kept as text or numbers."""

MOST_LINES = 30
YOUR_COACH = "Your coach proposed it, and you took it up"
"""Why it is in her plan. It names nobody: the words stay hers when her coach is erased."""
"""How many changes of a plan one proposal may hold."""


class Do(StrEnum):
    """What one line of a proposed change does to a plan, in the order in which lines are carried out."""

    REMOVE = "remove"
    WEEK = "week"
    MOVE = "move"
    ADD = "add"


class Outcome(StrEnum):
    """What the educator made of a line."""

    TAKEN = "taken"
    CHANGED = "changed"
    PASSED = "passed"
    NO_FIT = "no_fit"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One change of somebody's plan: an item moved (to `monday`, None: to no week) or taken out, a week with other
    `minutes` or `quiet`, or something new (a resource, or own words) with a reason and the goal it serves.
    """

    do: str
    title: str = ""
    item_id: UUID | None = None
    resource_id: UUID | None = None
    monday: date | None = None
    minutes: int | None = None
    quiet: bool = False
    reason: str = ""
    goal_id: UUID | None = None

    def kept(self) -> dict[str, Any]:
        """Return the line as a proposal keeps it."""
        plain = asdict(self)
        for name in ("item_id", "resource_id", "goal_id", "monday"):
            plain[name] = str(plain[name]) if plain[name] is not None else None
        return plain

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> PlanLine:
        """Return a line from what a proposal keeps."""
        facts: dict[str, Any] = {name: kept[name] for name in ("do", "title", "minutes", "quiet", "reason")}
        for name in ("item_id", "resource_id", "goal_id"):
            facts[name] = UUID(kept[name]) if kept[name] else None
        return cls(**facts, monday=date.fromisoformat(kept["monday"]) if kept["monday"] else None)


@dataclass(frozen=True, slots=True)
class MadeLine:
    """What became of a line: taken as it was, changed (`line` is her version), passed on, or no fit any more, why."""

    line: PlanLine
    outcome: str
    why: str = ""


PROPOSAL_WORDS: dict[str, str] = {
    "open": "Waiting for an answer",
    "accepted": "Accepted as it is",
    "rewritten": "Accepted in her own words",
    "partly": "Taken up in part",
    "declined": "Not taken up",
    "withdrawn": "Taken back by the coach",
}


OBSERVATION_WORDS: dict[str, str] = {
    "open": "New to you",
    "taken_up": "You took it up",
    "set_aside": "You set it aside",
}


@dataclass(frozen=True, slots=True)
class MentorView:
    """Somebody who offers help, as one reader sees her: what she offers and why she comes up."""

    person_id: UUID
    name: str
    initials: str
    about: str
    strengths: tuple[str, ...]
    reasons: tuple[str, ...]
    score: float
    places_left: int


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with both versions; `made` is empty for the coach, who sees what came of it only when it is shared.

    Of changes of a plan `lines` are what was proposed, `made_lines` what became of each.
    """

    id: UUID
    link_id: UUID
    kind: str
    state: str
    note: str
    proposed: dict[str, Any]
    made: dict[str, Any]
    made_id: UUID | None
    coach_id: UUID
    coach_name: str
    educator_id: UUID
    educator_name: str
    mine_to_answer: bool
    mine_to_withdraw: bool
    at: datetime
    answered_at: datetime | None

    @property
    def lines(self) -> tuple[PlanLine, ...]:
        """Return the proposed changes of a plan; none for a goal or an activity."""
        return tuple(PlanLine.of(kept) for kept in self.proposed.get("lines", ()))

    @property
    def made_lines(self) -> tuple[MadeLine, ...]:
        """Return what became of each, once it is answered and for who may read it."""
        made = self.made.get("lines", ())
        return tuple(MadeLine(PlanLine.of(kept["line"]), kept["outcome"], kept["why"]) for kept in made)

    @property
    def plan_version(self) -> int:
        """Return the version of the plan that the changes were proposed for."""
        return int(self.proposed.get("version", 0))


@dataclass(frozen=True, slots=True)
class ObservationView:
    """What a coach saw, as one of the two reads it; `state` is empty for the coach: what became of it is not hers."""

    id: UUID
    link_id: UUID
    saw: str
    on: date
    competency_id: UUID | None
    competency_name: str
    level: int | None
    state: str
    coach_id: UUID
    coach_name: str
    educator_name: str
    mine_to_answer: bool
    mine_to_withdraw: bool
    at: datetime
