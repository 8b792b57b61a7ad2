"""Busy times from calendars of every make, and from those that mean harm: bounded, and nothing but times comes out."""

from __future__ import annotations

import time as stopwatch
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.interop.ical.codec import MAX_BYTES, MOST_TIMES, BusyTimes, Unreadable, read_busy

NEW_YORK = ZoneInfo("America/New_York")
AUTUMN = datetime(2026, 9, 1, tzinfo=UTC)


def calendar(*events: str, before: str = "") -> bytes:
    """A calendar of these events, each given by its lines."""
    inside = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{before}{inside}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def read(data: bytes, begins: datetime = AUTUMN, days: int = 366, zone: ZoneInfo = NEW_YORK) -> BusyTimes:
    return read_busy(data, begins=begins, ends=begins + timedelta(days=days), zone=zone)


def on_the_clock(busy: BusyTimes, zone: ZoneInfo = NEW_YORK) -> list[str]:
    """The busy times as they stand on her clock."""
    return [
        f"{datetime.fromtimestamp(start * 60, zone):%d.%m. %H:%M}-{datetime.fromtimestamp(end * 60, zone):%H:%M}"
        for start, end in busy.spans
    ]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART:20261012T140000Z\nDTEND:20261012T143000Z", ["12.10. 10:00-10:30"]),
        ("DTSTART;TZID=America/New_York:20261012T100000\nDURATION:PT45M", ["12.10. 10:00-10:45"]),
        ("DTSTART;TZID=Eastern Standard Time:20261012T100000\nDURATION:PT45M", ["12.10. 10:00-10:45"]),
        ('DTSTART;TZID="America/New_York":20261012T100000\nDURATION:PT45M', ["12.10. 10:00-10:45"]),
        ("DTSTART;TZID=/mozilla.org/20070129_1/Europe/Berlin:20261012T160000\nDURATION:PT1H", ["12.10. 10:00-11:00"]),
        ("DTSTART:20261012T100000\nDURATION:PT1H", ["12.10. 10:00-11:00"]),  # floating: on her clock
        ("DTSTART;TZID=Nowhere/At All:20261012T100000\nDURATION:PT1H", ["12.10. 10:00-11:00"]),
        ("DTSTART;VALUE=DATE:20261012\nDTEND;VALUE=DATE:20261013", ["12.10. 00:00-00:00"]),
        ("DTSTART;VALUE=DATE:20261012\nDTEND;VALUE=DATE:20261012", ["12.10. 00:00-00:00"]),
        ("DTSTART;VALUE=DATE:20261012", ["12.10. 00:00-00:00"]),
        ("DTSTART:20261012T140000Z", []),
        ("DTSTART:20261012T140000Z\nDTEND:20261012T143000Z\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20261012T140000Z\nDTEND:20261012T143000Z\nSTATUS:CANCELLED", []),
        ("DTSTART:20261012T140000Z\nDTEND:20261012T143000Z\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
        ("DTSTART:20261012T140000Z\nDTEND:20261012T143000Z\nX-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", []),
        ("DTSTART:20201012T140000Z\nDTEND:20201012T143000Z", []),
    ],
)
def test_an_event_that_stands_alone(event: str, expected: list[str]) -> None:
    found = read(calendar(f"UID:1\n{event}"))
    assert on_the_clock(found) == expected and found.left_out == found.too_much == 0


def test_a_series_with_exceptions_moved_and_cancelled_times() -> None:
    series = "UID:plc\nDTSTART;TZID=America/New_York:20261005T150000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=5"
    moved = (
        "UID:plc\nRECURRENCE-ID;TZID=America/New_York:20261019T150000\nDTSTART;TZID=America/New_York:20261020T080000\n"
        "DURATION:PT30M"
    )
    off = (
        "UID:plc\nRECURRENCE-ID;TZID=America/New_York:20261026T150000\nDTSTART;TZID=America/New_York:20261026T150000\n"
        "DURATION:PT1H\nSTATUS:CANCELLED"
    )
    found = read(calendar(f"{series}\nEXDATE;TZID=America/New_York:20261012T150000", moved, off))
    # The clocks change on 1 November: the last one is at three o'clock all the same.
    assert on_the_clock(found) == ["05.10. 15:00-16:00", "20.10. 08:00-08:30", "02.11. 15:00-16:00"]


