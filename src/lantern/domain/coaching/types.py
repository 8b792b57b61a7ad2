"""The closed lists of coaching."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
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


class ProposalState(StrEnum):
    """What the educator made of it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REWRITTEN = "rewritten"
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

PROPOSAL_WORDS: dict[str, str] = {
    "open": "Waiting for an answer",
    "accepted": "Accepted as it is",
    "rewritten": "Accepted in her own words",
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
    """A proposal with both versions; `made` is empty for the coach, who sees what came of it only when it is shared."""

    id: UUID
    link_id: UUID
    kind: str
    state: str
    note: str
    proposed: dict[str, str]
    made: dict[str, str]
    made_id: UUID | None
    coach_id: UUID
    coach_name: str
    educator_id: UUID
    educator_name: str
    mine_to_answer: bool
    mine_to_withdraw: bool
    at: datetime
    answered_at: datetime | None


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
