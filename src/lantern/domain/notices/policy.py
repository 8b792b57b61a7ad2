"""Who may see notices: the person they are for."""

from django.db.models import Q

from lantern.domain.notices.models import Notice
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor


def visible(actor: Actor) -> Q:
    """Return the filter for the notices the actor may see."""
    return privacy.visible(actor, Notice.privacy)
