"""How far somebody came between two checks, with its interval, counted in levels.

Both abilities are estimated together: the first from the prior, the second near the first (it moved by a normal
amount whose standard deviation is `drift`), each with its own answers. So the first check says something about the
second moment too, the prior counts once, and a lucky afternoon is not growth. Source: Embretson 1991, "A
multidimensional latent trait model for measuring learning and change", for two occasions on one grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lantern.engine.assess.ability import LevelScale, Posterior
from lantern.engine.assess.items import GRID, Floats

DRIFT = 1.0


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
    before: Posterior, after: Posterior, scale: LevelScale, share: float = 0.8, drift: float = DRIFT
) -> CheckGrowth:
    """Return the growth from one check to another on one bank's scale; of the second only its answers count.

    Raises ValueError for a share outside 0 to 1 or a drift not above 0.
    """
    if not (0 < share < 1 and drift > 0):
        raise ValueError("share lies between 0 and 1, and drift above 0")
    joint = _joint(before, after, drift)
    moved = scale.membership.T @ joint @ scale.membership
    size = len(scale.levels)
    changes = {step: float(np.trace(moved, offset=step)) for step in range(1 - size, size)}
    gained, chances = _gains(joint, scale)
    rising = np.cumsum(chances)
    low, high = np.interp([(1 - share) / 2, (1 + share) / 2], rising, gained).tolist()
    rose = float(np.triu(joint, 1).sum() + np.trace(joint) / 2)
    return CheckGrowth(float(chances @ gained), low, high, share, rose, changes)


def _joint(before: Posterior, after: Posterior, drift: float) -> Floats:
    """Return the joint distribution (81 × 81; rows: before)."""
    step = GRID[None, :] - GRID[:, None]
    joint = before.weights[:, None] * np.exp(-0.5 * (step / drift) ** 2) * after.likelihood[None, :]
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
