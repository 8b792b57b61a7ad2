"""What is chosen a lot at the moment, and what that says to somebody of whom only tags are known."""

from __future__ import annotations

import numpy as np

from lantern.engine.recommend.collaborative.choices import Choices, Floats, Ints, Tags
from lantern.engine.recommend.collaborative.neighbours import FLOOR

HALF_LIFE = 60.0
"""Days after which a choice counts half (intelligence.md B1)."""

NEWNESS = 0.5
"""What an item nobody knows yet is hoped to be worth: this share of what items with its tags are."""


def recent_popularity(choices: Choices, today: int, half_life: float = HALF_LIFE, floor: int = FLOOR) -> Floats:
    """Return for each item the sum of 0.5^(age / half-life) over its choices, divided by the largest (0 to 1).

    Items that fewer than `floor` different people chose have 0, and choices after `today` count as of today.
    """
    age = np.maximum(today - choices.days, 0)
    weight = np.bincount(choices.chosen.values, weights=0.5 ** (age / half_life), minlength=choices.items)
    weight = np.where(choices.people >= floor, weight, 0.0)
    return scaled(weight.astype(np.float32))


def with_hopes(popularity: Floats, tags: Tags) -> Floats:
    """Return the popularity, and for items without any a hope: NEWNESS times the mean popularity of the known items
    with its tags, weighted by rarity. So a new item can be shown, and an item without tags cannot.
    """
    known = popularity > 0
    count = np.bincount(tags.of_item.values, weights=known[tags.of_item.rows], minlength=len(tags.rarity))
    total = np.bincount(tags.of_item.values, weights=popularity[tags.of_item.rows], minlength=len(tags.rarity))
    of_tag = total / np.maximum(count, 1)
    rows, worth = tags.of_item.rows, tags.rarity[tags.of_item.values]
    weighed = np.bincount(rows, weights=of_tag[tags.of_item.values] * worth, minlength=len(popularity))
    hope = NEWNESS * weighed / np.maximum(np.bincount(rows, weights=worth, minlength=len(popularity)), 1e-9)
    return np.where(known, popularity, hope).astype(np.float32)


def typical_items(liking: Floats, tags: Tags, popularity: Floats, most: int = 10) -> tuple[Ints, Floats]:
    """Return up to `most` items that stand for the liked tags, with worth from 0 to 1: a made-up history for a
    newcomer (B3's "tags → typical courses → EASE").
    """
    fit = tags.match(liking) * popularity
    best = np.argsort(-fit, kind="stable")[:most]
    best = best[fit[best] > 0]
    return best, scaled(fit[best])


def liking_from(history: Ints, worth: Floats, tags: Tags) -> Floats:
    """Return how much each tag is in a history: the worths of the items that carry it, added up."""
    entries, which = tags.of_item.gather(history)
    liking = np.bincount(tags.of_item.values[entries], weights=worth[which], minlength=len(tags.rarity))
    return liking.astype(np.float32)


def scaled(points: Floats) -> Floats:
    """Return the points divided by the largest; all zero stays zero."""
    most = float(points.max(initial=0.0))
    return points / np.float32(most) if most > 0 else np.zeros_like(points)
