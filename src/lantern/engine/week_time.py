"""How many minutes a week has for learning: what she usually has, less days off, busy times and quiet hours.

Pure arithmetic on plain values. Times of the day are on the clock of `zone`; what was busy comes as moments. Everything
is counted in whole minutes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

WORKING_DAYS = 5
DAY_MINUTES = 1440
Span = tuple[int, int]
"""From one minute to another, counted from 1970 in UTC; the second is not in it."""


@dataclass(frozen=True, slots=True)
class FreePeriod:
    """A stretch of a working day that is hers to learn in; `ends` comes after `starts`."""

    starts: time
    ends: time

    @property
    def minutes(self) -> int:
        """Return how long it is by the clock."""
        return max(0, minute_of_day(self.ends) - minute_of_day(self.starts))


@dataclass(frozen=True, slots=True)
class DayKind:
    """What a day of the week usually has: free periods, and minutes at no fixed hour outside the working day."""

    periods: tuple[FreePeriod, ...] = ()
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Dated:
    """Something with a date of its own (a session), with the minutes it takes to get there and back."""

    begins: datetime
    ends: datetime
    travel_before: int = 0
    travel_after: int = 0


@dataclass(frozen=True, slots=True)
class Usual:
    """What she said of her time: each weekday from Monday on, or (`days` empty) one number for the week.

    Nothing is counted from `quiet_from` to `quiet_until`, which may lie after midnight.
    """

    minutes_per_week: int
    days: tuple[DayKind, ...] = ()
    quiet_from: time | None = None
    quiet_until: time | None = None
    holidays_too: bool = False


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A week's minutes, whether there is class in it, and what was taken from the usual and why.

    `off` holds each reason for days off with how many working days it has; nothing where no day off had any time to
    lose. `lost_*` are minutes.
    """

    minutes: int
    teaching: bool
    off: tuple[tuple[str, int], ...] = ()
    lost_to_busy: int = 0
    lost_to_quiet: int = 0
    lost_to_dated: int = 0


def reckon(
    monday: date,
    usual: Usual,
    *,
    zone: tzinfo,
    off: Mapping[date, str] | None = None,
    no_class: Collection[date] = (),
    busy: Sequence[Span] = (),
    dated: Sequence[Dated] = (),
) -> Reckoned:
    """Return the time of the week that begins on `monday`.

    `off` are days without class and without minutes, with their names; `no_class` are days without class that keep
    their minutes. `busy` takes away from free periods only, and is in order and apart (`merged`). `dated` takes its own
    time and the way there: from the free periods it falls into, then from the day's other minutes. With one number for
    the week, a day off takes a fifth of it, and `dated` takes from the rest. Never below nothing.
    """
    off = off or {}
    week = [monday + timedelta(days=step) for step in range(7)]
    named: dict[str, int] = {}
    for day in week[:WORKING_DAYS]:
        if day in off and not usual.holidays_too:
            named[off[day]] = named.get(off[day], 0) + 1
    teaching = any(day not in off and day not in no_class for day in week[:WORKING_DAYS])
    if not usual.days:
        left = usual.minutes_per_week * (WORKING_DAYS - sum(named.values())) // WORKING_DAYS
        asked = length(merged(span for day in week for span in _dated_on(day, dated, zone)))
        return Reckoned(max(0, left - asked), teaching, tuple(named.items()), lost_to_dated=min(left, asked))
    minutes = lost_busy = lost_quiet = lost_dated = lost_off = 0
    for day, kind in zip(week, usual.days, strict=True):
        if day in off and not usual.holidays_too:
            lost_off += kind.minutes + sum(period.minutes for period in kind.periods)
            continue
        whole = merged(_period(day, period, zone) for period in kind.periods)
        awake = without(whole, merged(_quiet(day, usual, zone)))
        open_to_her = without(awake, busy)
        fixed = merged(_dated_on(day, dated, zone))
        kept = without(open_to_her, fixed)
        lost_quiet += length(whole) - length(awake)
        lost_busy += length(awake) - length(open_to_her)
        inside = length(open_to_her) - length(kept)
        beside = length(fixed) - inside - length(_both(_both(awake, busy), fixed))
        outside = min(kind.minutes, max(0, beside))
        lost_dated += inside + outside
        minutes += length(kept) + kind.minutes - outside
    reasons = tuple(named.items()) if lost_off else ()
    return Reckoned(minutes, teaching, reasons, lost_busy, lost_quiet, lost_dated)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the same minutes as spans in order that neither touch nor overlap; empty ones are left out."""
    result: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """Return what is left of `spans` outside `taken`; both are in order and apart, as `merged` makes them."""
    left: list[Span] = []
    for start, end in spans:
        at = start
        for begins, ends in taken:
            if ends <= at:
                continue
            if begins >= end:
                break
            if begins > at:
                left.append((at, begins))
            at = max(at, ends)
            if at >= end:
                break
        if at < end:
            left.append((at, end))
    return left


def length(spans: Iterable[Span]) -> int:
    """Return the minutes in spans that are apart."""
    return sum(end - start for start, end in spans)


def minute_of(moment: datetime) -> int:
    """Return the whole minute a moment with a zone lies in."""
    return int(moment.astimezone(UTC).timestamp() // 60)


def minute_of_day(of: time) -> int:
    """Return the minutes since midnight by the clock."""
    return of.hour * 60 + of.minute


def week_span(monday: date, zone: tzinfo) -> Span:
    """Return a week from its Monday to the next."""
    return _minute(monday, time(), zone), _minute(monday + timedelta(days=7), time(), zone)


def _both(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    return without(others, without(others, spans))


def _minute(day: date, at: time, zone: tzinfo) -> int:
    return minute_of(datetime.combine(day, at, tzinfo=zone))


def _period(day: date, period: FreePeriod, zone: tzinfo) -> Span:
    """Return a free period as it falls on a day: when the clocks change within it, never longer than by the clock."""
    start = _minute(day, period.starts, zone)
    return start, min(_minute(day, period.ends, zone), start + period.minutes)


def _quiet(day: date, usual: Usual, zone: tzinfo) -> list[Span]:
    begins, until = usual.quiet_from, usual.quiet_until
    if begins is None or until is None or begins == until:
        return []
    midnight, next_midnight = _minute(day, time(), zone), _minute(day + timedelta(days=1), time(), zone)
    first, last = _minute(day, begins, zone), _minute(day, until, zone)
    return [(first, last)] if begins < until else [(midnight, last), (first, next_midnight)]


def _dated_on(day: date, dated: Sequence[Dated], zone: tzinfo) -> list[Span]:
    """Return what has a date of its own and begins on a day, each with the way there and back."""
    return [
        (minute_of(one.begins) - one.travel_before, minute_of(one.ends) + one.travel_after)
        for one in dated
        if one.begins.astimezone(zone).date() == day
    ]
