"""The joint auditor: does a second cut of the same people let anybody work out a small group? (trust.md 3.5, step 6)

Every released number is a row: a sum over *cells* of people whom no release tells apart. What can be worked out by
adding and subtracting releases, with any factors, is the row space. `audit` finds whether a row of that space, other
than nothing, stands on a small group. It sees how many people are in each cell and never a value, so that its answer
says nothing about what anybody did.

The answer is exact. Rows that share no cell are looked at apart. Where every cell lies in at most two rows and the
rows fall into two sides (a tree and one cut), the row space is the cut space of a graph with the rows as corners and
the cells as edges, and the smallest group that can be worked out is its smallest cut. Anything else is searched, by
elimination modulo a prime; what is found there is confirmed in whole numbers. Both count their steps, and an audit
that runs out of steps, or whose answer cannot be confirmed, must be taken as a refusal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from lantern.engine.release.rows import Array, Matrix, NotConfirmed
from lantern.engine.release.tree import Group

WORK = 300_000_000
"""Steps of an audit; docs/developer/trust-releases.md says what districts of which size take."""


NOBODY = Group()


class OutOfWork(Exception):
    """The limit of steps was reached."""


class Outcome(StrEnum):
    """What an audit may answer."""

    SAFE = "safe"
    LEAK = "leak"
    RAN_OUT = "ran_out"


@dataclass(frozen=True, slots=True)
class Cell:
    """People whom no release tells apart: in which rows they are, and how many there are."""

    rows: frozenset[Hashable]
    group: Group


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer, the steps it took, and for a leak the small group (for tests and developers; never shown)."""

    outcome: Outcome
    steps: int
    group: Group = NOBODY


class Work:
    """Counts steps against a limit."""

    def __init__(self, limit: int) -> None:
        self.limit, self.done = limit, 0

    def take(self, steps: int = 1) -> None:
        """Count some steps. Raises OutOfWork beyond the limit."""
        self.done += steps
        if self.done > self.limit:
            raise OutOfWork


def audit(cells: Sequence[Cell], limit: int = WORK) -> Finding:
    """Find whether some combination of the rows stands on a group that is not large (`Group.is_large`)."""
    work = Work(limit)
    try:
        for block in _blocks(cells):
            sides = _two_sides(block)
            small = _smallest_cut(block, sides, work) if sides is not None else _search(block, work)
            if small is not None:
                return Finding(Outcome.LEAK, work.done, small)
    except (OutOfWork, NotConfirmed):
        return Finding(Outcome.RAN_OUT, work.done)
    return Finding(Outcome.SAFE, work.done)


