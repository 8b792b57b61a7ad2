"""What a week has, what days of a school year are, and the bounds of all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_PERIODS = 2
"""Free periods of one day; more fit into one that is longer."""
MOST_DAY_MINUTES = 600
MOST_WEEK_MINUTES = 3000
"""What a plan takes for a week at most."""
LONGEST_BREAK = timedelta(weeks=15)
"""What lies between two terms and is longer is no break but a term that nobody entered."""
LONGEST_SCHOOL_TIME = timedelta(days=400)
MOST_BUSY = 4000
"""Busy times kept of one calendar, for a year: eleven a day, after those that touch became one."""
READ_AGAIN_AFTER = timedelta(hours=6)
KEPT_CANCELLED = timedelta(days=60)
"""How long a calendar is told that something was taken out of the plan; the slowest asks once a day."""


class SchoolTimeKind(StrEnum):
    """What stretches of a school year there are."""

    TERM = "term"
    HOLIDAY = "holiday"
    STAFF_DAY = "staff_day"


KIND_WORDS: dict[str, str] = {
    SchoolTimeKind.TERM: "Term",
    SchoolTimeKind.HOLIDAY: "Days off",
    SchoolTimeKind.STAFF_DAY: "Staff day without class",
}


@dataclass(frozen=True, slots=True)
class WeekTime:
    """What a week usually has: minutes for learning, whether there is class, and what was taken away, in words."""

    minutes: int
    teaching: bool = True
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """A free period of a weekday."""

    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class DayTime:
    """What one weekday has: free periods inside the working day, and minutes at another time."""

    periods: tuple[Period, ...] = ()
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class MyTime:
    """What I said of my time: seven days from Monday on, or none where one number for the week is enough."""

    days: tuple[DayTime, ...] = ()
    holidays_too: bool = False


@dataclass(frozen=True, slots=True)
class SchoolTimeView:
    """A term, days off or a staff day, with whose it is; both days are in it."""

    id: UUID
    kind: str
    name: str
    begins_on: date
    ends_on: date
    organisation_id: UUID
    organisation: str
    mine_to_change: bool = False

    @property
    def kind_words(self) -> str:
        """Return what it is, in words."""
        return KIND_WORDS.get(self.kind, self.kind)

    @property
    def when(self) -> str:
        """Return its days in words, such as "12 to 16 October 2026"."""
        if self.begins_on == self.ends_on:
            return f"{self.begins_on:%-d %B %Y}"
        begins = "%-d %B" if self.begins_on.year == self.ends_on.year else "%-d %B %Y"
        if (self.begins_on.year, self.begins_on.month) == (self.ends_on.year, self.ends_on.month):
            begins = "%-d"
        return f"{self.begins_on:{begins}} to {self.ends_on:%-d %B %Y}"

    @property
    def meta(self) -> str:
        """Return its days and whose they are."""
        return f"{self.when} · {self.organisation}"


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """How my own calendar stands. `host` is all that is shown of its address; `read_at` is when it was read last and
    well, `trouble` what has been in the way since `failing_since`; where nothing was, it says what was too much.
    """

    host: str
    read_at: datetime | None
    failing_since: datetime | None
    trouble: str
    busy_times: int
    left_out: int


@dataclass(frozen=True, slots=True)
class DueCalendar:
    """A calendar to be read: whose, and where."""

    id: UUID
    address: str


@dataclass(frozen=True, slots=True)
class Planned:
    """Something of a plan as a calendar is told: what, in which week, for how long, and where to find it."""

    id: UUID
    title: str
    monday: date
    minutes: int
    link: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a calendar is told of one thing. `sequence` grows with each change; a cancelled one is planned no more."""

    id: UUID
    title: str
    monday: date
    minutes: int
    link: str
    sequence: int
    changed_at: datetime
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Year:
    """The school year as it concerns one person: `off` are days off by name, `no_class` days on which she works."""

    off: dict[date, str] = field(default_factory=dict)
    no_class: frozenset[date] = frozenset()