def test_a_moved_time_whose_series_is_not_in_the_file_counts() -> None:
    moved = "UID:plc\nRECURRENCE-ID:20261019T190000Z\nDTSTART:20261020T120000Z\nDURATION:PT30M"
    assert on_the_clock(read(calendar(moved))) == ["20.10. 08:00-08:30"]


def test_a_file_that_breaks_off_gives_what_came_before_and_says_so() -> None:
    whole = calendar(
        "UID:1\nDTSTART:20261012T140000Z\nDURATION:PT30M", "UID:2\nDTSTART:20261013T140000Z\nDURATION:PT1H"
    )
    found = read(whole[: whole.index(b"DURATION:PT1H")])
    assert (on_the_clock(found), found.left_out) == (["12.10. 10:00-10:30"], 1)


def test_a_zone_that_only_the_file_explains_is_understood() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0500\n"
        "END:STANDARD\nEND:VTIMEZONE\n"
    )
    alone, weekly = "UID:1\nDTSTART;TZID=Ours:20261012T100000\nDURATION:PT1H", "\nRRULE:FREQ=WEEKLY;COUNT=1"
    for event in (alone, alone + weekly):
        assert on_the_clock(read(calendar(event, before=zone))) == ["12.10. 11:00-12:00"]


def test_folded_lines_and_what_touches_becomes_one() -> None:
    first = "UID:1\nSUMMARY:A very\n  long title\nDTSTART:20261012T1400\n 00Z\nDTEND:20261012T143000Z"
    second = "UID:2\nDTSTART:20261012T143000Z\nDTEND:20261012T150000Z"
    assert on_the_clock(read(calendar(first, second))) == ["12.10. 10:00-11:00"]


def test_what_is_not_understood_is_left_out_and_counted() -> None:
    events = [
        "UID:1\nDTSTART:yesterday\nDTEND:20261012T143000Z",
        "UID:2\nDTEND:20261012T143000Z",
        "UID:3\nDTSTART:20261012T140000Z\nDTEND:20261011T143000Z",
        "UID:4\nDTSTART:20261012T140000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY",
        "UID:5\nDTSTART:20261012T140000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5",
        "UID:6\nDTSTART:20261012T140000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;INTERVAL=0",
        "UID:7\nDTSTART:20261012T140000Z\nDTEND:20261012T143000Z",
    ]
    found = read(calendar(*events))
    assert (on_the_clock(found), found.left_out) == (["12.10. 10:00-10:30"], 6)


ENDED = [
    "RRULE:FREQ=DAILY;UNTIL=20190601T000000Z",
    "RRULE:FREQ=DAILY;UNTIL=20190601",
    "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=30",
    "RRULE:FREQ=MONTHLY;COUNT=12;INTERVAL=2",
    "RRULE:FREQ=YEARLY;COUNT=3",
]


@pytest.mark.parametrize("rule", ENDED)
def test_years_of_series_that_ended_cost_nothing_and_are_not_missed(rule: str) -> None:
    ended = [f"UID:{n}\nDTSTART:20190107T100000Z\nDURATION:PT1H\n{rule}" for n in range(3000)]
    now = "UID:now\nDTSTART:20260907T140000Z\nDURATION:PT30M\nRRULE:FREQ=WEEKLY;COUNT=2"
    found = read(calendar(*ended, now))
    assert on_the_clock(found) == ["07.09. 10:00-10:30", "14.09. 10:00-10:30"]
    assert (found.left_out, found.too_much) == (0, 0)


def test_a_series_that_ended_still_has_what_was_moved_out_of_it() -> None:
    ended = "UID:1\nDTSTART:20260105T140000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;UNTIL=20260202T140000Z"
    moved = "UID:1\nRECURRENCE-ID:20260202T140000Z\nDTSTART:20261012T140000Z\nDURATION:PT30M"
    assert on_the_clock(read(calendar(ended, moved))) == ["12.10. 10:00-10:30"]


def test_a_series_that_ends_within_the_year_is_reckoned_to_its_end() -> None:
    """Four hundred that each have a week left fit, where four hundred of a year would not."""
    daily = "UID:{n}\nDTSTART:20260901T{hour:02d}0000Z\nDURATION:PT5M\nRRULE:FREQ=DAILY;COUNT=7"
    found = read(numbered(daily, 400))
    assert (len(found.spans), found.left_out, found.too_much) == (24 * 7, 0, 0)


