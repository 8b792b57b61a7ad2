"""What may be asked about joint plans: those I am in, invitations to me, and what was changed by whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from lantern.domain.joint_plans import policy
from lantern.domain.joint_plans.models import JointChange, JointMember, JointPart, JointPlan, JointStep, JointTaken
from lantern.domain.joint_plans.types import (
    CHANGE_WORDS,
    SOMEBODY,
    ChangeKind,
    ChangeView,
    Invitation,
    JointPlanLine,
    JointPlanView,
    MemberState,
    MemberView,
    StepView,
)
from lantern.domain.people import queries as people
from lantern.domain.plans import queries as plans
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound

_LATEST = 200
_LABELS = {
    "title": "Title",
    "why": "Why",
    "minutes": "Minutes",
    "monday": "Week of",
    "people": "Who takes part",
    "done": "Marked as done",
}


def my_plans(actor: Actor, group_need_id: UUID | None = None) -> list[JointPlanLine]:
    """Return the joint plans that I am in or asked into (from one need of a group when it is named), those that changed
    last first, each in the same few questions.
    """
    rows = JointPlan.objects.filter(policy.readable(actor))
    if group_need_id is not None:
        rows = rows.filter(group_need_id=group_need_id)
    rows = rows.annotate(live_steps=Count("steps", filter=Q(steps__removed_at__isnull=True), distinct=True))
    rows = rows.prefetch_related(Prefetch("members", _members()))
    return [_line(actor, row) for row in rows.order_by("-updated_at", "-pk")]


def count_invitations(actor: Actor) -> int:
    """Return how many invitations wait for my answer."""
    return JointMember.objects.filter(policy.my_memberships(actor), state=MemberState.ASKED).count()


def _line(actor: Actor, row: Any) -> JointPlanLine:
    members = list(row.members.all())
    asked = next(
        (one.pk for one in members if one.person_id == actor.person_id and one.state == MemberState.ASKED), None
    )
    return JointPlanLine(
        id=row.pk,
        title=row.title,
        why=row.why,
        people=tuple(one.person.full_name for one in members if one.state == MemberState.IN),
        steps=0 if asked else row.live_steps,
        invitation_id=asked,
        updated_at=row.updated_at,
    )


def _members() -> QuerySet[JointMember]:
    return JointMember.objects.select_related("person").order_by("person__family_name", "person__given_name", "pk")


def get_plan(actor: Actor, plan_id: UUID) -> JointPlanView:
    """Return a joint plan that I am in, whole. Raises NotFound."""
    plan = JointPlan.objects.filter(policy.visible(actor), pk=plan_id).first()
    if plan is None:
        raise NotFound("There is no such plan.")
    members = list(_members().filter(plan=plan))
    steps = JointStep.objects.filter(plan=plan).prefetch_related("parts").order_by("monday", "created_at", "pk")
    kept = JointTaken.objects.filter(policy.my_taken(actor), step__plan=plan)
    mine = dict(kept.values_list("step_id", "activity_id"))
    planned = plans.planned_activities(actor, mine.values())
    taken = frozenset(step_id for step_id, activity_id in mine.items() if activity_id in planned)
    seen = [_step(actor, step, members, taken) for step in steps]
    return JointPlanView(
        id=plan.pk,
        title=plan.title,
        why=plan.why,
        version=plan.version,
        group_need_id=plan.group_need_id,
        members=tuple(_member(actor, one) for one in members if one.state == MemberState.IN),
        asked=tuple(_member(actor, one) for one in members if one.state == MemberState.ASKED),
        steps=tuple(sorted((step for step in seen if step.removed_at is None), key=_by_week)),
        removed=tuple(step for step in seen if step.removed_at is not None),
    )


def _by_week(step: StepView) -> tuple[bool, date]:
    return step.monday is None, step.monday or date.min


def get_step(actor: Actor, step_id: UUID) -> tuple[JointPlanView, StepView]:
    """Return a step of a joint plan that I am in, and that plan. Raises NotFound."""
    plan_id = (
        JointStep.objects.filter(policy.visible_steps(actor), pk=step_id).values_list("plan_id", flat=True).first()
    )
    if plan_id is None:
        raise NotFound("There is no such step.")
    plan = get_plan(actor, plan_id)
    return plan, next(step for step in (*plan.steps, *plan.removed) if step.id == step_id)


def _member(actor: Actor, row: JointMember) -> MemberView:
    return MemberView(
        row.pk, row.person_id, row.person.full_name, row.person.initials, row.person_id == actor.person_id
    )


def _step(actor: Actor, row: JointStep, members: list[JointMember], taken: frozenset[UUID]) -> StepView:
    parts: dict[UUID, JointPart] = {part.member_id: part for part in row.parts.all()}
    named = [one for one in members if one.pk in parts and parts[one.pk].named]
    within = [one for one in members if one.state == MemberState.IN] if row.everybody else named
    done = [one for one in within if one.pk in parts and parts[one.pk].done_at is not None]
    return StepView(
        id=row.pk,
        title=row.title,
        resource_id=row.resource_id,
        minutes=row.minutes,
        monday=row.monday,
        version=row.version,
        everybody=row.everybody,
        member_ids=() if row.everybody else tuple(one.pk for one in named),
        people=() if row.everybody else tuple(one.person.full_name for one in named),
        done_by=tuple(one.person.full_name for one in done),
        mine=any(one.person_id == actor.person_id for one in within),
        done_by_me=any(one.person_id == actor.person_id for one in done),
        in_my_weeks=row.pk in taken,
        removed_at=row.removed_at,
    )


def get_invitation(actor: Actor, member_id: UUID) -> Invitation:
    """Return an invitation to me, which shows what the plan is about and who is in. Raises NotFound."""
    rows = JointMember.objects.filter(policy.my_memberships(actor), state=MemberState.ASKED)
    row = rows.select_related("plan", "asked_by").filter(pk=member_id).first()
    if row is None:
        raise NotFound("There is no such invitation.")
    within = _members().filter(plan_id=row.plan_id, state=MemberState.IN)
    return Invitation(
        id=row.pk,
        plan_id=row.plan_id,
        title=row.plan.title,
        why=row.plan.why,
        asked_by=row.asked_by.full_name if row.asked_by else SOMEBODY,
        people=tuple(one.person.full_name for one in within),
        at=row.at,
    )


def find_to_ask(actor: Actor, plan_id: UUID, words: str) -> list[Any]:
    """Return people of my district whom these words name and who neither take part nor are asked. Raises NotFound."""
    if not JointPlan.objects.filter(policy.visible(actor), pk=plan_id).exists():
        raise NotFound("There is no such plan.")
    there = frozenset(JointMember.objects.filter(plan_id=plan_id).values_list("person_id", flat=True))
    return [one for one in people.find_people(actor, words, most=20) if one.pk not in there]


def count_changes(actor: Actor, plan_id: UUID) -> int:
    """Return how often something was done to a joint plan that I am in."""
    return JointChange.objects.filter(policy.visible_changes(actor), plan_id=plan_id).count()


def list_changes(actor: Actor, plan_id: UUID, most: int = _LATEST, start: int = 0) -> list[ChangeView]:
    """Return what was done to a joint plan that I am in, newest first and from the one numbered `start` on, with names
    as they are known today and steps as they were called then.

    Raises NotFound.
    """
    if not JointPlan.objects.filter(policy.visible(actor), pk=plan_id).exists():
        raise NotFound("There is no such plan.")
    rows = JointChange.objects.filter(policy.visible_changes(actor), plan_id=plan_id)
    listed = list(rows.select_related("by", "about").order_by("-at", "-pk")[start : start + most])
    ids = {each for row in listed for side in (row.before, row.after) for each in side.get("people") or () if each}
    names = people.names_of(actor, {UUID(each) for each in ids})
    return [_change(row, names) for row in listed]


def _change(row: JointChange, names: dict[UUID, str]) -> ChangeView:
    title = _title_then(row) or "a step"
    about = row.about.full_name if row.about else "somebody"
    shown = row.kind in (ChangeKind.REWORDED, ChangeKind.STEP_CHANGED)
    values = [
        (label, *told)
        for name, label in _LABELS.items()
        if shown and (told := (_worded(row.before, name, names), _worded(row.after, name, names)))[0] != told[1]
    ]
    return ChangeView(
        who=row.by.full_name if row.by else SOMEBODY,
        words=CHANGE_WORDS[row.kind].format(step=title, about=about),
        at=row.at,
        values=tuple(values),
    )


def _title_then(row: JointChange) -> str | None:
    """Return what a step was called when it was changed: nobody is told to have added words that came later."""
    title: str | None = row.after.get("title") or row.before.get("title")
    return title


def _worded(side: dict[str, Any], name: str, names: dict[UUID, str]) -> str:
    value = side.get(name)
    if name == "people" and value is not None:
        told = dict.fromkeys(names.get(UUID(each), SOMEBODY) if each else SOMEBODY for each in value)
        return ", ".join(told) or ("Everybody" if side.get("everybody", True) else "Nobody")
    if name == "done" and value is not None:
        return f"by {value}" if value else "by nobody yet"
    return "" if value is None else str(value)


def facts_of(row: JointStep, people_ids: Iterable[UUID]) -> dict[str, Any]:
    """Return a step as a change keeps it: plain values and ids, no names. For this feature's own use."""
    return {
        "title": row.title,
        "minutes": row.minutes,
        "monday": row.monday.isoformat() if row.monday else None,
        "people": sorted(str(each) for each in people_ids),
        "everybody": row.everybody,
    }


def export_for(actor: Actor) -> dict[str, Any]:
    """Return the joint plans that I am in or asked into, what I marked in them and what I did to them."""
    mine = JointMember.objects.filter(policy.my_memberships(actor)).select_related("plan").order_by("at")
    done = JointPart.objects.filter(policy.my_parts(actor), done_at__isnull=False).select_related("step")
    taken = JointTaken.objects.filter(policy.my_taken(actor)).select_related("activity").order_by("at")
    acts = JointChange.objects.filter(policy.visible_changes(actor), by_id=actor.person_id)
    return {
        "joint_plans": [
            {"title": row.plan.title, "why": row.plan.why, "state": row.state, "since": row.at.isoformat()}
            for row in mine
        ],
        "marked_as_done": [
            {"step": row.step.title, "at": row.done_at.isoformat()} for row in done.order_by("done_at") if row.done_at
        ],
        "put_into_my_weeks": [{"step": row.activity.title, "at": row.at.isoformat()} for row in taken],
        "what_i_did_in_them": [
            {
                "kind": row.kind,
                "step": _title_then(row) if row.kind.startswith("step") else None,
                "before": row.before,
                "after": row.after,
                "at": row.at.isoformat(),
            }
            for row in acts.order_by("at")
        ],
    }
