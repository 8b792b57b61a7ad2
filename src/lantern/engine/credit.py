"""How many hours so many minutes earn: the arithmetic of credit, with no database and no clock.

Hours are counted in hundredths, as whole numbers, so that a sum over years is exact.
"""

from dataclasses import dataclass
from datetime import date

SCHOOL_YEAR_BEGINS = 7
"""July: the month with which a period of the transcript begins."""


class BadRule(ValueError):
    """A rule that could not be applied; the message says which number is wrong."""


@dataclass(frozen=True, slots=True)
class CreditRule:
    """`minutes_per_hour` make an hour; minutes count in whole steps of `step_minutes`, up to `most_minutes`."""

    minutes_per_hour: int = 60
    step_minutes: int = 15
    most_minutes: int = 2400

    def __post_init__(self) -> None:
        for name in ("minutes_per_hour", "step_minutes", "most_minutes"):
            if getattr(self, name) < 1:
                raise BadRule(f"{name} must be 1 or more")


def counted_minutes(minutes: int, rule: CreditRule) -> int:
    """Return how many of the minutes count: at most the rule's, rounded down to its step, and never below 0."""
    capped = max(0, min(minutes, rule.most_minutes))
    return capped - capped % rule.step_minutes


def hours(minutes: int, rule: CreditRule) -> int:
    """Return the hundredths of hours that the minutes earn under the rule, rounded down."""
    return counted_minutes(minutes, rule) * 100 // rule.minutes_per_hour


def school_year(day: date) -> str:
    """Return the school year of a day, July to June, as "2026-27"."""
    first = day.year if day.month >= SCHOOL_YEAR_BEGINS else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"
