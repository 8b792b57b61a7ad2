"""Putting activities into weeks, moving and holding them, and saying how many minutes a week has.

Every change locks the plan's row first and counts its version up, so that two windows end in one of the two orders
and never in a mixture; positions within a week are numbered anew, without gaps, after each change.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from lantern.domain.courses import commands as course_commands
from lantern.domain.courses import queries as courses
from lantern.domain.courses.types import ActivityState
from lantern.domain.goals import queries as goals
from lantern.domain.people import queries as people
from lantern.domain.plans import policy, queries
from lantern.domain.plans.events import (
    PlanChanged,
    PlanItemAdded,
    PlanItemMoved,
    PlanItemPinned,
    PlanItemRemoved,
    PlanWeekChanged,
)
from lantern.domain.plans.models import Plan, PlanDraft, PlanItem, PlanWeek, Review
from lantern.domain.plans.types import DEFAULT_WEEKS, MOST_MINUTES, MOST_WEEKS, PlanView
from lantern.domain.privacy import commands as privacy
from lantern.domain.privacy import policy as privacy_policy
from lantern.engine.spread import kept, shares, without_blocked
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotFound
from lantern.kernel.events import publish


@transaction.atomic
def add_to_plan(
    actor: Actor,
    *,
    activity_id: UUID,
    monday: date | None = None,
    goal_id: UUID | None = None,
    reason: str = "",
    not_before: date | None = None,
) -> PlanItem:
    """Put an activity of mine into a week, or without one into the first week that has room for it, of those from
    `not_before` on where that is given.

    Room is found for the whole activity, never for a part: something longer than a week takes the first week that is
    still empty. A quiet week is never chosen; when no week of the plan has room the item waits in no week. An activity
    that is in the plan already stays where it is, unless it waits and a week is named. Raises NotFound, Invalid.
    """
    activity = courses.get_activity(actor, activity_id)
    if goal_id is not None:
        goals.get_goal(actor, goal_id)
    plan = _lock(actor)
    existing = PlanItem.objects.filter(plan=plan, activity_id=activity.pk).first()
    if existing is not None:
        if existing.monday is None and monday is not None:
            return move_item(actor, item_id=existing.pk, monday=monday)
        return existing
    room = None if monday is not None else _first_with_room(actor, plan, activity.minutes, not_before)
    place = _week_for(plan, monday) if monday is not None else room
    item = PlanItem.objects.create(
        plan=plan,
        activity_id=activity.pk,
        goal_id=goal_id,
        monday=place,
        position=PlanItem.objects.filter(plan=plan, monday=place).count(),
        reason=reason.strip()[:200],
        added_at=clock.now(),
    )
    changed(plan)
    publish(actor, PlanItemAdded(item.pk, activity.pk, place))
    return item


@transaction.atomic
def plan_resource(
    actor: Actor,
    *,
    resource_id: UUID,
    monday: date | None = None,
    goal_id: UUID | None = None,
    reason: str = "",
    not_before: date | None = None,
) -> PlanItem:
    """Take a resource of the catalog up and put it into my plan, both or neither. Raises NotFound, Invalid."""
    activity = course_commands.take_up(actor, resource_id=resource_id)
    return add_to_plan(
        actor, activity_id=activity.pk, monday=monday, goal_id=goal_id, reason=reason, not_before=not_before
    )


@transaction.atomic
def move_item(actor: Actor, *, item_id: UUID, monday: date | None, position: int | None = None) -> PlanItem:
    """Move an item of my plan to a week (None: to no week yet) and there to a place (None: to the end). What goes over
    several weeks moves whole, past the quiet ones.

    Raises NotFound, Invalid.
    """
    plan = _lock(actor)
    item = item_of(plan, item_id)
    place = _week_for(plan, monday) if monday is not None and monday != item.monday else monday
    left_behind = item.monday
    order = [row for row in in_week(plan, place) if row.pk != item.pk]
    index = len(order) if position is None else min(max(position, 0), len(order))
    order.insert(index, item)
    item.monday = place
    item.pinned = item.pinned and place is not None
    if place is not None and place != left_behind:
        past_quiet_weeks(item, quiet_weeks(plan))
    number_anew(order, always=item)
    if left_behind != place:
        number_anew(in_week(plan, left_behind))
    changed(plan)
    publish(actor, PlanItemMoved(item.pk, place, index))
    return item


@transaction.atomic
def pin_item(actor: Actor, *, item_id: UUID, pinned: bool) -> PlanItem:
    """Hold an item of my plan where it is, whatever the planner proposes, or let it be moved again; the same again
    changes nothing. Raises NotFound, and Invalid where it is in no week.
    """
    plan = _lock(actor)
    item = item_of(plan, item_id)
    if pinned and item.monday is None:
        raise Invalid({"pinned": "It is in no week yet. Choose a week for it first."})
    if item.pinned != pinned:
        item.pinned = pinned
        item.save(update_fields=["pinned"])
        changed(plan)
        publish(actor, PlanItemPinned(item.pk, pinned))
    return item


@transaction.atomic
def remove_item(actor: Actor, *, item_id: UUID) -> Plan:
    """Take an item out of my plan; the activity itself stays among mine. Raises NotFound."""
    plan = _lock(actor)
    item = item_of(plan, item_id)
    event = PlanItemRemoved(item.pk, item.activity_id)
    item.delete()
    number_anew(in_week(plan, item.monday))
    changed(plan)
    publish(actor, event)
    return plan


@transaction.atomic
def set_week(
    actor: Actor, *, monday: date, minutes: int, quiet: bool = False, note: str = "", version: int | None = None
) -> PlanWeek:
    """Say how many minutes one week has. A quiet week has none: what was planned in it and is not done waits in no
    week.

    Raises Invalid; Conflict when `version` is given and the plan changed since.
    """
    minutes = 0 if quiet else minutes
    problems = {}
    if not 0 <= minutes <= MOST_MINUTES:
        problems["minutes"] = f"Choose between 0 and {MOST_MINUTES} minutes."
    if len(note) > 80:
        problems["note"] = "Please keep this to 80 characters."
    if problems:
        raise Invalid(problems)
    check_monday(monday)
    plan = _lock(actor, version)
    week, _ = PlanWeek.objects.update_or_create(
        plan=plan,
        monday=monday,
        defaults={"minutes": minutes, "quiet": quiet, "note": note.strip(), "tenant_id": plan.tenant_id},
    )
    moved = _clear(plan, monday) if quiet else 0
    changed(plan)
    publish(actor, PlanWeekChanged(monday, minutes, quiet, moved))
    return week


@transaction.atomic
def set_plan(actor: Actor, *, begins_on: date, weeks: int, version: int | None = None) -> Plan:
    """Say with which week my plan begins and how many weeks it shows; nothing in it moves. Raises Invalid, Conflict."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise Invalid({"weeks": f"Choose between 1 and {MOST_WEEKS} weeks."})
    monday = clock.week_start(begins_on)
    if monday > clock.week_start(clock.today()) + queries.WEEK * MOST_WEEKS:
        raise Invalid({"begins_on": "Choose a day within the coming year."})
    plan = _lock(actor, version)
    plan.begins_on, plan.weeks = monday, weeks
    changed(plan)
    publish(actor, PlanChanged(monday, weeks))
    return plan


