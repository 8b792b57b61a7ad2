"""Reporting periods: two terms a school year, the same everywhere (decision 0019).

Autumn is 1 August to 31 December, spring 1 January to 31 July. Terms never overlap and are long, so that few people
come and go within one, and that there are two releases a year and not twelve.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Term:
    """A term by its key ("2026-autumn"): its first day, and the first day after it."""

    key: str
    begins_on: date
    ends_before: date

    @property
    def last_day(self) -> date:
        """Return the last day of the term."""
        return self.ends_before - timedelta(days=1)

    @property
    def words(self) -> str:
        """Return its name, such as "Autumn term 2026"."""
        year, _, name = self.key.partition("-")
        return f"{name.capitalize()} term {year}"


def _autumn(year: int) -> Term:
    return Term(f"{year}-autumn", date(year, 8, 1), date(year + 1, 1, 1))


def _spring(year: int) -> Term:
    return Term(f"{year}-spring", date(year, 1, 1), date(year, 8, 1))


def term_of(day: date) -> Term:
    """Return the term in which a day lies."""
    return _autumn(day.year) if day.month >= 8 else _spring(day.year)


def last_closed(today: date) -> Term:
    """Return the last term that is over on this day."""
    return term_of(term_of(today).begins_on - timedelta(days=1))


def term_called(key: str) -> Term:
    """Return the term of a key. Raises ValueError for any other text."""
    found = re.fullmatch(r"(2\d{3})-(autumn|spring)", key)
    if found is None:
        raise ValueError(f"{key!r} is no term")
    year = int(found[1])
    return _autumn(year) if found[2] == "autumn" else _spring(year)
