"""A plan that was worked out: kept beside the plan, made better by a job, taken or left. Until she takes it, nothing in
her weeks changes.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from lantern.domain.courses import commands as courses
from lantern.domain.courses.types import ActivityState
from lantern.domain.plans import policy, queries
from lantern.domain.plans.commands.plan import _lock, changed, in_week, number_anew
from lantern.domain.plans.events import (
    PlanDraftDropped,
    PlanDraftMade,
    PlanDraftTaken,
    PlanItemAdded,
    PlanItemMoved,
    PlanItemRemoved,
)
from lantern.domain.plans.models import Plan, PlanDraft, PlanItem, PlanWeek
from lantern.domain.plans.types import MOST_MINUTES, Draft, DraftItem, DraftState, DraftWish, Taken
from lantern.domain.privacy import policy as privacy
from lantern.engine.spread import MOST_SHARES, kept
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotFound
from lantern.kernel.events import publish
from lantern.kernel.turns import take_turn

CHANGED = "Your plan changed since this was worked out, or a week of it has passed. Ask for it again; nothing was lost."
LESS_TIME = "Your weeks have other minutes than when this was worked out. Ask for it again; nothing was lost."
ANOTHER = "Another plan was worked out meanwhile. Look at it before you take it; nothing was lost."
MOST_NUMBER = 2**31 - 1


@transaction.atomic
def keep_draft(
    actor: Actor,
    *,
    wish: DraftWish,
    found: Draft,
    plan_version: int,
    beside: bool = False,
    state: DraftState = DraftState.FIRST,
) -> int:
    """Keep a plan that was worked out for me, in the place of an earlier one; with `beside`, next to the one there is,
    to be compared with it. Return its number, which no other had or will have.

    Raises NotFound where there is none to stand beside, Conflict where my plan changed since.
    """
    me = privacy.acting_person(actor)
    take_turn("plan draft", me)
    held = PlanDraft.objects.select_for_update().filter(policy.visible_draft(actor)).first()
    if beside and held is None:
        raise NotFound("There is nothing to compare it with.")
    number = secrets.randbelow(MOST_NUMBER) + 1
    if beside and held is not None:
        if not queries.same_version(held.plan_version, plan_version):
            raise Conflict(CHANGED)
        held.other = {"asked": asdict(wish), "found": found.packed(), "number": number, "state": state.value}
        held.save(update_fields=["other"])
        publish(actor, PlanDraftMade(held.pk, number))
        return number
    fields = {"asked": asdict(wish), "found": found.packed(), "other": {}, "plan_version": plan_version}
    fields |= {"state": state.value, "number": number, "made_at": clock.now(), "tenant_id": actor.tenancy.own}
    draft, _ = PlanDraft.objects.update_or_create(person_id=me, defaults=fields)
    publish(actor, PlanDraftMade(draft.pk, number))
    return number


@transaction.atomic
def improve_draft(actor: Actor, *, number: int, found: Draft, state: DraftState) -> bool:
    """Put a better answer in the place of the first of that number; False, and nothing done, where it is there no more:
    she asked for another meanwhile, or took or left it.
    """
    held = PlanDraft.objects.select_for_update().filter(policy.visible_draft(actor)).first()
    if held is not None and held.number == number:
        held.found, held.state = found.packed(), state.value
    elif held is not None and held.other.get("number") == number:
        held.other = {**held.other, "found": found.packed(), "state": state.value}
    else:
        return False
    held.save(update_fields=["found", "other", "state"])
    return True


@transaction.atomic
def drop_draft(actor: Actor) -> None:
    """Leave the plan that was worked out aside; nothing in my weeks changes. New weeks that are left are not worked out
    again unasked while my plan stays as it is.
    """
    held = PlanDraft.objects.select_for_update().filter(policy.visible_draft(actor)).first()
    if held is None:
        return
    if DraftWish.unpacked(held.asked).repair:
        plan = _lock(actor)
        plan.left_version = plan.version
        plan.save(update_fields=["left_version"])
    event = PlanDraftDropped(held.pk)
    held.delete()
    publish(actor, event)


@transaction.atomic
def take_draft(actor: Actor, *, number: int, seen: str | None = None) -> Taken:
    """Put a plan that was worked out, or the one beside it, into my weeks: what is new comes in, what stands there goes
    to its weeks, what is behind me leaves. What I began, finished or set aside meanwhile stays as it is, and what is
    offered no more is named; otherwise all or nothing.

    `seen` is the mark of what I looked at. Raises NotFound where there is none, and Conflict where another was worked
    out, my plan or its minutes changed since, or weeks of it have passed.
    """
    plan = _lock(actor)
    held = PlanDraft.objects.select_for_update().filter(policy.visible_draft(actor)).first()
    view = queries.draft_view(held, plan) if held is not None else None
    if held is None or view is None:
        raise NotFound("There is no plan to take.")
    other = view.other is not None and number == view.other_number
    draft, wish = (view.other, view.other_wish) if other else (view.found, view.wish)
    if draft is None or wish is None or number not in (view.number, view.other_number):
        raise Conflict(ANOTHER)
    if seen is not None and seen != draft.mark:
        raise Conflict(ANOTHER)
    if not view.current:
        raise Conflict(CHANGED)
    has = {week.monday: week.available for week in queries.plan_view(plan, actor).weeks}
    if any(has.get(draft.monday(week), minutes) != minutes for week, minutes in enumerate(draft.have)):
        raise Conflict(LESS_TIME)
    taken = _Taking(actor, plan, draft).take()
    if wish.more:
        _more_minutes(plan, draft, wish)
    changed(plan)
    event = PlanDraftTaken(held.pk, taken.added, taken.moved, taken.removed)
    held.delete()
    publish(actor, event)
    return taken


def _more_minutes(plan: Plan, draft: Draft, wish: DraftWish) -> None:
    """Give the weeks that it was worked out for the minutes more; one that has none keeps none."""
    for week, minutes in enumerate(draft.have):
        if minutes and week >= wish.start:
            PlanWeek.objects.update_or_create(
                plan=plan,
                monday=draft.monday(week),
                defaults={
                    "minutes": min(minutes + wish.more, MOST_MINUTES),
                    "quiet": False,
                    "tenant_id": plan.tenant_id,
                },
            )


class _Taking:
    def __init__(self, actor: Actor, plan: Plan, draft: Draft) -> None:
        self.actor, self.plan, self.draft = actor, plan, draft
        self.touched: set[date | None] = set()
        self.added = self.moved = self.removed = 0
        self.gone: list[str] = []
        self.stayed: list[str] = []

    def take(self) -> Taken:
        rows = {str(row.pk): row for row in PlanItem.objects.filter(plan=self.plan).select_related("activity")}
        for line in self.draft.behind:
            if (row := rows.get(line.item_id)) and self._as_it_was(row, begun=False):
                self.touched.add(row.monday)
                event = PlanItemRemoved(row.pk, row.activity_id)
                row.delete()
                self.removed += 1
                publish(self.actor, event)
        for item in self.draft.items:
            if item.fixed or not item.pieces:
                continue
            if item.is_new:
                self._add(item)
            elif item.is_moved and (row := rows.get(item.item_id)) and self._as_it_was(row, item.begun):
                self._move(row, item)
        for monday in self.touched:
            number_anew(in_week(self.plan, monday))
        return Taken(self.added, self.moved, self.removed, tuple(self.gone), tuple(self.stayed))

    def _as_it_was(self, row: PlanItem, begun: bool) -> bool:
        """Tell whether she neither began, finished nor set it aside since; what she did is named."""
        wanted = ActivityState.STARTED if begun else ActivityState.PLANNED
        if row.activity.state != wanted:
            self.stayed.append(row.activity.title)
        return row.activity.state == wanted

    def _spread(self, item: DraftItem) -> tuple[date, list[int]]:
        first, last = item.pieces[0][0], item.pieces[-1][0]
        parts = [0] * (last - first + 1)
        for week, minutes in item.pieces:
            parts[week - first] += minutes
        return self.draft.first + timedelta(weeks=first), kept(parts)

    def _move(self, row: PlanItem, item: DraftItem) -> None:
        self.touched |= {row.monday}
        monday, spread = self._spread(item)
        if not self._goes_on(row, monday, item):
            row.monday, row.spread = monday, spread
            row.position = len(in_week(self.plan, row.monday))
        row.save(update_fields=["monday", "spread", "position"])
        self.touched.add(row.monday)
        self.moved += 1
        publish(self.actor, PlanItemMoved(row.pk, monday, row.position))

    def _goes_on(self, row: PlanItem, monday: date, item: DraftItem) -> bool:
        """Let what was begun in a week that is over go on from there: the part that is done stays where it was."""
        done = row.activity.minutes - sum(minutes for _, minutes in item.pieces)
        apart = (monday - row.monday).days // 7 if row.monday else 0
        if done <= 0 or apart < 1 or apart + item.pieces[-1][0] - item.pieces[0][0] >= MOST_SHARES:
            return False
        parts = [0] * (apart + item.pieces[-1][0] - item.pieces[0][0] + 1)
        parts[0] = done
        for week, minutes in item.pieces:
            parts[apart + week - item.pieces[0][0]] += minutes
        row.spread = kept(parts)
        return True

    def _add(self, item: DraftItem) -> None:
        try:
            activity = courses.take_up(self.actor, resource_id=UUID(item.resource_id))
        except (NotFound, Invalid):
            self.gone.append(item.title)
            return
        monday, spread = self._spread(item)
        place = len(in_week(self.plan, monday))
        facts = {"monday": monday, "spread": spread, "position": place, "tenant_id": self.plan.tenant_id}
        row, new = PlanItem.objects.get_or_create(
            plan=self.plan,
            activity_id=activity.pk,
            defaults={
                **facts,
                "goal_id": queries.own_goal(self.actor, item.goal_id),
                "reason": (item.why[0] if item.why else "")[:200],
                "added_at": clock.now(),
            },
        )
        if not new:  # she had set it aside: its old place is still there
            self.touched.add(row.monday)
            row.monday, row.spread, row.position = monday, spread, place
            row.save(update_fields=["monday", "spread", "position"])
        self.touched.add(monday)
        self.added += 1
        publish(self.actor, PlanItemAdded(row.pk, activity.pk, monday))
