"""Dismissals that teach: "not for me" takes a little from what is like it, never much, less every month, and she can
see each lesson and take it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantern.engine.recommend.facts import Dismissed, Id
from lantern.engine.recommend.shelf import Points, Shelf

HALF_LIFE = 90.0
"""Days after which a lesson counts half: one term."""

FORGOTTEN = 720
"""Days after which it counts nothing."""

SHARES = {"wrong_format": 0.5, "too_long": 0.3, "too_easy": 0.2, "too_hard": 0.2, "other": 0.1}
"""How much of the factor's points one dismissal takes, by its reason. "Not now" teaches nothing about other things."""

WORDS = {
    "wrong_format": "Less of this format",
    "too_long": "Less of what takes as long or longer",
    "too_easy": "Less on the same subject at this level or below",
    "too_hard": "Less on the same subject at this level or above",
    "other": "Less of what is about all the same things",
    "not_now": "Only this one is set aside",
}


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one dismissal does now: the points it takes from each of `touches` items, in words. Taking the dismissal
    of `item` back ends it.
    """

    item: Id
    why: str
    words: str
    points: float
    touches: int


def lessons(dismissed: Sequence[Dismissed], shelf: Shelf, most: float) -> tuple[Lesson, ...]:
    """Return what each dismissal teaches at the moment, in the order given; `most` is the factor's weight."""
    return tuple(
        Lesson(
            entry.item,
            entry.why,
            WORDS.get(entry.why, WORDS["not_now"]),
            -round(_strength(entry) * most, 2),
            int(np.count_nonzero(_like(entry, shelf))) if _strength(entry) else 0,
        )
        for entry in dismissed
    )


def taught(dismissed: Sequence[Dismissed], shelf: Shelf, most: float) -> Points:
    """Return the points that all dismissals together take from each item: from 0 down to −`most`, never more."""
    given = np.zeros(len(shelf.items), dtype=np.float32)
    for entry in dismissed:
        if strength := _strength(entry):
            given[_like(entry, shelf)] -= np.float32(strength * most)
    return np.maximum(given, np.float32(-most))


def _strength(entry: Dismissed) -> float:
    if entry.days_ago >= FORGOTTEN:
        return 0.0
    return float(SHARES.get(entry.why, 0.0) * 0.5 ** (max(entry.days_ago, 0) / HALF_LIFE))


def _like(entry: Dismissed, shelf: Shelf) -> NDArray[np.bool_]:
    """Return which items a dismissal speaks of, by its reason."""
    like = np.zeros(len(shelf.items), dtype=np.bool_)
    if entry.why == "wrong_format" and entry.kind in shelf.by_kind:
        like[shelf.by_kind[entry.kind]] = True
    place = shelf.place_of.get(entry.item)
    if place is None:
        return like
    minutes, level = shelf.minutes[place], shelf.levels[place]
    if entry.why == "too_long" and minutes:
        return np.asarray(shelf.minutes >= minutes)
    if entry.why == "too_easy" and level:
        return np.asarray(_about_the_same(place, shelf) & (shelf.levels > 0) & (shelf.levels <= level))
    if entry.why == "too_hard" and level:
        return np.asarray(_about_the_same(place, shelf) & (shelf.levels >= level))
    if entry.why == "other":
        return _about_all_the_same(place, shelf)
    return like


def _about_the_same(place: int, shelf: Shelf) -> NDArray[np.bool_]:
    """Return which items share a competency or topic with one; all, where nobody said what it is about."""
    item = shelf.items[place]
    same = np.full(len(shelf.items), not (item.competencies or item.terms), dtype=np.bool_)
    for competency, _level in item.competencies:
        same[shelf.by_competency[competency][0]] = True
    for term in item.terms:
        same[shelf.by_term[term]] = True
    return same


def _about_all_the_same(place: int, shelf: Shelf) -> NDArray[np.bool_]:
    """Return which items have every competency and topic of one; none, where it has none."""
    item = shelf.items[place]
    holders = [shelf.by_competency[competency][0] for competency, _level in item.competencies]
    holders += [shelf.by_term[term] for term in item.terms]
    count = np.zeros(len(shelf.items), dtype=np.int64)
    for places in holders:
        count[np.unique(places)] += 1
    return np.asarray((count == len(holders)) & (count > 0))
