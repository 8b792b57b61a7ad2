"""How many minutes a week has: usual time less days off, busy times, quiet hours and what has a date of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.week_time import (
    Dated,
    DayKind,
    FreePeriod,
    Usual,
    length,
    merged,
    minute_of,
    reckon,
    week_span,
    without,
)

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2026, 10, 12)


def at(day: int, hour: int, minute: int = 0, zone: ZoneInfo = NEW_YORK) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=day), time(hour, minute), tzinfo=zone)


def busy(day: int, starts: tuple[int, int], ends: tuple[int, int]) -> tuple[int, int]:
    return minute_of(at(day, *starts)), minute_of(at(day, *ends))


def free(starts: str, ends: str) -> FreePeriod:
    return FreePeriod(time.fromisoformat(starts), time.fromisoformat(ends))


def usual(*days: DayKind, **more: object) -> Usual:
    return Usual(40, (*days, *[DayKind()] * (7 - len(days))), **more)  # type: ignore[arg-type]


def test_one_number_for_the_week_stays_what_it_is() -> None:
    week = reckon(MONDAY, Usual(40), zone=NEW_YORK)
    assert (week.minutes, week.teaching, week.off) == (40, True, ())


def test_a_day_off_takes_a_fifth_of_the_one_number_and_a_week_off_all_of_it() -> None:
    off = {MONDAY + timedelta(days=step): "Break" for step in range(5)}
    two = dict(list(off.items())[:2])
    assert reckon(MONDAY, Usual(40), zone=NEW_YORK, off=two).minutes == 24
    whole = reckon(MONDAY, Usual(40), zone=NEW_YORK, off=off)
    assert (whole.minutes, whole.teaching, whole.off) == (0, False, (("Break", 5),))


def test_who_learns_in_the_holidays_keeps_her_minutes_and_has_no_class() -> None:
    off = {MONDAY + timedelta(days=step): "Break" for step in range(5)}
    week = reckon(MONDAY, Usual(40, holidays_too=True), zone=NEW_YORK, off=off)
    assert (week.minutes, week.teaching, week.off) == (40, False, ())


def test_weekdays_count_their_free_periods_and_their_other_minutes() -> None:
    mine = usual(DayKind((free("10:00", "10:45"),)), DayKind(minutes=30), DayKind((free("08:00", "08:20"),), 10))
    assert reckon(MONDAY, mine, zone=NEW_YORK).minutes == 45 + 30 + 20 + 10


def test_busy_times_are_taken_from_free_periods_only() -> None:
    mine = usual(DayKind((free("10:00", "10:45"),), 30))
    taken = [busy(0, (9, 30), (10, 15)), busy(0, (16, 0), (18, 0)), busy(1, (10, 0), (11, 0))]
    week = reckon(MONDAY, mine, zone=NEW_YORK, busy=merged(taken))
    assert (week.minutes, week.lost_to_busy) == (30 + 30, 15)


@pytest.mark.requirement("A.11")
def test_quiet_hours_hold_also_past_midnight() -> None:
    mine = usual(DayKind((free("06:30", "07:30"), free("20:30", "22:00"))), quiet_from=time(21), quiet_until=time(7))
    week = reckon(MONDAY, mine, zone=NEW_YORK)
    assert (week.minutes, week.lost_to_quiet) == (30 + 30, 30 + 60)


def test_what_is_busy_in_quiet_hours_is_named_once() -> None:
    mine = usual(DayKind((free("20:00", "22:00"),)), quiet_from=time(21), quiet_until=time(23))
    week = reckon(MONDAY, mine, zone=NEW_YORK, busy=[busy(0, (20, 30), (21, 30))])
    assert (week.minutes, week.lost_to_busy, week.lost_to_quiet) == (30, 30, 60)


def test_a_session_takes_its_time_and_the_way_there() -> None:
    mine = usual(DayKind((free("15:00", "16:00"),), 45))
    session = Dated(at(0, 15, 30), at(0, 16, 30), travel_before=15, travel_after=15)
    week = reckon(MONDAY, mine, zone=NEW_YORK, dated=[session])
    # 15:15 to 16:45 are ninety minutes: forty-five of the free period, and the forty-five beside it.
    assert (week.minutes, week.lost_to_dated) == (15, 90)
    assert reckon(MONDAY, Usual(120), zone=NEW_YORK, dated=[session]).minutes == 30
    assert reckon(MONDAY, Usual(40), zone=NEW_YORK, dated=[session]).minutes == 0


def test_a_session_that_stands_in_the_calendar_too_is_not_taken_from_the_free_period_twice() -> None:
    mine = usual(DayKind((free("15:00", "16:00"),), 45))
    session = Dated(at(0, 15), at(0, 16))
    week = reckon(MONDAY, mine, zone=NEW_YORK, dated=[session], busy=[busy(0, (15, 0), (16, 0))])
    assert week.minutes == 45


def test_a_day_off_on_which_she_never_learns_takes_nothing_and_is_no_reason() -> None:
    mine, friday = usual(DayKind(minutes=30)), MONDAY + timedelta(days=4)
    assert reckon(MONDAY, mine, zone=NEW_YORK, off={friday: "Fair"}).off == ()
    assert reckon(MONDAY, mine, zone=NEW_YORK, off={MONDAY: "Fair"}).off == (("Fair", 1),)


def test_a_staff_day_keeps_its_minutes_and_a_week_of_them_has_no_class() -> None:
    days = frozenset(MONDAY + timedelta(days=step) for step in range(5))
    week = reckon(MONDAY, Usual(40), zone=NEW_YORK, no_class=days)
    assert (week.minutes, week.teaching) == (40, False)
    assert reckon(MONDAY, Usual(40), zone=NEW_YORK, no_class=set(days) - {MONDAY}).teaching


@pytest.mark.parametrize("monday", [date(2027, 3, 8), date(2026, 10, 26)])
def test_a_week_in_which_the_clocks_change_goes_by_her_clock(monday: date) -> None:
    mine = Usual(0, tuple(DayKind((free("10:00", "10:45"),)) for _ in range(7)))
    assert reckon(monday, mine, zone=NEW_YORK).minutes == 7 * 45
    sunday = datetime.combine(monday + timedelta(days=6), time(10), tzinfo=NEW_YORK)
    taken = [(minute_of(sunday), minute_of(sunday) + 45)]
    assert reckon(monday, mine, zone=NEW_YORK, busy=taken).minutes == 6 * 45


def test_an_hour_that_the_clock_skips_is_no_time() -> None:
    mine = Usual(0, (*[DayKind()] * 6, DayKind((free("02:00", "03:00"),))))
    assert reckon(date(2027, 3, 8), mine, zone=NEW_YORK).minutes == 0


MINUTES = st.integers(0, 1439)
SPANS = st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 900)).map(lambda one: (one[0], sum(one))), max_size=8)


@st.composite
def periods(draw: st.DrawFn) -> FreePeriod:
    first = draw(st.integers(0, 1380))
    last = draw(st.integers(first + 1, 1439))
    return FreePeriod(time(first // 60, first % 60), time(last // 60, last % 60))


DAYS = st.tuples(
    *[st.builds(DayKind, st.lists(periods(), max_size=2).map(tuple), st.integers(0, 300)) for _ in range(7)]
)
TIMES = st.none() | st.times().map(lambda one: one.replace(second=0, microsecond=0))


@given(
    days=DAYS,
    quiet=st.tuples(TIMES, TIMES),
    spans=SPANS,
    off=st.sets(st.integers(0, 6)),
    zone=st.sampled_from(["America/New_York", "Asia/Kathmandu", "UTC"]),
)
def test_nothing_ever_adds_time_and_nothing_goes_below_none(
    days: tuple[DayKind, ...],
    quiet: tuple[time | None, time | None],
    spans: list[tuple[int, int]],
    off: set[int],
    zone: str,
) -> None:
    clock = ZoneInfo(zone)
    start, _ = week_span(MONDAY, clock)
    taken = merged((start + first, start + last) for first, last in spans)
    names = {MONDAY + timedelta(days=step): "Break" for step in off}
    plain = reckon(MONDAY, Usual(0, days), zone=clock)
    week = reckon(MONDAY, Usual(0, days, *quiet), zone=clock, busy=taken, off=names)
    assert 0 <= week.minutes <= plain.minutes
    kept = reckon(MONDAY, Usual(0, days), zone=clock, off=names)
    assert week.minutes + week.lost_to_busy + week.lost_to_quiet == kept.minutes
    assert reckon(MONDAY, Usual(0, days, *quiet), zone=clock, busy=taken, off={}).minutes >= week.minutes


@given(spans=SPANS, taken=SPANS)
def test_what_is_left_and_what_was_taken_are_the_whole(
    spans: list[tuple[int, int]], taken: list[tuple[int, int]]
) -> None:
    whole, less = merged(spans), merged(taken)
    minutes = {minute for start, end in whole for minute in range(start, end)}
    gone = {minute for start, end in less for minute in range(start, end)}
    left = without(whole, less)
    assert {minute for start, end in left for minute in range(start, end)} == minutes - gone
    assert length(left) == len(minutes - gone)


def test_minutes_are_counted_in_utc() -> None:
    assert minute_of(datetime(1970, 1, 1, 1, tzinfo=UTC)) == 60
