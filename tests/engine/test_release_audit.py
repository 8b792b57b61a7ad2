"""The joint auditor: exact against an auditor of another kind, on cuts, on searches, and at its limit."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.release import Cell, Finding, Group, Outcome, audit, auditor
from lantern.engine.release import rows as elimination
from lantern.engine.release.rows import Matrix, NotConfirmed
from tests.engine.release_world import LEAST, smallest_derivable


def cells_of(rows: list[frozenset[int]], readers: frozenset[int] = frozenset()) -> list[Cell]:
    groups: dict[frozenset[int], Group] = defaultdict(Group)
    for key in frozenset().union(*rows):
        names = frozenset(number for number, row in enumerate(rows) if key in row)
        groups[names] += Group(1, int(key in readers), LEAST)
    return [Cell(frozenset(names), group) for names, group in groups.items()]


def people(*ranges: tuple[int, int]) -> frozenset[int]:
    return frozenset(number for first, last in ranges for number in range(first, last))


@pytest.mark.requirement("N4")
def test_a_school_and_a_margin_that_differ_in_two_people_are_caught() -> None:
    school, other = people((0, 12)), people((12, 40))
    new_here, long_here = people((1, 13)), people((0, 1), (13, 40))
    alone = audit(cells_of([school, other]))
    both = audit(cells_of([school, other, new_here, long_here]))
    assert alone.outcome is Outcome.SAFE
    assert both.outcome is Outcome.LEAK and both.group.people == 2


def test_a_cut_across_large_groups_is_safe() -> None:
    school, other = people((0, 40)), people((40, 80))
    crossing = [people((0, 20), (40, 60)), people((20, 40), (60, 80))]
    assert audit(cells_of([school, other, *crossing])).outcome is Outcome.SAFE


def test_readers_do_not_hide_anybody() -> None:
    rows = [people((0, 20)), people((20, 40)), people((0, 10), (20, 30)), people((10, 20), (30, 40))]
    assert audit(cells_of(rows)).outcome is Outcome.SAFE
    assert audit(cells_of(rows, people((0, 8)))).outcome is Outcome.SAFE
    assert audit(cells_of(rows, people((0, 18)))).outcome is Outcome.LEAK


@st.composite
def row_sets(draw: st.DrawFn) -> tuple[list[frozenset[int]], frozenset[int]]:
    """Two partitions of the same few people, and sometimes rows of any other kind."""
    count = draw(st.integers(12, 34))
    first = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    second = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    rows = [frozenset(n for n in range(count) if part[n] == name) for part in (first, second) for name in range(3)]
    rows = [row for row in rows if len(row) > LEAST]
    for _ in range(draw(st.integers(0, 2))):
        rows.append(draw(st.frozensets(st.integers(0, count - 1), min_size=LEAST + 1)))
    return rows, draw(st.frozensets(st.integers(0, count - 1), max_size=3))


@pytest.mark.requirement("N4")
@given(row_sets())
def test_it_agrees_with_a_slow_auditor_of_another_kind(world: tuple[list[frozenset[int]], frozenset[int]]) -> None:
    rows, readers = world
    if not rows:
        return
    expected = smallest_derivable(rows, readers)
    assert audit(cells_of(rows, readers)).outcome is (Outcome.SAFE if expected is None else Outcome.LEAK)


@given(row_sets())
def test_cut_and_search_agree(world: tuple[list[frozenset[int]], frozenset[int]]) -> None:
    rows, readers = world
    cells = cells_of(rows, readers) if rows else []
    work = auditor.Work(10**9)
    for block in auditor._blocks(cells):
        sides = auditor._two_sides(block)
        if sides is not None:
            by_cut = auditor._smallest_cut(block, sides, work)
            assert (by_cut is None) == (auditor._search(block, work) is None)


def test_running_out_of_steps_is_no_permission() -> None:
    rows = [people((0, 40)), people((40, 80)), people((0, 20), (40, 60)), people((20, 40), (60, 80))]
    assert audit(cells_of(rows), limit=5).outcome is Outcome.RAN_OUT
    any_rows = [*rows, people((5, 75)), people((11, 71))]
    assert audit(cells_of(any_rows), limit=5).outcome is Outcome.RAN_OUT


def test_what_cannot_be_confirmed_is_no_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [people((0, 12)), people((1, 13)), people((0, 13), (20, 40)), people((0, 30))]
    assert audit(cells_of(rows)).outcome is Outcome.LEAK

    def refuse(self: object, row: object) -> None:
        raise NotConfirmed

    monkeypatch.setattr("lantern.engine.release.rows.Matrix.confirm", refuse)
    assert audit(cells_of(rows)).outcome is Outcome.RAN_OUT


def test_a_prime_that_deceives_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Modulo two these three rows cancel; in whole numbers they do not, and they give single people away."""
    monkeypatch.setattr("lantern.engine.release.rows.PRIME", 2)
    rows = [people((0, 3), (6, 20)), people((3, 20)), people((0, 6), (30, 44)), people((0, 3), (30, 44))]
    whole = audit(cells_of([*rows, people((0, 20)), people((0, 6), (6, 12))]))
    assert whole.outcome is not Outcome.SAFE


