"""That somebody was forgotten: kept as an id that names nobody, so that a restored backup forgets her again."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lantern.domain.privacy import policy
from lantern.domain.privacy.events import PersonErased
from lantern.domain.privacy.models import Tombstone
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.events import publish


@transaction.atomic
def note_erasure(actor: Actor, *, person_id: UUID) -> Tombstone:
    """Note that a person's rows were erased; a second time changes nothing. Raises NotFound for anybody else's."""
    policy.allow_erasure(actor, person_id)
    row, new = Tombstone.objects.get_or_create(
        person_id=person_id, tenant_id=actor.tenancy.own, defaults={"at": clock.now()}
    )
    if new:
        publish(actor, PersonErased(row.pk))
    return row
