"""Who chose what and when, and what the items are about, as arrays: all that the collaborative part is ever told.

Persons, items and tags are places (0, 1, 2 …), never names or ids; days are whole numbers from any fixed date. Whose
choices may be given is the caller's affair (docs/decisions/0042): the engine sees nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Block = tuple[int, Floats]
"""Whole rows of a matrix of items by items, and the number of the first."""

BLOCK_ROWS, BLOCK_PAIRS = 256, 2_000_000


class BadChoices(ValueError):
    """Choices or tags that cannot be read: names the entry, the field and the reason."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Many short lists in two arrays: list r is `values[starts[r]:starts[r + 1]]`."""

    starts: Ints
    values: Ints

    @staticmethod
    def of(rows: Ints, values: Ints, count: int) -> Lists:
        """Return `count` lists from entries (row, value); entries keep their order within a list."""
        order = np.argsort(rows, kind="stable")
        return Lists(np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=count)))), values[order])

    @property
    def sizes(self) -> Ints:
        """Return how long each list is."""
        return np.diff(self.starts)

    @property
    def rows(self) -> Ints:
        """Return for each entry the list it is in."""
        return np.repeat(np.arange(len(self.starts) - 1), self.sizes)

    def gather(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return the places in `values` of all entries of the named lists, one list after the other, and for each
        entry which of `rows` it came from.
        """
        sizes = self.starts[rows + 1] - self.starts[rows]
        which = np.repeat(np.arange(len(rows)), sizes)
        before = np.concatenate(([0], np.cumsum(sizes)[:-1])) if len(rows) else sizes
        return np.arange(len(which)) + (self.starts[rows] - before)[which], which

    def turned(self, count: int) -> Lists:
        """Return the lists the other way round: for each of `count` values, the rows it is in."""
        return Lists.of(self.values, self.rows, count)


@dataclass(frozen=True, slots=True)
class Choices:
    """For each person the items she chose, the earliest first, each once, with the day of the first time."""

    chosen: Lists
    days: Ints
    items: int

    @staticmethod
    def of(
        person: ArrayLike, item: ArrayLike, day: ArrayLike, persons: int, items: int, most_each: int = 200
    ) -> Choices:
        """Return the choices of `persons` people among `items` items from three arrays with one entry a choice.

        A repeat counts once, at its first day. Of a person only the newest `most_each` count, so that nobody weighs
        much. Raises BadChoices where lengths differ or a place is out of range.
        """
        who, what, when = (np.asarray(given, dtype=np.int64) for given in (person, item, day))
        if not len(who) == len(what) == len(when):
            raise BadChoices(f"person, item and day have {len(who)}, {len(what)} and {len(when)} entries")
        _within("person", who, persons)
        _within("item", what, items)
        order = np.lexsort((when, what, who))
        who, what, when = who[order], what[order], when[order]
        first = np.ones(len(who), dtype=np.bool_)
        first[1:] = (who[1:] != who[:-1]) | (what[1:] != what[:-1])
        who, what, when = who[first], what[first], when[first]
        order = np.lexsort((what, when, who))
        who, what, when = who[order], what[order], when[order]
        from_the_end = np.cumsum(np.bincount(who, minlength=persons))[who] - np.arange(len(who))
        newest = from_the_end <= most_each
        return Choices(Lists.of(who[newest], what[newest], persons), when[newest], items)

    @property
    def persons(self) -> int:
        """Return how many people there are."""
        return len(self.chosen.starts) - 1

    @property
    def people(self) -> Ints:
        """Return for each item how many different people chose it."""
        return np.bincount(self.chosen.values, minlength=self.items)

    def where(self, kept: NDArray[np.bool_]) -> Choices:
        """Return the choices whose entries are marked; everybody stays, if with nothing."""
        return Choices(
            Lists.of(self.chosen.rows[kept], self.chosen.values[kept], self.persons), self.days[kept], self.items
        )

    def only(self, items: Ints) -> Choices:
        """Return the choices of the named items, which are numbered anew in the order given."""
        place = np.full(self.items, -1, dtype=np.int64)
        place[items] = np.arange(len(items))
        smaller = self.where(place[self.chosen.values] >= 0)
        return Choices(Lists(smaller.chosen.starts, place[smaller.chosen.values]), smaller.days, len(items))

    def history(self, person: int) -> tuple[Ints, Ints]:
        """Return one person's items and their days, the earliest first."""
        one = slice(self.chosen.starts[person], self.chosen.starts[person + 1])
        return self.chosen.values[one], self.days[one]


@dataclass(frozen=True, slots=True)
class Tags:
    """For each item its tags (competencies, topics, subjects, formats), and how rare each tag is (0 to 1)."""

    of_item: Lists
    with_tag: Lists
    rarity: Floats

    @staticmethod
    def of(tags: Sequence[Sequence[int]], count: int) -> Tags:
        """Return the tags of each item as arrays; `count` tags exist. Raises BadChoices for one out of range.

        Rarity is the logarithm of all items over the items with the tag, divided by the largest there can be.
        """
        sizes = np.array([len(one) for one in tags], dtype=np.int64)
        values = np.array([tag for one in tags for tag in one], dtype=np.int64)
        _within("tag", values, count)
        of_item = Lists(np.concatenate(([0], np.cumsum(sizes))), values)
        with_tag = of_item.turned(count)
        share = (1 + len(tags)) / np.maximum(with_tag.sizes, 1)
        return Tags(of_item, with_tag, (np.log(share) / np.log(1 + max(len(tags), 1))).astype(np.float32))

    def only(self, items: Ints) -> Tags:
        """Return the tags of the named items, which are numbered anew in the order given."""
        entries, which = self.of_item.gather(items)
        of_item = Lists.of(which, self.of_item.values[entries], len(items))
        return Tags(of_item, of_item.turned(len(self.rarity)), self.rarity)

    def match(self, liking: Floats) -> Floats:
        """Return for each item the sum of the likings (one a tag) of its tags, each times the tag's rarity."""
        liked = np.flatnonzero(liking)
        entries, which = self.with_tag.gather(liked)
        worth = (liking * self.rarity)[liked][which]
        size = len(self.of_item.starts) - 1
        return np.bincount(self.with_tag.values[entries], weights=worth, minlength=size).astype(np.float32)


def _within(field: str, places: Ints, count: int) -> None:
    wrong = np.flatnonzero((places < 0) | (places >= count))
    if len(wrong):
        raise BadChoices(f"entry {wrong[0]}: {field} {places[wrong[0]]} is not one of {count}")


def together(lists: Lists, items: int, worth: Floats | None = None) -> Iterator[Block]:
    """Yield (first, block): for a run of items, how many lists hold each of them together with every item.

    The block has a row for each item from `first` on and `items` columns; the own column is how many lists hold the
    item. With `worth` each list counts that much instead of one. Memory is one block.
    """
    holders = lists.turned(items)
    sizes = lists.sizes
    pairs = np.concatenate(([0], np.cumsum(sizes[holders.values])))[holders.starts]
    first = 0
    while first < items:
        within = int(np.searchsorted(pairs, pairs[first] + BLOCK_PAIRS, side="right")) - 1
        last = min(max(within, first + 1), first + BLOCK_ROWS, items)
        lists_of, row = holders.gather(np.arange(first, last))
        held = holders.values[lists_of]
        entries, which = lists.gather(held)
        flat = row[which] * items + lists.values[entries]
        weights = None if worth is None else worth[held][which]
        counted = np.bincount(flat, weights=weights, minlength=(last - first) * items)
        yield first, counted.reshape(last - first, items).astype(np.float32)
        first = last
