"""How far along somebody probably is on one competency: one model, explained in four sentences.

*We begin in the middle, not knowing. Each source says one thing, the newest; what it says counts by how reliable such
sources are and how recent it is. Where sources disagree we are less sure. What was learned and finished can only lift.*

For evidence of weights w and levels x, and a prior of level m and precision w0 = 1/sd²:

    level    = m + Σ effect,   effect = w / (w0 + Σ w) (x - m)
    variance = 1 / (w0 + Σ w) + s D,   s = Σ w / (w0 + Σ w),   D = the weighted variance of the levels among themselves

the posterior of a normal mean (Gelman et al., Bayesian Data Analysis, 2.5) with what lies between sources added, as in
a random-effects summary (DerSimonian & Laird 1986). As weights fade, the level returns to the prior's and its
uncertainty grows to the prior's. Effects are exact parts: they add up to the level, so a page can show why.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from lantern.engine.mastery.evidence import (
    BOTTOM,
    KINDS,
    LEAST_SURE,
    NOTHING_KNOWN,
    TOP,
    Evidence,
    Kind,
    Prior,
    weight,
)

SUREST = 0.4
LEVELS = (0, 1, 2, 3, 4)
_ROUNDING = 1e-12

_Weighed = list[tuple[float, Evidence]]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one piece of evidence brings: its weight today, its share of all weights (the prior's too), and by how much
    it moves the level."""

    evidence: Evidence
    weight: float
    share: float
    effect: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody probably is on a day, from 0 to 4: `begins` plus all effects is `level`; `sd` in levels.

    `older` is evidence replaced by newer of the same source, `no_lift` what could only lift and does not: she is there
    already, or another of its kind says more.
    """

    level: float
    sd: float
    begins: float
    contributions: tuple[Contribution, ...]
    older: tuple[Evidence, ...] = ()
    no_lift: tuple[Evidence, ...] = ()

    def interval(self, share: float = 0.68) -> tuple[float, float]:
        """Return the range that holds the true level with this probability, cut to the scale; ± 1 sd for 0.68."""
        wide = NormalDist().inv_cdf((1 + share) / 2) * self.sd
        return max(BOTTOM, self.level - wide), min(TOP, self.level + wide)

    @property
    def levels(self) -> Mapping[int, float]:
        """Return the probability of each level, 0 to 4: the normal distribution rounded, and cut to the scale."""
        normal = NormalDist(self.level, self.sd)
        edges = [normal.cdf(level - 0.5) for level in (*LEVELS, LEVELS[-1] + 1)]
        whole = edges[-1] - edges[0]
        return {level: (edges[at + 1] - edges[at]) / whole for at, level in enumerate(LEVELS)}


def combine(
    evidence: Iterable[Evidence],
    now: float,
    prior: Prior = NOTHING_KNOWN,
    kinds: Mapping[str, Kind] = KINDS,
) -> Standing:
    """Return where somebody probably is on day `now`, by what was known then; the order of the evidence is of no
    matter, except that the first counts where two of one source are as new."""
    return pool([one for one in evidence if one.day <= now], now, prior.level, 1 / prior.sd**2, kinds)


def known(evidence: Sequence[Evidence], now: float, kinds: Mapping[str, Kind] = KINDS) -> Standing:
    """Return the same with nothing assumed before the evidence: what a page shows of a competency of which something
    was said. Raises ValueError where nothing was said by that day.
    """
    seen = [one for one in evidence if one.day <= now]
    if not seen:
        raise ValueError("nothing is known by that day")
    return pool(seen, now, TOP / 2, 0.0, kinds)


def history(
    evidence: Sequence[Evidence],
    days: Iterable[float],
    prior: Prior = NOTHING_KNOWN,
    kinds: Mapping[str, Kind] = KINDS,
) -> tuple[Standing, ...]:
    """Return the standing on each of these days: what a line over time is drawn from."""
    return tuple(combine(evidence, day, prior, kinds) for day in days)


def pool(
    evidence: Sequence[Evidence], now: float, begins: float, precision: float, kinds: Mapping[str, Kind]
) -> Standing:
    """Return the standing for a prior of this level and precision (0: none, for evidence that is not empty)."""

    def is_lift(one: Evidence) -> bool:
        return kinds.get(one.kind, Kind()).lifts_only

    measures = [one for one in evidence if not is_lift(one)]
    kept = list(newest(measures).values())
    counted = [(weight(one, now, kinds), one) for one in kept]
    lifting = [(weight(one, now, kinds), one) for one in evidence if is_lift(one)]
    lifts = _lifts(begins, precision, counted, lifting)
    counted += lifts
    total = precision + sum(weighed for weighed, _ in counted)
    contributions = tuple(
        Contribution(one, weighed, weighed / total, weighed / total * (one.level - begins)) for weighed, one in counted
    )
    return Standing(
        level=min(max(begins + sum(part.effect for part in contributions), BOTTOM), TOP),
        sd=_spread(contributions, total),
        begins=begins,
        contributions=tuple(sorted(contributions, key=lambda part: -abs(part.effect))),
        older=tuple((Counter(measures) - Counter(kept)).elements()),
        no_lift=tuple((Counter(one for _, one in lifting) - Counter(one for _, one in lifts)).elements()),
    )


def newest(evidence: Iterable[Evidence]) -> dict[tuple[str, str], Evidence]:
    """Return the newest evidence of each source (kind and giver); the first given where two are as new."""
    found: dict[tuple[str, str], Evidence] = {}
    for one in sorted(evidence, key=lambda one: -one.day):
        found.setdefault((one.kind, one.giver), one)
    return found


def _lifts(begins: float, precision: float, counted: _Weighed, lifting: _Weighed) -> _Weighed:
    """Return of each kind that only lifts the one that lifts the level most, if any does.

    The level is a ratio, which is raised to its highest by taking what lies above it until it rises no more
    (Dinkelbach 1967); so one more thing finished never lowers it. Where nothing else is known it rises from below all.
    """
    chosen: dict[str, tuple[float, Evidence]] = {}
    level = _ratio(begins, precision, counted)
    while True:
        better: dict[str, tuple[float, Evidence]] = {}
        for worth, one in lifting:
            had = better.get(one.kind)
            gain = worth * (one.level - level)
            if gain > (had[0] * (had[1].level - level) if had else _ROUNDING):
                better[one.kind] = (worth, one)
        raised = _ratio(begins, precision, [*counted, *better.values()]) if better else level
        if raised <= level + _ROUNDING:
            return list(chosen.values())
        chosen, level = better, raised


def _ratio(begins: float, precision: float, counted: _Weighed) -> float:
    """Return the level of what is counted; below all levels where nothing is."""
    total = precision + sum(worth for worth, _ in counted)
    return (precision * begins + sum(worth * one.level for worth, one in counted)) / total if total else BOTTOM - 1


def _spread(contributions: Sequence[Contribution], total: float) -> float:
    """Return the standard deviation: that of the mean, and what the sources disagree by."""
    known = sum(part.share for part in contributions)
    apart = 0.0
    if known > 0:
        middle = sum(part.share * part.evidence.level for part in contributions) / known
        apart = sum(part.share * (part.evidence.level - middle) ** 2 for part in contributions)
    return min(max(math.sqrt(1 / total + apart), SUREST), LEAST_SURE)
