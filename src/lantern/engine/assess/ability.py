"""What is known of an ability: a distribution over the grid, updated by Bayes' rule after each answer (EAP).

Expected a posteriori: Bock & Mislevy 1982, "Adaptive EAP estimation of ability in a microcomputer environment". The
distribution is never reduced to a score: what leaves this package is the probability of each level of a framework,
which `LevelScale` reads off between its cut points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lantern.engine.assess.items import GRID, Floats, ItemBank

_STEP = float(GRID[1] - GRID[0])
_WITHIN_A_LEVEL = 1 / 12  # the variance of a place inside a level, when any place is as likely as another


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """A distribution over the 81 abilities of the grid (sums to 1), the one it began with, and the answers since."""

    weights: Floats
    prior: Floats
    answers: int = 0

    @property
    def mean(self) -> float:
        """Return the expected ability (EAP), in standard deviations of the population. For computing, not to show."""
        return float(self.weights @ GRID)

    @property
    def sd(self) -> float:
        """Return how uncertain the ability is: the standard deviation of the distribution."""
        mean = self.mean
        return math.sqrt(max(float(self.weights @ (GRID - mean) ** 2), 0.0))

    @property
    def likelihood(self) -> Floats:
        """Return what the answers alone say (81, the largest is 1); 0 where the prior ruled an ability out."""
        ratio = np.divide(self.weights, self.prior, out=np.zeros_like(self.weights), where=self.prior > 0)
        return np.asarray(ratio / ratio.max())

    def after(self, bank: ItemBank, item: int, right: bool) -> Posterior:
        """Return the distribution once the bank's question number `item` was answered."""
        weights = self.weights * (bank.right if right else bank.wrong)[item]
        return Posterior(weights / weights.sum(), self.prior, self.answers + 1)


def begin(prior: Sequence[float] | Floats) -> Posterior:
    """Return a start from any prior: 81 weights, not negative, scaled here to sum to 1.

    Raises ValueError for another shape, a negative or infinite weight, or nothing but zeros.
    """
    weights = np.asarray(prior, dtype=np.float64)
    if weights.shape != GRID.shape or not np.isfinite(weights).all() or (weights < 0).any() or not weights.any():
        raise ValueError(f"a prior is {len(GRID)} weights, none negative and not all of them 0")
    weights = weights / weights.sum()
    return Posterior(weights, weights)


def normal(mean: float = 0.0, sd: float = 1.0) -> Floats:
    """Return a normal prior on the grid (81, sums to 1); raises ValueError unless sd is above 0."""
    if not sd > 0:
        raise ValueError("a standard deviation is above 0")
    weights = np.exp(-0.5 * ((GRID - mean) / sd) ** 2)
    return np.asarray(weights / weights.sum())


@dataclass(frozen=True, slots=True, eq=False)
class LevelScale:
    """A framework's levels on the grid: `membership` (81 × levels) is the part of each cell that lies in a level."""

    cuts: tuple[float, ...]
    lowest: int
    membership: Floats

    @property
    def levels(self) -> tuple[int, ...]:
        """Return the levels, lowest first."""
        return tuple(range(self.lowest, self.lowest + len(self.cuts) + 1))

    def probabilities(self, weights: Floats) -> tuple[float, ...]:
        """Return the probability of each level, lowest first; they sum to 1."""
        return tuple((weights @ self.membership).tolist())

    def at_least(self, weights: Floats, level: int) -> float:
        """Return the probability of this level or a higher one; 1 for the lowest. Raises ValueError for no level."""
        if level not in self.levels:
            raise ValueError(f"level {level} is none of {self.levels}")
        return min(1.0, sum(self.probabilities(weights)[level - self.lowest :]))

    def describe(self, weights: Floats) -> tuple[float, float]:
        """Return mean and standard deviation counted in levels, for `engine.mastery` to combine."""
        chances = weights @ self.membership
        values = np.array(self.levels, dtype=np.float64)
        mean = float(chances @ values)
        return mean, math.sqrt(float(chances @ (values - mean) ** 2) + _WITHIN_A_LEVEL)


def level_scale(cuts: Sequence[float], lowest: int = 1) -> LevelScale:
    """Return the scale whose levels meet at the cut points: three of them make four levels, numbered from `lowest`.

    Raises ValueError unless the cut points rise and lie inside the grid (-4 to 4).
    """
    kept = tuple(map(float, cuts))
    edges = (-math.inf, *kept, math.inf)
    if not kept or list(kept) != sorted(set(kept)) or kept[0] <= GRID[0] or kept[-1] >= GRID[-1]:
        raise ValueError("cut points rise and lie between -4 and 4")
    above = np.stack([np.clip((GRID + _STEP / 2 - edge) / _STEP, 0, 1) for edge in edges], axis=1)
    return LevelScale(kept, lowest, above[:, :-1] - above[:, 1:])
