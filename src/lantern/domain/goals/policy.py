"""Who may: a goal is its owner's alone; a coach reads one only through `privacy`."""

from django.db.models import Q

from lantern.domain.goals.models import Goal, GoalCheck
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor


def visible(actor: Actor) -> Q:
    """Return the filter for my goals."""
    return privacy.visible(actor, Goal.privacy)


def visible_checks(actor: Actor) -> Q:
    """Return the filter for the checks of my goals."""
    return privacy.visible(actor, GoalCheck.privacy)


def can_count(actor: Actor) -> bool:
    """Only Lantern's release rule counts goals over people."""
    return actor.is_system
