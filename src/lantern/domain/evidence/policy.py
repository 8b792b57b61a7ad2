"""Who may see and change reflections and evidence: the educator whose they are."""

from uuid import UUID

from django.db.models import Q

from lantern.kernel.actor import Actor


def visible(actor: Actor) -> Q:
    """Return the filter for the rows the actor may see."""
    return Q(person_id=actor.person_id)


def can_submit(actor: Actor) -> bool:
    """Tell whether the actor may reflect and keep evidence: every person may, for herself."""
    return actor.person_id is not None


def can_ask(actor: Actor) -> bool:
    """Tell whether the actor may ask how it went: only Lantern itself does."""
    return actor.is_system


def can_erase(actor: Actor, person_id: UUID) -> bool:
    """Tell whether the actor may erase what belongs to a person: she herself, or Lantern on her request."""
    return actor.is_system or actor.person_id == person_id
