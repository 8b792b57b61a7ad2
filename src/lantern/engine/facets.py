"""Counting a catalogue by its dimensions: a mask for each dimension's chosen values, and true counts under all the
others.

Columns are arrays over the same rows, so that thirteen dimensions of ten thousand rows are counted in about a
millisecond.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Codes = NDArray[np.int32]


class Column(Protocol):
    """One dimension of all rows."""

    def holding(self, values: Collection[str]) -> Mask:
        """Return which rows have any of the values; a value nobody has matches nothing."""

    def counts(self, rows: Mask) -> dict[str, int]:
        """Return how many of these rows have each value, in the order of the values."""

    def changed(self, keep: Mask, added: Sequence[Collection[str]]) -> Column:
        """Return the column of the kept rows followed by added ones, each given by its values."""


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """A dimension of text values, none or many a row: `places[i]` is the row that has value number `codes[i]`."""

    values: tuple[str, ...]
    places: Codes
    codes: Codes
    size: int

    @staticmethod
    def of(rows: Sequence[Collection[str]], values: Sequence[str] = ()) -> Labels:
        """Index rows by their values; `values` come first in the order of counts."""
        empty = np.zeros(0, dtype=np.int32)
        return Labels(tuple(values), empty, empty, 0).changed(np.zeros(0, dtype=np.bool_), rows)

    def holding(self, values: Collection[str]) -> Mask:
        """Return which rows have any of the values."""
        wanted = [code for code, value in enumerate(self.values) if value in values]
        found = np.zeros(self.size, dtype=np.bool_)
        found[self.places[np.isin(self.codes, wanted)]] = True
        return found

    def counts(self, rows: Mask) -> dict[str, int]:
        """Return how many of these rows have each value."""
        counted = np.bincount(self.codes[rows[self.places]], minlength=len(self.values))
        return dict(zip(self.values, counted.tolist(), strict=True))

    def changed(self, keep: Mask, added: Sequence[Collection[str]]) -> Labels:
        """Return the column of the kept rows followed by added ones."""
        numbers = {value: code for code, value in enumerate(self.values)}
        kept = keep[self.places]
        moved = np.cumsum(keep, dtype=np.int32) - 1
        first = int(np.count_nonzero(keep))
        places: list[int] = []
        codes: list[int] = []
        for place, values in enumerate(added, start=first):
            for value in dict.fromkeys(values):
                places.append(place)
                codes.append(numbers.setdefault(value, len(numbers)))
        return Labels(
            tuple(numbers),
            np.concatenate([moved[self.places[kept]], np.array(places, dtype=np.int32)]).astype(np.int32),
            np.concatenate([self.codes[kept], np.array(codes, dtype=np.int32)]).astype(np.int32),
            first + len(added),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Bits:
    """A dimension of few known values as bit masks; with `any_when_none` a row without values has them all."""

    values: tuple[str, ...]
    masks: NDArray[np.int64]
    any_when_none: bool = False

    @staticmethod
    def of(rows: Sequence[Collection[str]], values: Sequence[str], *, any_when_none: bool = False) -> Bits:
        """Index rows by their values; values that are not known are left out."""
        return Bits(tuple(values), _masks(rows, values, any_when_none), any_when_none)

    def holding(self, values: Collection[str]) -> Mask:
        """Return which rows have any of the values."""
        wanted = sum(1 << place for place, value in enumerate(self.values) if value in values)
        found: Mask = (self.masks & wanted) != 0
        return found

    def counts(self, rows: Mask) -> dict[str, int]:
        """Return how many of these rows have each value."""
        masks = self.masks[rows]
        return {value: int(np.count_nonzero(masks & (1 << place))) for place, value in enumerate(self.values)}

    def changed(self, keep: Mask, added: Sequence[Collection[str]]) -> Bits:
        """Return the column of the kept rows followed by added ones."""
        new = _masks(added, self.values, self.any_when_none)
        return Bits(self.values, np.concatenate([self.masks[keep], new]), self.any_when_none)


def _masks(rows: Sequence[Collection[str]], values: Sequence[str], any_when_none: bool) -> NDArray[np.int64]:
    bit = {value: 1 << place for place, value in enumerate(values)}
    every = sum(bit.values())
    none = every if any_when_none else 0
    return np.array([sum(bit.get(value, 0) for value in set(row)) or none for row in rows], dtype=np.int64)


def count_all(
    columns: Mapping[str, Column], chosen: Mapping[str, Collection[str]], among: Mask
) -> tuple[Mask, dict[str, dict[str, int]]]:
    """Return the rows that have a chosen value in every dimension, and each dimension's counts under all the others.

    Within a dimension any chosen value is enough; a dimension's own choice does not narrow its own counts. `among`
    are the
    rows that come into question at all. Raises KeyError for a choice in a dimension that is not there.
    """
    masks = {name: columns[name].holding(values) for name, values in chosen.items() if values}
    return _all(masks.values(), among), {
        name: column.counts(_all((mask for other, mask in masks.items() if other != name), among))
        for name, column in columns.items()
    }


def _all(masks: Iterable[Mask], among: Mask) -> Mask:
    found = among
    for mask in masks:
        found = found & mask
    return found