def _blocks(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Return the cells with people in rows, those in the same rows made one, apart where no row joins them."""
    merged: dict[frozenset[Hashable], Group] = defaultdict(Group)
    for cell in cells:
        if cell.rows and cell.group.people:
            merged[cell.rows] += cell.group
    leader: dict[Hashable, Hashable] = {}

    def lead(row: Hashable) -> Hashable:
        while leader.setdefault(row, row) != row:
            leader[row] = leader[leader[row]]
            row = leader[row]
        return row

    for rows in merged:
        first, *others = rows
        for other in others:
            leader[lead(other)] = lead(first)
    blocks: dict[Hashable, list[Cell]] = defaultdict(list)
    for rows, group in merged.items():
        blocks[lead(next(iter(rows)))].append(Cell(rows, group))
    return list(blocks.values())


def _two_sides(block: Sequence[Cell]) -> Mapping[Hashable, bool] | None:
    """Return a side for each row so that no cell lies in two rows of one side, or None where that cannot be."""
    beside: dict[Hashable, set[Hashable]] = defaultdict(set)
    for cell in block:
        if len(cell.rows) > 2:
            return None
        for row in cell.rows:
            beside[row] |= cell.rows - {row}
    side: dict[Hashable, bool] = {}
    for start in beside:
        if start in side:
            continue
        side[start], waiting = True, [start]
        while waiting:
            row = waiting.pop()
            for other in beside[row]:
                if other not in side:
                    side[other] = not side[row]
                    waiting.append(other)
                elif side[other] == side[row]:
                    return None
    return side


_GROUND = object()


def _smallest_cut(block: Sequence[Cell], sides: Mapping[Hashable, bool], work: Work) -> Group | None:
    """Return a small group that stands on a cut of the graph, or None.

    Give each row a number, the rows of one side with the sign turned. A combination is nought on a cell exactly where
    the numbers of its two rows are equal (a cell in one row ends at the ground, whose number is nought). So each
    combination stands at least on the cells between the rows of one number and all others: a cut. And each cut is the
    combination with 1 on one of its shores.
    """
    names = [*sides, *([_GROUND] if any(len(cell.rows) == 1 for cell in block) else [])]
    place = {name: number for number, name in enumerate(names)}
    edges = [tuple(place[row] for row in (*cell.rows, _GROUND)[:2]) for cell in block]
    least = max(cell.group.least for cell in block)
    for without_readers in (False, True):  # a group is small by its people or by those of them who read nothing
        weights = np.zeros((len(names), len(names)), dtype=np.int64)
        for (one, other), cell in zip(edges, block, strict=True):
            people = cell.group.people - (cell.group.readers if without_readers else 0)
            weights[one, other] += people
            weights[other, one] += people
        shore = _stoer_wagner(weights, work)
        small = Group()
        for (one, other), cell in zip(edges, block, strict=True):
            if (one in shore) != (other in shore):
                small += cell.group
        if not Group(small.people, small.readers, least).is_large:
            return Group(small.people, small.readers, least)
    return None


def _stoer_wagner(weights: Array, work: Work) -> frozenset[int]:
    """Return one shore of a smallest cut of a graph (Stoer and Wagner, 1997): exact, in the cube of its corners."""
    joined = weights.copy()
    members = [frozenset({number}) for number in range(len(weights))]
    left = np.ones(len(weights), dtype=bool)
    best, shore = None, frozenset[int]()
    for corners in range(len(weights), 1, -1):
        outside = left.copy()
        last = int(outside.argmax())
        outside[last] = False
        pull, before = joined[last].copy(), last
        for _ in range(corners - 1):
            work.take(len(weights))
            before, last = last, int(np.where(outside, pull, -1).argmax())
            weight = int(pull[last])
            outside[last] = False
            pull += joined[last]
        if best is None or weight < best:
            best, shore = weight, members[last]
        joined[before] += joined[last]
        joined[:, before] += joined[:, last]
        joined[before, before] = 0
        members[before] |= members[last]
        left[last] = False
    return shore


def _search(block: Sequence[Cell], work: Work) -> Group | None:
    """Return a small group on which a combination stands, or None; depth first over "this cell is in it, or is not"."""
    rows = sorted({row for cell in block for row in cell.rows}, key=str)
    heaviest_first = sorted(block, key=lambda cell: (-cell.group.people, sorted(map(str, cell.rows))))
    least = max(cell.group.least for cell in block)
    groups = [Group(cell.group.people, cell.group.readers, least) for cell in heaviest_first]
    matrix = Matrix([[int(row in cell.rows) for cell in heaviest_first] for row in rows])
    waiting = [(matrix.basis, frozenset[int]())]
    while waiting:
        basis, taken = waiting.pop()
        so_far = sum((groups[cell] for cell in taken), Group())
        while len(basis):
            work.take(basis.size)
            standing = [cell for cell in matrix.standing_on(basis) if cell not in taken]
            heavy = next((cell for cell in standing if (so_far + groups[cell]).is_large), None)
            if heavy is None:
                break
            basis = matrix.without(basis, heavy)
        else:
            continue
        if not standing:
            matrix.confirm(basis[0])
            return sum((groups[cell] for cell in matrix.standing_on(basis[:1])), Group())
        waiting.append((matrix.without(basis, standing[0]), taken))
        waiting.append((basis, taken | {standing[0]}))
    return None
