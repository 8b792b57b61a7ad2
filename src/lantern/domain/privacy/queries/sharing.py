"""What may be asked about shares, looks and purposes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from lantern.domain.privacy import policy
from lantern.domain.privacy.models import EmergencyAccess, Look, Refusal, Share, Tombstone
from lantern.domain.privacy.types import EVERY, Purpose, SharedWithMe, ShareView
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound


def live() -> Q:
    """Return the filter for shares that hold at this moment."""
    return policy.holding(clock.now())


Titles = Mapping[tuple[str, UUID], str]
"""Names of items by kind and id."""


def my_shares(actor: Actor, titles: Titles | None = None) -> list[ShareView]:
    """Return what I share at this moment, newest first; `titles` are the names of the items, which privacy does
    not know.
    """
    rows = Share.objects.filter(policy.visible(actor, Share.privacy)).filter(live())
    return [_share_view(row, titles) for row in rows.select_related("grantee").order_by("-created_at")]


def my_ended_shares(actor: Actor, titles: Titles | None = None) -> list[ShareView]:
    """Return what I shared and ended, or what came to its date, the newest first; for the receipts."""
    rows = Share.objects.filter(policy.visible(actor, Share.privacy)).exclude(live())
    return [_share_view(row, titles) for row in rows.select_related("grantee").order_by("-created_at")]


def get_share(actor: Actor, share_id: UUID, titles: Titles | None = None) -> ShareView:
    """Return one share of mine, whether it still holds or not, as its receipt shows it. Raises NotFound."""
    rows = Share.objects.filter(policy.visible(actor, Share.privacy), pk=share_id).select_related("grantee")
    row = rows.first()
    if row is None:
        raise NotFound("You do not share this.")
    return _share_view(row, titles)


def _share_view(row: Share, titles: Titles | None) -> ShareView:
    return ShareView(
        id=row.pk,
        grantee_id=row.grantee_id,
        grantee_name=row.grantee.full_name,
        item_kind=row.item_kind,
        item_id=row.item_id,
        item_title=(titles or {}).get((row.item_kind, row.item_id), "") if row.item_id else "",
        purpose=row.purpose,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        wording=row.wording,
        leads_owner=row.leads_owner,
    )


def shared_with_me(actor: Actor) -> list[SharedWithMe]:
    """Return what others share with me at this moment, by owner and kind; no title, since reading one is a look."""
    if actor.person_id is None:
        return []
    rows = Share.objects.filter(live(), grantee_id=actor.person_id, person__active=True).select_related("person")
    return [
        SharedWithMe(
            row.pk, row.person_id, row.person.full_name, row.item_kind, row.item_id, row.purpose, row.expires_at
        )
        for row in rows.order_by("person__family_name", "person__given_name", "item_kind", "created_at")
    ]


def get_shared_with_me(actor: Actor, share_id: UUID) -> SharedWithMe:
    """Return one of them. Raises NotFound, also when it ended."""
    found = next((one for one in shared_with_me(actor) if one.id == share_id), None)
    if found is None:
        raise NotFound("There is nothing here.")
    return found


def shared_by_me(actor: Actor, grantee_id: UUID) -> list[tuple[str, UUID]]:
    """Return kind and id of every single item I share with this person at this moment."""
    mine = Share.objects.filter(policy.visible(actor, Share.privacy)).filter(live(), grantee_id=grantee_id)
    return _single(mine)


def shared_items(actor: Actor, owner_id: UUID) -> list[tuple[str, UUID]]:
    """Return kind and id of every single item this person shares with me at this moment."""
    if actor.person_id is None:
        return []
    return _single(Share.objects.filter(live(), grantee_id=actor.person_id, person_id=owner_id))


def _single(rows: QuerySet[Share]) -> list[tuple[str, UUID]]:
    pairs = rows.order_by("created_at").values_list("item_kind", "item_id")
    return [(kind, item_id) for kind, item_id in pairs if item_id is not None]


def grantees_of(owner_id: UUID, item_kind: str, item_id: UUID) -> frozenset[UUID]:
    """Return the persons whom this owner lets read this item at this moment, for `decide`."""
    of_it = Q(item_id=item_id) | Q(item_id__isnull=True)
    rows = Share.objects.filter(of_it, live(), person_id=owner_id, item_kind=item_kind)
    return frozenset(rows.values_list("grantee_id", flat=True))


def my_looks(actor: Actor) -> QuerySet[Look]:
    """Return every reading of an item of mine by somebody else, newest first; while a legal hold forbids to tell me
    of one, that one is not among them.
    """
    told = Q(emergency__isnull=True) | Q(emergency__told_at__isnull=False)
    return Look.objects.filter(policy.visible(actor, Look.privacy)).filter(told).order_by("-at", "-pk")


def list_emergencies(actor: Actor) -> QuerySet[EmergencyAccess]:
    """Return every emergency access of the tenant, newest first, with the person; for operators only."""
    rows = EmergencyAccess.objects.select_related("person").order_by("-asked_at")
    return rows if policy.can_ask_emergency(actor) else rows.none()


def get_emergency(actor: Actor, access_id: UUID) -> EmergencyAccess:
    """Return one of them. Raises NotFound."""
    row = list_emergencies(actor).filter(pk=access_id).first()
    if row is None:
        raise NotFound("There is no such access.")
    return row


def can_read_now(actor: Actor, access: EmergencyAccess) -> bool:
    """Tell whether the actor may read by this access at this moment, for showing a button."""
    both = frozenset({access.asked_by_id, access.agreed_by_id})
    return policy.can_read_emergency(actor, both, access.ends_at, clock.now())


def my_emergencies(actor: Actor) -> list[EmergencyAccess]:
    """Return every time operators were let in to my data, as far as I may be told, newest first."""
    rows = EmergencyAccess.objects.filter(policy.visible(actor, EmergencyAccess.privacy))
    return list(rows.filter(agreed_at__isnull=False, told_at__isnull=False).order_by("-agreed_at"))


def may_use(person_id: UUID, purpose: str) -> bool:
    """Tell whether this person's facts may be used for the purpose: yes unless she refused.

    An unknown purpose is refused.
    """
    if purpose not in set(Purpose):
        return False
    return not Refusal.objects.filter(person_id=person_id, purpose=purpose).exists()


def refused_purposes(actor: Actor) -> frozenset[str]:
    """Return the purposes that I refused."""
    return frozenset(Refusal.objects.filter(policy.visible(actor, Refusal.privacy)).values_list("purpose", flat=True))


def refusers(actor: Actor, purpose: str) -> frozenset[UUID]:
    """Return who refused a purpose, so that a rule of Lantern can leave them out; nothing for anybody but the
    system.
    """
    if not actor.is_system:
        return frozenset()
    return frozenset(Refusal.objects.filter(purpose=purpose).values_list("person_id", flat=True))


def is_erased(actor: Actor, person_id: UUID) -> bool:
    """Tell whether a person of the tenant was erased; for Lantern itself, which forgets again after a restore."""
    return actor.is_system and Tombstone.objects.filter(person_id=person_id).exists()


def export_for(actor: Actor) -> dict[str, Any]:
    """Return my shares, the looks at my items and my refusals, whole."""
    shares = Share.objects.filter(policy.visible(actor, Share.privacy)).select_related("grantee").order_by("created_at")
    refusals = Refusal.objects.filter(policy.visible(actor, Refusal.privacy)).order_by("at")
    return {
        "shares": [
            {
                "with": row.grantee.full_name,
                "item": row.item_kind,
                "item_id": str(row.item_id) if row.item_id else EVERY,
                "purpose": row.purpose,
                "wording": row.wording,
                "from": row.created_at.isoformat(),
                "until": row.expires_at.isoformat(),
                "revoked": row.revoked_at.isoformat() if row.revoked_at else None,
            }
            for row in shares
        ],
        "looks": [
            {
                "by": row.viewer_name,
                "role": row.viewer_role,
                "via": row.via,
                "item": row.item_kind,
                "item_id": str(row.item_id),
                "purpose": row.purpose,
                "at": row.at.isoformat(),
            }
            for row in my_looks(actor)
        ],
        "emergency_accesses": [
            {
                "asked_by": row.asked_by_name,
                "agreed_by": row.agreed_by_name,
                "reason": row.reason,
                "legal_hold": row.legal_hold,
                "from": row.agreed_at.isoformat() if row.agreed_at else None,
                "until": row.ends_at.isoformat() if row.ends_at else None,
                "told": row.told_at.isoformat() if row.told_at else None,
            }
            for row in my_emergencies(actor)
        ],
        "refused_purposes": [{"purpose": row.purpose, "since": row.at.isoformat()} for row in refusals],
    }