@transaction.atomic
def open_shared_plan(actor: Actor, *, plan_id: UUID, purpose: str) -> PlanView:
    """Return a plan that its owner shared with me, and write the look down for her. Raises NotFound for any other."""
    plan = Plan.objects.filter(pk=plan_id).first()
    if plan is None:
        raise NotFound("There is no such plan.")
    privacy.open_item(
        actor, owner_id=plan.person_id, tenant_id=plan.tenant_id, item_kind="plan", item_id=plan.pk, purpose=purpose
    )
    owner = people.actor_for(plan.person_id, plan.tenant_id)
    view = queries.plan_view(plan, owner)
    return replace(view, weeks=tuple(replace(week, why=()) for week in view.weeks))  # why is hers, and no part of it


@transaction.atomic
def begin_plan(actor: Actor) -> Plan:
    """Return my plan, made empty when I had none, so that it can be shared before anything is in it."""
    return _lock(actor)


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete a person's plan with its weeks and items, its draft and her reviews; return the counts."""
    privacy_policy.allow_erasure(actor, person_id)
    drafts, _ = PlanDraft.objects.filter(person_id=person_id).delete()
    reviews, _ = Review.objects.filter(person_id=person_id).delete()
    items, _ = PlanItem.objects.filter(plan__person_id=person_id).delete()
    weeks, _ = PlanWeek.objects.filter(plan__person_id=person_id).delete()
    plans, _ = Plan.objects.filter(person_id=person_id).delete()
    return {
        "plans": plans,
        "plan_weeks": weeks,
        "plan_items": items,
        "plan_drafts": drafts,
        "reviews": reviews,
    }


