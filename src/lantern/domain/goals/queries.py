"""What may be asked about goals: always one's own, except what the release rule asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lantern.domain.goals import policy
from lantern.domain.goals.models import Goal, GoalCheck
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed, NotFound
from lantern.kernel.prepared import prepared


def my_goals(actor: Actor, state: str | None = "open") -> QuerySet[Goal]:
    """Return my goals in a state (None: all), the one due first before the others."""
    rows = Goal.objects.filter(policy.visible(actor)).select_related("competency", "initiative")
    return (rows.filter(state=state) if state else rows).order_by("due_on", "pk")


def open_goals(actor: Actor) -> list[Goal]:
    """Return my open goals without what they are tied to, the one due first before the others; for lists."""
    return _open_goals.list(actor)


@prepared
def _open_goals(actor: Actor) -> QuerySet[Goal]:
    return Goal.objects.filter(policy.visible(actor), state="open").order_by("due_on", "pk")


def open_by_person(
    actor: Actor, person_ids: Iterable[UUID]
) -> dict[UUID, list[tuple[UUID, str, UUID, int | None]]]:
    """Return the open goals of these people that name a competency, by person, the one due first before the others:
    id, title, competency, target level. For Lantern's own nightly work; raises NotAllowed.
    """
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself goes through everybody.")
    rows = Goal.objects.filter(person_id__in=list(person_ids), state="open", competency__isnull=False)
    found: dict[UUID, list[tuple[UUID, str, UUID, int | None]]] = defaultdict(list)
    for row in rows.only("person_id", "title", "competency_id", "target_level").order_by("due_on", "pk"):
        if row.competency_id is not None:
            found[row.person_id].append((row.pk, row.title, row.competency_id, row.target_level))
    return dict(found)


def last_checks(actor: Actor, goal_ids: Sequence[UUID]) -> dict[UUID, GoalCheck]:
    """Return the latest look at the measure of each of these goals of mine that has one."""
    rows = _checks.list(actor, tuple(goal_ids)) if goal_ids else []
    return {check.goal_id: check for check in rows}


@prepared
def _checks(actor: Actor, goal_ids: tuple[UUID, ...]) -> QuerySet[GoalCheck]:
    return GoalCheck.objects.filter(policy.visible_checks(actor), goal_id__in=goal_ids).order_by("on", "at")


def get_goal(actor: Actor, goal_id: UUID) -> Goal:
    """Return a goal of mine. Raises NotFound."""
    goal = my_goals(actor, state=None).filter(pk=goal_id).first()
    if goal is None:
        raise NotFound("There is no such goal.")
    return goal


def list_checks(actor: Actor, goal_id: UUID) -> QuerySet[GoalCheck]:
    """Return the looks at the measure of a goal of mine, oldest first."""
    return GoalCheck.objects.filter(policy.visible_checks(actor), goal_id=goal_id).order_by("on", "at")


def my_titles(actor: Actor) -> dict[UUID, str]:
    """Return the title of each goal of mine by its id."""
    return dict(Goal.objects.filter(policy.visible(actor)).values_list("pk", "title"))


def people_who_linked(actor: Actor, begins_on: date, ends_before: date) -> dict[UUID, frozenset[UUID]]:
    """Return for each initiative who linked a goal to it in these days, for the release rule only.

    Raises NotAllowed for anybody but Lantern itself: what it returns is not for showing.
    """
    if not policy.can_count(actor):
        raise NotAllowed("Goals are counted by Lantern's release rule only.")
    rows = Goal.objects.filter(linked_on__gte=begins_on, linked_on__lt=ends_before).values_list(
        "initiative_id", "person_id"
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for initiative_id, person_id in rows:
        if initiative_id is not None:
            found[initiative_id].add(person_id)
    return {initiative_id: frozenset(people) for initiative_id, people in found.items()}


def export_for(actor: Actor) -> dict[str, Any]:
    """Return my goals with their checks, whole."""
    return {
        "goals": [
            {
                "id": str(goal.pk),
                "title": goal.title,
                "why": goal.why,
                "competency": goal.competency.name if goal.competency else None,
                "target_level": goal.target_level,
                "measure": goal.measure,
                "baseline": goal.baseline,
                "target": goal.target,
                "due_on": goal.due_on.isoformat(),
                "initiative": goal.initiative.title if goal.initiative else None,
                "state": goal.state,
                "created_at": goal.created_at.isoformat(),
                "ended_at": goal.ended_at.isoformat() if goal.ended_at else None,
                "checks": [
                    {"on": check.on.isoformat(), "value": check.value, "note": check.note}
                    for check in sorted(goal.checks.all(), key=lambda check: (check.on, check.at))
                ],
            }
            for goal in my_goals(actor, state=None).prefetch_related("checks")
        ]
    }
