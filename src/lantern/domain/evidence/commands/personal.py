"""What happens to reflections and evidence when a person asks Lantern to forget her."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lantern.domain.evidence.models import Evidence, Reflection
from lantern.domain.privacy import policy as privacy
from lantern.kernel import files
from lantern.kernel.actor import Actor
from lantern.kernel.files.models import StoredFile


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete every reflection, evidence row and file of a person; return how many of each. Raises NotFound."""
    privacy.allow_erasure(actor, person_id)
    reflections = Reflection.objects.filter(person_id=person_id)
    kept = StoredFile.objects.filter(pk__in=Evidence.objects.filter(person_id=person_id).values("file_id"))
    counts = {"reflections deleted": reflections.count(), "evidence files deleted": kept.count()}
    for key in kept.values_list("key", flat=True):
        files.delete(key)
    reflections.delete()
    kept.delete()
    return counts
