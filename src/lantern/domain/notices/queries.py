"""What may be asked about one's own inbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lantern.domain.notices.models import Notice
from lantern.domain.notices.policy import visible
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound
from lantern.kernel.prepared import prepared


def my_notices(actor: Actor) -> QuerySet[Notice]:
    """Return the actor's notices, newest first."""
    return Notice.objects.filter(visible(actor)).order_by("-at", "-pk")


def get_notice(actor: Actor, notice_id: UUID) -> Notice:
    """Return one notice of the actor's. Raises NotFound."""
    found = my_notices(actor).filter(pk=notice_id).first()
    if found is None:
        raise NotFound("There is no such notice.")
    return found


def first_unread(actor: Actor, most: int) -> list[Notice]:
    """Return the newest notices the actor has not opened, `most` at most."""
    return _unread.list(actor, most)


@prepared
def _unread(actor: Actor, most: int) -> QuerySet[Notice]:
    return Notice.objects.filter(visible(actor), read_at__isnull=True).order_by("-at", "-pk")[:most]


def count_unread(actor: Actor) -> int:
    """Return how many notices the actor has not opened."""
    return my_notices(actor).filter(read_at__isnull=True).count()


def export_for(actor: Actor) -> dict[str, Any]:
    """Return everything this feature keeps about the actor, as plain values."""
    return {
        "notices": [
            {
                "id": str(row.pk),
                "kind": row.kind,
                "item": str(row.item_id) if row.item_id else None,
                "from": row.from_name,
                "at": row.at.isoformat(),
                "read_at": row.read_at.isoformat() if row.read_at else None,
            }
            for row in my_notices(actor)
        ]
    }
