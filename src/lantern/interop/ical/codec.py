"""When somebody is busy, from a calendar of whatever programme: stretches of time, and nothing else of it.

Events that stand alone are read here; series go to recurring-ical-events, after the work they ask for was reckoned
(`rules`). Everything is bounded: bytes, events of a series, times within the window, and what is left out is counted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from lantern.interop.ical.lines import MAX_BYTES, Line, RawEvent, Unreadable, read_lines
from lantern.interop.ical.rules import cost_of, last_of
from lantern.interop.ical.zones import Zones

__all__ = ["MAX_BYTES", "BusyTimes", "Unreadable", "read_busy"]

MOST_WORK = 8_000
"""Times of all series together that are worked out; one takes about a tenth of a millisecond."""
MOST_OF_SERIES = 1_500
MOST_TIMES = 4_000
LONGEST = timedelta(days=366)
DAY = timedelta(days=1)
_TOO_MUCH = MOST_WORK + 1
_DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?", re.ASCII
)
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class BusyTimes:
    """Stretches in minutes since 1970, the second not in it, in order and apart; and how many events were left out
    because they are not understood, and because they are too much.
    """

    spans: tuple[tuple[int, int], ...]
    left_out: int = 0
    too_much: int = 0


def read_busy(data: bytes, *, begins: datetime, ends: datetime, zone: tzinfo) -> BusyTimes:
    """Return when the owner of a calendar is busy between two moments (aware).

    What is cancelled, or marked as free, is not busy. Times without a zone, and in one that nobody knows, are on the
    clock of `zone`. Raises Unreadable for what is no calendar.
    """
    raw = read_lines(data)
    zones = Zones(raw)
    reader = _Reader(zones, zone, begins, ends)
    series: dict[str, list[RawEvent]] = defaultdict(list)
    repeating = {
        event.value("UID") for event in raw.events if any(line.name in _REPEATING for line in event.lines)
    }
    for number, event in enumerate(raw.events):
        if event.value("UID") in repeating:
            series[event.value("UID") or f"without {number}"].append(event)
        else:
            reader.alone(event)
    reader.all_series(series)
    spans = _together(reader.spans)
    too_much = reader.too_much + raw.too_long + len(spans[MOST_TIMES:])
    return BusyTimes(tuple(spans[:MOST_TIMES]), reader.left_out + raw.cut_off, too_much)


_REPEATING = frozenset({"RRULE", "RDATE", "RECURRENCE-ID"})
_TIMES = frozenset({"DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID"})


class _Reader:
    """Collects busy stretches from the events of one calendar."""

    def __init__(self, zones: Zones, zone: tzinfo, begins: datetime, ends: datetime) -> None:
        self.zones, self.zone = zones, zone
        self.begins, self.ends = begins.astimezone(UTC), ends.astimezone(UTC)
        self.spans: list[tuple[int, int]] = []
        self.left_out = self.too_much = 0

    def alone(self, event: RawEvent) -> None:
        """Take an event that does not repeat."""
        if not _is_busy(event.value("STATUS"), event.value("TRANSP"), event.value("X-MICROSOFT-CDO-BUSYSTATUS")):
            return
        try:
            first, last = self._stretch(event)
        except (ValueError, OverflowError):
            self.left_out += 1
            return
        self.keep(first, min(last, first + LONGEST))

    def keep(self, first: datetime, last: datetime) -> None:
        """Keep what lies in the window of a stretch."""
        first, last = max(first, self.begins), min(last, self.ends)
        if first < last:
            self.spans.append((int(first.timestamp() // 60), -int(-last.timestamp() // 60)))

    def all_series(self, series: dict[str, list[RawEvent]]) -> None:
        """Take events that repeat, the least work first; what is too much work is left out and counted."""
        work, taken = MOST_WORK, 0
        for cost, events in sorted(
            ((self._cost(events), events) for events in series.values()), key=lambda pair: pair[0] or 0
        ):
            if cost is None:
                self.left_out += 1
                continue
            if cost == 0:
                continue
            if cost > work or taken + len(events) > MOST_OF_SERIES:
                self.too_much += 1
                continue
            self.left_out += _doubled(events)
            work, taken = work - cost, taken + len(events)
            try:
                times = list(self._times(events))
            except Exception:  # two libraries read what a stranger wrote; whatever they say, one series is left out
                self.left_out += 1
                continue
            for first, last in times:
                self.keep(first, last)

    def _cost(self, events: Sequence[RawEvent]) -> int | None:
        """Return the work of a series: none where all of it is over, None where it is not understood."""
        try:
            back, ahead = (max(parts) for parts in zip(*map(self._reach, events), strict=True))
            begun = [
                self._moment(start.value, start.tzid)[0] if (start := event.first("DTSTART")) else self.begins
                for event in events
            ]
        except (ValueError, OverflowError):
            return None
        if back > LONGEST + ahead:
            return _TOO_MUCH
        window = (self.begins - DAY - back, self.ends + DAY + ahead)
        if all(_is_over(event, begins, window[0] - DAY) for event, begins in zip(events, begun, strict=True)):
            return 0
        cost = 0
        for event, begins in zip(events, begun, strict=True):
            rules = _rules(event)
            asked = cost_of(rules[0], begins, window) if rules else 1
            if asked is None or len(rules) > 1:
                return None
            single = sum(line.value.count(",") + 1 for line in event.lines if line.name in {"RDATE", "EXDATE"})
            cost += asked + single // 2
        return cost

    def _reach(self, event: RawEvent) -> tuple[timedelta, timedelta]:
        """Return how far before and after the window the library looks for times of an event: as far as it lasts, and
        as far as it moves all that follow. Raises ValueError where it does not say.
        """
        start, moved = event.first("DTSTART"), event.first("RECURRENCE-ID")
        if start is None:
            return DAY, timedelta(0)
        first, _ = self._moment(start.value, start.tzid)
        lasts, shift = DAY, timedelta(0)
        for line in event.lines:
            if line.name == "DTEND":
                lasts = max(lasts, abs(self._moment(line.value, line.tzid or start.tzid)[0] - first))
            elif line.name == "DURATION":
                lasts = max(lasts, _duration(line.value))
        if moved is not None and "THISANDFUTURE" in moved.parameters.upper():
            shift = abs(self._moment(moved.value, moved.tzid or start.tzid)[0] - first)
        return lasts + shift, shift

    def _times(self, events: Sequence[RawEvent]) -> Iterator[tuple[datetime, datetime]]:
        """Return the busy times of one series in the window."""
        import icalendar  # noqa: PLC0415 - only who reads a calendar pays for it: a seventh of a second
        import recurring_ical_events  # noqa: PLC0415

        text: list[str] = []
        explained: dict[str, str] = {}
        for event in events:
            body = [self._written(line, explained) for line in event.lines if line.name != "X-MICROSOFT-CDO-BUSYSTATUS"]
            if event.value("X-MICROSOFT-CDO-BUSYSTATUS").upper() in _FREE:
                body = [line for line in body if not line.startswith("TRANSP")] + ["TRANSP:TRANSPARENT"]
            if not event.value("UID"):
                body.append("UID:without")
            text.append("\r\n".join(["BEGIN:VEVENT", *body, "END:VEVENT", ""]))
        whole = "".join(
            ["BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Lantern//EN\r\n", *explained.values(), *text, "END:VCALENDAR"]
        )
        calendar: Any = icalendar.Calendar.from_ical(whole)
        # A day wider on both sides: the window is in UTC, and what has no zone is not.
        window = (self.begins - timedelta(days=1), self.ends + timedelta(days=1))
        for found in recurring_ical_events.of(calendar).between(*window):
            if _is_busy(str(found.get("STATUS", "")), str(found.get("TRANSP", "")), ""):
                yield self._aware(found.start), self._aware(found.end)

    def _written(self, line: Line, explained: dict[str, str]) -> str:
        """Return a line for the library, its zone by the database's name; one explained in the file goes along."""
        if line.name not in _TIMES or not line.tzid:
            return line.text
        name = self.zones.named(line.tzid)
        if name is None and (own := self.zones.explained(line.tzid)):
            explained[line.tzid] = own
            return line.text
        bare = re.sub(r';TZID=("[^"]*"|[^;:"]*)', "", line.parameters, flags=re.IGNORECASE)
        return f"{line.name}{bare}{f';TZID={name}' if name else ''}:{line.value}"

    def _aware(self, moment: date) -> datetime:
        if not isinstance(moment, datetime):
            return datetime.combine(moment, time(), tzinfo=self.zone).astimezone(UTC)
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)

    def _stretch(self, event: RawEvent) -> tuple[datetime, datetime]:
        """Return from when to when an event lasts. Raises ValueError where it does not say."""
        start, end, lasting = event.first("DTSTART"), event.first("DTEND"), event.value("DURATION")
        if start is None:
            raise ValueError("an event without a beginning")
        first, whole_day = self._moment(start.value, start.tzid)
        if end is not None:
            last, _ = self._moment(end.value, end.tzid or start.tzid)
            if whole_day and last <= first:  # the same day twice: one day, as it is meant
                last = self._days_on(first, DAY)
        elif lasting:
            last = self._days_on(first, _duration(lasting)) if whole_day else first + _duration(lasting)
        else:
            last = self._days_on(first, DAY) if whole_day else first
        if last < first:
            raise ValueError("an event that ends before it begins")
        return first, last

    def _days_on(self, first: datetime, lasting: timedelta) -> datetime:
        """Return the end of what lasts whole days by the clock: the day on which the clocks go back has 25 hours."""
        return (first.astimezone(self.zone) + lasting).astimezone(UTC)

    def _moment(self, value: str, tzid: str) -> tuple[datetime, bool]:
        """Return a moment in UTC, and whether it was a whole day."""
        found = _MOMENT.fullmatch(value.strip())
        if found is None:
            raise ValueError("no date")
        day = date(int(found[1]), int(found[2]), int(found[3]))
        zone = (self.zones.clock(tzid) if tzid else None) or self.zone
        if found[4] is None:
            return datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC), True
        at = time(int(found[4]), int(found[5]), min(59, int(found[6])))
        return datetime.combine(day, at, tzinfo=UTC if found[7] else zone).astimezone(UTC), False


def _rules(event: RawEvent) -> list[str]:
    return [line.value for line in event.lines if line.name == "RRULE"]


def _is_over(event: RawEvent, begins: datetime, before: datetime) -> bool:
    """Tell whether an event has surely no time from a moment on."""
    rules = _rules(event)
    last = max((last_of(rule, begins) or before for rule in rules), default=begins)
    return last < before and event.first("RDATE") is None


def _doubled(events: Sequence[RawEvent]) -> int:
    """Return how many series stand under the name of another one, of which the library sees but one. What an older
    version of an event says counts for nothing, and is not missed.
    """
    versions = [event.value("SEQUENCE") for event in events if event.first("RECURRENCE-ID") is None]
    return max(0, max(map(versions.count, versions), default=0) - 1)


_FREE = frozenset({"FREE", "WORKINGELSEWHERE"})


def _is_busy(status: str, transparency: str, microsoft: str) -> bool:
    return (
        status.strip().upper() != "CANCELLED"
        and transparency.strip().upper() != "TRANSPARENT"
        and microsoft.strip().upper() not in _FREE
    )


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text.strip().upper())
    if found is None or not any(found.groups()):
        raise ValueError("no duration")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _together(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result
