"""Rows of noughts and ones, eliminated modulo a prime, with what matters confirmed in whole numbers.

Elimination modulo a prime is quick and exact only up to bad luck with the prime. Two facts make the answer exact:
`Matrix` is refused unless its rank is proved to be the same in whole numbers (then no group that is out of reach
modulo the prime is within reach in truth), and `confirm` recomputes a combination that was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

PRIME = 2_147_483_647
Array = NDArray[np.int64]


class NotConfirmed(Exception):
    """What holds modulo the prime could not be shown to hold in whole numbers."""


class Matrix:
    """The row space of a matrix. A `basis` is an array of its rows, each followed by the factors that made it."""

    def __init__(self, entries: Sequence[Sequence[int]]) -> None:
        self.rows: Array = np.array(entries, dtype=np.int64)
        self.height, self.width = self.rows.shape
        whole = np.hstack([self.rows, np.eye(self.height, dtype=np.int64)])
        reduced = whole
        rank = 0
        for column in range(self.width):
            below = np.nonzero(reduced[rank:, column])[0]
            if len(below):
                reduced = _eliminated(reduced, rank + int(below[0]), column, rank)
                rank += 1
        self.basis: Array = reduced[:rank]
        for relation in reduced[rank:]:  # rows that cancel: as many in whole numbers, or the ranks differ
            if np.any(self._times(_lifted(relation[self.width :]))):
                raise NotConfirmed("the rank modulo the prime is not the rank")

    def standing_on(self, basis: Array) -> list[int]:
        """Return the columns in which some row of the basis is not nought."""
        return [int(column) for column in np.nonzero(np.any(basis[:, : self.width], axis=0))[0]]

    def without(self, basis: Array, column: int) -> Array:
        """Return a basis of those combinations that are nought in a column."""
        pivot = int(np.nonzero(basis[:, column])[0][0])
        return _eliminated(basis, pivot, column, 0)[1:]

    def confirm(self, row: Array) -> None:
        """Recompute a combination in whole numbers: something, and nothing elsewhere. Raises NotConfirmed."""
        found = self._times(_lifted(row[self.width :]))
        stands = {number for number, entry in enumerate(row[: self.width]) if entry}
        if not any(found) or any(entry and number not in stands for number, entry in enumerate(found)):
            raise NotConfirmed("the combination holds modulo the prime only")

    def _times(self, factors: Sequence[int]) -> list[int]:
        chosen = [(factor, self.rows[number].tolist()) for number, factor in enumerate(factors) if factor]
        return [sum(factor * row[column] for factor, row in chosen) for column in range(self.width)]


def _eliminated(rows: Array, pivot: int, column: int, to: int) -> Array:
    """Return the rows with a pivot row put at a place, made 1 in the column and taken out of all other rows."""
    order = [number for number in range(len(rows)) if number != pivot]
    order.insert(to, pivot)
    moved = rows[order]
    moved[to] = moved[to] * pow(int(moved[to, column]), -1, PRIME) % PRIME
    factors = moved[:, column].copy()
    factors[to] = 0
    touched = np.nonzero(factors)[0]
    moved[touched] = (moved[touched] - factors[touched, None] * moved[to] % PRIME) % PRIME
    return moved


def _lifted(residues: Any) -> list[int]:
    """Return whole numbers in the ratios that these residues stand for, by rational reconstruction."""
    fractions = [_fraction(int(residue)) for residue in residues]
    common = lcm(*(below for _, below in fractions))
    return [above * (common // below) for above, below in fractions]


def _fraction(residue: int) -> tuple[int, int]:
    """Return the fraction of small parts that is congruent to a residue (Wang, 1981)."""
    (old, new), (below_old, below_new) = (PRIME, residue), (0, 1)
    while new * new * 2 > PRIME:
        step = old // new
        old, new = new, old - step * new
        below_old, below_new = below_new, below_old - step * below_new
    return (new, below_new) if below_new > 0 else (-new, -below_new)
