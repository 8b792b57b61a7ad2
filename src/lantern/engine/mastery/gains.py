"""How far somebody came on one competency between two days, by the same rulers on both days.

Only sources that spoke both before and since are compared, each with itself: an own rating with an own rating, a check
with a check. A source that rates high does so twice, and its habit cancels; a new source is news about where she is,
not growth. What only lifts is no ruler. The differences are combined by what they are worth, and the parts add up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist

from lantern.engine.mastery.combine import newest
from lantern.engine.mastery.evidence import KINDS, Evidence, Kind, weight


@dataclass(frozen=True, slots=True)
class GrowthPart:
    """One source on both days: its share of all weights, and how much of the growth comes from it."""

    before: Evidence
    after: Evidence
    share: float
    effect: float


@dataclass(frozen=True, slots=True)
class Growth:
    """Levels gained (below 0: lost) with the interval that holds the truth with probability `share`, the probability
    that it is above 0, and the parts whose effects add up to the mean."""

    mean: float
    sd: float
    low: float
    high: float
    share: float
    rose: float
    parts: tuple[GrowthPart, ...]


def growth(
    evidence: Iterable[Evidence],
    since: float,
    until: float,
    share: float = 0.8,
    kinds: Mapping[str, Kind] = KINDS,
) -> Growth | None:
    """Return the growth from day `since` (what was known then) to day `until` (what came since), or None where no
    source spoke on both sides. Raises ValueError for a share outside 0 to 1, or days in the wrong order."""
    if not (0 < share < 1 and since < until):
        raise ValueError("share lies between 0 and 1, and the first day before the second")
    rulers = [one for one in evidence if not kinds.get(one.kind, Kind()).lifts_only]
    before = newest(one for one in rulers if one.day <= since)
    after = newest(one for one in rulers if since < one.day <= until)
    pairs = [(before[source], after[source]) for source in sorted(before.keys() & after.keys())]
    if not pairs:
        return None
    worth = [1 / (1 / weight(old, since, kinds) + 1 / weight(new, until, kinds)) for old, new in pairs]
    total = sum(worth)
    parts = tuple(
        GrowthPart(old, new, one / total, one / total * (new.level - old.level))
        for one, (old, new) in zip(worth, pairs, strict=True)
    )
    mean = sum(part.effect for part in parts)
    apart = sum(part.share * (part.after.level - part.before.level - mean) ** 2 for part in parts)
    found = NormalDist(mean, math.sqrt(1 / total + apart))
    low, high = found.inv_cdf((1 - share) / 2), found.inv_cdf((1 + share) / 2)
    return Growth(mean, found.stdev, low, high, share, 1 - found.cdf(0.0), parts)
