"""Who may see and change reflections and evidence: the educator whose they are."""

from django.db.models import Q

from lantern.domain.evidence.models import Reflection
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor


def visible(actor: Actor) -> Q:
    """Return the filter for the rows the actor may see."""
    return privacy.visible(actor, Reflection.privacy)


def can_ask(actor: Actor) -> bool:
    """Tell whether the actor may ask how it went: only Lantern itself does."""
    return actor.is_system
