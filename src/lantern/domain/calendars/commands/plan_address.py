"""Making and revoking the secret address of a plan, and keeping account of what calendars were told there."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime

from django.db import transaction

from lantern.domain.calendars import policy
from lantern.domain.calendars.events import PlanAddressMade, PlanAddressRevoked
from lantern.domain.calendars.models import FeedEntry, PlanFeed
from lantern.domain.calendars.queries.plan_address import digest_of
from lantern.domain.calendars.types import KEPT_CANCELLED, Planned, Told
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound
from lantern.kernel.events import publish
from lantern.kernel.turns import take_turn

SECRET_BYTES = 32
_FIRST_MINUTE = datetime(2026, 1, 1, tzinfo=UTC)


@transaction.atomic
def make_plan_address(actor: Actor) -> str:
    """Return a new secret for the address of my plan: now, and never again. One made before stops working at once.

    What calendars were told before stays known, so that the same things keep their names there.
    """
    me = privacy.acting_person(actor)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    take_turn("plan address", me)
    feed = PlanFeed.objects.select_for_update().filter(policy.visible_feed(actor)).first() or PlanFeed(person_id=me)
    feed.secret_digest, feed.made_at = digest_of(secret), clock.now()
    feed.save()
    publish(actor, PlanAddressMade(feed.pk))
    return secret


@transaction.atomic
def revoke_plan_address(actor: Actor) -> None:
    """Let the address of my plan stop working at once. Without one, nothing happens."""
    feed = PlanFeed.objects.select_for_update().filter(policy.visible_feed(actor)).first()
    if feed is None:
        return
    gone = feed.pk
    feed.delete()
    publish(actor, PlanAddressRevoked(gone))


@transaction.atomic
def tell(actor: Actor, planned: Sequence[Planned], *, since: date) -> list[Told]:
    """Return what calendars are told of my plan now, and note it: what is there, and what went since they were told.

    What lies in weeks before `since` is forgotten, without a word.
    Each change of a thing counts its sequence up from the minute it was told first, so that what was forgotten and
    comes back stands above what calendars know of it; what went is told as cancelled for a while. Repeating it
    without a change changes nothing. Raises NotFound where my plan has no address.
    """
    feed = PlanFeed.objects.select_for_update().filter(policy.visible_feed(actor)).first()
    if feed is None:
        raise NotFound("There is no such calendar.")
    now = clock.now()
    known = {row.item_id: row for row in FeedEntry.objects.filter(feed=feed)}
    for row in known.values():
        row.feed = feed  # whose key seals it, without asking again
    for one in planned:
        entry = known.get(one.id)
        content = [one.title, one.minutes, one.link]
        if entry is None:
            known[one.id] = FeedEntry.objects.create(
                feed=feed,
                item_id=one.id,
                monday=one.monday,
                content=content,
                sequence=_beginning(now),
                changed_at=now,
            )
        elif entry.cancelled or entry.monday != one.monday or entry.content != content:
            entry.monday, entry.content, entry.cancelled = one.monday, content, False
            _changed(entry, now)
    there = {one.id for one in planned}
    for entry in list(known.values()):
        if entry.item_id in there:
            continue
        if entry.monday < since or (entry.cancelled and entry.changed_at < now - KEPT_CANCELLED):
            entry.delete()
            del known[entry.item_id]
        elif not entry.cancelled:
            entry.cancelled = True
            _changed(entry, now)
    return sorted((_told(entry) for entry in known.values()), key=lambda told: (told.monday, told.id))


def _beginning(now: datetime) -> int:
    """Return a number above all that were counted up to earlier: there is less than a change a minute."""
    return max(0, int((now - _FIRST_MINUTE).total_seconds() // 60))


def _changed(entry: FeedEntry, now: datetime) -> None:
    entry.sequence += 1
    entry.changed_at = now
    entry.save()


def _told(entry: FeedEntry) -> Told:
    title, minutes, link = entry.content
    return Told(
        entry.item_id, title, entry.monday, minutes, link, entry.sequence, entry.changed_at, entry.cancelled
    )
