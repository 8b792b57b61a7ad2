"""A plan as it is shown: weeks with their minutes, and what is in them."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

DEFAULT_WEEKS = 8
MOST_WEEKS = 52
FURTHEST = 1000
"""Weeks from the first that anything in a plan can lie in: a year shown, and what is spread from its end on."""
MOST_MINUTES = 3000
"""Fifty hours: more is a slip of the finger."""


class DraftState(StrEnum):
    """How far a draft is: the first answer, a better one, the best there is (or as far as time allowed)."""

    FIRST = "first"
    BETTER = "better"
    DONE = "done"


class ReviewState(StrEnum):
    """She came back to it, or wants to be asked no more."""

    DONE = "done"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True)
class ItemView:
    """An activity in a plan, with the goal it serves and why it is here. `minutes` are those of the whole, `here` those
    of the week it is shown in, which is the `part`-th of `parts`.
    """

    id: UUID
    activity_id: UUID
    title: str
    kind: str
    minutes: int
    monday: date | None
    position: int
    reason: str
    goal_id: UUID | None
    goal_title: str
    percent: int
    done: bool
    here: int
    part: int = 1
    parts: int = 1
    pinned: bool = False
    minutes_left: int = 0
    resource_id: UUID | None = None
    started: bool = False


@dataclass(frozen=True, slots=True)
class WeekView:
    """A week: the minutes one has in it, those planned, the items in order, and whether there is class."""

    monday: date
    available: int
    planned: int
    quiet: bool
    note: str
    items: tuple[ItemView, ...]
    teaching: bool = True
    why: tuple[str, ...] = ()
    """What was taken from the usual minutes, in words; nothing where the week has minutes of its own."""

    @property
    def blocked(self) -> bool:
        """Tell whether nothing is to be due in this week: it is kept quiet, or every day of it is off."""
        return self.quiet or (not self.available and not self.teaching)

    @property
    def left(self) -> int:
        """Return the minutes still free; below zero when too much is planned."""
        return self.available - self.planned

    @property
    def over(self) -> int:
        """Return by how many minutes the week is over-full."""
        return max(0, -self.left)


@dataclass(frozen=True, slots=True)
class PlanView:
    """A whole plan. `earlier` is what was planned for weeks that are over and is not done yet."""

    weeks: tuple[WeekView, ...]
    unplaced: tuple[ItemView, ...]
    earlier: tuple[ItemView, ...]
    begins_on: date
    weeks_shown: int
    minutes_per_week: int
    version: int

    @property
    def items(self) -> tuple[ItemView, ...]:
        """Return everything in it once, in the order of weeks; what goes over several as its first part shown."""
        found: dict[UUID, ItemView] = {}
        for item in (*(one for week in self.weeks for one in week.items), *self.unplaced, *self.earlier):
            found.setdefault(item.id, item)
        return tuple(found.values())

    @property
    def total_planned(self) -> int:
        """Return the minutes planned in all weeks shown."""
        return sum(week.planned for week in self.weeks)

    @property
    def total_available(self) -> int:
        """Return the minutes available in all weeks shown."""
        return sum(week.available for week in self.weeks)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is in the plan."""
        return not (self.unplaced or self.earlier or any(week.items for week in self.weeks))


@dataclass(frozen=True, slots=True)
class DraftItem:
    """One thing of a plan that was worked out: minutes by week (`pieces`: week from the first, minutes) and why it is
    here, in words. `item_id` is its place in her plan where it stands there already, in weeks `was`; `fixed`: it stays.
    """

    id: str
    title: str
    kind: str
    minutes: int
    pieces: tuple[tuple[int, int], ...]
    why: tuple[str, ...] = ()
    resource_id: str = ""
    item_id: str = ""
    activity_id: str = ""
    goal_id: str = ""
    was: tuple[tuple[int, int], ...] = ()
    fixed: bool = False
    begun: bool = False

    @property
    def is_new(self) -> bool:
        """Tell whether it is not in her plan yet."""
        return not self.item_id

    @property
    def is_moved(self) -> bool:
        """Tell whether it is in her plan, in other weeks."""
        return bool(self.item_id) and self.pieces != self.was


@dataclass(frozen=True, slots=True)
class DraftLine:
    """Something with a sentence about it: left out with the reason; `item_id` where it stands in her plan."""

    id: str
    title: str
    words: str
    resource_id: str = ""
    item_id: str = ""


