"""What the feature hands out: results with what they are sure of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from lantern.engine.class_results import Share

if TYPE_CHECKING:
    from lantern.domain.results.models import ClassStandard, OwnClass

LONGEST_LABEL = 80
MOST_CLASSES = 60
MOST_DAYS = 60
"""How many days of results one class keeps."""


@dataclass(frozen=True, slots=True)
class DayResult:
    """The answers on one standard on one day."""

    on: date
    share: Share


@dataclass(frozen=True, slots=True)
class StandardView:
    """One standard of a class: its newest result and those before, what the standard says, what it was mapped to.

    `stands_out` tells that its newest result is surely lower than the class's as a whole on that day; `moved` whether
    it rose (1), fell (-1) or cannot be told (0) since the result before.
    """

    row: ClassStandard
    code: str
    statement: str
    days: tuple[DayResult, ...]
    stands_out: bool = False
    moved: int = 0
    competency_id: UUID | None = None
    competency_name: str = ""

    @property
    def newest(self) -> DayResult:
        """Return the result of the last day."""
        return self.days[-1]

    @property
    def telling(self) -> DayResult | None:
        """Return the result of the last day that has answers enough to say something; None where no day has."""
        return next((each for each in reversed(self.days) if each.share.enough), None)

    @property
    def may_count(self) -> bool:
        """Tell whether she may let it speak for her level: it has a telling day, or it speaks already."""
        return self.telling is not None or self.row.counts


@dataclass(frozen=True, slots=True)
class ClassView:
    """A class with its standards, those that went worst first, and the days it has results of, newest first."""

    row: OwnClass
    standards: tuple[StandardView, ...]
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of bringing results in: the class, the day, and how many standards are new to it."""

    class_id: UUID
    on: date
    standards: int
    new: int
    replaced: int


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A standard of a class beside a goal, with its results over time."""

    standard_id: UUID
    class_id: UUID
    label: str
    code: str
    statement: str
    days: tuple[DayResult, ...]
    moved: int
