"""Starting a joint plan, and wording what it is about."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lantern.domain.joint_plans.commands.keeping import locked_plan, write_down
from lantern.domain.joint_plans.events import JointPlanReworded, JointPlanStarted
from lantern.domain.joint_plans.models import JointMember, JointPlan
from lantern.domain.joint_plans.types import TITLE_MOST, WHY_MOST, ChangeKind, MemberState
from lantern.domain.needs import queries as needs
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid
from lantern.kernel.events import publish


@transaction.atomic
def start_plan(actor: Actor, *, title: str, why: str = "", group_need_id: UUID | None = None) -> JointPlan:
    """Start a joint plan with me in it, out of a need of my group when one is named. Raises NotFound, Invalid."""
    me = privacy.acting_person(actor)
    title, why = _words(title, why)
    if group_need_id is not None:
        needs.get_group_need(actor, group_need_id)
    now = clock.now()
    plan = JointPlan.objects.create(title=title, why=why, group_need_id=group_need_id, created_at=now, updated_at=now)
    JointMember.objects.create(plan=plan, person_id=me, state=MemberState.IN.value, at=now)
    write_down(actor, plan, ChangeKind.STARTED.value, after={"title": title, "why": why})
    publish(actor, JointPlanStarted(plan.pk))
    return plan


@transaction.atomic
def change_plan(actor: Actor, *, plan_id: UUID, title: str, why: str = "", version: int) -> JointPlan:
    """Give a joint plan that I am in another title or aim; the same words change nothing.

    Raises NotFound, Invalid; Conflict when somebody changed them since `version`.
    """
    plan = locked_plan(actor, plan_id)
    title, why = _words(title, why)
    if plan.version != version:
        raise Conflict("Somebody else changed this while you were writing. Nothing was lost.")
    if (title, why) == (plan.title, plan.why):
        return plan
    before = {"title": plan.title, "why": plan.why}
    plan.title, plan.why = title, why
    plan.version += 1
    plan.save(update_fields=["title", "why", "version"])
    write_down(actor, plan, ChangeKind.REWORDED.value, before=before, after={"title": title, "why": why})
    publish(actor, JointPlanReworded(plan.pk))
    return plan


def _words(title: str, why: str) -> tuple[str, str]:
    title, why = " ".join(title.split()), why.strip()
    problems = {}
    if not title:
        problems["title"] = "Give the plan a name."
    elif len(title) > TITLE_MOST:
        problems["title"] = f"Please keep the name to {TITLE_MOST} characters."
    if len(why) > WHY_MOST:
        problems["why"] = f"Please keep this to {WHY_MOST} characters."
    if problems:
        raise Invalid(problems)
    return title, why
