"""Questions and the bank they stand in: the three-parameter logistic model, tabulated once on the ability grid.

A learner of ability θ answers a question right with probability p(θ) = c + (1 - c) / (1 + exp(-a (θ - b))): b is the
difficulty, a how sharply the question tells learners apart, c what guessing brings (0: the two-parameter model; a = 1
as well: the Rasch model). Source: Birnbaum, in Lord & Novick 1968, ch. 17; Lord 1980, "Applications of item response
theory", ch. 2 and 5. Abilities are counted in standard deviations of the population the bank was calibrated on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GRID: Floats = np.linspace(-4.0, 4.0, 81)
"""The 81 abilities at which everything is computed, 0.1 apart."""

MOST_GUESSING = 0.5
_STEEPEST = 25.0  # logits; no probability is ever 0 or 1, so that no answer is impossible


class BadItem(ValueError):
    """A question that cannot stand in a bank: its id, the field, and why."""

    def __init__(self, item: str, field: str, reason: str) -> None:
        super().__init__(f"item {item!r}, {field}: {reason}")
        self.item, self.field, self.reason = item, field, reason


@dataclass(frozen=True, slots=True)
class Item:
    """A question: difficulty b (-4 to 4), discrimination a (above 0), guessing c (0 to 0.5), and its sub-competency.

    Raises BadItem for a value outside these bounds.
    """

    id: str
    difficulty: float
    discrimination: float = 1.0
    guessing: float = 0.0
    area: str = ""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.difficulty) and abs(self.difficulty) <= GRID[-1]):
            raise BadItem(self.id, "difficulty", "is a number from -4 to 4")
        if not (math.isfinite(self.discrimination) and self.discrimination > 0):
            raise BadItem(self.id, "discrimination", "is a number above 0")
        if not 0 <= self.guessing <= MOST_GUESSING:
            raise BadItem(self.id, "guessing", f"is a share from 0 to {MOST_GUESSING}")


@dataclass(frozen=True, slots=True, eq=False)
class ItemBank:
    """Questions made ready: for n items, `right` and `wrong` (n × 81) and `information` (n × 81); `areas` numbers
    the sub-competencies (n), named in `area_names`."""

    items: tuple[Item, ...]
    index: Mapping[str, int]
    right: Floats
    wrong: Floats
    information: Floats
    areas: tuple[int, ...]
    area_names: tuple[str, ...]


def compile_bank(items: Iterable[Item]) -> ItemBank:
    """Return the bank of these questions in their order; once for each change, then shared by every check.

    Raises BadItem for an id that stands twice, and ValueError for no question at all.
    """
    kept = tuple(items)
    if not kept:
        raise ValueError("a bank needs at least one question")
    index: dict[str, int] = {}
    for number, item in enumerate(kept):
        if item.id in index:
            raise BadItem(item.id, "id", "stands twice in the bank")
        index[item.id] = number
    a, b, c = np.array([(item.discrimination, item.difficulty, item.guessing) for item in kept]).T[:, :, None]
    right = probability(a, b, c, GRID)
    names = tuple(sorted({item.area for item in kept}))
    numbers = {name: number for number, name in enumerate(names)}
    return ItemBank(
        items=kept,
        index=index,
        right=right,
        wrong=1 - right,
        information=information(a, c, right),
        areas=tuple(numbers[item.area] for item in kept),
        area_names=names,
    )


def probability(a: Floats, b: Floats, c: Floats, theta: Floats) -> Floats:
    """Return the probability of a right answer; the arguments broadcast."""
    return np.asarray(c + (1 - c) / (1 + np.exp(-np.clip(a * (theta - b), -_STEEPEST, _STEEPEST))))


def information(a: Floats, c: Floats, right: Floats) -> Floats:
    """Return Fisher's information a² (1-p)/p ((p-c)/(1-c))² for probabilities `right` (Lord 1980, eq. 5-9)."""
    return np.asarray(a**2 * (1 - right) / right * ((right - c) / (1 - c)) ** 2)
