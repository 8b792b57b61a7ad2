"""A joint plan as its members see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from lantern.domain.privacy.types import ASKED_IN, IN_CIRCLE

MOST_MEMBERS = 40
MOST_STEPS = 200
TITLE_MOST = 120
WHY_MOST = 1000
STEP_TITLE_MOST = 300
MOST_MINUTES = 3000
SOMEBODY = "Somebody who is not here any more"


class MemberState(StrEnum):
    """Asked, then in; who leaves or says no has no row."""

    ASKED = ASKED_IN
    IN = IN_CIRCLE


class ChangeKind(StrEnum):
    """What can happen to a joint plan."""

    STARTED = "started"
    REWORDED = "reworded"
    ASKED = "asked"
    TAKEN_BACK = "taken_back"
    JOINED = "joined"
    SAID_NO = "said_no"
    LEFT = "left"
    STEP_ADDED = "step_added"
    STEP_CHANGED = "step_changed"
    STEP_REMOVED = "step_removed"
    STEP_BACK = "step_back"
    STEP_DONE = "step_done"
    STEP_NOT_DONE = "step_not_done"


CHANGE_WORDS: dict[str, str] = {
    "started": "started this plan",
    "reworded": "changed what it is about",
    "asked": "asked {about} to take part",
    "taken_back": "took the invitation of {about} back",
    "joined": "takes part now",
    "said_no": "cannot take part",
    "left": "left",
    "step_added": "added “{step}”",
    "step_changed": "changed “{step}”",
    "step_removed": "took “{step}” out",
    "step_back": "brought “{step}” back",
    "step_done": "marked “{step}” as done for their part",
    "step_not_done": "marked “{step}” as not done yet for their part",
}
"""What the history says after a name."""


@dataclass(frozen=True, slots=True)
class MemberView:
    """Somebody who takes part or is asked. Her role is not here: all are equal in a joint plan."""

    id: UUID
    person_id: UUID
    name: str
    initials: str
    me: bool


@dataclass(frozen=True, slots=True)
class StepView:
    """A step; `people` are the names of those who take part where it is not everybody, `done_by` of who said so."""

    id: UUID
    title: str
    resource_id: UUID | None
    minutes: int
    monday: date | None
    version: int
    everybody: bool
    member_ids: tuple[UUID, ...]
    people: tuple[str, ...]
    done_by: tuple[str, ...]
    mine: bool
    done_by_me: bool
    in_my_weeks: bool
    removed_at: datetime | None

    @property
    def nobodys(self) -> bool:
        """Return whether all who were named for it have left."""
        return not self.everybody and not self.member_ids


@dataclass(frozen=True, slots=True)
class JointPlanView:
    """A joint plan with everything in it, as one of its members sees it."""

    id: UUID
    title: str
    why: str
    version: int
    group_need_id: UUID | None
    members: tuple[MemberView, ...]
    asked: tuple[MemberView, ...]
    steps: tuple[StepView, ...]
    removed: tuple[StepView, ...]

    @property
    def to_take(self) -> int:
        """Return how many steps of mine are not in my own weeks yet."""
        return sum(1 for step in self.steps if step.mine and not step.in_my_weeks)


@dataclass(frozen=True, slots=True)
class JointPlanLine:
    """A joint plan in a list: of mine, or one I am asked into (`invitation_id`)."""

    id: UUID
    title: str
    why: str
    people: tuple[str, ...]
    steps: int
    invitation_id: UUID | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """What somebody who is asked sees before she answers: what it is about and who takes part, and no step of it."""

    id: UUID
    plan_id: UUID
    title: str
    why: str
    asked_by: str
    people: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One line of the history: who, what, when, and each value before and after."""

    who: str
    words: str
    at: datetime
    values: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PutIn:
    """What came of putting my part into my own weeks."""

    placed: int
    waiting: int
    not_offered: tuple[str, ...]
