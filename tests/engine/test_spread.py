"""Minutes over several weeks: nothing lost, nothing in a blocked week."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.spread import MOST_SHARES, is_spread, kept, shares, without_blocked

MINUTES = st.integers(0, 600)


@given(MINUTES, st.lists(MINUTES, max_size=12))
def test_the_parts_add_up_to_the_whole_whatever_was_kept(minutes: int, spread: list[int]) -> None:
    found = shares(minutes, spread)
    assert sum(found) == minutes and len(found) >= 1 and all(part >= 0 for part in found)


def test_a_whole_that_grew_grows_at_its_end_and_one_that_shrank_ends_sooner() -> None:
    assert shares(100, [40, 0, 40]) == (40, 0, 60)
    assert shares(50, [40, 0, 40]) == (40, 0, 10)
    assert shares(40, [40, 0, 40]) == (40,)
    assert shares(30, []) == (30,)


@given(st.lists(MINUTES, min_size=1, max_size=8), st.frozensets(st.integers(0, 20), max_size=15))
def test_no_part_lies_in_a_blocked_week_and_each_keeps_its_minutes_and_order(
    parts: list[int], blocked: frozenset[int]
) -> None:
    parts[0] = max(parts[0], 1)
    found = without_blocked(parts, blocked.__contains__)
    assert [part for part in found if part] == [part for part in parts if part]
    assert not any(part and week in blocked for week, part in enumerate(found) if week)
    places = [week for week, part in enumerate(parts) if part]
    assert all(new >= old for new, old in zip([w for w, part in enumerate(found) if part], places, strict=True))


def test_it_stays_as_it_is_where_nothing_is_blocked() -> None:
    assert without_blocked((40, 0, 20), lambda week: False) == (40, 0, 20)
    assert without_blocked((40, 20), lambda week: week == 1) == (40, 0, 20)
    with pytest.raises(ValueError, match="no free week"):
        without_blocked((40, 20), lambda week: True)


@pytest.mark.parametrize(
    "value", [None, "40", [40.5], [-1], ["40"], [True], [10**9], [1] * (MOST_SHARES + 1), {"0": 40}]
)
def test_what_is_no_spread_is_refused(value: Any) -> None:
    assert not is_spread(value)


def test_a_spread_of_one_week_is_kept_as_none() -> None:
    assert kept((40,)) == [] and kept((40, 20)) == [40, 20] and is_spread([40, 0, 20]) and is_spread([])
