"""What may be asked about plans: one's own weeks, and what is in them.

A plan is put together from four small queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from lantern.domain.calendars import queries as calendars
from lantern.domain.calendars.types import WeekTime
from lantern.domain.courses import queries as courses
from lantern.domain.courses.types import ActivityState
from lantern.domain.goals import queries as goals
from lantern.domain.people import queries as people
from lantern.domain.plans import policy
from lantern.domain.plans.models import Plan, PlanDraft, PlanItem, PlanWeek, Review
from lantern.domain.plans.types import (
    DEFAULT_WEEKS,
    Draft,
    DraftState,
    DraftView,
    DraftWish,
    ItemView,
    PlanView,
    ReviewState,
    ReviewView,
    WeekView,
)
from lantern.domain.privacy import policy as privacy
from lantern.engine.pathway import Week, next_review, prompts
from lantern.engine.spread import shares
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed, NotFound
from lantern.kernel.prepared import prepared

WEEK = timedelta(days=7)
JUST_BEGUN = 1
"""The version of a plan in which nothing was changed yet; none at all is as good."""
REVIEWED_FOR = 40
"""Weeks after which nobody is asked to come back to something: four growing intervals, and as long again for holidays.
"""


def my_plan(actor: Actor) -> PlanView:
    """Return my plan from this week on (or from its first week, when that is later). Creates nothing."""
    plan = _plan.first(actor)
    return plan_view(plan, actor)


def plan_view(plan: Plan | None, owner: Actor) -> PlanView:
    """Return the plan of its owner as it is shown; None is a plan nobody began yet. For this feature's own use."""
    by_week: dict[date | None, list[ItemView]] = defaultdict(list)
    last: dict[UUID, ItemView] = {}
    for row in _items.list(plan.pk) if plan else []:
        for monday, item in _in_weeks(row):
            by_week[monday].append(item)
            if monday is not None:
                last[row.pk] = replace(item, monday=monday)
    mondays = _mondays(plan, [monday for monday in by_week if monday is not None])
    own = {week.monday: week for week in _own_weeks.list(plan.pk)} if plan else {}
    usual = calendars.week_times(owner, mondays)
    return PlanView(
        weeks=tuple(week_view(monday, own, by_week[monday], usual[monday]) for monday in mondays),
        unplaced=tuple(by_week[None]),
        earlier=tuple(
            item for item in last.values() if item.monday and item.monday < mondays[0] and not item.done
        ),
        begins_on=_begins_on(plan),
        weeks_shown=_weeks_shown(plan),
        minutes_per_week=people.get_profile(owner).minutes_per_week,
        version=plan.version if plan else 0,
    )


def my_weeks(actor: Actor) -> tuple[WeekView, ...]:
    """Return the weeks of my plan with their minutes and without their items, to choose one of them from."""
    plan = _plan.first(actor)
    planned: dict[date, int] = defaultdict(int)
    for placed, minutes, spread in _placed.list(plan.pk) if plan else []:
        for week, share in enumerate(shares(minutes, spread)):
            if placed is not None:
                planned[placed + WEEK * week] += share
    own = {week.monday: week for week in _own_weeks.list(plan.pk)} if plan else {}
    mondays = _mondays(plan, list(planned))
    usual = calendars.week_times(actor, mondays)
    return tuple(replace(week_view(monday, own, (), usual[monday]), planned=planned[monday]) for monday in mondays)


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


def week_view(monday: date, own: Mapping[date, PlanWeek], items: Iterable[ItemView], usual: WeekTime) -> WeekView:
    """Return one week: its own minutes where it has some, else the usual ones with their reasons."""
    special = own.get(monday)
    listed = tuple(items)
    return WeekView(
        monday=monday,
        available=special.minutes if special else usual.minutes,
        planned=sum(item.here for item in listed),
        quiet=special.quiet if special else False,
        note=special.note if special else "",
        items=listed,
        teaching=usual.teaching,
        why=() if special else usual.why,
    )


def this_week(actor: Actor) -> WeekView:
    """Return the present week of my plan."""
    monday = clock.week_start(clock.today())
    mine = policy.visible_items(actor)
    own = PlanWeek.objects.filter(privacy.visible(actor, PlanWeek.privacy), monday=monday)
    reaching = Q(monday=monday) | (Q(monday__lt=monday) & ~Q(spread=[]))
    items = PlanItem.objects.filter(mine, reaching).exclude(activity__state=ActivityState.SET_ASIDE)
    rows = items.select_related("activity", "goal").order_by("monday", "position", "pk")
    listed = [view for row in rows for week, view in _in_weeks(row) if week == monday]
    usual = calendars.week_times(actor, [monday])[monday]
    return week_view(monday, {week.monday: week for week in own}, listed, usual)


