"""Opening one item to one person, and closing it again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from lantern.domain.privacy import policy
from lantern.domain.privacy.events import ItemShared, ShareRevoked
from lantern.domain.privacy.models import Share, WordingTold
from lantern.domain.privacy.types import MOST_SHARE_DAYS, SHARE_DAYS, WORDING
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish
from lantern.kernel.turns import take_turn


@transaction.atomic
def share(
    actor: Actor,
    *,
    grantee_id: UUID,
    item_kind: str,
    item_id: UUID | None,
    purpose: str,
    leads_me: bool,
    confirmed: bool,
    days: int = SHARE_DAYS,
) -> Share:
    """Open one item of mine (or with no `item_id` all of a kind, those to come too) to one person of my district, for
    a purpose, for `days` days; sharing it again changes nothing.

    `leads_me` says that the person also leads where I work, which the caller has looked up: then nothing is shared
    until I confirm. Naming an item that is not mine opens nothing: only its owner's share counts. Raises Invalid,
    NotFound.
    """
    me = policy.acting_person(actor)
    if grantee_id == me:
        raise Invalid({"grantee_id": "This is already yours to see."})
    if not 1 <= days <= MOST_SHARE_DAYS:
        raise Invalid({"days": f"Choose between 1 and {MOST_SHARE_DAYS} days."})
    if not purpose.strip():
        raise Invalid({"purpose": "Say what the sharing is for."})
    if not policy.is_here(grantee_id):
        raise NotFound("There is no such person here.")
    if leads_me and not confirmed:
        raise Invalid({"confirmed": LEADS_YOU})
    take_turn(f"share {item_kind}", me, item_id or me)
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
        wording=WORDING.number,
        leads_owner=leads_me,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    publish(actor, ItemShared(row.pk))
    return row


LEADS_YOU = "This person also leads your school or district. Please confirm that you want to share it anyway."


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
def note_wording_told(actor: Actor) -> bool:
    """Note that the people here are being told of the newest wording of consent; False when they were told before.

    Raises NotAllowed.
    """
    if not policy.can_tell_wording(actor):
        raise NotAllowed("Lantern tells of new wording by itself.")
    _, new = WordingTold.objects.get_or_create(
        number=WORDING.number, tenant_id=actor.tenancy.own, defaults={"at": clock.now()}
    )
    return new
