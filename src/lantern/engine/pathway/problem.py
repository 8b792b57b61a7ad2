"""What a plan is made of: weeks, things to choose from, goals, musts and wishes, as plain values.

Weeks are numbers from 0, the week the plan begins in; a week below 0 has passed. Minutes are whole. Who calls sums the
minutes of a week by kind of day, takes away what the calendar holds, and says what is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Id = str | int
Clock = Callable[[], float]
"""Seconds that only grow, such as time.monotonic. The engine reads no clock of its own."""

LONG_AGO = -10_000


@dataclass(frozen=True, slots=True)
class Week:
    """Minutes she has in one week (0: blocked), and whether she teaches in it (practice needs a class)."""

    minutes: int
    teaching: bool = True


@dataclass(frozen=True, slots=True)
class ItemDone:
    """Satisfied once the item, or one equivalent to it, is finished."""

    item: Id


@dataclass(frozen=True, slots=True)
class LevelReached:
    """Satisfied once her level on the competency is this high: what she has, plus the gains of what she finished."""

    competency: Id
    level: float


Requirement = ItemDone | LevelReached


@dataclass(frozen=True, slots=True)
class LiveDate:
    """One date of something live: its week, its minutes (None: the item's) and the minutes to get there and back."""

    week: int
    minutes: int | None = None
    travel: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that may be planned. Without `dates` it is done at any time and may be split over weeks; with them one
    date is attended whole.

    `gains` are levels by competency, `credits` amounts by type, `value` what else it is worth. Every group of `needs`
    must hold; a group holds when one of its members does. It is begun in week `opens` at the earliest and finished by
    week `closes`. The last four fields are only asked by `shortlist`; empty means for all.
    """

    id: Id
    minutes: int
    gains: Mapping[Id, float] = field(default_factory=dict)
    needs: tuple[tuple[Requirement, ...], ...] = ()
    dates: tuple[LiveDate, ...] = ()
    format: str = ""
    cost: float = 0.0
    credits: Mapping[str, float] = field(default_factory=dict)
    value: float = 0.0
    opens: int = 0
    closes: int | None = None
    retired: bool = False
    roles: frozenset[str] = frozenset()
    grades: frozenset[str] = frozenset()
    from_level: float | None = None
    to_level: float | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """Levels missing on one competency, and what one of them is worth."""

    competency: Id
    gap: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Duty:
    """One of `items` is to be finished by week `by`: several routes to one mandate, or what an initiative accepts.
    `kind` is "mandate" or "initiative"; late is half a shortfall, never a whole one.
    """

    id: Id
    items: frozenset[Id]
    by: int
    kind: str = "mandate"
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class CreditRule:
    """So much credit of a type by a week; `have` is what she has already, which is not counted from `Problem.done`."""

    id: Id
    type: str
    amount: float
    by: int
    have: float = 0.0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Pin:
    """She put the item into this week: its work begins there, its date is there. Weighs more than what others ask."""

    item: Id
    week: int
    weight: float = 2.0

    @property
    def id(self) -> Id:
        """Return the item's id; a pin is named by what it holds."""
        return self.item


Must = Duty | CreditRule | Pin


@dataclass(frozen=True, slots=True)
class Gap:
    """Where both are planned, `then` begins `apart` weeks after `first` is finished, or later (1: the next week).
    With `in_class` only weeks in which she teaches count.
    """

    first: Id
    then: Id
    apart: int
    in_class: bool = False


@dataclass(frozen=True, slots=True)
class Badge:
    """Worth `value` when all `required` and `choose` of the `electives` are finished."""

    id: Id
    value: float
    required: frozenset[Id] = frozenset()
    electives: frozenset[Id] = frozenset()
    choose: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """All that a plan depends on.

    `levels` are hers now. `equivalent` are groups of which one counts: one completion satisfies whatever names another.
    `done` says in which week an item was finished. `liked` is worth so much an hour of a format, `variety` so much for
    each format that is in the plan; `minute_cost` is what a minute of hers costs. `previous` are the weeks of an
    earlier plan's items; with it each item dropped costs `change_cost` for each of its weeks, each new one once.
    Work is split into pieces of `smallest_piece` minutes at least.
    """

    weeks: tuple[Week, ...]
    candidates: tuple[Candidate, ...]
    goals: tuple[Goal, ...] = ()
    duties: tuple[Duty, ...] = ()
    credit_rules: tuple[CreditRule, ...] = ()
    pins: tuple[Pin, ...] = ()
    gaps: tuple[Gap, ...] = ()
    badges: tuple[Badge, ...] = ()
    equivalent: tuple[frozenset[Id], ...] = ()
    levels: Mapping[Id, float] = field(default_factory=dict)
    done: Mapping[Id, int] = field(default_factory=dict)
    liked: Mapping[str, float] = field(default_factory=dict)
    variety: float = 0.0
    minute_cost: float = 0.0002
    budget: float | None = None
    most_items: int | None = None
    previous: Mapping[Id, tuple[int, ...]] | None = None
    change_cost: float = 0.02
    smallest_piece: int = 5

    @property
    def musts(self) -> tuple[Must, ...]:
        """Return all that must hold: duties, credit rules, pins."""
        return (*self.duties, *self.credit_rules, *self.pins)


@dataclass(frozen=True, slots=True)
class Limit:
    """Until when, on a clock that is handed in; without one there is all the time of the world."""

    clock: Clock | None = None
    until: float = 0.0

    def left(self) -> float:
        """Return the seconds left, 0 where there are none; a day without a clock."""
        return max(0.0, self.until - self.clock()) if self.clock else 86_400.0

    @property
    def over(self) -> bool:
        """Tell whether time is up."""
        return self.left() <= 0

    def at_most(self, seconds: float) -> Limit:
        """Return a limit that ends after so many seconds, or when this one does."""
        return Limit(self.clock, min(self.until, self.clock() + seconds)) if self.clock else self
