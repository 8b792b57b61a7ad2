"""What goes when a person goes."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lantern.domain.privacy import policy
from lantern.domain.privacy.models import EmergencyAccess, Look, Refusal, Share
from lantern.kernel.actor import Actor


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete a person's shares, the looks at her items and her refusals, and what others shared with her; return
    the counts.
    """
    policy.allow_erasure(actor, person_id)
    counts = {
        "shares": Share.objects.filter(person_id=person_id).delete()[0],
        "shares_with_her": Share.objects.filter(grantee_id=person_id).delete()[0],
        "looks": Look.objects.filter(person_id=person_id).delete()[0],
        "refused_purposes": Refusal.objects.filter(person_id=person_id).delete()[0],
    }
    Look.objects.filter(viewer_id=person_id).update(viewer_id=None, viewer_name="Somebody who was erased")
    for name in ("person", "asked_by", "agreed_by"):
        EmergencyAccess.objects.filter(**{name: person_id}).update(**{name: None})
    return counts
