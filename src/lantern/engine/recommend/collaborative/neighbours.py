"""For each item the few items that belong to it, with weights: what every model here is kept as, and scored from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from lantern.engine.recommend.collaborative.choices import Block, Choices, Floats, Ints, Lists, Tags, together

Entries = tuple[Ints, Ints, Floats]
"""(item, to, weight), entry by entry."""

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
    def of(entries: Iterable[Entries], items: int, keep: int = KEEP) -> Neighbours:
        """Return the `keep` largest weights (by size, whatever their sign) of each item from (item, to, weight)."""
        parts = [_largest(*entry, keep) for entry in entries]
        none = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
        rows, to, weights = (np.concatenate([part[field] for part in (none, *parts)]) for field in range(3))
        rows, to, weights = _largest(rows, to, weights, keep)
        return Neighbours(Lists.of(rows, to, items), weights)

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


def _largest(rows: Ints, to: Ints, weights: Floats, keep: int) -> Entries:
    order = np.lexsort((to, -np.abs(weights), rows))
    rows, to, weights = rows[order], to[order], weights[order]
    begins = np.searchsorted(rows, rows, side="left")
    kept = np.arange(len(rows)) - begins < keep
    return rows[kept], to[kept], weights[kept]


def fit_item_knn(choices: Choices, *, shrink: float = 10.0, floor: int = FLOOR, keep: int = KEEP) -> Neighbours:
    """Return cosine similarities with `shrink` in the denominator, for catalogues too large for EASE's square matrix.

    Kept only between items that at least `floor` different people both chose. Memory is one block of rows.
    """
    blocks = together(choices.chosen, choices.items)
    return Neighbours.of(_similar(blocks, choices.people, shrink, floor), choices.items, keep)


def _similar(blocks: Iterable[Block], people: Ints, shrink: float, floor: int) -> Iterator[Entries]:
    size = np.sqrt(people)
    for first, block in blocks:
        row, column = np.nonzero(block >= floor)
        other = row + first != column
        row, column = row[other], column[other]
        yield row + first, column, (block[row, column] / (size[row + first] * size[column] + shrink)).astype(np.float32)


def fit_ease(
    choices: Choices,
    tags: Tags | None = None,
    *,
    ridge: float = 500.0,
    tag_weight: float = 1.0,
    floor: int = FLOOR,
    keep: int = KEEP,
) -> Neighbours:
    """Return EASE's weights (Steck, WWW 2019) on a support of at most `keep` neighbours an item.

    B7's G = XᵀX + α T Tᵀ + λI, with λ = `ridge`, α = `tag_weight` and T the rarity of an item's tags. Where every pair
    may have a weight, EASE is B_ij = −P_ij / P_jj with P = G⁻¹. Here item j may have weights only from the items N that
    are most like it (cosine) and that at least `floor` different people chose with it; the same least squares on
    that support is B_Nj = (G_NN)⁻¹ G_Nj (Steck, "Markov random fields for collaborative filtering", NeurIPS 2019). So
    no weight is worked out that may not be kept, and no n × n inverse is needed. Memory: one float32 matrix, items ×
    items, of the items with at least `floor` people.
    """
    inside = np.flatnonzero(choices.people >= floor)
    fewer = choices.only(inside)
    gram = np.empty((len(inside), len(inside)), dtype=np.float32)
    for first, block in together(fewer.chosen, len(inside)):
        gram[first : first + len(block)] = block
    support = Neighbours.of(_similar(_row_blocks(gram), fewer.people, 0.0, floor), len(inside), keep)
    if tags is not None and tag_weight > 0:
        about = tags.only(inside)
        for first, block in together(about.with_tag, len(inside), about.rarity**2):
            gram[first : first + len(block)] += tag_weight * block
    solved = ((inside[start], inside[to], weights) for start, to, weights in _solved(gram, support.to, ridge))
    return Neighbours.of(solved, choices.items, keep)


def _row_blocks(matrix: Floats, rows: int = 256) -> Iterator[Block]:
    for first in range(0, len(matrix), rows):
        yield first, matrix[first : first + rows]


def _solved(gram: Floats, support: Lists, ridge: float, batch: int = 256) -> Iterator[Entries]:
    """Yield the weights into each item from its support, many small systems at once, padded to the same size."""
    order = np.argsort(support.sizes, kind="stable")
    for first in range(0, len(order), batch):
        items = order[first : first + batch]
        sizes = support.sizes[items]
        inside = np.arange(sizes.max(initial=0)) < sizes[:, None]
        near = np.zeros(inside.shape, dtype=np.int64)
        near[inside] = support.values[support.gather(items)[0]]
        system = gram[near[:, :, None], near[:, None, :]] * (inside[:, :, None] & inside[:, None, :])
        both = np.arange(int(sizes.max(initial=0)))
        system[:, both, both] += np.where(inside, np.float32(ridge), np.float32(1.0))
        wanted = np.where(inside, gram[near, items[:, None]], np.float32(0.0))
        weights = np.linalg.solve(system, wanted[:, :, None])[:, :, 0]
        yield near[inside], np.repeat(items, sizes), weights[inside]


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
