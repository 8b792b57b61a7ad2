"""The level and its likely range for a page that needs no more: the model of `combine`, with nothing assumed.

A page can explain it in two sentences: *Each source says one thing, the newest. What is recent counts for more, and two
sources say more than one.* The likely range is ± 1 standard deviation, never narrower than `SUREST` nor wider than
`LEAST_SURE` to either side, and inside the scale.

So one fresh own rating of 2 is "2, likely 1 to 3"; a year later it is "2, likely 0.6 to 3.4"; two fresh sources that
agree are "2, likely 1.3 to 2.7".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lantern.engine.mastery.combine import pool
from lantern.engine.mastery.evidence import KINDS, TOP, Evidence


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
    if not observations:
        return None
    evidence = [Evidence(one.source, one.level, -one.days_ago) for one in observations]
    standing = pool(evidence, now=0.0, begins=TOP / 2, precision=0.0, kinds=KINDS)
    return Estimate(
        level=round(standing.level, 2),
        low=round(max(0.0, standing.level - standing.sd), 2),
        high=round(min(TOP, standing.level + standing.sd), 2),
        sources=tuple(sorted({part.evidence.kind for part in standing.contributions})),
    )
