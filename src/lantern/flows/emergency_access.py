"""What follows from emergency access: the person is told, and the two operators read what she herself could export."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.notices import commands as notices
from lantern.domain.people import queries as people
from lantern.domain.privacy import commands as privacy
from lantern.domain.privacy.events import EmergencyAgreed, EmergencyHoldEnded
from lantern.flows.export import everything_about_me
from lantern.kernel.actor import Actor
from lantern.kernel.events import handles


@handles(EmergencyAgreed)
def tell_at_once(actor: Actor, event: EmergencyAgreed) -> None:
    """Operators were let in to your data."""
    if event.told:
        notices.notify(actor, person_id=event.person_id, kind="emergency_access", item_id=event.access_id)


@handles(EmergencyHoldEnded)
def tell_after_the_hold(actor: Actor, event: EmergencyHoldEnded) -> None:
    """Operators were let in to your data, and an order forbade to tell you before."""
    notices.notify(actor, person_id=event.person_id, kind="emergency_access", item_id=event.access_id)


@transaction.atomic
def read(actor: Actor, *, access_id: UUID) -> dict[str, Any]:
    """Return everything tied to the person, as she could export it, after the look is written down. Nothing changes.

    Raises NotAllowed for anybody but the two operators, and when the hour is over.
    """
    person_id = privacy.open_emergency(actor, access_id=access_id)
    return everything_about_me(people.actor_for(person_id, actor.tenancy.own))
