"""What may be asked about plans: one's own weeks, and what is in them.

A plan is put together from four small queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lantern.domain.courses.types import ActivityState
from lantern.domain.people import queries as people
from lantern.domain.plans import policy
from lantern.domain.plans.models import Plan, PlanItem, PlanWeek
from lantern.domain.plans.types import DEFAULT_WEEKS, ItemView, PlanView, WeekView
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed, NotFound
from lantern.kernel.prepared import prepared

WEEK = timedelta(days=7)


def my_plan(actor: Actor) -> PlanView:
    """Return my plan from this week on (or from its first week, when that is later). Creates nothing."""
    plan = _plan.first(actor)
    return plan_view(plan, people.get_profile(actor).minutes_per_week)


def plan_view(plan: Plan | None, minutes_per_week: int) -> PlanView:
    """Return a plan as it is shown; None is a plan nobody began yet. For this feature's own use."""
    items = [_item_view(item) for item in _items.list(plan.pk)] if plan else []
    by_week: dict[date | None, list[ItemView]] = defaultdict(list)
    for item in items:
        by_week[item.monday].append(item)
    mondays = _mondays(plan, [item.monday for item in items if item.monday is not None])
    own = {week.monday: week for week in _own_weeks.list(plan.pk)} if plan else {}
    return PlanView(
        weeks=tuple(week_view(monday, own, by_week[monday], minutes_per_week) for monday in mondays),
        unplaced=tuple(by_week[None]),
        earlier=tuple(item for item in items if item.monday and item.monday < mondays[0] and not item.done),
        begins_on=_begins_on(plan),
        weeks_shown=_weeks_shown(plan),
        minutes_per_week=minutes_per_week,
        version=plan.version if plan else 0,
    )


def my_weeks(actor: Actor) -> tuple[WeekView, ...]:
    """Return the weeks of my plan with their minutes and without their items, to choose one of them from."""
    plan = _plan.first(actor)
    planned: dict[date, int] = defaultdict(int)
    for placed, minutes in _placed.list(plan.pk) if plan else []:
        if placed is not None:
            planned[placed] += minutes
    own = {week.monday: week for week in _own_weeks.list(plan.pk)} if plan else {}
    usual = people.get_profile(actor).minutes_per_week
    mondays = _mondays(plan, list(planned))
    return tuple(replace(week_view(monday, own, (), usual), planned=planned[monday]) for monday in mondays)


def quiet_mondays(actor: Actor) -> frozenset[date]:
    """Return the Mondays of all my quiet weeks, past ones too."""
    rows = PlanWeek.objects.filter(privacy.visible(actor, PlanWeek.privacy), quiet=True)
    return frozenset(rows.values_list("monday", flat=True))


def _begins_on(plan: Plan | None) -> date:
    monday = clock.week_start(clock.today())
    return max(plan.begins_on, monday) if plan else monday


def _weeks_shown(plan: Plan | None) -> int:
    return plan.weeks if plan else DEFAULT_WEEKS


