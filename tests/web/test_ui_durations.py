"""Durations are said as people say them: minutes up to two hours, hours from there on, far days in round words."""

import pytest

from lantern.ui.durations import duration, short_duration, time_until


@pytest.mark.parametrize(
    ("minutes", "words", "short"),
    [
        (None, "", ""),
        (0, "0 minutes", "0 min"),
        (1, "1 minute", "1 min"),
        (90, "90 minutes", "90 min"),
        (119, "119 minutes", "119 min"),
        (120, "2 hours", "2 hours"),
        (121, "2 hours 1 minute", "2 h 1 min"),
        (150, "2 hours 30 minutes", "2 h 30 min"),
        (2400, "40 hours", "40 hours"),
        (120_000, "2,000 hours", "2,000 hours"),
    ],
)
def test_minutes_are_said_in_minutes_or_in_hours(minutes: int | None, words: str, short: str) -> None:
    assert duration(minutes) == words
    assert short_duration(minutes) == short


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "0 days"),
        (1, "1 day"),
        (27, "27 days"),
        (35, "5 weeks"),
        (270, "9 months"),
        (740, "about 2 years"),
        (1065, "almost 3 years"),
    ],
)
def test_the_farther_a_day_the_rounder_the_words(days: int, words: str) -> None:
    assert time_until(days) == words