def test_nothing_released_says_nothing() -> None:
    assert audit([]) == Finding(Outcome.SAFE, 0)
    assert audit([Cell(frozenset(), Group(3, 0, LEAST))]).outcome is Outcome.SAFE


def cell(*rows: str, count: int = 20, readers: int = 0, least: int = LEAST) -> Cell:
    return Cell(frozenset(rows), Group(count, readers, least))


def test_cells_of_the_same_rows_are_one_and_what_no_row_joins_is_looked_at_apart() -> None:
    cells = [
        cell("a", "x"), cell("a", "x", count=3, readers=2, least=9), cell("a", "y"), cell("b"), cell("b", count=0),
        cell("c", count=0), Cell(frozenset(), Group(3, 0, LEAST)), cell("p", "q", "r"), cell("r", "s"),
    ]  # fmt: skip
    blocks = {frozenset().union(*(one.rows for one in block)): block for block in auditor._blocks(cells)}
    assert {frozenset(map(str, names)) for names in blocks} == {frozenset("axy"), frozenset("b"), frozenset("pqrs")}
    (joined,) = (one.group for one in blocks[frozenset("axy")] if one.rows == {"a", "x"})
    assert joined == Group(23, 2, max(9, LEAST))


def test_rows_fall_into_two_sides_exactly_where_no_circle_of_cells_is_odd() -> None:
    chain = [cell("a", "x"), cell("x", "b"), cell("b", "y"), cell("c")]
    sides = auditor._two_sides(chain)
    assert sides is not None and set(sides) == {"a", "b", "c", "x", "y"}
    assert sides["a"] == sides["b"] != sides["x"] == sides["y"]
    assert auditor._two_sides([*chain, cell("a", "b")]) is None, "a, x, b is a circle of three"
    assert auditor._two_sides([*chain, cell("a", "y")]) is not None, "a, x, b, y is one of four"
    assert auditor._two_sides([cell("a", "x", "b")]) is None, "people in three rows are no edge"


def test_the_smallest_cut_is_small_by_people_or_by_those_who_read_nothing_or_by_what_one_of_them_asks() -> None:
    def small(*block: Cell) -> Group | None:
        sides = auditor._two_sides(block)
        assert sides is not None
        return auditor._smallest_cut(block, sides, auditor.Work(10**9))

    assert small(cell("a", "x", count=LEAST + 1), cell("a"), cell("x")) is None
    assert small(cell("a", count=LEAST), cell("a", "x", count=90), cell("x", count=90)) is None, "a cut takes both"
    few = small(cell("a", count=LEAST - 1), cell("a", "x", count=1), cell("x", count=90))
    assert few == Group(LEAST, 0, LEAST), "those in a: nine or so, and one"
    wary = small(cell("a", count=30), cell("a", "x", count=30), cell("x", count=90, least=200))
    assert wary is not None and (wary.people, wary.least) == (60, 200)
    readers = cell("a", count=LEAST + 3, readers=LEAST)
    assert small(readers, cell("a", "x", count=1), cell("x", count=90)) == Group(LEAST + 4, LEAST, LEAST)


def brute_force(cells: list[Cell], names: list[str]) -> Group | None:
    """A small group on some cut, by trying every shore; the ground is on the other one."""
    least = max(one.group.least for one in cells)
    for shore in range(1, 2 ** len(names)):
        inside = {name for number, name in enumerate(names) if shore >> number & 1}
        met = [one.group for one in cells if len(one.rows & inside) == 1]
        whole = Group(sum(one.people for one in met), sum(one.readers for one in met), least)
        if met and not whole.is_large:
            return whole
    return None


def some_graph(chance: random.Random) -> tuple[list[Cell], list[str]]:
    """Rows joined to a tree by cells, more cells between them, some that end at the ground; sizes near the limit."""
    names = [f"row {number}" for number in range(chance.randint(1, 5))]
    pairs = [{names[chance.randrange(number)], names[number]} for number in range(1, len(names))]
    pairs += [set(chance.sample(names, min(2, len(names)))) for _ in range(chance.randint(0, 3))]
    pairs += [{name} for name in names if chance.random() < 0.5]
    cells = []
    for rows in {frozenset(pair) for pair in pairs}:
        people = chance.choice((1, 2, LEAST - 1, LEAST, LEAST + 1, LEAST + 2, 3 * LEAST))
        readers = min(people, chance.choice((0, 0, 1, 2, people)))
        cells.append(Cell(rows, Group(people, readers, chance.choice((LEAST, LEAST, LEAST + 1)))))
    return cells, names


