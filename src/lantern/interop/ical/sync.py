"""Reads educators' own calendars: from the address each gave, through the guarded fetch, busy times only.

Whatever goes wrong is named on her page, and what was read last stays.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from lantern.domain.calendars import commands, queries
from lantern.domain.calendars.commands.own import READ_MINE
from lantern.domain.people import queries as people
from lantern.interop.ical.codec import MAX_BYTES, Unreadable, read_busy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound
from lantern.kernel.fetch import Connector, FetchError, Resolver, fetch
from lantern.kernel.jobs import Progress, job

log = logging.getLogger(__name__)

READ_DUE = "calendars.read_due"
TYPES = frozenset(
    {"text/calendar", "text/plain", "text/x-vcalendar", "application/octet-stream", "application/ics", "text/ics"}
)
MOST_AT_ONCE = 300
SECONDS_AT_ONCE = 300.0
"""A run ends after this; the next hour goes on with those that waited longest."""
_READS, _REACHES = ("private", "official"), "the educator herself, as the minutes of her weeks"


@job(READ_MINE, reads=_READS, reaches=_REACHES)
def read_mine(actor: Actor, progress: Progress | None) -> dict[str, Any]:
    """Read my calendar now. Repeating it is harmless."""
    return {"outcome": read_calendar(actor)}


@job(READ_DUE, reads=_READS, reaches=_REACHES)
def read_due(actor: Actor, progress: Progress | None) -> dict[str, Any]:
    """Read those calendars of the tenant again that were last read some hours ago, as Lantern itself.

    What one of them has wrong with it stops none of the others: it is logged by her id, and tried again in some hours.
    """
    counted = {"read": 0, "trouble": 0, "gone": 0, "failed": 0}
    until = time.monotonic() + SECONDS_AT_ONCE
    due = queries.due_subscriptions(actor, MOST_AT_ONCE)
    for number, person_id in enumerate(due, start=1):
        try:
            counted[read_calendar(people.actor_for(person_id, actor.tenancy.own))] += 1
        except NotFound:  # she left meanwhile
            counted["gone"] += 1
        except Exception:
            log.exception("a calendar could not be read", extra={"person_id": person_id})
            commands.keep_tried(actor, person_id)
            counted["failed"] += 1
        if progress and number % 10 == 0:
            progress(number, len(due))
        if time.monotonic() > until:
            break
    return counted


def read_calendar(actor: Actor, *, resolver: Resolver | None = None, connector: Connector | None = None) -> str:
    """Read the actor's calendar once; return "read", "trouble" (noted for her) or "gone" (she let it go)."""
    address = queries.my_address(actor)
    if address is None:
        return "gone"
    begins, ends = window(clock.now())
    try:
        found = fetch(
            address, max_bytes=MAX_BYTES, timeout=10, accept=TYPES, resolver=resolver, connector=connector
        )
        if found.status >= 400:
            raise Unreadable(_status_words(found.status))
        busy = read_busy(found.body, begins=begins, ends=ends, zone=timezone.get_default_timezone())
    except (FetchError, Unreadable) as problem:
        noted = commands.keep_trouble(actor, address=address, trouble=str(problem))
        return "trouble" if noted else "gone"
    kept = commands.keep_busy_times(
        actor, address=address, spans=busy.spans, left_out=busy.left_out, too_much=busy.too_much
    )
    return "read" if kept else "gone"


def window(now: datetime) -> tuple[datetime, datetime]:
    """Return from when to when busy times are kept: from a week ago, for a year."""
    return now - timedelta(days=7), now + timedelta(days=366)


def _status_words(status: int) -> str:
    if status in {401, 403}:
        return "The address asks for a sign-in. A calendar needs its secret address, or one that is public."
    if status in {404, 410}:
        return "There is no calendar at this address any more."
    return f"The server answered with an error ({status})."
