"""Who may see notices: the person they are for."""

from uuid import UUID

from django.db.models import Q

from lantern.kernel.actor import Actor


def visible(actor: Actor) -> Q:
    """Return the filter for the notices the actor may see."""
    return Q(person_id=actor.person_id)


def can_erase(actor: Actor, person_id: UUID) -> bool:
    """Tell whether the actor may erase what belongs to a person: she herself, or Lantern on her request."""
    return actor.is_system or actor.person_id == person_id