def my_placed_items(actor: Actor, since: date) -> list[ItemView]:
    """Return what my plan holds in weeks from a Monday on, week by week, for my own calendar; what goes over several
    weeks once for each, with the part that lies there.
    """
    reaching = Q(monday__gte=since) | (Q(monday__lt=since) & ~Q(spread=[]))
    rows = PlanItem.objects.filter(policy.visible_items(actor), reaching).select_related("activity", "goal")
    kept = rows.exclude(activity__state=ActivityState.SET_ASIDE).order_by("monday", "position", "pk")
    parts = [replace(view, monday=monday) for row in kept for monday, view in _in_weeks(row)]
    return [one for one in parts if one.monday is not None and one.monday >= since]


def item_for_activity(actor: Actor, activity_id: UUID) -> PlanItem | None:
    """Return where an activity of mine stands in my plan, or None."""
    return (
        PlanItem.objects.filter(policy.visible_items(actor), activity_id=activity_id).select_related("activity").first()
    )


def planned_activities(actor: Actor, activity_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return which of these activities stand in my plan; what I set aside does not."""
    rows = PlanItem.objects.filter(policy.visible_items(actor), activity_id__in=list(activity_ids))
    return frozenset(rows.exclude(activity__state=ActivityState.SET_ASIDE).values_list("activity_id", flat=True))


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
def _placed(plan_id: UUID) -> QuerySet[PlanItem, tuple[date | None, int, list[int]]]:
    kept = PlanItem.objects.filter(plan_id=plan_id, monday__isnull=False)
    return kept.exclude(activity__state=ActivityState.SET_ASIDE).values_list("monday", "activity__minutes", "spread")


@prepared
def _own_weeks(plan_id: UUID) -> QuerySet[PlanWeek]:
    return PlanWeek.objects.filter(plan_id=plan_id)


def _in_weeks(item: PlanItem) -> list[tuple[date | None, ItemView]]:
    """Return an item once for each week that holds minutes of it; once with no week where it waits."""
    view = _item_view(item)
    if item.monday is None:
        return [(None, view)]
    parts = [(week, share) for week, share in enumerate(shares(view.minutes, item.spread)) if share or not week]
    return [
        (item.monday + WEEK * week, replace(view, here=share, part=number, parts=len(parts)))
        for number, (week, share) in enumerate(parts, start=1)
    ]


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
        here=activity.minutes,
        pinned=item.pinned,
        minutes_left=activity.minutes_left,
        resource_id=activity.resource_id,
        started=activity.state == ActivityState.STARTED,
    )


def my_draft(actor: Actor) -> DraftView | None:
    """Return the plan that was worked out for me and waits for my answer, or None."""
    held = PlanDraft.objects.filter(policy.visible_draft(actor)).first()
    return draft_view(held, _plan.first(actor)) if held else None


def draft_view(held: PlanDraft, plan: Plan | None) -> DraftView | None:
    """Return a draft as it is shown. For this feature's own use. None where what is kept is none."""
    found = Draft.unpacked(held.found)
    if found is None:
        return None
    beside = held.other if isinstance(held.other, dict) else {}
    other = Draft.unpacked(beside.get("found") or {}) if beside else None
    fresh = found.first >= clock.week_start(clock.today())
    return DraftView(
        id=held.pk,
        number=held.number,
        state=DraftState(held.state),
        wish=DraftWish.unpacked(held.asked),
        found=found,
        other_wish=DraftWish.unpacked(beside.get("asked") or {}) if other else None,
        other=other,
        other_number=number if isinstance(number := beside.get("number"), int) and other else 0,
        other_state=DraftState.DONE if not other else _state(beside.get("state")),
        current=fresh and same_version(held.plan_version, plan.version if plan else 0),
    )


def _state(kept: Any) -> DraftState:
    return DraftState(kept) if kept in list(DraftState) else DraftState.DONE


def same_version(one: int, other: int) -> bool:
    """Tell whether two versions of a plan are the same; none at all is as good as one in which nothing is yet."""
    return (one or JUST_BEGUN) == (other or JUST_BEGUN)


def people_who_slipped(actor: Actor) -> list[UUID]:
    """Return who has something that is not done in weeks that are over, for Lantern's own nightly work.

    Raises NotAllowed for anybody else.
    """
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself goes through everybody's plans.")
    this_monday = clock.week_start(clock.today())
    waiting = PlanItem.objects.filter(
        monday__lt=this_monday, activity__state__in=[ActivityState.PLANNED, ActivityState.STARTED]
    ).values_list("plan__person_id", "monday", "activity__minutes", "spread")
    over = {
        person_id
        for person_id, monday, minutes, spread in waiting
        if monday is not None and monday + WEEK * len(shares(minutes, spread)) <= this_monday
    }
    return sorted(over)


def was_left_aside(actor: Actor) -> bool:
    """Tell whether I left new weeks for my plan as it is now aside: then nobody works them out again unasked."""
    plan = _plan.first(actor)
    return plan is not None and plan.left_version == plan.version


def last_week_of(item: PlanItem) -> date | None:
    """Return the Monday of the last week that an item reaches into; None where it waits."""
    if item.monday is None:
        return None
    return item.monday + WEEK * (len(shares(item.activity.minutes, item.spread)) - 1)


def own_goal(actor: Actor, goal_id: str) -> UUID | None:
    """Return the id of a goal of mine, or None where it is none (any more)."""
    try:
        return goals.get_goal(actor, UUID(goal_id)).pk
    except (NotFound, ValueError):
        return None


def reviews_of(actor: Actor, activity_id: UUID) -> dict[int, str]:
    """Return what I answered when asked to come back to something, by step."""
    rows = Review.objects.filter(policy.visible_reviews(actor), activity_id=activity_id)
    return dict(rows.values_list("step", "state"))


def reviews_due(actor: Actor, weeks: Sequence[WeekView]) -> list[ReviewView]:
    """Return what to come back to in these weeks, at growing intervals and never in a week without minutes (P7.6)."""
    if not weeks:
        return []
    this_monday = clock.week_start(clock.today())
    finished = {row.pk: row for row in courses.finished_here(actor, this_monday - WEEK * REVIEWED_FOR)}
    since = {pk: [_week_of(row.learned_on, weeks)] for pk, row in finished.items() if row.learned_on is not None}
    enough: set[UUID] = set()
    for review in Review.objects.filter(policy.visible_reviews(actor), activity_id__in=since).order_by("step"):
        since[review.activity_id].append(_week_of(review.on, weeks))
        if review.state == ReviewState.ENOUGH:
            enough.add(review.activity_id)
    wanted = {pk: week for pk, one in since.items() if pk not in enough and (week := next_review(one)) is not None}
    open_from = this_monday  # what was to be asked before is asked now
    calendar = [Week(0 if week.blocked or week.monday < open_from else week.available) for week in weeks]
    asked = prompts({str(pk): week for pk, week in wanted.items()}, calendar)
    return [
        ReviewView(pk, row.title, len(since[pk]), weeks[asked[str(pk)]].monday)
        for pk, row in finished.items()
        if str(pk) in asked
    ]


def _week_of(day: date, weeks: Sequence[WeekView]) -> int:
    return (clock.week_start(day) - weeks[0].monday).days // 7


def export_for(actor: Actor) -> dict[str, Any]:
    """Return my plan whole: its weeks of their own and all items; the draft beside it, and what I came back to."""
    plan = Plan.objects.filter(policy.visible(actor)).first()
    held = PlanDraft.objects.filter(policy.visible_draft(actor)).first()
    came_back = Review.objects.filter(policy.visible_reviews(actor)).select_related("activity").order_by("on", "step")
    beside: dict[str, Any] = {
        "draft": {"asked": held.asked, "found": held.found, "other": held.other, "made_at": held.made_at.isoformat()}
        if held
        else None,
        "reviews": [
            {"activity": row.activity.title, "step": row.step, "state": row.state, "on": row.on.isoformat()}
            for row in came_back
        ],
    }
    if plan is None:
        return {"plan": None, **beside}
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
                    "minutes_by_week": item.spread,
                    "pinned": item.pinned,
                    "goal": item.goal.title if item.goal else None,
                    "reason": item.reason,
                    "added_at": item.added_at.isoformat(),
                }
                for item in items
            ],
        },
        **beside,
    }
