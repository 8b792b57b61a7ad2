"""Who may: everybody in a joint plan the same, whatever her role elsewhere; for everybody else it does not exist.

No rule here asks for a role, and none asks who started it.
"""

from django.db.models import Q

from lantern.domain.joint_plans.models import JointChange, JointMember, JointPart, JointPlan, JointStep, JointTaken
from lantern.domain.joint_plans.types import MemberState
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor


def visible(actor: Actor) -> Q:
    """Return the filter for joint plans that I am in."""
    mine = JointMember.objects.filter(privacy.visible(actor, JointMember.privacy), state=MemberState.IN)
    return Q(pk__in=mine.values("plan_id"))


def readable(actor: Actor) -> Q:
    """Return the filter for joint plans that I am in, or asked into: of those I read what they are about."""
    return Q(pk__in=JointPlan.objects.filter(privacy.among(actor, JointPlan.privacy)).values("pk"))


def visible_steps(actor: Actor) -> Q:
    """Return the filter for steps of joint plans that I am in."""
    return Q(pk__in=JointStep.objects.filter(privacy.among(actor, JointStep.privacy)).values("pk"))


def visible_changes(actor: Actor) -> Q:
    """Return the filter for changes of joint plans that I am in."""
    return Q(pk__in=JointChange.objects.filter(privacy.among(actor, JointChange.privacy)).values("pk"))


def my_memberships(actor: Actor) -> Q:
    """Return the filter for my own memberships and invitations."""
    return privacy.visible(actor, JointMember.privacy)


def invitations_of_my_plans(actor: Actor) -> Q:
    """Return the filter for invitations into joint plans that I am in: any member may take one back."""
    mine = JointMember.objects.filter(my_memberships(actor), state=MemberState.IN)
    return Q(plan_id__in=mine.values("plan_id"), state=MemberState.ASKED)


def my_parts(actor: Actor) -> Q:
    """Return the filter for my own parts in steps."""
    return privacy.visible(actor, JointPart.privacy)


def my_taken(actor: Actor) -> Q:
    """Return the filter for what I put into my own weeks."""
    return privacy.visible(actor, JointTaken.privacy)
