"""Coming back at growing intervals, never in a week without minutes (P7.6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.pathway import Week, next_review, prompts, review_weeks


@pytest.mark.requirement("P7.6")
def test_intervals_grow_from_the_day_she_really_came_back() -> None:
    assert next_review([0]) == 1
    assert next_review([0, 1]) == 3
    assert next_review([0, 1, 3]) == 7
    assert next_review([0, 1, 3, 7]) == 15
    assert next_review([0, 1, 3, 7, 15]) is None
    assert next_review([0, 5]) == 11, "she came late: the next interval is longer still"
    assert next_review([]) is None


@pytest.mark.requirement("P7.6")
@given(st.lists(st.integers(0, 9), min_size=1, max_size=3))
def test_each_interval_is_longer_than_the_one_before_however_late_she_comes(late: list[int]) -> None:
    since = [0]
    for delay in late:
        wanted = next_review(since)
        assert wanted is not None
        since.append(wanted + delay)
    last = next_review(since)
    assert last is not None
    gaps = [after - before for before, after in zip(since, [*since[1:], last], strict=True)]
    assert gaps[-1] > gaps[-2] if len(gaps) > 1 else True


@pytest.mark.requirement("P7.6")
def test_a_prompt_moves_when_its_week_is_blocked() -> None:
    weeks = [Week(40), Week(0), Week(0), Week(40), Week(40)]
    assert prompts({"a": 1, "b": -3, "c": 4, "d": 9}, weeks) == {"b": 0, "a": 3, "c": 4}
    assert prompts({"a": 0}, [Week(0)]) == {}


def test_no_week_asks_for_more_than_a_few() -> None:
    found = prompts(dict.fromkeys("abcde", 0), [Week(40)] * 3, most=2)
    assert found == {"a": 0, "b": 0, "c": 1, "d": 1, "e": 2}


@given(
    st.dictionaries(st.integers(0, 30), st.integers(-20, 12), max_size=12),
    st.lists(st.sampled_from([0, 40]), min_size=1, max_size=12),
)
def test_nobody_is_asked_in_a_blocked_week_or_before_it_is_time(wanted: dict[int, int], minutes: list[int]) -> None:
    asked: dict[str | int, int] = dict(wanted.items())
    found = prompts(asked, [Week(each) for each in minutes])
    assert all(minutes[week] > 0 and week >= wanted[int(item)] and week >= 0 for item, week in found.items())
    assert all(list(found.values()).count(week) <= 2 for week in found.values())


def test_the_weeks_foreseen_are_those_asked_for_where_she_comes_in_time() -> None:
    weeks = [Week(40)] * 30
    foreseen = review_weeks(0, weeks)
    since = [0]
    while (week := next_review(since)) is not None:
        since.append(week)
    assert foreseen == tuple(since[1:])
