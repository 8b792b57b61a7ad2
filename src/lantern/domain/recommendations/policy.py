"""Who may see suggestions: the person they are for, and nobody else in any role."""

from django.db.models import Q

from lantern.domain.privacy import policy as privacy
from lantern.domain.recommendations.models import Suggestion
from lantern.kernel.actor import Actor


def visible(actor: Actor) -> Q:
    """Return the rows that are the actor's own."""
    return privacy.visible(actor, Suggestion.privacy)
