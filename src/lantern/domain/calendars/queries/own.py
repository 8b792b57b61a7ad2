"""My own time and my own calendar; and what is handed out of them."""

from __future__ import annotations

from datetime import time
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import F, Q

from lantern.domain.calendars import policy
from lantern.domain.calendars.models import CalendarSubscription, FeedEntry, OwnTime, PlanFeed
from lantern.domain.calendars.types import READ_AGAIN_AFTER, DayTime, MyTime, Period, SubscriptionView
from lantern.kernel import clock, tenancy
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed


def my_time(actor: Actor) -> MyTime:
    """Return what I said of my weekdays; nothing said is one number for the week."""
    row = OwnTime.objects.filter(policy.visible_time(actor)).first()
    return read_time(row)


def read_time(row: OwnTime | None) -> MyTime:
    """Return a row of own time as values. For this feature's own use."""
    if row is None:
        return MyTime()
    days = tuple(
        DayTime(tuple(Period(_of_day(start), _of_day(end)) for start, end in day["periods"]), day["minutes"])
        for day in row.days
    )
    return MyTime(days, row.holidays_too)


def my_subscription(actor: Actor) -> SubscriptionView | None:
    """Return how my own calendar stands, or None where I have not given one. Its address is never shown again."""
    row = CalendarSubscription.objects.filter(policy.visible_subscription(actor)).first()
    if row is None:
        return None
    return SubscriptionView(
        host=urlsplit(row.address).hostname or "",
        read_at=row.read_at,
        failing_since=row.failing_since,
        trouble=row.trouble,
        busy_times=len(row.busy),
        left_out=row.left_out,
    )


def my_address(actor: Actor) -> str | None:
    """Return the address of my own calendar, for the job that reads it, or None where I have none."""
    row = CalendarSubscription.objects.filter(policy.visible_subscription(actor)).first()
    return row.address if row else None


def due_subscriptions(actor: Actor, most: int) -> list[UUID]:
    """Return whose calendars here are to be read again, by person, those that waited longest first.

    Raises NotAllowed for anybody but Lantern itself.
    """
    if not policy.can_read_all(actor):
        raise NotAllowed("Only Lantern itself reads everybody's calendars.")
    rows = CalendarSubscription.objects.filter(_waited(), person__active=True)
    return list(rows.order_by(F("tried_at").asc(nulls_first=True), "pk").values_list("person_id", flat=True)[:most])


def tenants_with_due_subscriptions() -> frozenset[UUID]:
    """Return the tenants in which a calendar is to be read again, for the schedule, which queues work there only."""
    with tenancy.unscoped("the schedule goes over every tenant"):
        return frozenset(CalendarSubscription.objects.filter(_waited()).values_list("tenant_id", flat=True).distinct())


def _waited() -> Q:
    return Q(tried_at__isnull=True) | Q(tried_at__lt=clock.now() - READ_AGAIN_AFTER)


def export_for(actor: Actor) -> dict[str, Any]:
    """Return my time, my calendar with when I am busy in it, and what calendars were told of my plan."""
    time_of_mine = OwnTime.objects.filter(policy.visible_time(actor)).first()
    subscription = CalendarSubscription.objects.filter(policy.visible_subscription(actor)).first()
    feed = PlanFeed.objects.filter(policy.visible_feed(actor)).first()
    told = FeedEntry.objects.filter(feed=feed).order_by("monday", "pk") if feed else []
    return {
        "time": {"days": time_of_mine.days, "holidays_too": time_of_mine.holidays_too} if time_of_mine else None,
        "calendar": {
            "address": subscription.address,
            "read_at": subscription.read_at,
            "failing_since": subscription.failing_since,
            "trouble": subscription.trouble,
            "left_out": subscription.left_out,
            "busy_minutes_since_1970": subscription.busy,
        }
        if subscription
        else None,
        "plan_address": {
            "made_at": feed.made_at,
            "told": [
                {"monday": entry.monday, "content": entry.content, "sequence": entry.sequence, "gone": entry.cancelled}
                for entry in told
            ],
        }
        if feed
        else None,
    }


def _of_day(minute: int) -> time:
    return time(minute // 60, minute % 60)
