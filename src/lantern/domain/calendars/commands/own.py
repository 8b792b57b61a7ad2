"""Saying what time one has, and giving, reading and letting go of one's own calendar."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from lantern.domain.calendars import policy
from lantern.domain.calendars.events import CalendarConnected, CalendarDisconnected, OwnTimeChanged
from lantern.domain.calendars.models import CalendarSubscription, FeedEntry, OwnTime, PlanFeed
from lantern.domain.calendars.types import MOST_BUSY, MOST_DAY_MINUTES, MOST_PERIODS, WEEKDAYS, DayTime, Period
from lantern.domain.privacy import policy as privacy
from lantern.engine.week_time import Span, merged, minute_of_day
from lantern.kernel import clock, jobs
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish
from lantern.kernel.turns import take_turn

READ_MINE = "calendars.read_mine"
"""The job that reads one's own calendar; interop/ical carries it out."""
_LONGEST_ADDRESS = 2000


@transaction.atomic
def set_my_time(actor: Actor, *, days: Sequence[DayTime], holidays_too: bool) -> OwnTime:
    """Say what each weekday has, Monday first; no days at all go back to one number for the week.

    Raises Invalid, naming a day's field by its number: `minutes_0`, `period_0_1`.
    """
    me = privacy.acting_person(actor)
    problems: dict[str, str] = {}
    if len(days) not in (0, 7):
        raise Invalid("A week has seven days.")
    for number, day in enumerate(days):
        problems |= _problems_of(number, day)
    if days and not problems and not any(day.minutes or day.periods for day in days):
        problems[""] = "Give at least one day some time, or go back to one number for the week."
    if problems:
        raise Invalid(problems)
    kept = [
        {
            "minutes": day.minutes,
            "periods": sorted([minute_of_day(each.starts), minute_of_day(each.ends)] for each in day.periods),
        }
        for day in days
    ]
    take_turn("own time", me)
    row = OwnTime.objects.filter(policy.visible_time(actor)).first() or OwnTime(person_id=me)
    row.days, row.holidays_too, row.updated_at = kept, holidays_too, clock.now()
    row.save()
    publish(actor, OwnTimeChanged(me))
    return row


def _problems_of(number: int, day: DayTime) -> dict[str, str]:
    problems: dict[str, str] = {}
    name = WEEKDAYS[number]
    if not 0 <= day.minutes <= MOST_DAY_MINUTES:
        problems[f"minutes_{number}"] = f"{name}: choose between 0 and {MOST_DAY_MINUTES} minutes."
    if len(day.periods) > MOST_PERIODS:
        problems[f"period_{number}_0"] = f"{name}: there is room for {MOST_PERIODS} free periods."
    for place, each in enumerate(day.periods):
        if minute_of_day(each.ends) <= minute_of_day(each.starts):
            problems[f"period_{number}_{place}"] = f"{name}: the free period ends before it begins."
    if not problems and _overlap(day.periods):
        problems[f"period_{number}_1"] = f"{name}: the two free periods overlap."
    return problems


def _overlap(periods: Sequence[Period]) -> bool:
    ordered = sorted((minute_of_day(each.starts), minute_of_day(each.ends)) for each in periods)
    return any(after[0] < before[1] for before, after in pairwise(ordered))


@transaction.atomic
def connect_calendar(actor: Actor, *, address: str) -> CalendarSubscription:
    """Give the address of my own calendar, in place of one given before, and have it read soon. Raises Invalid."""
    me = privacy.acting_person(actor)
    address = _checked(address)
    take_turn("own calendar", me)
    row = CalendarSubscription.objects.select_for_update().filter(policy.visible_subscription(actor)).first()
    if row is not None and row.address != address:
        row.delete()
        row = None
    if row is None:
        row = CalendarSubscription.objects.create(person_id=me, address=address, created_at=clock.now())
        publish(actor, CalendarConnected(row.pk))
    jobs.enqueue_once(actor, READ_MINE)
    return row


