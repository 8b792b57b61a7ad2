"""Why not that one, and what would change it: exact answers about an additive score, as data for a page.

Nothing is guessed. A score is a sum of parts, so where an item loses is a difference of parts, and a slider moves every
item along a straight line: the smallest move that lifts one into the first `size` is found from where lines cross.
Every change is tried before it is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lantern.engine.recommend.facts import GoalFact, Id, Learner, Ranked
from lantern.engine.recommend.rank import (
    FACTORS,
    MOST_SLIDER,
    Weights,
    allowed_places,
    full_points,
    points_of,
    slider,
    standing,
)
from lantern.engine.recommend.shelf import Points, Shelf

STEP = 0.05
"""Sliders move in steps of this."""

MINUTES = tuple(range(5, 305, 5))
"""The minutes a week that are tried."""

SIZES = {"switch": 1.0, "format": 0.5, "goal": 1.0, "take_back": 0.0}
"""How large a change counts that has no measure of its own: a slider's is how far it moves, minutes' the relative
difference."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing she could change: `kind` is slider, switch, format, minutes, goal or take_back; `about` the factor,
    format, competency or item; `now` and `then` the values before and after; `place` where the item would then be.
    """

    kind: str
    about: Id
    now: float
    then: float
    place: int
    size: float


@dataclass(frozen=True, slots=True)
class Difference:
    """What a factor gives the item asked about and what it gives the last of the list; the sum is why it is not in."""

    factor: str
    mine: float
    theirs: float

    @property
    def points(self) -> float:
        """Return how much it wins (above zero) or loses here."""
        return self.mine - self.theirs


@dataclass(frozen=True, slots=True)
class Answer:
    """Why an item is not in the first `size`: its place (0 where it may not be suggested, and then `barred` says why),
    the last one that is, where it loses against that (largest loss first), and every single change that would bring it
    in (smallest first; one of a kind and thing).
    """

    entry: Ranked
    place: int
    barred: str
    last_in: Ranked | None
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]


def why_not(learner: Learner, shelf: Shelf, item_id: Id, size: int, weights: Weights = Weights()) -> Answer | None:  # noqa: B008
    """Return why an item is not among the first `size` of the ranking and what would bring it in; None if it is not on
    the shelf. For an item that is in, differences and changes are empty.
    """
    found = standing(learner, shelf, item_id, weights)
    if found is None:
        return None
    entry, place = found
    question = _Question(learner, shelf, weights, shelf.place_of[item_id], size)
    if 0 < place <= size:
        return Answer(entry, place, "", None, (), ())
    barred = "" if place else barred_by(learner, shelf, item_id)
    changes = sorted(question.changes(barred), key=lambda one: (one.size, one.kind, str(one.about)))
    last = question.last_in()
    if last is None:
        return Answer(entry, place, barred, None, (), tuple(changes))
    last_in = standing(learner, shelf, shelf.items[last].id, weights)
    return Answer(entry, place, barred, last_in[0] if last_in else None, question.differences(last), tuple(changes))


def barred_by(learner: Learner, shelf: Shelf, item_id: Id) -> str:
    """Return what keeps an item from being suggested at all: finished, under_way, dismissed, language, prerequisites;
    "" where nothing does.
    """
    item = shelf.items[shelf.place_of[item_id]]
    reasons = {
        "finished": item_id in learner.finished,
        "valued": item_id in learner.valued,
        "under_way": item_id in learner.under_way,
        "dismissed": any(entry.item == item_id for entry in learner.dismissed),
        "language": item.language not in learner.languages,
        "prerequisites": not item.prerequisites <= learner.finished,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


@dataclass(frozen=True, slots=True)
class _Question:
    learner: Learner
    shelf: Shelf
    weights: Weights
    item: int
    size: int

    def place(self, learner: Learner) -> int:
        """Return the item's place were she like this; 0 if it may not be suggested. Equal scores keep their order."""
        allowed = allowed_places(learner, self.shelf)
        if not allowed[self.item]:
            return 0
        total = self.total(learner)
        before = total > total[self.item]
        before[: self.item] |= total[: self.item] == total[self.item]
        return 1 + int(np.count_nonzero(before & allowed))

    def last_in(self) -> int | None:
        total = np.where(allowed_places(self.learner, self.shelf), self.total(self.learner), -np.inf)
        order = np.lexsort((np.arange(len(total)), -total))[: self.size]
        inside = order[np.isfinite(total[order])]
        return int(inside[-1]) if len(inside) else None

    def total(self, learner: Learner) -> Points:
        points = list(points_of(learner, self.shelf, self.weights).values())
        none = np.zeros((1, len(self.shelf.items)), dtype=np.float32)
        return np.asarray(np.sum(np.stack(points) if points else none, axis=0), dtype=np.float32)

    def differences(self, last: int) -> tuple[Difference, ...]:
        points = points_of(self.learner, self.shelf, self.weights)
        found = [Difference(name, float(given[self.item]), float(given[last])) for name, given in points.items()]
        return tuple(sorted((one for one in found if abs(one.points) >= 0.005), key=lambda one: one.points))

    def changes(self, barred: str) -> Iterator[Change]:
        if barred == "dismissed":
            mine = self.shelf.items[self.item].id
            kept = tuple(entry for entry in self.learner.dismissed if entry.item != mine)
            yield from self._if_in("take_back", mine, 1, 0, replace(self.learner, dismissed=kept))
        if barred:
            return
        yield from self._sliders()
        yield from self._switches()
        yield from self._formats()
        yield from self._minutes()
        yield from self._goals()

    def _if_in(self, kind: str, about: Id, now: float, then: float, learner: Learner) -> Iterator[Change]:
        place = self.place(learner)
        if 0 < place <= self.size or (kind == "take_back" and place):
            size = SIZES.get(kind, abs(then - now) / (max(now, 1) if kind == "minutes" else 1))
            yield Change(kind, about, now, then, place, size)

    def _switches(self) -> Iterator[Change]:
        off = self.learner.factors_off
        for factor in FACTORS:
            if factor != "feedback":
                now = float(factor not in off)
                yield from self._if_in(
                    "switch", factor, now, 1 - now, replace(self.learner, factors_off=off ^ frozenset({factor}))
                )

    def _formats(self) -> Iterator[Change]:
        kind = self.shelf.items[self.item].kind
        liked = self.learner.liked_kinds ^ frozenset({kind})
        now = float(kind in self.learner.liked_kinds)
        yield from self._if_in("format", kind, now, 1 - now, replace(self.learner, liked_kinds=liked))

    def _minutes(self) -> Iterator[Change]:
        now = self.learner.minutes_per_week
        for minutes in sorted(MINUTES, key=lambda one: (abs(one - now), one)):
            if found := next(
                self._if_in("minutes", "time", now, minutes, replace(self.learner, minutes_per_week=minutes)), None
            ):
                yield found
                return

    def _goals(self) -> Iterator[Change]:
        held = {goal.competency for goal in self.learner.goals}
        for competency, level in self.shelf.items[self.item].competencies:
            if competency not in held:
                goals = (*self.learner.goals, GoalFact(None, "", competency, level))
                yield from self._if_in("goal", competency, 0, 1, replace(self.learner, goals=goals))

    def _sliders(self) -> Iterator[Change]:
        total = self.total(self.learner).astype(np.float64)
        rivals = np.flatnonzero(allowed_places(self.learner, self.shelf))
        rivals = rivals[rivals != self.item]
        for factor in FACTORS:
            now = slider(self.learner, factor)
            if factor == "feedback" or factor in self.learner.factors_off:
                continue
            most = 1.0 if factor == "initiative" else MOST_SLIDER
            given = full_points(factor, self.learner, self.shelf, self.weights).astype(np.float64)
            slope = given[rivals] - given[self.item]
            if not slope.any():
                continue
            values = np.round(np.arange(0, most + STEP / 2, STEP), 2)
            ahead = total[rivals] - total[self.item]
            good = values[self._beaten(ahead, slope, values - now) < self.size]
            for then in sorted(good, key=lambda value: abs(value - now)):
                sliders = {**self.learner.sliders, factor: float(then)}
                found = next(
                    self._if_in("slider", factor, now, float(then), replace(self.learner, sliders=sliders)), None
                )
                if found:
                    yield found
                    break

    @staticmethod
    def _beaten(
        ahead: NDArray[np.float64], slope: NDArray[np.float64], moves: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Return for each move of the slider how many rivals are clearly ahead; ties are left to the trial."""
        lines = ahead[:, None] + slope[:, None] * moves[None, :]
        return np.asarray(np.count_nonzero(lines > 1e-4, axis=0), dtype=np.int64)
