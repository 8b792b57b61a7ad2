"""Releasing a count, once."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lantern.domain.privacy import policy
from lantern.domain.privacy.events import ReleaseWritten
from lantern.domain.privacy.models import Release
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed
from lantern.kernel.events import publish


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
