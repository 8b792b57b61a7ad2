"""How far somebody came between two checks, with its interval, counted in levels.

Both abilities are estimated together, each with its own answers. Before any answer they are two draws of one population
(standard normal, as the bank's scale is), correlated by `stability`: so the first check says something about the second
moment too, the same answers twice are no growth, and a lucky afternoon is little. Source: Embretson 1991, "A
multidimensional latent trait model for measuring learning and change", for two occasions on one grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lantern.engine.assess.ability import LevelScale, Posterior
from lantern.engine.assess.items import GRID, Floats

STABILITY = 0.6
"""The correlation of abilities months apart, with learning in between: a starting guess."""


@dataclass(frozen=True, slots=True)
class CheckGrowth:
    """Levels gained (may be below 0): mean and interval that holds the truth with `share`; the probability that the
    ability rose, and of each change of level."""

    mean: float
    low: float
    high: float
    share: float
    rose: float
    changes: dict[int, float]


def growth(
    before: Posterior, after: Posterior, scale: LevelScale, share: float = 0.8, stability: float = STABILITY
) -> CheckGrowth:
    """Return the growth from one check to another on one bank's scale; of the second only its answers count.

    Raises ValueError for a share or a stability outside 0 to 1.
    """
    if not (0 < share < 1 and 0 <= stability < 1):
        raise ValueError("share and stability lie between 0 and 1")
    joint = _joint(before, after, stability)
    moved = scale.membership.T @ joint @ scale.membership
    size = len(scale.levels)
    changes = {step: float(np.trace(moved, offset=step)) for step in range(1 - size, size)}
    gained, chances = _gains(joint, scale)
    rising = np.cumsum(chances)
    low, high = np.interp([(1 - share) / 2, (1 + share) / 2], rising, gained).tolist()
    rose = float(np.triu(joint, 1).sum() + np.trace(joint) / 2)
    return CheckGrowth(float(chances @ gained), low, high, share, rose, changes)


def _joint(before: Posterior, after: Posterior, stability: float) -> Floats:
    """Return the joint distribution (81 × 81; rows: before)."""
    apart = (GRID[None, :] - stability * GRID[:, None]) ** 2 / (1 - stability**2)
    later = np.exp(-0.5 * apart)
    later /= later.sum(axis=1, keepdims=True)
    joint = before.weights[:, None] * later * after.likelihood[None, :]
    return np.asarray(joint / joint.sum())


def _gains(joint: Floats, scale: LevelScale) -> tuple[Floats, Floats]:
    """Return the gains in levels, rising, and their probabilities; a place between two cut points counts in parts."""
    place = np.interp(GRID, _anchors(scale), np.arange(len(scale.cuts) + 2) - 0.5)
    gained = (place[None, :] - place[:, None]).ravel()
    order = np.argsort(gained, kind="stable")
    return gained[order], joint.ravel()[order]


def _anchors(scale: LevelScale) -> Floats:
    """Return where levels end on the grid: the cut points, and outside them a level as wide as the mean of the others
    (one standard deviation where there are only two levels)."""
    width = (scale.cuts[-1] - scale.cuts[0]) / (len(scale.cuts) - 1) if len(scale.cuts) > 1 else 1.0
    return np.array([scale.cuts[0] - width, *scale.cuts, scale.cuts[-1] + width])
