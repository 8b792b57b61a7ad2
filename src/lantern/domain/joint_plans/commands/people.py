"""Who takes part: asking, answering, leaving, and what stays when somebody is erased."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lantern.domain.joint_plans import policy
from lantern.domain.joint_plans.commands.keeping import locked_plan, my_place, write_down
from lantern.domain.joint_plans.events import (
    JointInvitationEnded,
    JointPlanAsked,
    JointPlanEnded,
    JointPlanJoined,
    JointPlanLeft,
)
from lantern.domain.joint_plans.models import JointChange, JointMember, JointPart, JointPlan, JointTaken
from lantern.domain.joint_plans.types import MOST_MEMBERS, ChangeKind, MemberState
from lantern.domain.people import queries as people
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound
from lantern.kernel.events import publish


@transaction.atomic
def invite(actor: Actor, *, plan_id: UUID, person_id: UUID) -> JointMember:
    """Ask somebody of my district into a joint plan that I am in, whatever her job; asking again changes nothing.

    Raises NotFound, Invalid.
    """
    plan = locked_plan(actor, plan_id)
    person = people.get_person(actor, person_id)
    if not person.active:
        raise NotFound("There is no such person.")
    existing = JointMember.objects.filter(plan=plan, person_id=person_id).first()
    if existing is not None:
        return existing
    if JointMember.objects.filter(plan=plan).count() >= MOST_MEMBERS:
        raise Invalid({"person_id": f"A plan is for at most {MOST_MEMBERS} people. You could start a second one."})
    member = JointMember.objects.create(
        plan=plan, person_id=person_id, asked_by_id=privacy.acting_person(actor), at=clock.now()
    )
    write_down(actor, plan, ChangeKind.ASKED.value, about_id=person_id)
    publish(actor, JointPlanAsked(member.pk, person_id))
    return member


@transaction.atomic
def take_back_invitation(actor: Actor, *, member_id: UUID) -> UUID:
    """Take an invitation back that nobody answered yet, whoever of us sent it; return the plan's id.

    Raises NotFound.
    """
    asked = JointMember.objects.filter(policy.invitations_of_my_plans(actor), pk=member_id).first()
    if asked is None:
        raise NotFound("There is no such invitation.")
    plan = locked_plan(actor, asked.plan_id)
    gone, _ = JointMember.objects.filter(pk=member_id, state=MemberState.ASKED).delete()
    if not gone:
        raise NotFound("There is no such invitation.")
    write_down(actor, plan, ChangeKind.TAKEN_BACK.value, about_id=asked.person_id)
    publish(actor, JointInvitationEnded(member_id))
    plan_id: UUID = plan.pk
    return plan_id


@transaction.atomic
def answer_invitation(actor: Actor, *, member_id: UUID, accept: bool) -> UUID:
    """Say yes or no to an invitation to me; return the plan's id. From a yes on I have the same rights as all others.

    A yes twice changes nothing. Raises NotFound.
    """
    mine = JointMember.objects.filter(policy.my_memberships(actor), pk=member_id).first()
    if mine is None:
        raise NotFound("There is no such invitation.")
    plan = JointPlan.objects.select_for_update().filter(pk=mine.plan_id).first()
    mine = JointMember.objects.filter(pk=member_id).first()  # taken back while we waited
    if plan is None or mine is None or (mine.state == MemberState.IN and not accept):
        raise NotFound("There is no such invitation.")
    plan_id: UUID = plan.pk
    if mine.state == MemberState.IN:
        return plan_id
    if accept:
        mine.state, mine.at = MemberState.IN.value, clock.now()
        mine.save(update_fields=["state", "at"])
        write_down(actor, plan, ChangeKind.JOINED.value)
        publish(actor, JointPlanJoined(plan_id))
    else:
        mine.delete()
        write_down(actor, plan, ChangeKind.SAID_NO.value)
    publish(actor, JointInvitationEnded(member_id))
    return plan_id


@transaction.atomic
def leave_plan(actor: Actor, *, plan_id: UUID) -> bool:
    """Leave a joint plan; it stays for the others, and goes when I was the last. What I put into my own weeks stays
    mine. Return whether the plan is still there. Raises NotFound.
    """
    plan = locked_plan(actor, plan_id)
    my_place(actor, plan).delete()  # and not what I took along: coming back, I would put it into my weeks twice
    write_down(actor, plan, ChangeKind.LEFT.value)
    publish(actor, JointPlanLeft(plan.pk))
    return not _ended(actor, plan)


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Take a person out of every joint plan: what she marked goes, and her name off what she did; the plans stay for
    the others. Return the counts.
    """
    privacy.allow_erasure(actor, person_id)
    hers = JointMember.objects.filter(person_id=person_id)
    # Locked before anything of them goes, and in one order: the others act plan first, and nobody waits crosswise.
    plans = list(JointPlan.objects.select_for_update().filter(pk__in=hers.values("plan_id")).order_by("pk"))
    taken, _ = JointTaken.objects.filter(person_id=person_id).delete()
    parts, _ = JointPart.objects.filter(member__person_id=person_id).delete()
    asked = list(hers.filter(state=MemberState.ASKED).values_list("pk", flat=True))
    members, _ = hers.delete()
    JointMember.objects.filter(asked_by_id=person_id).update(asked_by=None)
    named = JointChange.objects.filter(by_id=person_id).update(by=None)
    named += JointChange.objects.filter(about_id=person_id).update(about=None)
    _forget_in_values(person_id)
    for member_id in asked:
        publish(actor, JointInvitationEnded(member_id))
    gone = sum(_ended(actor, plan) for plan in plans)
    return {
        "places in joint plans": members,
        "marks in joint plans": parts + taken,
        "joint plans with nobody left": gone,
        "changes of joint plans without name": named,
    }


def _forget_in_values(person_id: UUID) -> None:
    """Take an id out of who took part, in the values that changes keep: it is found by the plain text of the id.

    An empty place stays for it, so that the history still says that somebody was named.
    """
    told = str(person_id)
    for change in JointChange.objects.filter(after__icontains=told) | JointChange.objects.filter(
        before__icontains=told
    ):
        for side in (change.before, change.after):
            if "people" in side:
                side["people"] = ["" if each == told else each for each in side["people"]]
        change.save(update_fields=["before", "after"])


def _ended(actor: Actor, plan: JointPlan) -> bool:
    """Delete a joint plan that nobody is in any more, with the invitations into it; tell whether it is gone."""
    members = JointMember.objects.filter(plan=plan)
    if members.filter(state=MemberState.IN).exists():
        return False
    asked = list(members.values_list("pk", flat=True))
    event = JointPlanEnded(plan.pk)
    plan.delete()
    for member_id in asked:
        publish(actor, JointInvitationEnded(member_id))
    publish(actor, event)
    return True
