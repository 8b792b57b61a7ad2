"""What may be asked about shares, looks and purposes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from lantern.domain.privacy import policy
from lantern.domain.privacy.models import Look, Refusal, Share
from lantern.domain.privacy.types import Purpose, ShareView
from lantern.kernel import clock
from lantern.kernel.actor import Actor


def live() -> Q:
    """Return the filter for shares that hold at this moment."""
    return Q(revoked_at__isnull=True, expires_at__gt=clock.now())


def my_shares(actor: Actor, titles: Mapping[tuple[str, UUID], str] | None = None) -> list[ShareView]:
    """Return what I share at this moment, newest first; `titles` are the names of the items, which privacy does
    not know.
    """
    rows = (
        Share.objects.filter(policy.visible(actor, Share.privacy))
        .filter(live())
        .select_related("grantee")
        .order_by("-created_at")
    )
    known = titles or {}
    return [
        ShareView(
            id=row.pk,
            grantee_id=row.grantee_id,
            grantee_name=row.grantee.full_name,
            item_kind=row.item_kind,
            item_id=row.item_id,
            item_title=known.get((row.item_kind, row.item_id), ""),
            purpose=row.purpose,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )
        for row in rows
    ]


def shared_by_me(actor: Actor, grantee_id: UUID) -> list[tuple[str, UUID]]:
    """Return kind and id of everything I share with this person at this moment."""
    mine = Share.objects.filter(policy.visible(actor, Share.privacy)).filter(live(), grantee_id=grantee_id)
    return list(mine.order_by("created_at").values_list("item_kind", "item_id"))


def shared_items(actor: Actor, owner_id: UUID) -> list[tuple[str, UUID]]:
    """Return kind and id of everything this person shares with me at this moment."""
    if actor.person_id is None:
        return []
    rows = Share.objects.filter(live(), grantee_id=actor.person_id, person_id=owner_id)
    return list(rows.order_by("created_at").values_list("item_kind", "item_id"))


def grantees_of(owner_id: UUID, item_kind: str, item_id: UUID) -> frozenset[UUID]:
    """Return the persons whom this owner lets read this item at this moment, for `decide`."""
    rows = Share.objects.filter(live(), person_id=owner_id, item_kind=item_kind, item_id=item_id)
    return frozenset(rows.values_list("grantee_id", flat=True))


def my_looks(actor: Actor) -> QuerySet[Look]:
    """Return every reading of an item of mine by somebody else, newest first."""
    return Look.objects.filter(policy.visible(actor, Look.privacy)).order_by("-at", "-pk")


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


def export_for(actor: Actor) -> dict[str, Any]:
    """Return my shares, the looks at my items and my refusals, whole."""
    shares = Share.objects.filter(policy.visible(actor, Share.privacy)).select_related("grantee").order_by("created_at")
    refusals = Refusal.objects.filter(policy.visible(actor, Refusal.privacy)).order_by("at")
    return {
        "shares": [
            {
                "with": row.grantee.full_name,
                "item": row.item_kind,
                "item_id": str(row.item_id),
                "purpose": row.purpose,
                "from": row.created_at.isoformat(),
                "until": row.expires_at.isoformat(),
                "revoked": row.revoked_at.isoformat() if row.revoked_at else None,
            }
            for row in shares
        ],
        "looks": [
            {
                "by": row.viewer_name,
                "item": row.item_kind,
                "item_id": str(row.item_id),
                "purpose": row.purpose,
                "at": row.at.isoformat(),
            }
            for row in my_looks(actor)
        ],
        "refused_purposes": [{"purpose": row.purpose, "since": row.at.isoformat()} for row in refusals],
    }