def _mondays(plan: Plan | None, placed: list[date]) -> list[date]:
    """Return the weeks that are shown: those of the plan, and any other from this week on that holds something."""
    first, this_monday = _begins_on(plan), clock.week_start(clock.today())
    start = min((monday for monday in placed if this_monday <= monday < first), default=first)
    last = max([first + WEEK * (_weeks_shown(plan) - 1), *placed])
    return [start + WEEK * step for step in range((last - start).days // 7 + 1)]


def week_view(monday: date, own: Mapping[date, PlanWeek], items: Iterable[ItemView], minutes_per_week: int) -> WeekView:
    """Return one week: its own minutes where it has some, else the usual ones."""
    special = own.get(monday)
    listed = tuple(items)
    return WeekView(
        monday=monday,
        available=special.minutes if special else minutes_per_week,
        planned=sum(item.minutes for item in listed),
        quiet=special.quiet if special else False,
        note=special.note if special else "",
        items=listed,
    )


def this_week(actor: Actor) -> WeekView:
    """Return the present week of my plan."""
    monday = clock.week_start(clock.today())
    mine = policy.visible_items(actor)
    own = PlanWeek.objects.filter(privacy.visible(actor, PlanWeek.privacy), monday=monday)
    items = PlanItem.objects.filter(mine, monday=monday).exclude(activity__state=ActivityState.SET_ASIDE)
    listed = [_item_view(item) for item in items.select_related("activity", "goal").order_by("position", "pk")]
    return week_view(monday, {week.monday: week for week in own}, listed, people.get_profile(actor).minutes_per_week)


def item_for_activity(actor: Actor, activity_id: UUID) -> PlanItem | None:
    """Return where an activity of mine stands in my plan, or None."""
    return (
        PlanItem.objects.filter(policy.visible_items(actor), activity_id=activity_id).select_related("activity").first()
    )


def get_item(actor: Actor, item_id: UUID) -> PlanItem:
    """Return an item of my plan. Raises NotFound."""
    item = PlanItem.objects.filter(policy.visible_items(actor), pk=item_id).select_related("activity", "goal").first()
    if item is None:
        raise NotFound("That is not in your plan.")
    return item


def items_for_goal(actor: Actor, goal_id: UUID) -> list[ItemView]:
    """Return what my plan holds for a goal of mine, week by week, what is in no week last."""
    rows = PlanItem.objects.filter(policy.visible_items(actor), goal_id=goal_id).select_related("activity", "goal")
    listed = [_item_view(item) for item in rows]
    return sorted(listed, key=lambda item: (item.monday is None, item.monday or date.min, item.position))


def my_plan_id(actor: Actor) -> UUID | None:
    """Return the id under which my plan can be shared, or None while I have none."""
    return Plan.objects.filter(policy.visible(actor)).values_list("pk", flat=True).first()


def count_my_items(actor: Actor) -> int:
    """Return how many things are in my plan."""
    return PlanItem.objects.filter(policy.visible_items(actor)).count()


@prepared
def _plan(actor: Actor) -> QuerySet[Plan]:
    return Plan.objects.filter(policy.visible(actor))


def activities_for_goals(actor: Actor) -> frozenset[UUID]:
    """Return which activities stand in somebody's plan for a goal of hers, for the release rule.

    Raises NotAllowed for anybody but Lantern itself.
    """
    if not actor.is_system:
        raise NotAllowed("Plans are gone through by Lantern's release rule only.")
    return frozenset(PlanItem.objects.filter(goal__isnull=False).values_list("activity_id", flat=True))


@prepared
def _items(plan_id: UUID) -> QuerySet[PlanItem]:
    kept = PlanItem.objects.filter(plan_id=plan_id).exclude(activity__state=ActivityState.SET_ASIDE)
    return kept.select_related("activity", "goal").order_by("monday", "position", "pk")


@prepared
def _placed(plan_id: UUID) -> QuerySet[PlanItem, tuple[date | None, int]]:
    kept = PlanItem.objects.filter(plan_id=plan_id, monday__isnull=False)
    return kept.exclude(activity__state=ActivityState.SET_ASIDE).values_list("monday", "activity__minutes")


@prepared
def _own_weeks(plan_id: UUID) -> QuerySet[PlanWeek]:
    return PlanWeek.objects.filter(plan_id=plan_id)


def _item_view(item: PlanItem) -> ItemView:
    activity = item.activity
    return ItemView(
        id=item.pk,
        activity_id=activity.pk,
        title=activity.title,
        kind=activity.kind,
        minutes=activity.minutes,
        monday=item.monday,
        position=item.position,
        reason=item.reason,
        goal_id=item.goal_id,
        goal_title=item.goal.title if item.goal else "",
        percent=activity.percent,
        done=activity.state == ActivityState.FINISHED,
    )


def export_for(actor: Actor) -> dict[str, Any]:
    """Return my plan whole: its weeks of their own and all items."""
    plan = Plan.objects.filter(policy.visible(actor)).first()
    if plan is None:
        return {"plan": None}
    items = PlanItem.objects.filter(plan=plan).select_related("activity", "goal").order_by("monday", "position", "pk")
    return {
        "plan": {
            "begins_on": plan.begins_on.isoformat(),
            "weeks": plan.weeks,
            "weeks_of_their_own": [
                {"monday": week.monday.isoformat(), "minutes": week.minutes, "quiet": week.quiet, "note": week.note}
                for week in plan.own_weeks.order_by("monday")
            ],
            "items": [
                {
                    "activity": item.activity.title,
                    "monday": item.monday.isoformat() if item.monday else None,
                    "position": item.position,
                    "goal": item.goal.title if item.goal else None,
                    "reason": item.reason,
                    "added_at": item.added_at.isoformat(),
                }
                for item in items
            ],
        }
    }
