"""Putting my part of a joint plan into my own weeks. What I do there is mine alone, and the joint plan does not ask."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import Kind
from lantern.domain.courses import commands as courses
from lantern.domain.joint_plans import policy, queries
from lantern.domain.joint_plans.commands.keeping import locked_plan
from lantern.domain.joint_plans.events import JointPartTaken
from lantern.domain.joint_plans.models import JointTaken
from lantern.domain.joint_plans.types import PutIn, StepView
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.domain.plans.types import MOST_MINUTES
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.events import publish


@transaction.atomic
def put_into_my_weeks(actor: Actor, *, plan_id: UUID) -> PutIn:
    """Put each step that I take part in into my own plan, in its week where I can use that, else in the first later one
    with room, else in no week; what is there already stays as it is. The other members are not told.

    Raises NotFound.
    """
    me = privacy.acting_person(actor)
    locked_plan(actor, plan_id)
    plan = queries.get_plan(actor, plan_id)
    wanted = [step for step in plan.steps if step.mine and not step.in_my_weeks]
    ids = {step.resource_id for step in wanted if step.resource_id}
    offered = {row.pk for row in catalog.list_offered_by_ids(actor, ids)}
    quiet = plan_queries.quiet_mondays(actor)
    before = dict(
        JointTaken.objects.filter(policy.my_taken(actor), step__plan_id=plan_id).values_list("step_id", "activity_id")
    )
    placed, not_offered = [], []
    for step in wanted:
        if step.resource_id is not None and step.resource_id not in offered:
            not_offered.append(step.title)
            continue
        placed.append(_put(actor, me, step, plan.title, quiet, before.get(step.id)))
    if placed:
        publish(actor, JointPartTaken(plan_id, len(placed)))
    return PutIn(
        placed=len(placed), waiting=sum(1 for monday in placed if monday is None), not_offered=tuple(not_offered)
    )


def _put(
    actor: Actor, me: UUID, step: StepView, plan_title: str, quiet: frozenset[date], before: UUID | None
) -> date | None:
    """Put one step into my weeks, in own words as the activity it was `before`; return in which week it is now."""
    monday = step.monday
    if monday is not None and (monday < clock.week_start(clock.today()) or monday in quiet):
        monday = None
    reason = f"From your joint plan “{plan_title}”"
    if step.resource_id is not None:
        item = plans.plan_resource(
            actor, resource_id=step.resource_id, monday=monday, reason=reason, not_before=step.monday
        )
    else:
        activity = (
            courses.resume(actor, activity_id=before)
            if before
            else courses.add_outside(
                actor, title=step.title, kind=Kind.COMMUNITY.value, minutes=min(step.minutes, MOST_MINUTES)
            )
        )
        item = plans.add_to_plan(actor, activity_id=activity.pk, monday=monday, reason=reason, not_before=step.monday)
    JointTaken.objects.update_or_create(
        person_id=me,
        step_id=step.id,
        defaults={"activity_id": item.activity_id, "at": clock.now(), "tenant_id": actor.tenancy.own},
    )
    found: date | None = item.monday
    return found
