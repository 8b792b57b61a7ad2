"""The count of changes, which everything that is held in memory hangs on, and the note of which index is current."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import F

from lantern.domain.catalog.models import SearchGeneration
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed


def count_change(actor: Actor) -> int:
    """Count one more change of the own tenant's catalog and return the count; first of all in every change.

    The row stays locked until the end of the transaction, so that revisions come in the order of commits.
    """
    row = _own(actor)
    SearchGeneration.objects.filter(pk=row.pk).update(changes=F("changes") + 1)
    return SearchGeneration.objects.values_list("changes", flat=True).get(pk=row.pk)


@transaction.atomic
def record_index(actor: Actor, *, generation: str, built_from: Mapping[UUID, int]) -> None:
    """Note that this build of the index is the current one, and what it was built from.

    Raises NotAllowed but for the system.
    """
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself builds the index.")
    SearchGeneration.objects.filter(pk=_own(actor).pk).update(
        generation=generation,
        built_from={str(tenant_id): changes for tenant_id, changes in built_from.items()},
        built_at=clock.now(),
    )


def _own(actor: Actor) -> SearchGeneration:
    row, _ = SearchGeneration.objects.get_or_create(tenant_id=actor.tenancy.own)
    return row
