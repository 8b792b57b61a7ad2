"""For each item the few items that belong to it, with weights: what every model here is kept as, and scored from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantern.engine.recommend.collaborative.choices import Choices, Floats, Ints, Lists, Tags, together
from lantern.engine.recommend.collaborative.inverse import negative_inverse, symmetric_rows

FLOOR = 10
"""At least so many different people connect two items, or nothing is kept between them (trust.md 3.5.7)."""

KEEP = 100
"""At most so many weights an item (intelligence.md B5: NDCG 0.0927 with 100, 0.0935 with all)."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Weights from each item to at most KEEP others: entry e of list i leads to `to.values[e]` with `weights[e]`.

    Of class aggregate: each weight rests on at least the floor of different people, and no person is in it.
    """

    to: Lists
    weights: Floats

    @staticmethod
    def of(entries: Iterable[tuple[Ints, Ints, Floats]], items: int, keep: int = KEEP) -> Neighbours:
        """Return the `keep` largest weights (by size, whatever their sign) of each item from (item, to, weight)."""
        parts = [_largest(*entry, keep) for entry in entries]
        none = np.zeros(0, dtype=np.int64)
        rows, to, weights = (np.concatenate([part[field] for part in parts]) if parts else none for field in range(3))
        return Neighbours(Lists.of(rows, to, items), weights.astype(np.float32))

    @property
    def size(self) -> int:
        """Return the bytes it takes when kept: four for the place and four for the weight of each entry."""
        return 8 * len(self.weights) + 4 * len(self.to.starts)

    def score(self, history: Ints, worth: Floats) -> Floats:
        """Return for each item the sum over the history of worth × weight: B7's Score_j = Σ β^age(i) B_ij."""
        entries, which = self.to.gather(history)
        terms = self.weights[entries] * worth[which]
        size = len(self.to.starts) - 1
        return np.bincount(self.to.values[entries], weights=terms, minlength=size).astype(np.float32)

    def reasons(self, history: Ints, worth: Floats, items: Ints) -> Ints:
        """Return for each of `items` the item of the history with the largest term, or -1 where none helps."""
        entries, which = self.to.gather(history)
        terms = self.weights[entries] * worth[which]
        helping = np.flatnonzero(terms > 0)
        helping = helping[np.argsort(terms[helping], kind="stable")]
        source = np.full(len(self.to.starts) - 1, -1, dtype=np.int64)
        source[self.to.values[entries[helping]]] = history[which[helping]]  # the largest is written last
        return source[items]


def _largest(rows: Ints, to: Ints, weights: Floats, keep: int) -> tuple[Ints, Ints, Floats]:
    order = np.lexsort((to, -np.abs(weights), rows))
    rows, to, weights = rows[order], to[order], weights[order]
    begins = np.searchsorted(rows, rows, side="left")
    kept = np.arange(len(rows)) - begins < keep
    return rows[kept], to[kept], weights[kept]


def fit_ease(
    choices: Choices,
    tags: Tags | None = None,
    *,
    ridge: float = 500.0,
    tag_weight: float = 1.0,
    floor: int = FLOOR,
    keep: int = KEEP,
) -> Neighbours:
    """Return EASE's weights (Steck, WWW 2019; tags as in intelligence.md B7): G = XᵀX + α T Tᵀ + λI, B_ij = −P_ij/P_jj.

    λ is `ridge`, α `tag_weight`; T holds the rarity of an item's tags. Items with fewer than `floor` people are left
    out before the fit, weights between two that fewer than `floor` people both chose after it. Memory is one float32
    matrix of the items left in, squared.
    """
    inside = np.flatnonzero(choices.people >= floor)
    fewer = choices.only(inside)
    gram, connected = _gram(fewer, floor)
    if tags is not None and tag_weight > 0:
        about = tags.only(inside)
        for first, last, block in together(about.with_tag, len(inside), about.rarity**2):
            gram[first:last] += tag_weight * block.astype(np.float32)
    gram[np.diag_indices(len(inside))] += ridge
    negative_inverse(gram)
    return Neighbours.of(_kept_rows(gram, connected, inside), choices.items, keep)


def _gram(choices: Choices, floor: int) -> tuple[Floats, NDArray[np.uint8]]:
    """Return XᵀX, and which pairs at least `floor` people chose, eight to a byte."""
    gram = np.empty((choices.items, choices.items), dtype=np.float32)
    connected = np.empty((choices.items, (choices.items + 7) // 8), dtype=np.uint8)
    for first, last, block in together(choices.chosen, choices.items):
        gram[first:last] = block
        connected[first:last] = np.packbits(block >= floor, axis=1)
    return gram, connected


def _kept_rows(
    inverse: Floats, connected: NDArray[np.uint8], inside: Ints, rows: int = 256
) -> Iterable[tuple[Ints, Ints, Floats]]:
    size = len(inverse)
    diagonal = -np.diag(inverse)
    for first in range(0, size, rows):
        last = min(first + rows, size)
        allowed = np.unpackbits(connected[first:last], axis=1, count=size).astype(np.bool_)
        allowed[np.arange(last - first), np.arange(first, last)] = False
        row, column = np.nonzero(allowed)
        weights = symmetric_rows(inverse, first, last)[row, column] / diagonal[column]
        yield inside[first + row], inside[column], weights


def fit_item_knn(choices: Choices, *, shrink: float = 10.0, floor: int = FLOOR, keep: int = KEEP) -> Neighbours:
    """Return cosine similarities with `shrink` in the denominator, for catalogues too large for EASE's square matrix.

    The same floor holds. Memory is one block of rows.
    """
    people = choices.people.astype(np.float64)

    def rows() -> Iterable[tuple[Ints, Ints, Floats]]:
        for first, last, block in together(choices.chosen, choices.items):
            row, column = np.nonzero(block >= floor)
            row, column = row[row + first != column], column[row + first != column]
            alike = block[row, column] / (np.sqrt(people[row + first] * people[column]) + shrink)
            yield row + first, column, alike.astype(np.float32)

    return Neighbours.of(rows(), choices.items, keep)


def fit_following(choices: Choices, *, shrink: float = 10.0, floor: int = FLOOR, keep: int = KEEP) -> Neighbours:
    """Return what people took up right after each item: the share of its people who went on to the other next.

    Kept only where at least `floor` different people took that very step.
    """
    rows, what = choices.chosen.rows, choices.chosen.values
    same = rows[1:] == rows[:-1]
    steps, counts = np.unique(what[:-1][same] * choices.items + what[1:][same], return_counts=True)
    often = counts >= floor
    before, after = np.divmod(steps[often], max(choices.items, 1))
    share = counts[often] / (choices.people[before] + shrink)
    return Neighbours.of([(before, after, share.astype(np.float32))], choices.items, keep)
