"""Setting a goal, changing it, looking at its measure, and ending it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.competencies import queries as competencies
from lantern.domain.goals import policy
from lantern.domain.goals.events import GoalChanged, GoalChecked, GoalEnded, GoalSet
from lantern.domain.goals.models import Goal, GoalCheck
from lantern.domain.goals.types import GoalState
from lantern.domain.initiatives import queries as initiatives
from lantern.domain.privacy import commands as privacy
from lantern.domain.privacy import policy as privacy_policy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotFound
from lantern.kernel.events import publish

_LENGTHS = {"title": 200, "measure": 200, "baseline": 120, "target": 120}
_MISSING = {
    "title": "Give your goal a name.",
    "measure": "Say how you will notice it. A goal needs a measure, so that you can see your own progress.",
    "baseline": "Say where you are now, as well as you know.",
    "target": "Say where you want to be.",
}
_WORDS_MOST = 4000


@transaction.atomic
def set_goal(
    actor: Actor,
    *,
    title: str,
    measure: str,
    baseline: str,
    target: str,
    due_on: date | None,
    why: str = "",
    competency_id: UUID | None = None,
    target_level: int | None = None,
    initiative_id: UUID | None = None,
) -> Goal:
    """Set a goal of my own.

    Without a measure, a baseline, a target and a coming day it is refused (Invalid, by field).
    """
    me = privacy_policy.acting_person(actor)
    facts = _checked(title, measure, baseline, target, due_on, why, competency_id, target_level)
    _allow_ties(actor, competency_id, initiative_id)
    now = clock.now()
    goal = Goal.objects.create(
        person_id=me,
        initiative_id=initiative_id,
        linked_on=clock.today() if initiative_id else None,
        created_at=now,
        updated_at=now,
        **facts,
    )
    publish(actor, GoalSet(goal.pk))
    return goal


@transaction.atomic
def edit_goal(
    actor: Actor,
    *,
    goal_id: UUID,
    title: str,
    measure: str,
    baseline: str,
    target: str,
    due_on: date | None,
    why: str = "",
    competency_id: UUID | None = None,
    target_level: int | None = None,
    initiative_id: UUID | None = None,
) -> Goal:
    """Change an open goal of mine; a day that has passed may stay as it is. Raises NotFound, Conflict, Invalid."""
    goal = _mine(actor, goal_id)
    if goal.state != GoalState.OPEN:
        raise Conflict("This goal is closed. Open it again to change it.")
    facts = _checked(title, measure, baseline, target, due_on, why, competency_id, target_level, kept=goal.due_on)
    _allow_ties(
        actor,
        competency_id if competency_id != goal.competency_id else None,
        initiative_id if initiative_id != goal.initiative_id else None,
    )
    if initiative_id != goal.initiative_id:
        goal.initiative_id = initiative_id
        goal.linked_on = clock.today() if initiative_id else None
    for name, value in facts.items():
        setattr(goal, name, value)
    goal.updated_at = clock.now()
    goal.save()
    publish(actor, GoalChanged(goal.pk))
    return goal


@transaction.atomic
def check_goal(actor: Actor, *, goal_id: UUID, value: str, note: str = "") -> GoalCheck:
    """Write down what my measure says today, in words or figures. Raises NotFound, Conflict, Invalid."""
    goal = _mine(actor, goal_id)
    if goal.state != GoalState.OPEN:
        raise Conflict("This goal is closed. Open it again to go on.")
    problems = {}
    if not value.strip():
        problems["value"] = "Say what your measure shows now."
    elif len(value.strip()) > _LENGTHS["baseline"]:
        problems["value"] = f"Please keep this to {_LENGTHS['baseline']} characters; the note below takes more."
    if len(note) > _WORDS_MOST:
        problems["note"] = f"Please keep this to {_WORDS_MOST} characters."
    if problems:
        raise Invalid(problems)
    row = GoalCheck.objects.create(goal=goal, on=clock.today(), value=value.strip(), note=note.strip(), at=clock.now())
    publish(actor, GoalChecked(goal.pk))
    return row


@transaction.atomic
def end_goal(actor: Actor, *, goal_id: UUID, state: str) -> Goal:
    """Call a goal of mine reached, or let it go; saying the same twice changes nothing.

    Raises NotFound, Conflict, Invalid.
    """
    if state not in {GoalState.REACHED, GoalState.LET_GO}:
        raise Invalid({"state": "Say whether you reached it or let it go."})
    goal = _mine(actor, goal_id)
    if goal.state == state:
        return goal
    if goal.state != GoalState.OPEN:
        raise Conflict("This goal is closed already. Open it again first.")
    goal.state, goal.ended_at, goal.updated_at = str(state), clock.now(), clock.now()
    goal.save(update_fields=["state", "ended_at", "updated_at"])
    publish(actor, GoalEnded(goal.pk, reached=state == GoalState.REACHED))
    return goal


@transaction.atomic
def reopen_goal(actor: Actor, *, goal_id: UUID) -> Goal:
    """Take back that a goal of mine ended. Raises NotFound."""
    goal = _mine(actor, goal_id)
    if goal.state != GoalState.OPEN:
        goal.state, goal.ended_at, goal.updated_at = GoalState.OPEN.value, None, clock.now()
        goal.save(update_fields=["state", "ended_at", "updated_at"])
        publish(actor, GoalChanged(goal.pk))
    return goal


@transaction.atomic
def open_shared_goal(actor: Actor, *, goal_id: UUID, purpose: str) -> Goal:
    """Return a goal that its owner shared with me, and write the look down for her. Raises NotFound for any other."""
    goal = Goal.objects.select_related("competency", "initiative", "person").filter(pk=goal_id).first()
    if goal is None:
        raise NotFound("There is no such goal.")
    privacy.open_item(
        actor, owner_id=goal.person_id, tenant_id=goal.tenant_id, item_kind="goal", item_id=goal.pk, purpose=purpose
    )
    return goal


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete all goals of a person with their checks; return the counts."""
    privacy_policy.allow_erasure(actor, person_id)
    checks, _ = GoalCheck.objects.filter(goal__person_id=person_id).delete()
    goals, _ = Goal.objects.filter(person_id=person_id).delete()
    return {"goals": goals, "goal_checks": checks}


