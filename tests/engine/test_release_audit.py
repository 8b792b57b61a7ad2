"""The joint auditor: exact against an auditor of another kind, on cuts, on searches, and at its limit."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.release import Cell, Finding, Group, Outcome, audit, auditor
from lantern.engine.release.rows import NotConfirmed
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
