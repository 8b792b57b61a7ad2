"""How far along somebody probably is, and how sure that is: the examples that the module promises."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.mastery import LEAST_SURE, SUREST, TOP, Observation, estimate


def seen(level: float, source: str = "own_rating", days: float = 0) -> Observation:
    return Observation(level, source, days)


def test_nothing_known_is_no_estimate() -> None:
    assert estimate([]) is None


def test_one_fresh_rating_is_good_for_one_step_and_less_with_age() -> None:
    fresh, old = estimate([seen(2)]), estimate([seen(2, days=365)])
    assert fresh and (fresh.level, fresh.low, fresh.high) == (2, 1, 3)
    assert old and (old.level, old.low, old.high) == (2, 0.59, 3.41)


def test_two_fresh_sources_that_agree_are_surer_and_that_disagree_are_not() -> None:
    agree, differ = estimate([seen(2), seen(2, "peer")]), estimate([seen(1), seen(3, "peer")])
    assert agree and (agree.low, agree.high, agree.sources) == (1.29, 2.71, ("own_rating", "peer"))
    assert differ and differ.level == 2 and differ.high - differ.low > agree.high - agree.low


def test_the_newest_rating_of_a_source_replaces_the_older_ones() -> None:
    assert estimate([seen(4, days=30), seen(1, days=1), seen(1, days=200)]) == estimate([seen(1, days=1)])


observations = st.builds(
    Observation,
    level=st.integers(0, 4).map(float),
    source=st.sampled_from(["own_rating", "peer", "check"]),
    days_ago=st.floats(-1, 5000),
)


@given(st.lists(observations, min_size=1, max_size=12))
def test_the_range_holds_the_level_and_stays_inside_the_scale(given_ones: list[Observation]) -> None:
    found = estimate(given_ones)
    assert found is not None
    assert 0 <= found.low <= found.level <= found.high <= TOP
    assert found.high - found.low <= 2 * LEAST_SURE
    assert found.high - found.low >= min(SUREST, 0.01)
