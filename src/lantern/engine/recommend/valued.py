"""What she did and valued: things like it get points, more than a declared interest gives.

One known course was worth 2.8 times the declared topics of a newcomer (intelligence.md B3), so the closest likeness
gives 2.8 times what an interest gives, and less the less two things have in common.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lantern.engine.recommend.facts import Id, Learner
from lantern.engine.recommend.shelf import Places, Points, Shelf

INTERESTS_WORTH = 2.8
"""How many declared interests one thing she valued is worth."""

LIKE_ENOUGH = 0.3
"""Two things with less in common than this are not alike: one word of many says nothing."""

_NONE: Places = np.array([], dtype=np.intp)


def likeness(learner: Learner, shelf: Shelf) -> dict[Id, Points]:
    """Return for each thing she valued how alike every item is, 0 to 1: the cosine of their competencies and topics."""
    return {item: _alike(shelf, place) for item in learner.valued if (place := shelf.place_of.get(item)) is not None}


def valued(learner: Learner, shelf: Shelf, most: float) -> Points:
    """Return for each item the points of the valued thing that it is most like; `most` is what an interest gives."""
    found = list(likeness(learner, shelf).values())
    if not found:
        return np.zeros(len(shelf.items), dtype=np.float32)
    return np.asarray(np.max(np.stack(found), axis=0) * np.float32(INTERESTS_WORTH * most), dtype=np.float32)


def most_alike(found: Mapping[Id, Points], place: int) -> Id | None:
    """Return the valued thing that an item is most like, of what `likeness` found; None where it is like none."""
    best = max(found, key=lambda item: float(found[item][place]), default=None)
    return best if best is not None and found[best][place] > 0 else None


def _alike(shelf: Shelf, place: int) -> Points:
    item = shelf.items[place]
    shared = np.zeros(len(shelf.items), dtype=np.float32)
    for term in item.terms:
        shared[shelf.by_term.get(term, _NONE)] += 1
    for competency in {competency for competency, _ in item.competencies}:
        shared[np.unique(shelf.by_competency[competency][0])] += 1
    sizes = np.sqrt(np.maximum(shelf.tags, 1) * max(int(shelf.tags[place]), 1)).astype(np.float32)
    alike = shared / sizes
    return np.asarray(np.where(alike >= LIKE_ENOUGH, alike, 0.0), dtype=np.float32)
