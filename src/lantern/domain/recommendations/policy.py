"""Who may see suggestions: the person they are for, and nobody else in any role."""

from django.db.models import Q

from lantern.kernel.actor import Actor


def visible(actor: Actor) -> Q:
    """Return the rows that are the actor's own."""
    return Q(person_id=actor.person_id)


def can_have_suggestions(actor: Actor) -> bool:
    """Tell whether there is a person to suggest anything to."""
    return actor.person_id is not None
