"""Values as bands: wide for small groups, never nobody and never everybody (trust.md C2; NCES 2011-603).

Bands are a second layer only: one person who leaves still moves a value into the next band in every third group. What
protects people is the size of the groups (`tree`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

SMALLEST = 10
_SIZES = ((20, 20), (40, 10), (100, 5), (300, 2))
"""(up to so many people, width of a band in per cent); above the last, one per cent."""


@dataclass(frozen=True, slots=True)
class Band:
    """From `low` (included) to `high` per cent; 0 to w means anything below w, 100 - w to 100 anything from there."""

    low: int
    high: int

    @property
    def words(self) -> str:
        """Return the band as one may read it: "under 20 %", "20 to 40 %", "80 % or more"."""
        if self.low <= 0:
            return f"under {self.high} %"
        if self.high >= 100:
            return f"{self.low} % or more"
        return f"{self.low} to {self.high} %"


def width(people: int) -> int:
    """Return how wide a band is for a group of so many: 20, 10, 5, 2 or 1 per cent. Raises ValueError below ten.

    Each band holds at least two possible counts, so that none is exact.
    """
    if people < SMALLEST:
        raise ValueError(f"there is no band for {people} people")
    return next((wide for most, wide in _SIZES if people <= most), 1)


def band(total: Fraction | int, people: int) -> Band:
    """Return the band of the mean of `people` scores, each from 0 to 1, whose sum is `total` (a count is such a sum).

    Raises ValueError below ten people and for a sum that no such scores have.
    """
    wide = width(people)
    if not 0 <= total <= people:
        raise ValueError(f"{people} scores from 0 to 1 do not add up to {total}")
    step = min(int(Fraction(total) * 100 / people / wide), 100 // wide - 1)
    return Band(step * wide, (step + 1) * wide)


def size_band(people: int) -> tuple[int, int | None]:
    """Return the size of a group as it may be shown: (10, 20), (21, 40), (41, 100), (101, 300), (301, None).

    Raises ValueError below ten.
    """
    width(people)
    low = SMALLEST
    for most, _ in _SIZES:
        if people <= most:
            return low, most
        low = most + 1
    return low, None
