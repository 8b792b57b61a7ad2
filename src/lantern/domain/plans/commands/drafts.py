"""A plan that was worked out: kept beside the plan, made better by a job, taken or left. Until she takes it, nothing in
her weeks changes.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from lantern.domain.courses import commands as courses
from lantern.domain.plans import policy, queries
from lantern.domain.plans.commands.plan import _lock, changed, in_week, number_anew
from lantern.domain.plans.events import PlanDraftDropped, PlanDraftMade, PlanDraftTaken, PlanItemAdded, PlanItemMoved
from lantern.domain.plans.events import PlanItemRemoved as ItemRemoved
from lantern.domain.plans.models import Plan, PlanDraft, PlanItem, PlanWeek
from lantern.domain.plans.types import MOST_MINUTES, Draft, DraftItem, DraftState, DraftWish, Taken
from lantern.domain.privacy import policy as privacy
from lantern.engine.spread import kept
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotFound
from lantern.kernel.events import publish
from lantern.kernel.turns import take_turn

CHANGED = "Your plan changed since this was worked out. Ask for it again; nothing was lost."


@transaction.atomic
def keep_draft(actor: Actor, *, wish: DraftWish, found: Draft, plan_version: int, beside: bool = False) -> PlanDraft:
    """Keep a plan that was worked out for me, in the place of an earlier one; with `beside`, next to the one there is,
    to be compared with it. Raises NotFound where there is none to stand beside, Conflict where my plan changed since.
    """
    me = privacy.acting_person(actor)
    take_turn("plan draft", me)
    held = PlanDraft.objects.select_for_update().filter(policy.visible_draft(actor)).first()
    if beside and held is None:
        raise NotFound("There is nothing to compare it with.")
    number = held.number + 1 if held else 1
    fields = {"state": DraftState.FIRST.value, "number": number, "made_at": clock.now()}
    if beside and held is not None:
        if held.plan_version != plan_version:
            raise Conflict(CHANGED)
        fields |= {"other": {"asked": asdict(wish), "found": found.packed()}}
    else:
        fields |= {"asked": asdict(wish), "found": found.packed(), "other": {}, "plan_version": plan_version}
    draft, _ = PlanDraft.objects.update_or_create(person_id=me, defaults={**fields, "tenant_id": actor.tenancy.own})
    publish(actor, PlanDraftMade(draft.pk, number))
    return draft


@transaction.atomic
def improve_draft(actor: Actor, *, number: int, found: Draft, state: DraftState, beside: bool = False) -> bool:
    """Put a better answer in the place of the first; False, and nothing done, where she asked for another meanwhile, or
    took or left it.
    """
    held = PlanDraft.objects.select_for_update().filter(policy.visible_draft(actor), number=number).first()
    if held is None:
        return False
    held.state = state.value
    if beside:
        held.other = {**held.other, "found": found.packed()}
    else:
        held.found = found.packed()
    held.save(update_fields=["found", "other", "state"])
    return True


@transaction.atomic
def drop_draft(actor: Actor) -> None:
    """Leave the plan that was worked out aside; nothing in my weeks changes."""
    held = PlanDraft.objects.select_for_update().filter(policy.visible_draft(actor)).first()
    if held is not None:
        event = PlanDraftDropped(held.pk)
        held.delete()
        publish(actor, event)


@transaction.atomic
def take_draft(actor: Actor, *, number: int, other: bool = False) -> Taken:
    """Put a plan that was worked out into my weeks: what is new comes in, what stands there goes to its weeks, what is
    behind me leaves. All or nothing, but for a resource that is offered no more meanwhile, which is named.

    Raises NotFound, and Conflict where my plan changed since or weeks of it have passed.
    """
    plan = _lock(actor)
    held = PlanDraft.objects.select_for_update().filter(policy.visible_draft(actor)).first()
    if held is None:
        raise NotFound("There is no plan to take.")
    view = queries.draft_view(held, plan)
    if view is None or held.number != number or not view.current:
        raise Conflict(CHANGED)
    draft, wish = (view.other, view.other_wish) if other else (view.found, view.wish)
    if draft is None or wish is None:
        raise NotFound("There is no plan to take.")
    taken = _Taking(actor, plan, draft).take()
    if wish.more:
        _more_minutes(plan, draft)
    changed(plan)
    event = PlanDraftTaken(held.pk, taken.added, taken.moved, taken.removed)
    held.delete()
    publish(actor, event)
    return taken


def _more_minutes(plan: Plan, draft: Draft) -> None:
    """Give the weeks the minutes that the plan was worked out with; a quiet week has none and stays so."""
    for week, minutes in enumerate(draft.weeks):
        if minutes:
            PlanWeek.objects.update_or_create(
                plan=plan,
                monday=draft.monday(week),
                defaults={"minutes": min(minutes, MOST_MINUTES), "quiet": False, "tenant_id": plan.tenant_id},
            )


class _Taking:
    def __init__(self, actor: Actor, plan: Plan, draft: Draft) -> None:
        self.actor, self.plan, self.draft = actor, plan, draft
        self.touched: set[date | None] = set()
        self.added = self.moved = self.removed = 0
        self.gone: list[str] = []

    def take(self) -> Taken:
        rows = {str(row.pk): row for row in PlanItem.objects.filter(plan=self.plan).select_related("activity")}
        for line in self.draft.behind:
            if row := rows.get(line.item_id):
                self.touched.add(row.monday)
                event = ItemRemoved(row.pk, row.activity_id)
                row.delete()
                self.removed += 1
                publish(self.actor, event)
        for item in self.draft.items:
            if item.fixed or not item.pieces:
                continue
            if item.item_id:
                if item.is_moved and (row := rows.get(item.item_id)):
                    self._move(row, item)
            else:
                self._add(item)
        for monday in self.touched:
            number_anew(in_week(self.plan, monday))
        return Taken(self.added, self.moved, self.removed, tuple(self.gone))

    def _spread(self, item: DraftItem) -> tuple[date, list[int]]:
        first, last = item.pieces[0][0], item.pieces[-1][0]
        parts = [0] * (last - first + 1)
        for week, minutes in item.pieces:
            parts[week - first] += minutes
        return self.draft.first + timedelta(weeks=first), kept(parts)

    def _move(self, row: PlanItem, item: DraftItem) -> None:
        self.touched |= {row.monday}
        row.monday, row.spread = self._spread(item)
        row.position = len(in_week(self.plan, row.monday))
        row.save(update_fields=["monday", "spread", "position"])
        self.touched.add(row.monday)
        self.moved += 1
        publish(self.actor, PlanItemMoved(row.pk, row.monday, row.position))

    def _add(self, item: DraftItem) -> None:
        try:
            activity = courses.take_up(self.actor, resource_id=UUID(item.resource_id))
        except (NotFound, Invalid):
            self.gone.append(item.title)
            return
        monday, spread = self._spread(item)
        place = len(in_week(self.plan, monday))
        row, new = PlanItem.objects.get_or_create(
            plan=self.plan,
            activity_id=activity.pk,
            defaults={
                "goal_id": queries.own_goal(self.actor, item.goal_id),
                "monday": monday,
                "spread": spread,
                "position": place,
                "reason": (item.why[0] if item.why else "")[:200],
                "added_at": clock.now(),
                "tenant_id": self.plan.tenant_id,
            },
        )
        if new:
            self.touched.add(monday)
            self.added += 1
            publish(self.actor, PlanItemAdded(row.pk, activity.pk, monday))