def _checked(address: str) -> str:
    """Return the address as it is asked for: https, also where a calendar programme calls it webcal. Raises Invalid."""
    address = address.strip()
    if address[:9].lower() == "webcal://":
        address = f"https://{address[9:]}"
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        parts, host = None, None
    if not address:
        raise Invalid({"address": "Paste the address of your calendar here."})
    if len(address) > _LONGEST_ADDRESS:
        raise Invalid({"address": "This address is too long to be one of a calendar."})
    if parts is None or not host or parts.scheme.lower() != "https" or any(mark.isspace() for mark in address):
        raise Invalid({"address": "The address of a calendar begins with https:// or webcal://."})
    if parts.username or parts.password:
        raise Invalid({"address": "Please use an address without a name and a password in it."})
    return address


@transaction.atomic
def read_again(actor: Actor) -> None:
    """Have my calendar read soon. Raises NotFound where I have none."""
    if not CalendarSubscription.objects.filter(policy.visible_subscription(actor)).exists():
        raise NotFound("You have not connected a calendar.")
    jobs.enqueue_once(actor, READ_MINE)


@transaction.atomic
def disconnect_calendar(actor: Actor) -> None:
    """Let my calendar go: its address and every busy time are deleted. Without one, nothing happens."""
    row = CalendarSubscription.objects.select_for_update().filter(policy.visible_subscription(actor)).first()
    if row is None:
        return
    gone = row.pk
    row.delete()
    publish(actor, CalendarDisconnected(gone))


@transaction.atomic
def keep_busy_times(actor: Actor, *, address: str, spans: Sequence[Span], left_out: int, too_much: int = 0) -> bool:
    """Keep when I am busy, as my calendar at `address` says, in place of what was kept before.

    `left_out` are events that were not understood, `too_much` those that were more than is worked out.
    False, and nothing kept, when I let that calendar go while it was read. Raises Invalid for more than can be kept.
    """
    together = merged(spans)
    if len(together) > MOST_BUSY:
        raise Invalid(f"This calendar is fuller than we can keep: more than {MOST_BUSY} busy times in a year.")
    row = _reading(actor, address)
    if row is None:
        return False
    row.busy, row.left_out = [list(span) for span in together], left_out
    row.read_at = row.tried_at = clock.now()
    row.failing_since, row.trouble = None, _too_much_in_words(too_much)
    row.save()
    return True


def _too_much_in_words(number: int) -> str:
    if not number:
        return ""
    if number == 1:
        return "1 entry is too long, or repeats too often, to be worked out, and counts as free."
    return f"{number} entries are too long, or repeat too often, to be worked out, and count as free."


@transaction.atomic
def keep_trouble(actor: Actor, *, address: str, trouble: str) -> bool:
    """Note that my calendar at `address` could not be read; the busy times read last stay. False where it is gone."""
    row = _reading(actor, address)
    if row is None:
        return False
    row.tried_at = clock.now()
    row.failing_since = row.failing_since or row.tried_at
    row.trouble = trouble[:300]
    row.save(update_fields=["tried_at", "failing_since", "trouble"])
    return True


@transaction.atomic
def keep_tried(actor: Actor, person_id: UUID) -> None:
    """Note that a person's calendar was tried just now, as Lantern itself. Nothing sealed is opened, for it may be
    what is broken. Raises NotAllowed.
    """
    if not policy.can_read_all(actor):
        raise NotAllowed("Only Lantern itself reads everybody's calendars.")
    CalendarSubscription.objects.filter(person_id=person_id).update(tried_at=clock.now())


def _reading(actor: Actor, address: str) -> CalendarSubscription | None:
    row = CalendarSubscription.objects.select_for_update().filter(policy.visible_subscription(actor)).first()
    return row if row is not None and row.address == address else None


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete a person's time, calendar and the address of her plan; return the counts."""
    privacy.allow_erasure(actor, person_id)
    times, _ = OwnTime.objects.filter(person_id=person_id).delete()
    calendars, _ = CalendarSubscription.objects.filter(person_id=person_id).delete()
    entries, _ = FeedEntry.objects.filter(feed__person_id=person_id).delete()
    feeds, _ = PlanFeed.objects.filter(person_id=person_id).delete()
    return {"own_times": times, "calendars": calendars, "plan_addresses": feeds, "feed_entries": entries}
