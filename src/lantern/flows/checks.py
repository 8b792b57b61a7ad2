"""What follows from a check: it says something of a level, it lets things in the plan go that she showed already (N6),
and answers that were given for it make the items better.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.assessments import commands, queries
from lantern.domain.assessments.events import CheckFinished, CheckRemoved
from lantern.domain.assessments.types import RULES, SCALE
from lantern.domain.catalog import queries as catalog
from lantern.domain.courses import commands as courses
from lantern.domain.courses import queries as course_queries
from lantern.domain.courses.types import ActivityState
from lantern.domain.needs import commands as needs
from lantern.domain.needs import queries as need_queries
from lantern.domain.needs.types import EvidenceKind
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.engine import mastery
from lantern.kernel.actor import Actor
from lantern.kernel.events import handles
from lantern.kernel.jobs import Progress, job

CALIBRATE = "assessments.calibrate"


@handles(CheckFinished)
def _says_something(actor: Actor, event: CheckFinished) -> None:
    """A check with enough answers says something of her level; the one model weighs it with everything else."""
    row = queries.get_check(actor, event.check_id)
    count = row.answers.count()
    if count < RULES.least or row.finished_at is None:
        return
    found = mastery.from_check(queries.posterior_of(actor, row), SCALE, need_queries.day_of(row.finished_at))
    sign = needs.Sign(
        competency_id=row.competency_id, level=found.level, sd=found.sd, words=f"A check of {count} questions"
    )
    needs.note_evidence(actor, kind=EvidenceKind.CHECK, source_id=row.pk, signs=[sign], at=row.finished_at)


@handles(CheckRemoved)
def _says_nothing_any_more(actor: Actor, event: CheckRemoved) -> None:
    needs.note_evidence(actor, kind=EvidenceKind.CHECK, source_id=event.check_id, signs=[])


@dataclass(frozen=True, slots=True)
class Skippable:
    """Something in my plan that a check showed to be behind me."""

    item_id: UUID
    activity_id: UUID
    title: str
    minutes: int
    leads_to: int


def skippable(actor: Actor, *, check_id: UUID) -> list[Skippable]:
    """Return what my plan holds that leads no further than the level a check shows, begun things left alone.

    Raises NotFound.
    """
    row = queries.get_check(actor, check_id)
    if row.finished_at is None:
        return []
    shown = queries.result_of(actor, row).placement.shown
    if shown <= SCALE.lowest:
        return []
    planned = course_queries.my_activities(actor, states=(ActivityState.PLANNED,))
    resources = {activity.pk: activity.resource_id for activity in planned}
    behind = _behind(actor, row.competency_id, shown)
    plan = plan_queries.my_plan(actor)
    return [
        Skippable(item.id, item.activity_id, item.title, item.minutes, behind[found])
        for item in plan.items
        if (found := resources.get(item.activity_id)) in behind and found is not None
    ]


def _behind(actor: Actor, competency_id: UUID, shown: int) -> dict[UUID, int]:
    """Return the resources that lead to nothing but this competency, no further than the level shown."""
    found: dict[UUID, int] = {}
    for item in catalog.facts_for_ranking(actor):
        if len(item.competencies) == 1 and not item.guessed:
            competency, level = item.competencies[0]
            if competency == competency_id and level is not None and level <= shown:
                found[item.id] = level
    return found


@transaction.atomic
def let_go(actor: Actor, *, check_id: UUID, item_ids: Collection[UUID]) -> int:
    """Take what a check showed to be behind me out of my plan, and put it away; return the minutes that frees.

    Of the ids, only those that `skippable` names count. Raises NotFound.
    """
    freed = 0
    for one in skippable(actor, check_id=check_id):
        if one.item_id in item_ids:
            plans.remove_item(actor, item_id=one.item_id)
            courses.set_aside(actor, activity_id=one.activity_id)
            freed += one.minutes
    return freed


@job(
    CALIBRATE,
    reads=("private", "public"),
    reaches="authors of items: numbers of an item from thirty people on, of nobody",
)
def calibrate(actor: Actor, progress: Progress) -> dict[str, Any]:
    """Compute the numbers of every bank of the tenant anew, from answers that were given for it."""
    sizes = queries.bank_sizes(actor)
    done = 0
    for number, competency_id in enumerate(sorted(sizes), start=1):
        done += commands.calibrate(actor, competency_id=competency_id)
        progress(number, len(sizes))
    return {"items": done}
