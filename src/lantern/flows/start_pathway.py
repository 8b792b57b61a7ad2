"""Putting a prepared start into one's weeks: each step that is not done, in its order, with why it is there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from lantern.domain.catalog.types import Status
from lantern.domain.courses import queries as courses
from lantern.domain.pathways import queries as pathways
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.kernel import clock
from lantern.kernel.actor import Actor

REASON_MOST = 200


@dataclass(frozen=True, slots=True)
class Started:
    """What went into the plan: how many steps, how many were done or planned already, how many found no week with
    room.
    """

    added: int
    done: int
    planned: int
    waiting: int


@transaction.atomic
def start(actor: Actor, *, pathway_id: UUID) -> Started:
    """Put the steps of a pathway that the actor has not finished into her plan, all or none; a repeat adds nothing.

    Each goes into the first week with room that is not before the step it follows. Raises NotFound.
    """
    pathway = pathways.get_pathway(actor, pathway_id)
    finished = courses.finished_resource_ids(actor)
    added = done = planned = waiting = 0
    after = clock.week_start(clock.today())
    for step, resource in pathways.steps_of(actor, pathway.pk):
        if resource.pk in finished:
            done += 1
            continue
        if resource.status != Status.PUBLISHED:
            continue
        activity = courses.activity_for_resource(actor, resource.pk)
        held = activity and plan_queries.item_for_activity(actor, activity.pk)
        if held:
            planned, after = planned + 1, max(after, held.monday or after)
            continue
        reason = f"{pathway.title}, step {step.position}: {step.outcome}"[:REASON_MOST]
        item = plans.plan_resource(actor, resource_id=resource.pk, reason=reason, not_before=after)
        added, waiting = added + 1, waiting + (item.monday is None)
        after = item.monday or after
    return Started(added, done, planned, waiting)
