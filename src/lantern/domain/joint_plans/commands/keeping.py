"""Finding and locking a joint plan, and writing down what was done to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.joint_plans import policy
from lantern.domain.joint_plans.models import JointChange, JointMember, JointPlan, JointStep
from lantern.domain.joint_plans.types import MemberState
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound


@transaction.atomic
def locked_plan(actor: Actor, plan_id: UUID) -> JointPlan:
    """Return a joint plan that I am in, with its row locked, so that its members act one after the other.

    Raises NotFound.
    """
    plan = JointPlan.objects.select_for_update().filter(policy.visible(actor), pk=plan_id).first()
    # Asked again: a lock that waited for somebody's leaving has looked at who is in before she left.
    if plan is None or not JointPlan.objects.filter(policy.visible(actor), pk=plan_id).exists():
        raise NotFound("There is no such plan.")
    return plan


def locked_step(actor: Actor, step_id: UUID) -> tuple[JointPlan, JointStep]:
    """Return a step of a joint plan that I am in, and that plan, locked. Raises NotFound."""
    plan_id = (
        JointStep.objects.filter(policy.visible_steps(actor), pk=step_id).values_list("plan_id", flat=True).first()
    )
    if plan_id is None:
        raise NotFound("There is no such step.")
    plan = locked_plan(actor, plan_id)
    return plan, JointStep.objects.get(pk=step_id)


def my_place(actor: Actor, plan: JointPlan) -> JointMember:
    """Return my own membership of a joint plan that I am in. Raises NotFound."""
    place = JointMember.objects.filter(policy.my_memberships(actor), plan=plan, state=MemberState.IN).first()
    if place is None:
        raise NotFound("There is no such plan.")
    return place


def write_down(
    actor: Actor,
    plan: JointPlan,
    kind: str,
    *,
    step: JointStep | None = None,
    about_id: UUID | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add a line to the history that all members read, and note that the plan changed."""
    now = clock.now()
    JointChange.objects.create(
        plan=plan,
        by_id=actor.person_id,
        about_id=about_id,
        step=step,
        kind=kind,
        before=before or {},
        after=after or {},
        at=now,
    )
    plan.updated_at = now
    plan.save(update_fields=["updated_at"])
