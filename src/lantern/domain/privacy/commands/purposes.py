"""What a person lets her facts be used for."""

from __future__ import annotations

from django.db import transaction

from lantern.domain.privacy import policy
from lantern.domain.privacy.events import PurposeAllowed, PurposeRefused
from lantern.domain.privacy.models import Refusal
from lantern.domain.privacy.types import Purpose
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid
from lantern.kernel.events import publish


def _purpose(purpose: str) -> str:
    if purpose not in set(Purpose):
        raise Invalid({"purpose": "There is no such purpose."})
    return str(purpose)


@transaction.atomic
def refuse_purpose(actor: Actor, *, purpose: str) -> Refusal:
    """Say that my facts may not be used for a purpose; saying it twice changes nothing. Raises Invalid."""
    me = policy.acting_person(actor)
    row, new = Refusal.objects.get_or_create(
        person_id=me, purpose=_purpose(purpose), defaults={"at": clock.now(), "tenant_id": actor.tenancy.own}
    )
    if new:
        publish(actor, PurposeRefused(row.purpose))
    return row


@transaction.atomic
def allow_purpose(actor: Actor, *, purpose: str) -> None:
    """Take back a refusal of mine; harmless when there is none. Raises Invalid."""
    me = policy.acting_person(actor)
    gone, _ = Refusal.objects.filter(person_id=me, purpose=_purpose(purpose)).delete()
    if gone:
        publish(actor, PurposeAllowed(str(purpose)))
