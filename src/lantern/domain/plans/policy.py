"""Who may: a plan is changed by its owner and by nobody else, whatever her role (P1.2)."""

from django.db.models import Q

from lantern.domain.plans.models import Plan, PlanDraft, PlanItem, Review
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor


def visible(actor: Actor) -> Q:
    """Return the filter for my plan."""
    return privacy.visible(actor, Plan.privacy)


def visible_items(actor: Actor) -> Q:
    """Return the filter for the items of my plan."""
    return privacy.visible(actor, PlanItem.privacy)


def visible_draft(actor: Actor) -> Q:
    """Return the filter for the plan that was worked out for me."""
    return privacy.visible(actor, PlanDraft.privacy)


def visible_reviews(actor: Actor) -> Q:
    """Return the filter for what I came back to."""
    return privacy.visible(actor, Review.privacy)
