"""The lines of an iCalendar file, of whatever size and malice: one pass, no recursion, only what busy times need.

Titles, places and people are dropped here, before anything looks at them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_BYTES = 5_000_000
MOST_LINES = 400_000
MOST_EVENTS = 12_000
"""Years of a full calendar; each takes some fifty microseconds."""
LONGEST_LINE = 20_000
MOST_LINES_OF_EVENT = 400
"""Lines of one event that are kept: an exception from a series has one of its own."""

KEPT = frozenset(
    {"UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "TRANSP", "SEQUENCE"}
    | {"X-MICROSOFT-CDO-BUSYSTATUS"}
)
_NAME = re.compile(r"[A-Za-z-]{3,30}")
_TZID = re.compile(r';TZID=("[^"]*"|[^;:"]*)', re.IGNORECASE)
_FOLD = re.compile(r"\n[ \t]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Unreadable(ValueError):
    """What was given is no calendar that can be read; the reason is for the person who gave its address."""


@dataclass(frozen=True, slots=True)
class Line:
    """A content line: its name in capitals, the parameters as they were written, and its value."""

    name: str
    parameters: str
    value: str

    @property
    def text(self) -> str:
        """Return the line as it was written."""
        return f"{self.name}{self.parameters}:{self.value}"

    @property
    def tzid(self) -> str:
        """Return the zone it names, or nothing."""
        found = _TZID.search(self.parameters) if self.parameters else None
        return found.group(1).strip('"').strip() if found else ""


@dataclass(slots=True)
class RawEvent:
    """What is kept of one event, by name, in order."""

    lines: list[Line] = field(default_factory=list)

    def first(self, name: str) -> Line | None:
        """Return the first line of a name."""
        return next((line for line in self.lines if line.name == name), None)

    def value(self, name: str) -> str:
        """Return the value of the first line of a name, or nothing."""
        found = self.first(name)
        return found.value.strip() if found else ""


@dataclass(slots=True)
class RawCalendar:
    """The events of a file, the text of its own zones by name, how many events were too long to keep, and whether the
    file ends within one.
    """

    events: list[RawEvent] = field(default_factory=list)
    zones: dict[str, list[str]] = field(default_factory=dict)
    too_long: int = 0
    cut_off: bool = False


def read_lines(data: bytes) -> RawCalendar:
    """Return what a file holds. Raises Unreadable for what is too large, or no calendar."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"The calendar is larger than {MAX_BYTES // 1_000_000} MB.")
    text = data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = _FOLD.sub("", text)
    if text.count("\n") > MOST_LINES:
        raise Unreadable("The calendar holds more lines than we read.")
    found = RawCalendar()
    event: RawEvent | None = None
    zone: list[str] | None = None
    depth, zone_name = 0, ""
    begun = False
    for line in text.split("\n"):
        if line[:6].upper() == "BEGIN:":
            what = line[6:].strip().upper()
            if not begun and what != "VCALENDAR":
                break
            begun = True
            depth += 1
            if depth == 2 and what == "VEVENT":
                event = RawEvent()
            elif depth == 2 and what == "VTIMEZONE":
                zone, zone_name = [], ""
        elif line[:4].upper() == "END:":
            if depth == 2 and event is not None:
                _keep_event(found, event)
                event = None
            elif depth == 2 and zone is not None:
                if zone_name and len(found.zones) < 100:
                    found.zones[zone_name] = zone
                zone = None
            depth = max(0, depth - 1)
        elif not begun and line.strip():
            break
        if zone is not None and depth <= 3 and len(zone) < 100 and len(line) < 300:
            zone.append(line)
            if depth == 2 and line[:5].upper() == "TZID:":
                zone_name = line[5:].strip()
        elif event is not None and depth == 2:
            _keep_line(event, line)
    found.cut_off = event is not None
    if not begun:
        raise Unreadable("What is there is not a calendar (iCalendar, .ics).")
    return found


def _keep_line(event: RawEvent, line: str) -> None:
    name = _NAME.match(line)
    if name is None or name.group().upper() not in KEPT or len(event.lines) > MOST_LINES_OF_EVENT:
        return
    if len(line) > LONGEST_LINE:
        event.lines.extend([Line("TOO-LONG", "", "")] * (MOST_LINES_OF_EVENT + 1))
        return
    parameters, value = _split(_CONTROL.sub("", line[name.end() :]))
    event.lines.append(Line(name.group().upper(), parameters, value))


def _split(rest: str) -> tuple[str, str]:
    """Part the parameters from the value at the first colon outside quotes."""
    if '"' not in rest:
        parameters, _, value = rest.partition(":")
        return parameters, value
    quoted = False
    for place, mark in enumerate(rest):
        if mark == '"':
            quoted = not quoted
        elif mark == ":" and not quoted:
            return rest[:place], rest[place + 1 :]
    return rest, ""


def _keep_event(found: RawCalendar, event: RawEvent) -> None:
    if len(found.events) >= MOST_EVENTS:
        raise Unreadable(f"The calendar holds more than {MOST_EVENTS:,} events.")
    if len(event.lines) > MOST_LINES_OF_EVENT:
        found.too_long += 1
    else:
        found.events.append(event)
