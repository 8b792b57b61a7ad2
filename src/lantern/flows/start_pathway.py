"""Putting a pathway into one's weeks: what is asked of everybody and what she chose, in order, with why it is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.courses import queries as courses
from lantern.domain.pathways import commands, queries
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.engine.pathway.outline import Entry, find
from lantern.engine.pathway.placing import Held, Placing, to_place
from lantern.engine.pathway.standing import after_practice, monday
from lantern.flows.pathway_standing import Whereabouts, whereabouts
from lantern.kernel import clock
from lantern.kernel.actor import Actor

REASON_MOST = 200
_NEVER = timedelta(weeks=5200)


@dataclass(frozen=True, slots=True)
class Started:
    """What went into the plan: how many steps; how many were done or planned already, how many found no week with room;
    how many wait for a level of hers; the names of choices she has still to make, "" for one without a name.
    """

    added: int
    done: int
    planned: int
    waiting: int
    for_a_level: int = 0
    choices: tuple[str, ...] = field(default=())


@transaction.atomic
def start(actor: Actor, *, pathway_id: UUID) -> Started:
    """Start a pathway and put what she has not finished of it into her plan, all or none; a repeat adds nothing.

    Each goes into the first week with room that is not before the steps it follows and the practice between. Raises
    NotFound.
    """
    row = commands.start_pathway(actor, pathway_id=pathway_id)
    pathway = queries.get_pathway(actor, pathway_id)
    outline = queries.outline_of(actor, pathway, row.version_id)
    found = whereabouts(actor, outline, queries.choices_in(row), row.started_at)
    return _place(actor, pathway.title, found)


@transaction.atomic
def start_own(actor: Actor, *, own_id: UUID) -> Started:
    """Put what she has not finished of a pathway of her own into her plan, as `start` does. Raises NotFound."""
    row = queries.get_own(actor, own_id)
    found = whereabouts(actor, queries.outline_of_own(row), queries.choices_in(row), row.created_at)
    return _place(actor, row.title, found)


def _place(actor: Actor, title: str, found: Whereabouts) -> Started:
    wanted = to_place(found.here, found.known)
    weeks = _Weeks(found)
    added = planned = waiting = 0
    for step in wanted.steps:
        held = _planned(actor, found, step)
        if held:
            planned += 1
            weeks.put(step.key, plan_queries.last_week_of(held))
            continue
        reason = f"{title}: {step.outcome}"[:REASON_MOST]
        resource_id = UUID(step.route)
        item = plans.plan_resource(actor, resource_id=resource_id, reason=reason, not_before=weeks.earliest(step))
        added, waiting = added + 1, waiting + (item.monday is None)
        weeks.put(step.key, item.monday)
    names = tuple(one.section.name for one in wanted.undecided)
    levels = sum(why is Held.LEVEL for why in wanted.held.values())
    return Started(added, found.here.done, planned, waiting, levels, names)


def _planned(actor: Actor, found: Whereabouts, step: Placing) -> Any:
    """Return what of a step is in the plan already: the route that is hers, or another that leads to the same."""
    for route in sorted(_routes(found, step.key), key=lambda one: one != step.route):
        activity = courses.activity_for_resource(actor, UUID(route))
        held = plan_queries.item_for_activity(actor, activity.pk) if activity else None
        if held:
            return held
    return None


class _Weeks:
    """The weeks that steps are in; what waits in no week lies behind all of them."""

    def __init__(self, found: Whereabouts) -> None:
        self.found, self.this = found, clock.week_start(clock.today())
        self.of: dict[str, date] = {}

    def put(self, key: str, week: date | None) -> None:
        self.of[key] = week or self.this + _NEVER

    def earliest(self, step: Placing) -> date:
        """Return the first week that a step may be in."""
        return max([self.this, *(self.of[key] for key in step.behind if key in self.of), *self._practised(step)])

    def _practised(self, step: Placing) -> Iterable[date]:
        gap = step.practice
        if gap is None:
            return
        day = self.of.get(gap.after) or self._done(gap.after)
        if day is not None and day < self.this + _NEVER:
            yield after_practice(monday(day), gap.weeks, gap.in_class, self.found.her.closed)

    def _done(self, key: str) -> date | None:
        done = self.found.her.done
        routes = (one for one in _routes(self.found, key) if one in done)
        return next((done[route] for route in routes), None)


def _routes(found: Whereabouts, key: str) -> tuple[str, ...]:
    part = find(found.outline, key)
    return part.routes if isinstance(part, Entry) else ()
