"""The one answer to "how much time has this week": from what she said, her school's year, and her own calendar."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone

from lantern.domain.calendars import policy
from lantern.domain.calendars.models import CalendarSubscription, OwnTime
from lantern.domain.calendars.queries.own import read_time
from lantern.domain.calendars.queries.school_year import year_of
from lantern.domain.calendars.types import MOST_WEEK_MINUTES, WeekTime
from lantern.domain.people import queries as people
from lantern.engine.week_time import DayKind, FreePeriod, Reckoned, Span, Usual, reckon, week_span
from lantern.kernel.actor import Actor

WEEK = timedelta(days=7)


def week_times(actor: Actor, mondays: Sequence[date]) -> dict[date, WeekTime]:
    """Return what each of these weeks usually has for the actor, with the reasons where it is less than she said.

    Four statements at most, however many weeks: her profile, her weekdays, the school year, her calendar.
    """
    if not mondays:
        return {}
    profile = people.get_profile(actor)
    own = OwnTime.objects.filter(policy.visible_time(actor)).first()
    said = read_time(own)
    usual = Usual(
        minutes_per_week=profile.minutes_per_week,
        days=tuple(
            DayKind(tuple(FreePeriod(each.starts, each.ends) for each in day.periods), day.minutes)
            for day in said.days
        ),
        quiet_from=profile.quiet_from,
        quiet_until=profile.quiet_until,
        holidays_too=said.holidays_too,
    )
    year = year_of(actor, min(mondays), max(mondays) + WEEK)
    busy = _busy(actor) if any(day.periods for day in usual.days) else []
    zone = timezone.get_default_timezone()
    found = {}
    for monday in mondays:
        within = _within(busy, week_span(monday, zone))
        found[monday] = _in_words(reckon(monday, usual, zone=zone, off=year.off, no_class=year.no_class, busy=within))
    return found


def _busy(actor: Actor) -> list[Span]:
    row = CalendarSubscription.objects.filter(policy.visible_subscription(actor)).first()
    return [(start, end) for start, end in row.busy] if row else []


def _within(busy: list[Span], week: Span) -> list[Span]:
    """Return those of the spans, in order and apart, that lie in a week or reach into it."""
    first = bisect_left(busy, week[0], key=lambda span: span[1])
    return busy[first : bisect_left(busy, week[1], key=lambda span: span[0])]


def _in_words(week: Reckoned) -> WeekTime:
    why = [f"{count} {'day' if count == 1 else 'days'} off: {name}" for name, count in week.off]
    if week.lost_to_busy:
        why.append(f"{in_hours(week.lost_to_busy)} busy in your calendar")
    if week.lost_to_quiet:
        why.append(f"{in_hours(week.lost_to_quiet)} in your quiet hours")
    if week.lost_to_dated:
        why.append(f"{in_hours(week.lost_to_dated)} for what has a date of its own, with the way there")
    if week.minutes > MOST_WEEK_MINUTES:
        why.append(f"a plan takes {in_hours(MOST_WEEK_MINUTES)} a week at most")
    return WeekTime(min(week.minutes, MOST_WEEK_MINUTES), week.teaching, tuple(why))


def in_hours(minutes: int) -> str:
    """Return minutes as hours and minutes, such as "1 h 20 min"."""
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))