def test_what_is_too_much_is_told_apart_from_what_is_not_understood() -> None:
    strange = "UID:a\nDTSTART:20261012T140000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY"
    long = "UID:b\nDTSTART:20200101T000000Z\nDURATION:P367D\nRRULE:FREQ=YEARLY"
    full = [f"UID:{n}\nDTSTART:20260901T000000Z\nDURATION:PT5M\nRRULE:FREQ=DAILY" for n in range(30)]
    found = read(calendar(strange, long, *full))
    assert (found.left_out, found.too_much) == (1, 10) and found.spans


def test_the_day_on_which_the_clocks_go_back_is_whole() -> None:
    for event in ("", "\nDTEND;VALUE=DATE:20261102", "\nDURATION:P1D", "\nRRULE:FREQ=DAILY;COUNT=1"):
        found = read(calendar(f"UID:1\nDTSTART;VALUE=DATE:20261101{event}"))
        assert on_the_clock(found) == ["01.11. 00:00-00:00"] and found.spans[0][1] - found.spans[0][0] == 25 * 60


def test_two_series_under_one_name_are_not_lost_without_a_word() -> None:
    first = "UID:1\nDTSTART:20261012T140000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=1"
    second = first.replace("T14", "T18")
    assert read(calendar(first, second)).left_out == 1
    assert read(calendar(f"{first}\nSEQUENCE:1", f"{second}\nSEQUENCE:2")).left_out == 0


def numbered(template: str, times: int) -> bytes:
    return calendar(*[template.format(n=n, hour=n % 24, minute=n % 60) for n in range(times)])


