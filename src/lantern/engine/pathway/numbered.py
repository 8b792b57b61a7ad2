"""The planner's own view of a problem: numbers instead of names, and only what can be planned.

An item's number is its place in `Ready.items`; a level that has to be reached is a negative number (`~place` in
`Ready.levels`). `readiness.prepare` fills it in.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lantern.engine.pathway.equivalents import classes
from lantern.engine.pathway.problem import Candidate, Id, Problem

NEVER = 1_000_000


class Bar(StrEnum):
    """Why something cannot be planned, whatever else is."""

    RETIRED = "retired"
    DONE = "done"
    EQUIVALENT_DONE = "equivalent done"
    NO_MINUTES = "no minutes"
    DATE_PASSED = "date passed"
    AFTER_THE_PLAN = "after the plan"
    BLOCKED = "blocked"
    NO_TIME = "no time"
    PREREQUISITE_MISSING = "prerequisite missing"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class Barred:
    """Why one thing cannot be planned, and what it is waiting for or was done instead."""

    why: Bar
    about: tuple[Id, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One date that can be attended: its week, all its minutes with the way, its place in the candidate's dates."""

    week: int
    minutes: int
    date: int


@dataclass(frozen=True, slots=True)
class LevelNode:
    """So much of a competency has to be gained by items, and those that give some (number, gain)."""

    competency: Id
    need: float
    givers: tuple[tuple[int, float], ...]


@dataclass(slots=True)
class Item:
    """One thing that can be planned, by numbers. `minutes` are those of its shortest date where it is live."""

    candidate: Candidate
    minutes: int
    options: tuple[Option, ...]
    groups: tuple[tuple[int, ...], ...] = ()
    opens: int = 0
    closes: int = 0
    start: int = 0
    end: int = 0
    part: int = 0
    gains: tuple[tuple[int, float], ...] = ()
    linear: float = 0.0
    peers: tuple[int, ...] = ()

    @property
    def live(self) -> bool:
        """Tell whether it is attended on a date."""
        return bool(self.candidate.dates)


@dataclass(frozen=True, slots=True)
class ReadyBadge:
    """A badge that can still be earned: one of each of `required`, `choose` of the classes in `electives`."""

    place: int
    value: float
    required: tuple[tuple[int, ...], ...]
    electives: tuple[tuple[int, ...], ...]
    choose: int


@dataclass(frozen=True, slots=True)
class ReadyMust:
    """A must by numbers. `routes`: who may satisfy it (number, amount); `amount` of 1 for duties and pins; `met` where
    it holds already. A pin has its week in `by` and holds only there.
    """

    kind: str
    id: Id
    routes: tuple[tuple[int, float], ...]
    amount: float
    whole: float
    by: int
    weight: float
    met: bool


@dataclass(frozen=True, slots=True)
class ReadyGap:
    """A practice gap between two numbers."""

    first: int
    then: int
    apart: int
    in_class: bool


class Ready:
    """The problem by numbers; see the fields. Built by `prepare`."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.minutes = [max(0, week.minutes) for week in problem.weeks]
        self.count = len(self.minutes)
        self.sums = [0]
        for minutes in self.minutes:
            self.sums.append(self.sums[-1] + minutes)
        self.barred: dict[Id, Barred] = {}
        self.items: list[Item] = []
        self.number: dict[Id, int] = {}
        self.levels: list[LevelNode] = []
        self.gaps: list[ReadyGap] = []
        self.musts: list[ReadyMust] = []
        self.badges: list[ReadyBadge] = []
        self.earned: float = 0.0
        self.same = classes(problem.equivalent)
        self.goals = [goal for goal in problem.goals if goal.gap > 0 and goal.weight > 0]

    def after(self, week: int, apart: int, in_class: bool) -> int:
        """Return the first week something may begin in that has to wait `apart` weeks from the end of `week`."""
        if apart <= 0:
            return week
        if not in_class:
            return week + apart
        counted = 0
        while counted < apart:
            week += 1
            counted += not 0 <= week < self.count or self.problem.weeks[week].teaching
        return week

    def finish(self, number: int, start: int) -> int:
        """Return the first week an item begun in `start` could be finished in, were it alone; NEVER if in none."""
        item = self.items[number]
        if item.live:
            return min((one.week for one in item.options if one.week >= start), default=NEVER)
        for week in range(start, min(item.closes, self.count - 1) + 1):
            if self.sums[week + 1] - self.sums[start] >= item.minutes:
                return week
        return NEVER