@dataclass(frozen=True, slots=True)
class DraftAim:
    """A goal or need, and how much of the way to it the plan goes: `share` of 1, the levels in words."""

    title: str
    words: str
    share: float
    goal_id: str = ""
    competency_id: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan that was worked out, from the week of `first` on. `weeks` are the minutes of each that it may fill, `have`
    those her plan had in them then. `short` says in words what cannot hold, `help` which sets of changes would do.
    `gap` is the part it may lack of the best there is; None while nobody knows.
    """

    first: date
    weeks: tuple[int, ...]
    have: tuple[int, ...] = ()
    items: tuple[DraftItem, ...] = ()
    out: tuple[DraftLine, ...] = ()
    behind: tuple[DraftLine, ...] = ()
    aims: tuple[DraftAim, ...] = ()
    short: tuple[str, ...] = ()
    help: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    worth: float = 0.0
    gap: float | None = None
    proven: bool = False

    @property
    def minutes(self) -> int:
        """Return the minutes planned."""
        return sum(minutes for item in self.items for _, minutes in item.pieces)

    def monday(self, week: int) -> date:
        """Return the Monday of a week by its number."""
        return self.first + timedelta(weeks=week)

    def packed(self) -> dict[str, Any]:
        """Return it as plain data, to be kept."""
        return asdict(self) | {"first": self.first.isoformat()}

    @staticmethod
    def unpacked(data: Mapping[str, Any]) -> Draft | None:
        """Return what was kept, or None where that is no plan: it may have come from anywhere."""
        try:
            return Draft(
                first=_a_monday(data["first"]),
                weeks=tuple(int(minutes) for minutes in data["weeks"]),
                items=tuple(_draft_item(one) for one in data["items"]),
                have=tuple(int(minutes) for minutes in data.get("have", data["weeks"])),
                out=tuple(map(_draft_line, data["out"])),
                behind=tuple(map(_draft_line, data["behind"])),
                aims=tuple(map(_draft_aim, data["aims"])),
                short=tuple(map(str, data["short"])),
                help=tuple(tuple(map(str, one)) for one in data["help"]),
                notes=tuple(map(str, data["notes"])),
                worth=_finite(data["worth"]),
                gap=None if data["gap"] is None else _finite(data["gap"]),
                proven=bool(data["proven"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            return None

    @property
    def mark(self) -> str:
        """Return what tells this plan apart from any other: a page sends it back, so that she takes what she saw."""
        return hashlib.sha256(json.dumps(self.packed(), sort_keys=True).encode()).hexdigest()[:24]


def _draft_item(one: Mapping[str, Any]) -> DraftItem:
    pairs = {name: tuple((int(week), int(minutes)) for week, minutes in one[name]) for name in ("pieces", "was")}
    weeks = [week for week, _ in pairs["pieces"]]
    if weeks != sorted(set(weeks)) or any(not 0 <= week < FURTHEST or minutes < 0 for week, minutes in pairs["pieces"]):
        raise ValueError("a week of it is none")
    made = DraftItem(**{**one, **pairs, "why": tuple(map(str, one["why"]))})
    _check_ids(made.resource_id, made.item_id, made.activity_id, made.goal_id)
    if not made.is_new or made.resource_id:
        return made
    raise ValueError("it is nothing that can be planned")


def _draft_line(one: Mapping[str, Any]) -> DraftLine:
    made = DraftLine(**{name: str(value) for name, value in one.items()})
    _check_ids(made.resource_id, made.item_id)
    return made


def _draft_aim(one: Mapping[str, Any]) -> DraftAim:
    return DraftAim(**{**one, "title": str(one["title"]), "words": str(one["words"]), "share": float(one["share"])})


def _check_ids(*ids: str) -> None:
    for one in ids:
        if one:
            UUID(one)


def _a_monday(text: str) -> date:
    day = date.fromisoformat(text)
    if day.weekday() or not 1900 < day.year < 2200:
        raise ValueError("it begins on no Monday")
    return day


def _finite(number: Any) -> float:
    if not math.isfinite(found := float(number)):
        raise ValueError("that is no number")
    return found


@dataclass(frozen=True, slots=True)
class DraftWish:
    """What she asks of a plan that is worked out: `more` minutes a week, begin so many weeks later, `without` some
    goals or needs (their ids), only `repair` what stands in the plan.
    """

    more: int = 0
    start: int = 0
    without: tuple[str, ...] = ()
    repair: bool = False

    @staticmethod
    def unpacked(data: Mapping[str, Any]) -> DraftWish:
        """Return what was kept; what makes no sense is not asked for."""
        try:
            return DraftWish(
                max(0, min(int(data.get("more", 0)), MOST_MINUTES)),
                max(0, min(int(data.get("start", 0)), MOST_WEEKS)),
                tuple(map(str, data.get("without", ()))),
                bool(data.get("repair")),
            )
        except (TypeError, ValueError, AttributeError, OverflowError):
            return DraftWish()


@dataclass(frozen=True, slots=True)
class DraftView:
    """Her draft: what was found, and a second one to compare it with, each with its number, how far it is, and what was
    asked for it.
    """

    id: UUID
    number: int
    state: DraftState
    wish: DraftWish
    found: Draft
    other_wish: DraftWish | None
    other: Draft | None
    other_number: int
    other_state: DraftState
    current: bool
    """Whether her plan is still as it was when this was worked out, and its weeks have not passed."""


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Something to come back to: what, for which time, in the week of which Monday."""

    activity_id: UUID
    title: str
    step: int
    monday: date


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking a plan changed: things that came in, moved and left; the titles of what is offered no more, and of
    what she began, finished or set aside meanwhile, which stays as it is.
    """

    added: int
    moved: int
    removed: int
    gone: tuple[str, ...] = ()
    stayed: tuple[str, ...] = ()