def test_a_cut_is_found_small_exactly_where_trying_every_cut_finds_one() -> None:
    chance, small, large = random.Random(7), 0, 0
    for _ in range(4000):
        cells, names = some_graph(chance)
        if not cells:
            continue
        found = auditor._smallest_cut(cells, dict.fromkeys(names, True), auditor.Work(10**9))
        expected = brute_force(cells, names)
        assert (found is None) == (expected is None), cells
        assert found is None or not found.is_large
        small, large = small + (expected is not None), large + (expected is None)
    assert small > 500 and large > 500, "both kinds must be tried"


def test_the_shore_that_is_returned_has_the_smallest_cut_there_is() -> None:
    chance = random.Random(11)
    for _ in range(200):
        size = chance.randint(2, 7)
        weights = np.zeros((size, size), dtype=np.int64)
        for one in range(size):
            for other in range(one):
                weights[one, other] = weights[other, one] = chance.choice((0, 1, 2, 3, 5, 8, 13))
        for one in range(1, size):  # joined, as a block is
            other = chance.randrange(one)
            weights[one, other] = weights[other, one] = max(1, weights[one, other])

        def cut(shore: frozenset[int], weights: np.ndarray = weights) -> int:
            inside = np.isin(np.arange(len(weights)), list(shore))
            return int(weights[inside][:, ~inside].sum())

        found = auditor._stoer_wagner(weights, auditor.Work(10**9))
        shores = (frozenset(n for n in range(size) if code >> n & 1) for code in range(1, 2**size - 1))
        assert 0 < len(found) < size and cut(found) == min(map(cut, shores))


THICK = [cell("x1", "x2", count=90), cell("x2", "x3", count=90), cell("x3", "x4", count=90)]
MANY_EDGES_LARGE = [
    cell("b", "x1", count=2, readers=1), cell("b", "x2", count=2, readers=1), cell("b", "x3", count=2),
    cell("b", "x4", count=1), cell("a", "x1", count=LEAST), *THICK,
]  # fmt: skip
ONE_EDGE_LARGE = [
    cell("b", "x1", count=LEAST + 1, readers=1), cell("a", "x1", count=2), cell("a", "x2", count=2),
    cell("a", "x3", count=LEAST - 4), *THICK,
]  # fmt: skip


@pytest.mark.parametrize("block", [MANY_EDGES_LARGE, ONE_EDGE_LARGE])
def test_a_group_that_is_just_too_small_is_seen_beside_one_that_is_just_large_enough(block: list[Cell]) -> None:
    """Both have as many people who read nothing; only weighing all people, and each once, finds the small one."""
    for names in itertools.permutations(["a", "b", "x1", "x2", "x3", "x4"]):
        found = auditor._smallest_cut(block, dict.fromkeys(names, True), auditor.Work(10**9))
        assert found is not None and found.people == LEAST


def test_people_in_many_rows_are_judged_by_what_the_most_careful_of_them_asks() -> None:
    wide = [cell("a", "b", "c", count=30), cell("a", "b", count=30), cell("c", count=30), cell("b", "c", count=30)]
    assert audit(wide).outcome is Outcome.SAFE
    wary = [*wide[:3], cell("b", "c", count=30, least=500)]
    assert audit(wary).outcome is Outcome.LEAK
    few = [*wide[:3], cell("b", "c", count=LEAST)]
    found = audit(few)
    assert found.outcome is Outcome.LEAK and found.group.people == LEAST, "the group is named whole, and no larger"


def test_rows_that_cancel_modulo_the_prime_only_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    Matrix([[1, 1, 0], [1, 1, 0]])
    monkeypatch.setattr("lantern.engine.release.rows.PRIME", 2)
    for deceiving in ([[1, 1, 0], [0, 1, 1], [1, 0, 1]], [[1, 1, 0], [1, 1, 0]]):
        with pytest.raises(NotConfirmed):
            Matrix(deceiving)


def test_a_combination_is_recomputed_in_whole_numbers() -> None:
    matrix = Matrix([[1, 1, 0], [0, 1, 1]])
    matrix.confirm(np.array([1, 1, 0, 1, 0]))
    for stands, factors in (([1, 0, 0], [1, 0]), ([1, 1, 0], [0, 1]), ([1, 0, 0], [0, 0]), ([0, 0, 0], [0, 0])):
        with pytest.raises(NotConfirmed):
            matrix.confirm(np.array([*stands, *factors]))


def test_residues_are_read_back_as_the_fractions_they_stand_for() -> None:
    def residue(above: int, below: int) -> int:
        return above * pow(below, -1, elimination.PRIME) % elimination.PRIME

    assert elimination._lifted([residue(1, 2), residue(1, 3), 5, residue(-1, 1)]) == [3, 2, 30, -6]
    chance = random.Random(5)
    for _ in range(3000):
        above, below = chance.randint(-32_767, 32_767), chance.randint(1, 32_767)
        found, divisor = elimination._fraction(residue(above, below))
        assert Fraction(found, divisor) == Fraction(above, below), (above, below)


def test_steps_are_counted_up_to_the_very_limit() -> None:
    work = auditor.Work(3)
    work.take()
    work.take(2)
    assert work.done == 3
    with pytest.raises(auditor.OutOfWork):
        work.take()
