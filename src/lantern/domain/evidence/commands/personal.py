"""What happens to reflections and evidence when a person asks Lantern to forget her."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lantern.domain.evidence import policy
from lantern.domain.evidence.models import Evidence, Reflection
from lantern.kernel import files
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed
from lantern.kernel.files.models import StoredFile


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete every reflection, evidence row and file of a person; return how many of each. Raises NotAllowed."""
    if not policy.can_erase(actor, person_id):
        raise NotAllowed("Only the person herself can ask for this.")
    reflections = Reflection.objects.filter(person_id=person_id)
    kept = StoredFile.objects.filter(pk__in=Evidence.objects.filter(person_id=person_id).values("file_id"))
    counts = {"reflections deleted": reflections.count(), "evidence files deleted": kept.count()}
    for key in kept.values_list("key", flat=True):
        files.delete(key)
    reflections.delete()
    kept.delete()
    return counts
