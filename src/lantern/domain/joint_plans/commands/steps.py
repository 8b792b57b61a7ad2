"""The steps of a joint plan: adding, changing, taking out, bringing back, and marking one's own part as done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import Status
from lantern.domain.joint_plans import queries
from lantern.domain.joint_plans.commands.keeping import locked_plan, locked_step, my_place, write_down
from lantern.domain.joint_plans.events import (
    JointStepAdded,
    JointStepBroughtBack,
    JointStepChanged,
    JointStepMarked,
    JointStepRemoved,
)
from lantern.domain.joint_plans.models import JointMember, JointPart, JointPlan, JointStep
from lantern.domain.joint_plans.types import MOST_MINUTES, MOST_STEPS, STEP_TITLE_MOST, ChangeKind, MemberState
from lantern.domain.plans.types import MOST_WEEKS
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid
from lantern.kernel.events import publish


@transaction.atomic
def add_step(
    actor: Actor,
    *,
    plan_id: UUID,
    title: str = "",
    minutes: int | None,
    monday: date | None = None,
    resource_id: UUID | None = None,
    member_ids: Iterable[UUID] = (),
) -> JointStep:
    """Add a step to a joint plan that I am in: a resource of the catalog, or own words. Without `member_ids` it is for
    everybody. Raises NotFound, Invalid.
    """
    plan = locked_plan(actor, plan_id)
    if resource_id is not None:
        resource = catalog.get_resource(actor, resource_id)
        if resource.status != Status.PUBLISHED:
            raise Invalid({"title": "This is not offered any more."})
        title = title.strip() or resource.title
        minutes = minutes or resource.minutes
    _check_room(plan)
    title, lasts = _checked(title, minutes, monday, was=None)
    step = JointStep.objects.create(
        plan=plan, resource_id=resource_id, title=title, minutes=lasts, monday=monday, created_at=clock.now()
    )
    named = _name(plan, step, member_ids)
    write_down(actor, plan, ChangeKind.STEP_ADDED.value, step=step, after=queries.facts_of(step, named))
    publish(actor, JointStepAdded(step.pk))
    return step


@transaction.atomic
def change_step(
    actor: Actor,
    *,
    step_id: UUID,
    title: str,
    minutes: int | None,
    monday: date | None = None,
    member_ids: Iterable[UUID] = (),
    everybody: bool = False,
    version: int,
) -> JointStep:
    """Change a step of a joint plan that I am in; the same values change nothing. Where its words change, what was
    marked as done on the old ones is not marked any more.

    Without `member_ids` it is for everybody; but a step whose named people have all left stays nobody's until somebody
    is named or `everybody` is said. Raises NotFound, Invalid; Conflict when somebody changed it, or took it out, since
    `version`.
    """
    plan, step = locked_step(actor, step_id)
    title, lasts = _checked(title, minutes, monday, was=step.monday)
    if step.version != version or step.removed_at is not None:
        raise Conflict("Somebody else changed this while you were writing. Nothing was lost.")
    named, wanted = _named(step), set(member_ids)
    before = queries.facts_of(step, named)
    step.title, step.minutes, step.monday = title, lasts, monday
    stays_nobodys = not (step.everybody or named or wanted or everybody)
    after = queries.facts_of(step, set() if stays_nobodys else _name(plan, step, wanted))
    if after == before:
        return step
    if after["title"] != before["title"]:
        before["done"], after["done"] = _unmark(step), 0
    step.version += 1
    step.save(update_fields=["title", "minutes", "monday", "everybody", "version"])
    write_down(actor, plan, ChangeKind.STEP_CHANGED.value, step=step, before=before, after=after)
    publish(actor, JointStepChanged(step.pk))
    return step


@transaction.atomic
def remove_step(actor: Actor, *, step_id: UUID) -> JointStep:
    """Take a step out of a joint plan that I am in; it can be brought back, and stays in the weeks of those who put it
    there. A repeat changes nothing. Raises NotFound.
    """
    plan, step = locked_step(actor, step_id)
    if step.removed_at is not None:
        return step
    step.removed_at = clock.now()
    _kept(step)
    write_down(actor, plan, ChangeKind.STEP_REMOVED.value, step=step, before=queries.facts_of(step, _named(step)))
    publish(actor, JointStepRemoved(step.pk))
    return step


@transaction.atomic
def bring_back_step(actor: Actor, *, step_id: UUID) -> JointStep:
    """Bring a step back that was taken out, as it was. A repeat changes nothing. Raises NotFound, Invalid."""
    plan, step = locked_step(actor, step_id)
    if step.removed_at is None:
        return step
    _check_room(plan)
    step.removed_at = None
    _kept(step)
    write_down(actor, plan, ChangeKind.STEP_BACK.value, step=step, after=queries.facts_of(step, _named(step)))
    publish(actor, JointStepBroughtBack(step.pk))
    return step


@transaction.atomic
def mark_done(actor: Actor, *, step_id: UUID, done: bool) -> JointPart:
    """Say in the joint plan, for all its members to read, that my part of a step is done, or not yet.

    Nothing else says so: what I finish in my own weeks is not told here. A repeat changes nothing. Raises NotFound,
    Invalid for a step that I take no part in.
    """
    plan, step = locked_step(actor, step_id)
    me = my_place(actor, plan)
    part = JointPart.objects.filter(step=step, member=me).first()
    if step.removed_at is not None or not (step.everybody or (part is not None and part.named)):
        raise Invalid("You take no part in this step, so there is nothing to mark.")
    if part is None:
        part = JointPart.objects.create(step=step, member=me)
    if (part.done_at is not None) == done:
        return part
    part.done_at = clock.now() if done else None
    part.save(update_fields=["done_at"])
    kind = ChangeKind.STEP_DONE if done else ChangeKind.STEP_NOT_DONE
    write_down(actor, plan, kind.value, step=step, after={"title": step.title})
    publish(actor, JointStepMarked(step.pk, done))
    return part


def _check_room(plan: JointPlan) -> None:
    if JointStep.objects.filter(plan=plan, removed_at__isnull=True).count() >= MOST_STEPS:
        raise Invalid({"": f"A plan holds at most {MOST_STEPS} steps."})


def _unmark(step: JointStep) -> int:
    """Take back what was marked as done, since it was said of other words; return how many had marked it."""
    return JointPart.objects.filter(step=step, done_at__isnull=False).update(done_at=None)


def _kept(step: JointStep) -> None:
    step.version += 1
    step.save(update_fields=["removed_at", "version"])


def _checked(title: str, minutes: int | None, monday: date | None, was: date | None) -> tuple[str, int]:
    title = " ".join(title.split())
    problems = {}
    if not title or len(title) > STEP_TITLE_MOST:
        problems["title"] = f"Say what it is, in at most {STEP_TITLE_MOST} characters."
    if minutes is None or not 1 <= minutes <= MOST_MINUTES:
        problems["minutes"] = f"Choose between 1 and {MOST_MINUTES} minutes."
    this_monday = clock.week_start(clock.today())
    if monday is not None and monday != was:
        if monday.weekday() != 0:
            problems["monday"] = "A week is named by its Monday."
        elif monday < this_monday:
            problems["monday"] = "That week is over. Choose this week or a later one."
        elif monday > this_monday + timedelta(weeks=MOST_WEEKS):
            problems["monday"] = "Choose a week within the coming year."
    if problems:
        raise Invalid(problems)
    return title, minutes or 0


def _named(step: JointStep) -> set[UUID]:
    """Return the people named for a step; nobody where it is for everybody."""
    return set(step.parts.filter(named=True).values_list("member__person_id", flat=True))


def _name(plan: JointPlan, step: JointStep, member_ids: Iterable[UUID]) -> set[UUID]:
    """Say who takes part in a step: the members named, or everybody for none; return their persons."""
    wanted = set(member_ids)
    members = {one.pk: one for one in JointMember.objects.filter(plan=plan, state=MemberState.IN)}
    if not wanted <= members.keys():
        raise Invalid({"member_ids": "Somebody you chose does not take part any more. Please choose again."})
    step.everybody = not wanted
    step.save(update_fields=["everybody"])
    JointPart.objects.filter(step=step, named=True).exclude(member_id__in=wanted).update(named=False)
    for member_id in wanted:
        JointPart.objects.update_or_create(
            step=step, member_id=member_id, defaults={"named": True, "tenant_id": step.tenant_id}
        )
    return {members[each].person_id for each in wanted}
