"""Sharing and un-sharing, opening what was shared, refusing a purpose, and releasing a count."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.privacy import policy, queries
from lantern.domain.privacy.events import (
    ItemOpened,
    ItemShared,
    PurposeAllowed,
    PurposeRefused,
    ReleaseWritten,
    ShareRevoked,
)
from lantern.domain.privacy.models import Look, Refusal, Release, Share
from lantern.domain.privacy.types import MOST_SHARE_DAYS, SHARE_DAYS, Action, DataClass, Item, Purpose
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish
from lantern.kernel.turns import take_turn


@transaction.atomic
def share(
    actor: Actor, *, grantee_id: UUID, item_kind: str, item_id: UUID, purpose: str, days: int = SHARE_DAYS
) -> Share:
    """Open one item of mine to one person of my district, for a purpose, for `days` days; sharing it again changes
    nothing.

    Naming an item that is not mine opens nothing: only its owner's share counts. Raises Invalid, NotFound.
    """
    me = policy.acting_person(actor)
    if grantee_id == me:
        raise Invalid({"grantee_id": "This is already yours to see."})
    if not 1 <= days <= MOST_SHARE_DAYS:
        raise Invalid({"days": f"Choose between 1 and {MOST_SHARE_DAYS} days."})
    if not purpose.strip():
        raise Invalid({"purpose": "Say what the sharing is for."})
    if not _is_here(grantee_id):
        raise NotFound("There is no such person here.")
    take_turn("share", me, item_id)
    now = clock.now()
    same = Share.objects.select_for_update().filter(
        person_id=me, grantee_id=grantee_id, item_kind=item_kind, item_id=item_id, revoked_at__isnull=True
    )
    existing = same.first()
    if existing is not None:
        if existing.expires_at > now:
            return existing
        same.update(revoked_at=existing.expires_at)
    row = Share.objects.create(
        person_id=me,
        grantee_id=grantee_id,
        item_kind=item_kind,
        item_id=item_id,
        purpose=purpose.strip()[:120],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    publish(actor, ItemShared(row.pk))
    return row


def _is_here(person_id: UUID) -> bool:
    """Ask the share's own foreign key, since privacy lies below people and may not import them."""
    people: Any = Share._meta.get_field("grantee").related_model
    return bool(people.objects.filter(pk=person_id, active=True).exists())


@transaction.atomic
def revoke(actor: Actor, *, share_id: UUID) -> Share:
    """End a share of mine at once; ending it twice changes nothing. Raises NotFound."""
    me = policy.acting_person(actor)
    row = Share.objects.select_for_update().filter(pk=share_id, person_id=me).first()
    if row is None:
        raise NotFound("You do not share this.")
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        publish(actor, ShareRevoked(row.pk))
    return row


@transaction.atomic
def end_shares(actor: Actor, *, person_id: UUID, grantee_id: UUID) -> int:
    """End everything a person shares with another and return how much it was. Raises NotAllowed."""
    if not policy.can_end_shares(actor, person_id):
        raise NotAllowed("Only the owner can end what she shares.")
    rows = Share.objects.select_for_update().filter(person_id=person_id, grantee_id=grantee_id, revoked_at__isnull=True)
    ended = list(rows.values_list("pk", flat=True))
    Share.objects.filter(pk__in=ended).update(revoked_at=clock.now())
    for share_id in ended:
        publish(actor, ShareRevoked(share_id))
    return len(ended)


