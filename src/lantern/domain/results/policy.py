"""Who may: results of a class are their educator's alone, in every role."""

from django.db.models import Q

from lantern.domain.privacy import policy as privacy
from lantern.domain.results.models import ClassStandard, GoalMeasure, OwnClass, StandardResult
from lantern.kernel.actor import Actor


def visible(actor: Actor) -> Q:
    """Return the filter for my classes."""
    return privacy.visible(actor, OwnClass.privacy)


def visible_standards(actor: Actor) -> Q:
    """Return the filter for the standards of my classes."""
    return privacy.visible(actor, ClassStandard.privacy)


def visible_results(actor: Actor) -> Q:
    """Return the filter for the results of my classes."""
    return privacy.visible(actor, StandardResult.privacy)


def visible_measures(actor: Actor) -> Q:
    """Return the filter for what I put beside my goals."""
    return privacy.visible(actor, GoalMeasure.privacy)
