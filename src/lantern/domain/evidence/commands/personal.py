"""What happens to reflections and evidence when a person asks Lantern to forget her."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lantern.domain.evidence.models import Evidence, Reflection
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor
from lantern.kernel.files import keeping


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete every reflection, evidence row and file of a person; return how many of each. Raises NotFound.

    What was made from a file (the film and still of a video) goes with it.
    """
    privacy.allow_erasure(actor, person_id)
    reflections = Reflection.objects.filter(person_id=person_id)
    evidence = Evidence.objects.filter(person_id=person_id)
    counts = {"reflections deleted": reflections.count(), "evidence files deleted": evidence.count()}
    reflections.delete()
    evidence.delete()
    keeping.erase_files(person_id)
    return counts
