"""How long it took from a stated need to a first useful thing (G.3), from plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

Id = Any
IN_TIME = timedelta(days=14)
"""An answer within two weeks is in time."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A need: what it is about, and when it was said."""

    id: Id
    competency: Id
    at: datetime


@dataclass(frozen=True, slots=True)
class Useful:
    """Something she took up: what it leads to, and the moments at which it counted: taken up from the catalog, begun,
    finished.
    """

    competencies: frozenset[Id]
    moments: tuple[datetime, ...]


def answered_at(need: Stated, useful: Iterable[Useful]) -> datetime | None:
    """Return the first moment, not before the need was said, at which something about it was useful; None where there
    is none.
    """
    moments = [
        moment
        for thing in useful
        if need.competency in thing.competencies
        for moment in thing.moments
        if moment >= need.at
    ]
    return min(moments, default=None)


def share_in_time(needs: Sequence[Stated], useful: Sequence[Useful], within: timedelta = IN_TIME) -> Fraction | None:
    """Return the share of the needs that were answered in time; None where none was said."""
    if not needs:
        return None
    answers = [(need, answered_at(need, useful)) for need in needs]
    return Fraction(sum(at is not None and at - need.at <= within for need, at in answers), len(needs))


def words(days: int) -> str:
    """Say how long it took."""
    if days == 0:
        return "You found something useful on the day you said it."
    return f"You found something useful {days} day{'' if days == 1 else 's'} after you said it."
