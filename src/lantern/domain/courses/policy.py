"""Who may see and change activities: the educator whose they are, and nobody else."""

from uuid import UUID

from django.db.models import Q

from lantern.kernel.actor import Actor


def visible(actor: Actor) -> Q:
    """Return the filter for the activities the actor may see."""
    return Q(person_id=actor.person_id)


def can_learn(actor: Actor) -> bool:
    """Tell whether the actor may take something up: every person may, for herself."""
    return actor.person_id is not None


def can_erase(actor: Actor, person_id: UUID) -> bool:
    """Tell whether the actor may erase what belongs to a person: she herself, or Lantern on her request."""
    return actor.is_system or actor.person_id == person_id