def _mine(actor: Actor, goal_id: UUID) -> Goal:
    goal = Goal.objects.select_for_update().filter(policy.visible(actor), pk=goal_id).first()
    if goal is None:
        raise NotFound("There is no such goal.")
    return goal


def _allow_ties(actor: Actor, competency_id: UUID | None, initiative_id: UUID | None) -> None:
    """Let a goal point only to what the actor may see. Raises NotFound."""
    if competency_id is not None:
        competencies.get_competency(actor, competency_id)
    if initiative_id is not None:
        initiatives.get_initiative(actor, initiative_id)


def _checked(
    title: str,
    measure: str,
    baseline: str,
    target: str,
    due_on: date | None,
    why: str,
    competency_id: UUID | None,
    target_level: int | None,
    *,
    kept: date | None = None,
) -> dict[str, Any]:
    """Return the fields of a goal, trimmed, or raise Invalid with everything there is to put right."""
    texts = {"title": title.strip(), "measure": measure.strip(), "baseline": baseline.strip(), "target": target.strip()}
    problems = {name: _MISSING[name] for name, text in texts.items() if not text}
    for name, most in _LENGTHS.items():
        if len(texts[name]) > most:
            problems[name] = f"Please keep this to {most} characters."
    if len(why) > _WORDS_MOST:
        problems["why"] = f"Please keep this to {_WORDS_MOST} characters."
    if due_on is None:
        problems["due_on"] = "Choose a day by which you want to get there."
    elif due_on <= clock.today() and due_on != kept:
        problems["due_on"] = "Choose a day that is still to come."
    elif due_on.year > clock.today().year + 10:
        problems["due_on"] = "Choose a day within the next ten years."
    if target_level is not None and competency_id is None:
        problems["target_level"] = "A level belongs to a competency. Choose the competency first."
    elif target_level is not None and not 1 <= target_level <= 4:
        problems["target_level"] = "Choose a level from the list."
    if problems:
        raise Invalid(problems)
    return {**texts, "why": why.strip(), "due_on": due_on, "competency_id": competency_id, "target_level": target_level}
