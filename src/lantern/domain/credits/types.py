"""What credits hand out: a verdict before the work, totals after it, and how far a licence is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Counts(StrEnum):
    """Whether something will count, as far as the rule can tell beforehand."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


REFLECTION = "reflection"
"""The source kind of hours that a reflection earned."""
LONGEST_REASON = 200
FROM_BEFORE = "You brought it in from before. Hours for it were given where you did it, so none are written here."


def in_hours(hundredths: int) -> str:
    """Return hundredths of hours as people read them: "1.50", or "−1.50" for hours taken back."""
    sign = "−" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to "Will it count?": so many hundredths of hours, by which rule, and what is missing for it."""

    counts: Counts
    hundredths: int
    credit_type: str
    rule_name: str
    what_is_missing: tuple[str, ...] = ()
    note: str = ""

    @property
    def hours(self) -> str:
        """Return the hours as text, such as "1.50"."""
        return in_hours(self.hundredths)

    @property
    def words(self) -> str:
        """Return the verdict as one short sentence."""
        if self.counts == Counts.NO:
            return "It does not count yet." if self.what_is_missing else "It does not count for hours here."
        if self.what_is_missing:
            return f"It counts {self.hours} hours once nothing is missing."
        return f"It counts {self.hours} hours."


@dataclass(frozen=True, slots=True)
class Total:
    """The hours of one credit type in one period."""

    credit_type: str
    period: str
    hundredths: int
    entries: int

    @property
    def hours(self) -> str:
        """Return the hours as text."""
        return in_hours(self.hundredths)


@dataclass(frozen=True, slots=True)
class LicenceProgress:
    """How far a licence is: hours counted from its first day to its renewal."""

    name: str
    credit_type: str
    hundredths: int
    hours_needed: int
    counts_from: date
    renews_on: date
    days_left: int

    @property
    def hours(self) -> str:
        """Return the hours there are, as text."""
        return in_hours(self.hundredths)

    @property
    def value(self) -> float:
        """Return the hours there are, as a number for the ring; never below zero."""
        return max(0, self.hundredths) / 100

    @property
    def hours_left(self) -> str:
        """Return the hours still needed, as text."""
        return in_hours(max(0, self.hours_needed * 100 - self.hundredths))

    @property
    def is_reached(self) -> bool:
        """Tell whether nothing more is needed."""
        return self.hundredths >= self.hours_needed * 100
