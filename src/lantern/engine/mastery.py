"""How far along somebody probably is on a competency, and how sure that is.

A first, simple model that a page can explain in two sentences: *Each source says one thing, the newest. What is recent
counts for more, and two sources say more than one.*

- A source's newest rating is one observation; older ones of the same source are history.
- Its weight is what the source is worth (an own rating: 1) and halves with every `HALF_LIFE_DAYS`.
- The level is the weighted mean. The likely range is ± 1 / sqrt(sum of weights), wider where the sources disagree
  (their weighted variance is added), never narrower than `SUREST` nor wider than `LEAST_SURE`, and inside the scale.

So one fresh own rating of 2 is "2, likely 1 to 3"; a year later it is "2, likely 0.6 to 3.4"; two fresh sources that
agree are "2, likely 1.3 to 2.7".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TOP = 4.0
HALF_LIFE_DAYS = 365.0
SUREST, LEAST_SURE = 0.4, 2.0
WORTH: Mapping[str, float] = {"own_rating": 1.0}
"""What an observation of a source is worth; a source not named here is worth as much as an own rating."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A level from 0 to 4 that a source gave, so many days ago."""

    level: float
    source: str
    days_ago: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """The level and its likely range, all from 0 to 4, and the sources behind it."""

    level: float
    low: float
    high: float
    sources: tuple[str, ...]


def estimate(observations: Sequence[Observation]) -> Estimate | None:
    """Return where somebody probably is, or None when nothing is known."""
    newest: dict[str, Observation] = {}
    for one in sorted(observations, key=lambda one: one.days_ago):
        newest.setdefault(one.source, one)
    if not newest:
        return None
    weighed = [(_weight(one), one.level) for one in newest.values()]
    total = sum(weight for weight, _ in weighed)
    level = sum(weight * value for weight, value in weighed) / total
    variance = sum(weight * (value - level) ** 2 for weight, value in weighed) / total
    spread = min(max(math.sqrt(1 / total + variance), SUREST), LEAST_SURE)
    return Estimate(
        level=round(level, 2),
        low=round(max(0.0, level - spread), 2),
        high=round(min(TOP, level + spread), 2),
        sources=tuple(sorted(newest)),
    )


def _weight(one: Observation) -> float:
    return float(WORTH.get(one.source, 1.0) * 0.5 ** (max(one.days_ago, 0.0) / HALF_LIFE_DAYS))
