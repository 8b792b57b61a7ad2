"""What speaks for a level on a competency: kinds of evidence, what each is worth, how fast it fades.

A weight is a precision: an observation of weight 1 is good for one level either way (a standard deviation of 1), of
weight 4 for half a level. The weights are starting guesses to be tuned where there are data; their order follows what
is known: a trained observer with a rubric says about three times as much as an own rating (intelligence.md F), and
what classes or completions say is indirect.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

BOTTOM, TOP = 0.0, 4.0
HALF_LIFE_DAYS = 365.0
LEAST_SURE = 2.0
SD_LEAST, SD_MOST = 0.05, 10.0
"""No source is surer of a level than a twentieth of one, and none says anything that is less sure than ten."""
_FADED = 1e-9  # never nothing, so that very old evidence alone still says what it said


class BadEvidence(ValueError):
    """Evidence that cannot be weighed: the field and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind is worth when fresh, the days after which half of that is left, and whether it only ever lifts:
    having finished something shows that level at least, and never that she is no further."""

    weight: float = 1.0
    half_life_days: float = HALF_LIFE_DAYS
    lifts_only: bool = False


KINDS: Mapping[str, Kind] = {
    "own_rating": Kind(1.0),
    "check": Kind(3.0),
    "quiz": Kind(2.0, 240.0),
    "evaluation": Kind(3.0, 540.0),
    "coach_observation": Kind(3.0),
    "class_results": Kind(0.5),
    "completed": Kind(0.5, 365.0, lifts_only=True),
    "micro_credential": Kind(3.0, 730.0, lifts_only=True),
}
"""The kinds that Lantern knows; one that is not named here counts as an own rating does."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A level (0 to 4) that a source gave on a day (any count of days, the same everywhere).

    `sd` is how uncertain that level is by itself, in levels, where the source says (a check does): then the weight is
    1/sd², and the kind's weight at most. `giver` tells apart sources of a kind that see with their own eyes, such as
    two coaches. Raises BadEvidence for a level outside the scale, an sd outside 0.05 to 10, or a day that is no number.
    """

    kind: str
    level: float
    day: float
    sd: float | None = None
    giver: str = ""

    def __post_init__(self) -> None:
        if not BOTTOM <= self.level <= TOP:
            raise BadEvidence("level", f"lies from {BOTTOM:g} to {TOP:g}")
        if self.sd is not None and not SD_LEAST <= self.sd <= SD_MOST:
            raise BadEvidence("sd", f"lies from {SD_LEAST:g} to {SD_MOST:g}")
        if not math.isfinite(self.day):
            raise BadEvidence("day", "is a number")


@dataclass(frozen=True, slots=True)
class Prior:
    """What is assumed before anything is known: a level, and a standard deviation in levels."""

    level: float = 2.0
    sd: float = LEAST_SURE


NOTHING_KNOWN = Prior()
"""The middle of the scale, give or take all of it."""


def weight(one: Evidence, now: float, kinds: Mapping[str, Kind] = KINDS) -> float:
    """Return what the evidence is worth on day `now`: halved with every half-life; what is dated later counts as
    fresh."""
    kind = kinds.get(one.kind, Kind())
    fresh = kind.weight if one.sd is None else min(kind.weight, 1 / one.sd**2)
    return max(float(fresh * 0.5 ** (max(now - one.day, 0.0) / kind.half_life_days)), _FADED)
