"""Bands: never nobody, never everybody, never exact (trust.md C2)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.release import Band, band, last_closed, size_band, term_called, term_of
from lantern.engine.release.bands import width


@pytest.mark.parametrize(
    ("people", "wide"),
    [(10, 20), (20, 20), (21, 10), (40, 10), (41, 5), (100, 5), (101, 2), (300, 2), (301, 1), (90_000, 1)],
)
def test_bands_are_as_wide_as_the_group_is_small(people: int, wide: int) -> None:
    assert width(people) == wide


@pytest.mark.requirement("P7.9")
@given(st.integers(10, 1200), st.data())
def test_no_band_tells_nobody_everybody_or_an_exact_count(people: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, people))
    found = band(count, people)
    fitting = [other for other in range(people + 1) if band(other, people) == found]
    assert count in fitting and len(fitting) >= 2
    assert 0 <= found.low < found.high <= 100 and found.high - found.low == width(people)
    assert "100" not in found.words and not found.words.startswith("0")
    if found.low:
        assert found.low <= Fraction(100 * count, people)
    if found.high < 100:
        assert Fraction(100 * count, people) < found.high


def test_nobody_and_one_read_alike_and_so_do_everybody_and_all_but_one() -> None:
    for people in (11, 25, 60, 200, 500):
        assert band(0, people) == band(1, people) and band(people, people) == band(people - 1, people)


@pytest.mark.parametrize("people", [0, 1, 5, 9])
def test_below_ten_there_is_no_band_and_no_size(people: int) -> None:
    with pytest.raises(ValueError, match="no band"):
        band(0, people)
    with pytest.raises(ValueError, match="no band"):
        size_band(people)


def test_a_sum_that_no_scores_have_is_refused() -> None:
    for total in (-1, 12, Fraction(23, 2)):
        with pytest.raises(ValueError, match="do not add up"):
            band(total, 11)


def test_words() -> None:
    assert [Band(0, 20).words, Band(20, 40).words, Band(80, 100).words] == ["under 20 %", "20 to 40 %", "80 % or more"]
    assert [Band(1, 2).words, Band(98, 99).words, Band(98, 100).words] == ["1 to 2 %", "98 to 99 %", "98 % or more"]


def test_sizes_are_bands_too() -> None:
    assert [size_band(n) for n in (11, 20, 21, 300, 301)] == [(10, 20), (10, 20), (21, 40), (101, 300), (301, None)]


@given(st.dates(date(2001, 1, 1), date(2999, 12, 31)))
def test_terms_fill_the_year_without_a_gap(day: date) -> None:
    term = term_of(day)
    assert term.begins_on <= day < term.ends_before
    assert term_called(term.key) == term
    assert term_of(term.ends_before).begins_on == term.ends_before
    closed = last_closed(day)
    assert closed.ends_before == term.begins_on and closed.last_day < day


def test_a_term_ends_on_the_day_before_the_next_begins() -> None:
    assert term_called("2026-autumn").last_day == date(2026, 12, 31)
    assert term_called("2026-spring").last_day == date(2026, 7, 31)


def test_terms_have_names_and_other_keys_are_refused() -> None:
    assert term_of(date(2026, 11, 26)).words == "Autumn term 2026"
    assert last_closed(date(2026, 11, 26)).words == "Spring term 2026"
    for key in ("2026-11", "autumn", "26-autumn", "2026-winter", ""):
        with pytest.raises(ValueError, match="no term"):
            term_called(key)
