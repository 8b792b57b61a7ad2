"""Minutes become hours by a rule: rounded down to its step, never more than its most, and exact over years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.credit import BadRule, CreditRule, counted_minutes, hours, school_year

RULES = st.builds(
    CreditRule,
    minutes_per_hour=st.integers(1, 600),
    step_minutes=st.integers(1, 600),
    most_minutes=st.integers(1, 60_000),
)
MINUTES = st.integers(-1000, 200_000)


@pytest.mark.parametrize(
    ("minutes", "hundredths"),
    [(0, 0), (14, 0), (15, 25), (44, 50), (45, 75), (60, 100), (90, 150), (2400, 4000), (9999, 4000), (-5, 0)],
)
def test_hours_by_the_usual_rule(minutes, hundredths):
    assert hours(minutes, CreditRule()) == hundredths


def test_an_hour_of_fifty_minutes():
    assert hours(100, CreditRule(minutes_per_hour=50, step_minutes=50)) == 200
    assert hours(99, CreditRule(minutes_per_hour=50, step_minutes=50)) == 100


@given(MINUTES, RULES)
def test_never_more_than_the_time_spent_or_the_most(minutes, rule):
    counted = counted_minutes(minutes, rule)
    assert 0 <= counted <= max(0, min(minutes, rule.most_minutes))
    assert counted % rule.step_minutes == 0
    assert hours(minutes, rule) * rule.minutes_per_hour <= counted * 100


@given(MINUTES, RULES)
def test_rounding_takes_less_than_one_step(minutes, rule):
    reached = max(0, min(minutes, rule.most_minutes))
    assert reached - counted_minutes(minutes, rule) < rule.step_minutes


@given(MINUTES, st.integers(0, 5000), RULES)
def test_more_minutes_never_earn_less(minutes, more, rule):
    assert hours(minutes, rule) <= hours(minutes + more, rule)


@given(MINUTES, RULES)
def test_counted_minutes_count_whole(minutes, rule):
    counted = counted_minutes(minutes, rule)
    assert counted_minutes(counted, rule) == counted


@pytest.mark.parametrize("field", ["minutes_per_hour", "step_minutes", "most_minutes"])
def test_a_rule_with_a_number_below_one_is_refused_by_name(field):
    with pytest.raises(BadRule, match=field):
        CreditRule(**{field: 0})


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 6, 30), "2025-26"),
        (date(2026, 7, 1), "2026-27"),
        (date(2026, 12, 31), "2026-27"),
        (date(2099, 8, 1), "2099-00"),
    ],
)
def test_the_school_year_turns_in_july(day, year):
    assert school_year(day) == year