def _lock(actor: Actor, version: int | None = None) -> Plan:
    """Return my plan with its row locked, made when there is none.

    Raises Conflict when it is not at the version expected.
    """
    me = privacy_policy.acting_person(actor)
    plan = Plan.objects.select_for_update().filter(policy.visible(actor)).first()
    if plan is None:
        start = clock.week_start(clock.today())
        Plan.objects.get_or_create(
            person_id=me,
            defaults={
                "begins_on": start,
                "weeks": DEFAULT_WEEKS,
                "updated_at": clock.now(),
                "tenant_id": actor.tenancy.own,
            },
        )
        plan = Plan.objects.select_for_update().get(person_id=me)
    elif version is not None and plan.version != version:
        raise Conflict("Your plan changed in another window. Please open the page again; nothing was lost.")
    return plan


def quiet_weeks(plan: Plan) -> frozenset[date]:
    """Return the quiet weeks of a plan."""
    return frozenset(PlanWeek.objects.filter(plan=plan, quiet=True).values_list("monday", flat=True))


def past_quiet_weeks(item: PlanItem, quiet: frozenset[date]) -> None:
    """Push what an item has in quiet weeks into the weeks after; not saved. Where none is free it stays as it is."""
    first = item.monday
    if first is None or not item.spread:
        return
    parts = shares(item.activity.minutes, item.spread)
    with suppress(ValueError):
        item.spread = kept(without_blocked(parts, lambda week: first + timedelta(weeks=week) in quiet))


def changed(plan: Plan) -> None:
    """Count a plan's version up."""
    plan.version += 1
    plan.updated_at = clock.now()
    plan.save(update_fields=["begins_on", "weeks", "version", "updated_at"])


def item_of(plan: Plan, item_id: UUID) -> PlanItem:
    """Return an item of a plan. Raises NotFound."""
    item = PlanItem.objects.filter(plan=plan, pk=item_id).select_related("activity").first()
    if item is None:
        raise NotFound("That is not in your plan.")
    return item


def in_week(plan: Plan, monday: date | None) -> list[PlanItem]:
    """Return what begins in a week (None: in none), in its order."""
    rows = PlanItem.objects.filter(plan=plan, monday=monday).select_related("activity")
    return list(rows.order_by("position", "pk"))


def number_anew(items: Sequence[PlanItem], always: PlanItem | None = None) -> None:
    """Number the items of a week from 0 without gaps, saving only those that changed."""
    for position, item in enumerate(items):
        if item.position != position or item is always:
            item.position = position
            item.save(update_fields=["monday", "position", "spread", "pinned"])


def check_monday(monday: date) -> None:
    """Raise Invalid where no plan can have this week."""
    this_monday = clock.week_start(clock.today())
    if monday.weekday() != 0:
        raise Invalid({"monday": "A week is named by its Monday."})
    if monday < this_monday:
        raise Invalid({"monday": "That week is over. Choose this week or a later one."})
    if monday > this_monday + timedelta(weeks=MOST_WEEKS):
        raise Invalid({"monday": "Choose a week within the coming year."})


def _week_for(plan: Plan, monday: date) -> date:
    """Return the Monday when something may be put into its week, or raise Invalid with the reason."""
    check_monday(monday)
    if PlanWeek.objects.filter(plan=plan, monday=monday, quiet=True).exists():
        raise Invalid(
            {"monday": "You keep this week quiet, so nothing goes into it. Choose another week, or end the quiet."}
        )
    return monday


def _first_with_room(actor: Actor, plan: Plan, minutes: int, not_before: date | None = None) -> date | None:
    view = queries.plan_view(plan, actor)
    begins = max(view.begins_on, not_before or view.begins_on)
    for week in view.weeks:
        if week.quiet or week.available == 0 or week.monday < begins:
            continue
        if week.left >= min(minutes, week.available):
            return week.monday
    return None


def _clear(plan: Plan, monday: date) -> int:
    """Move what is not done and begins in a week to no week, in its order, and return how much it was; what only goes
    on in it goes on after it.
    """
    waiting = in_week(plan, None)
    here = PlanItem.objects.filter(plan=plan, monday=monday).exclude(activity__state=ActivityState.FINISHED)
    moved = list(here.order_by("position", "pk"))
    for item in moved:
        item.monday, item.pinned = None, False
        item.save(update_fields=["monday", "pinned"])
    quiet = quiet_weeks(plan)
    for item in PlanItem.objects.filter(plan=plan, monday__lt=monday).exclude(spread=[]).select_related("activity"):
        before = item.spread
        past_quiet_weeks(item, quiet)
        if item.spread != before and item.activity.state != ActivityState.FINISHED:
            item.save(update_fields=["spread"])
    number_anew([*waiting, *moved])
    number_anew(in_week(plan, monday))
    return len(moved)