DAILY = "UID:{n}\nDTSTART:20250101T{hour:02d}0000Z\nDURATION:PT5M\nRRULE:FREQ="
OWN_ZONE = "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
HOSTILE = {
    "every second": numbered(DAILY + "SECONDLY", 50),
    "every minute": numbered(DAILY + "MINUTELY;COUNT=999999999", 50),
    "never": numbered(DAILY + "DAILY;BYMONTH=2;BYMONTHDAY=30", 50),
    "never in a month": numbered(DAILY + "MONTHLY;BYMONTH=2;BYMONTHDAY=30", 50),
    "never in a year": numbered(DAILY + "YEARLY;BYWEEKNO=53;BYDAY=MO;BYSETPOS=300", 50),
    "never on a Tuesday": numbered(DAILY + "DAILY;INTERVAL=7;BYDAY=TU", 50),
    "lasting for ever": numbered(
        "UID:{n}\nDTSTART:17900101T000000Z\nDURATION:P99999D\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", 1
    ),
    "lasting since 1900": numbered("UID:{n}\nDTSTART:19000101T000000Z\nDURATION:P45000D\nRRULE:FREQ=WEEKLY", 4),
    "lasting a year each": numbered("UID:{n}\nDTSTART:20200101T000000Z\nDURATION:P366D\nRRULE:FREQ=DAILY", 40),
    "moved by a century": calendar(
        *[
            f"UID:{n}\nDTSTART:18000101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=19990101T000000Z\n"
            for n in range(5)
        ],
        *[
            f"UID:{n}\nRECURRENCE-ID;RANGE=THISANDFUTURE:18000105T000000Z\nDTSTART:20261201T000000Z\nDURATION:PT1H"
            for n in range(5)
        ],
    ),
    "ended long ago, with one moved": calendar(
        *[
            f"UID:{n}\nDTSTART:00010101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=19990101T000000Z\n"
            for n in range(5)
        ],
        *[f"UID:{n}\nRECURRENCE-ID:18000105T000000Z\nDTSTART:20261201T000000Z\nDURATION:PT1H" for n in range(5)],
    ),
    "many series": numbered(DAILY + "DAILY;COUNT=999999999", 500),
    "series since 1601": numbered(DAILY.replace("2025", "1601") + "YEARLY", 3000),
    "series since the year 1": numbered(DAILY.replace("2025", "0001") + "DAILY", 300),
    "many exceptions": numbered(DAILY + "WEEKLY\nEXDATE:" + ",".join(["20260101T000000Z"] * 1100), 200),
    "many dates": numbered("UID:{n}\nDTSTART:20260901T000000Z\nRDATE:" + ",".join(["20261201T000000Z"] * 1100), 200),
    "a bomb of a zone": calendar(
        "UID:1\nDTSTART;TZID=X:20261201T000000\nDURATION:PT1H\nRRULE:FREQ=DAILY",
        before=f"{OWN_ZONE}RRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE\n",
    ),
    "a broken zone": calendar(
        "UID:1\nDTSTART;TZID=X:20261201T000000\nDURATION:PT1H\nRRULE:FREQ=DAILY",
        before="BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nTZOFFSETFROM:+9999\nEND:VTIMEZONE\n",
    ),
    "unheard-of zones": numbered("UID:{n}\nDTSTART;TZID=Zone{n}:20261201T000000\nDURATION:PT1H", 11_900),
    "nested": b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 20_000 + b"END:VEVENT\r\n" * 20_000,
    "100,000 events": b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nDTSTART:20270101\nEND:VEVENT\n" * 100_000,
    "full of events": numbered("DTSTART:20261201T{hour:02d}{minute:02d}00Z\nDURATION:PT1M", 11_900),
    "one long line": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:" + b"9" * 4_900_000,
    "all folds": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:" + b"9\n " * 1_600_000,
    "all lines": b"BEGIN:VCALENDAR\n" + b"\n" * 4_900_000,
    "no end": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + b'DTSTART;X="":20261201T000000Z\n' * 150_000,
    "too large": b"BEGIN:VCALENDAR\n" + b"X" * MAX_BYTES,
    "noughts": b"BEGIN:VCALENDAR\n" + b"\x00" * 1_000_000,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_means_harm_costs_two_seconds_at_most(data: bytes) -> None:
    began = stopwatch.process_time()
    try:
        found = read(data)
    except Unreadable:
        found = BusyTimes(())
    assert len(found.spans) <= MOST_TIMES
    assert stopwatch.process_time() - began < 2


@pytest.mark.parametrize(
    "data", [b"", b"<html>Sign in</html>", b"BEGIN:VCARD\nEND:VCARD", b"\xff\xfe\x00", b"nothing\nBEGIN:VCALENDAR"]
)
def test_what_is_no_calendar_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(Unreadable, match="not a calendar"):
        read(data)


RULES = ("DAILY", "WEEKLY;BYDAY=MO,WE", "MONTHLY;BYDAY=2TU", "YEARLY", "MONTHLY;BYMONTHDAY=-1", "WEEKLY;INTERVAL=3")


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 23), st.integers(1, 300), st.sampled_from((None, *RULES))),
        max_size=6,
    ),
    st.binary(max_size=60),
)
def test_spans_are_in_order_apart_and_within_the_window(
    events: list[tuple[int, int, int, str | None]], noise: bytes
) -> None:
    lines = []
    for number, (day, hour, minutes, rule) in enumerate(events):
        start = datetime(2026, 6, 1, hour, tzinfo=UTC) + timedelta(days=day)
        repeats = f"\nRRULE:FREQ={rule}" if rule else ""
        lines.append(f"UID:{number}\nDTSTART:{start:%Y%m%dT%H%M%SZ}\nDURATION:PT{minutes}M{repeats}")
    found = read(calendar(*lines) + noise, days=60)
    first, last = AUTUMN.timestamp() // 60, (AUTUMN + timedelta(days=60)).timestamp() // 60
    assert all(first <= start < end <= last for start, end in found.spans)
    assert all(before[1] < after[0] for before, after in pairwise(found.spans))


REAL = {
    "apple_ical.ics": (2024, 300),
    "google_calendar_public_holidays.ics": (2024, 0),  # holidays are marked as free
    "office_356_custom_timezone.ics": (2024, 17),
    "office_365_extended_timezone.ics": (2024, 1),
    "office_365_invalid_timezone.ics": (2024, 1),
    "store_edit_bugs.ics": (2024, 50),
    "recurring_with_single_change.ics": (2026, 3),
    "google_calendar_invalid_offset.ics": (2003, 8),
    "google_dtstart_until_mismatch.ics": (2023, 13),
    "calendar_labs_same_day_dtend.ics": (2024, 0),
    "recurring_event.ics": (2024, 0),
}


@pytest.mark.parametrize("name", REAL)
def test_real_calendars_are_read(shared_data: Path, name: str) -> None:
    path = shared_data / "feeds" / "calendars" / name
    if not path.is_file():
        pytest.skip(f"no real calendar at {path}")
    year, least = REAL[name]
    found = read(path.read_bytes(), datetime(year, 1, 1, tzinfo=UTC))
    assert len(found.spans) >= least and found.left_out == found.too_much == 0
