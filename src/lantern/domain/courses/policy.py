"""Who may see and change activities: the educator whose they are, and nobody else."""

from django.db.models import Q

from lantern.domain.courses.models import Activity
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor


def visible(actor: Actor) -> Q:
    """Return the filter for the activities the actor may see."""
    return privacy.visible(actor, Activity.privacy)
