"""A plan as an iCalendar file, as RFC 5545 wants it: stable names, counted changes, lines of 75 bytes.

Pure: the same plan gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from lantern.domain.calendars.types import Told

WORKING_WEEK = timedelta(days=5)
_LINE = 75


def write_plan(told: Iterable[Told], *, name: str) -> bytes:
    """Return a calendar of what is planned: each thing lies across the working days of its week and blocks no time."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Lantern//Plan//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for one in told:
        lines += _event(one)
    lines.append("END:VCALENDAR")
    return b"".join(folded for line in lines for folded in fold(line))


def _event(one: Told) -> list[str]:
    about = f"About {one.minutes} minutes, at some time of this week.\n{one.link}"
    return [
        "BEGIN:VEVENT",
        f"UID:{one.id}",
        f"DTSTAMP:{_moment(one.changed_at)}",
        f"LAST-MODIFIED:{_moment(one.changed_at)}",
        f"SEQUENCE:{one.sequence}",
        f"DTSTART;VALUE=DATE:{_day(one.monday)}",
        f"DTEND;VALUE=DATE:{_day(one.monday + WORKING_WEEK)}",
        f"SUMMARY:{_text(f'{one.title} ({one.minutes} min)')}",
        f"DESCRIPTION:{_text(about)}",
        f"URL:{one.link}",
        f"STATUS:{'CANCELLED' if one.cancelled else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]


def fold(line: str) -> Iterator[bytes]:
    """Return a line in pieces of 75 bytes at most, each but the first behind a space, none within a letter."""
    rest, room, begin = line.encode(), _LINE, b""
    while len(rest) > room:
        cut = room
        while rest[cut] & 0xC0 == 0x80:  # within a letter of several bytes
            cut -= 1
        yield begin + rest[:cut] + b"\r\n"
        rest, room, begin = rest[cut:], _LINE - 1, b" "
    yield begin + rest + b"\r\n"


def _text(written: str) -> str:
    """Return words as a TEXT value; what is no letter and no line break is left out."""
    plain = "".join(mark for mark in written.replace("\r\n", "\n").replace("\r", "\n") if mark == "\n" or mark >= " ")
    plain = plain.replace("\x7f", "")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"