@transaction.atomic
def open_item(
    actor: Actor,
    *,
    owner_id: UUID,
    tenant_id: UUID,
    item_kind: str,
    item_id: UUID,
    purpose: str,
    viewing: timedelta = timedelta(0),
) -> Look | None:
    """Let the actor read this item, or raise NotFound; somebody else's reading is written down in the same transaction.

    The only door to another person's private row: call it in the transaction that loads the row, and show nothing
    when it raises. What comes in many requests, such as a video, names the `viewing` within which an earlier look of
    the same person stands for this one; the decision is made anew each time all the same.
    Returns the look, or None for the owner herself.
    """
    grantees = queries.grantees_of(owner_id, item_kind, item_id)
    item = Item(
        data_class=DataClass.CONSENTED if grantees else DataClass.PRIVATE,
        owner_id=owner_id,
        tenant_id=tenant_id,
        shared_with=grantees,
    )
    if not policy.decide(actor, Action.READ, item).allowed:
        raise NotFound("There is nothing here.")
    if actor.person_id == owner_id:
        return None
    if viewing:
        looks = Look.objects.filter(person_id=owner_id, viewer_id=actor.person_id, item_kind=item_kind, item_id=item_id)
        same = looks.filter(at__gt=clock.now() - viewing).order_by("-at").first()
        if same is not None:
            return same
    return record_look(actor, owner_id=owner_id, item_kind=item_kind, item_id=item_id, purpose=purpose)


@transaction.atomic
def record_look(actor: Actor, *, owner_id: UUID, item_kind: str, item_id: UUID, purpose: str) -> Look:
    """Write down that the actor reads an item of somebody else; its owner sees it on her privacy page."""
    viewer = policy.acting_person(actor)
    look = Look.objects.create(
        person_id=owner_id,
        viewer_id=viewer,
        viewer_name=actor.name[:160],
        item_kind=item_kind,
        item_id=item_id,
        purpose=purpose[:120],
        at=clock.now(),
    )
    publish(actor, ItemOpened(look.pk))
    return look


def _purpose(purpose: str) -> str:
    if purpose not in set(Purpose):
        raise Invalid({"purpose": "There is no such purpose."})
    return str(purpose)


@transaction.atomic
def refuse_purpose(actor: Actor, *, purpose: str) -> Refusal:
    """Say that my facts may not be used for a purpose; saying it twice changes nothing. Raises Invalid."""
    me = policy.acting_person(actor)
    row, new = Refusal.objects.get_or_create(
        person_id=me, purpose=_purpose(purpose), defaults={"at": clock.now(), "tenant_id": actor.tenancy.own}
    )
    if new:
        publish(actor, PurposeRefused(row.purpose))
    return row


@transaction.atomic
def allow_purpose(actor: Actor, *, purpose: str) -> None:
    """Take back a refusal of mine; harmless when there is none. Raises Invalid."""
    me = policy.acting_person(actor)
    gone, _ = Refusal.objects.filter(person_id=me, purpose=_purpose(purpose)).delete()
    if gone:
        publish(actor, PurposeAllowed(str(purpose)))


@transaction.atomic
def release(actor: Actor, *, metric: str, subject_id: UUID, period: str, people: int) -> Release | None:
    """Publish how many people, as a band, once for a period; None below ten.

    What is out stays as it is. Raises NotAllowed.
    """
    if not policy.can_release(actor):
        raise NotAllowed("Numbers about people are released by Lantern's own rule only.")
    band = policy.band_of(people)
    if band is None:
        return None
    row, new = Release.objects.get_or_create(
        metric=metric,
        subject_id=subject_id,
        period=period,
        defaults={"band": band, "released_at": clock.now(), "tenant_id": actor.tenancy.own},
    )
    if new:
        publish(actor, ReleaseWritten(row.pk))
    return row


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete a person's shares, the looks at her items and her refusals, and what others shared with her; return
    the counts.
    """
    policy.allow_erasure(actor, person_id)
    counts = {
        "shares": Share.objects.filter(person_id=person_id).delete()[0],
        "shares_with_her": Share.objects.filter(grantee_id=person_id).delete()[0],
        "looks": Look.objects.filter(person_id=person_id).delete()[0],
        "refused_purposes": Refusal.objects.filter(person_id=person_id).delete()[0],
    }
    Look.objects.filter(viewer_id=person_id).update(viewer_id=None)
    return counts
