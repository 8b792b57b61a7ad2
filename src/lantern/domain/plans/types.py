"""A plan as it is shown: weeks with their minutes, and what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

DEFAULT_WEEKS = 8
MOST_WEEKS = 52
MOST_MINUTES = 3000
"""Fifty hours: more is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class ItemView:
    """An activity in a plan, with the goal it serves and why it is here."""

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
