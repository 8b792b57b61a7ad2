"""Working out a plan for one educator (N3): the first answer at once, a better one and the proof by a job. It changes
nothing of hers: she takes it, compares it with another, or leaves it.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format

from lantern.domain.competencies import queries as competencies
from lantern.domain.courses import queries as courses
from lantern.domain.goals import queries as goals
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.domain.plans.types import Draft, DraftState, DraftWish, ItemView, PlanView
from lantern.domain.privacy import queries as privacy
from lantern.domain.privacy.types import Purpose
from lantern.domain.recommendations import queries as recommendations
from lantern.engine.own_plan import Known, OwnProblem, Path, Standing, Wish, is_live, own_problem
from lantern.engine.pathway import Limit, Offer, Plan, Remedies, Week, greedy, improve, prove, smallest_changes
from lantern.engine.recommend import Learner, Shelf
from lantern.flows.paths_to_plan import paths_to_plan
from lantern.flows.plan_in_words import OUTSIDE, Said, in_words
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.jobs import Progress, enqueue, job

IMPROVE = "plans.improve_draft"
BETTER_SECONDS, PROOF_SECONDS, HELP_SECONDS = 3.0, 45.0, 10.0
"""How long a worker may look for a better plan, for the proof, and for what would help where something cannot hold."""
SEED = 20_260_801
MOST_MORE = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the planner, with all that its answer is put into words from."""

    wish: DraftWish
    view: PlanView
    own: OwnProblem
    said: Said


def ask(actor: Actor, wish: DraftWish) -> Asked:
    """Gather what the planner is asked for this educator; each thing through its own feature."""
    view = plan_queries.my_plan(actor)
    learner, shelf = recommendations.learner_of(actor), recommendations.shelf_for(actor)
    first = view.weeks[0].monday
    standing = _standing(view, shelf)
    paths = () if wish.repair else paths_to_plan(actor)
    done = [sum(item.here for item in week.items if item.done) for week in view.weeks]
    known = Known(
        tuple(
            Week(max(0, week.available - spent), week.teaching) for week, spent in zip(view.weeks, done, strict=True)
        ),
        tuple(standing.values()),
        {goal.pk: (clock.week_start(goal.due_on) - first).days // 7 for goal in goals.open_goals(actor)},
        _renewed(learner, first),
        paths,
        {
            str(pk): (clock.week_start(day) - first).days // 7
            for pk, day in courses.finished_days(actor).items()
            if day is not None
        },
    )
    own = own_problem(learner, shelf, known, _wish(learner, wish))
    said = Said(
        standing={_engine_id(item, shelf): item for item in view.items},
        steps={step.id: path.title for path in paths for step in path.steps},
        shares={one.id: one.shares for one in standing.values()},
        fixed=frozenset(one.id for one in standing.values() if one.fixed),
        goals={goal.id: goal.title for goal in learner.goals},
        needs={need.competency: need.competency_name for need in learner.needs},
        names=dict(competencies.competency_names(actor, _named(own, paths))),
        without=frozenset(wish.without),
        learner=learner,
        shelf=shelf,
        first=first,
        have=tuple(week.available for week in view.weeks),
        weeks=tuple(
            week.minutes + (wish.more if week.minutes and number >= wish.start else 0)
            for number, week in enumerate(known.weeks)
        ),
        renews=_renews_in_words(learner),
        notes=() if wish.repair else _notes(actor, learner, own, paths),
    )
    return Asked(wish, view, own, said)


def _named(own: OwnProblem, paths: tuple[Path, ...]) -> set[UUID]:
    asked = {aim.competency for aim in own.aims.values()}
    return asked | {competency for path in paths for step in path.steps for competency, _ in step.levels}


def _wish(learner: Learner, wish: DraftWish) -> Wish:
    ids = [goal.id for goal in learner.goals if str(goal.id) in wish.without]
    ids += [need.competency for need in learner.needs if str(need.competency) in wish.without]
    return Wish(wish.more, wish.start, frozenset(ids), wish.repair)


def _standing(view: PlanView, shelf: Shelf) -> dict[str, Standing]:
    """Return what stands in the plan and is not done, with its minutes in the weeks shown. What takes no time that
    anybody knows is left where it is.
    """
    shares: dict[UUID, dict[int, int]] = defaultdict(dict)
    for number, week in enumerate(view.weeks):
        for part in week.items:
            if part.here:
                shares[part.id][number] = part.here
    found: dict[str, Standing] = {}
    for item in view.items:
        minutes = item.minutes_left if item.started and item.monday else item.minutes
        if item.done or minutes <= 0:
            continue
        place = None if item.resource_id is None else shelf.place_of.get(item.resource_id)
        entry = None if place is None else shelf.items[place]
        key = _engine_id(item, shelf)
        found[key] = Standing(
            id=key,
            minutes=minutes,
            kind=item.kind,
            shares=shares[item.id],
            fixed=bool(shares[item.id]) and (item.pinned or item.started or is_live(item.kind, entry)),
            begun=item.started,
            item=entry,
        )
    return found


def _engine_id(item: ItemView, shelf: Shelf) -> str:
    known = item.resource_id is not None and item.resource_id in shelf.place_of
    return str(item.resource_id) if known else f"{OUTSIDE}{item.id}"


def _renewed(learner: Learner, first: date) -> int:
    """Return the last whole week before her licence is renewed, 0 at least."""
    if learner.credit is None:
        return 0
    renews_on = clock.today() + timedelta(days=learner.credit.days_left)
    return max(0, (clock.week_start(renews_on) - first).days // 7 - 1)


def _renews_in_words(learner: Learner) -> str:
    if learner.credit is None:
        return ""
    return f", renewed on {date_format(clock.today() + timedelta(days=learner.credit.days_left), 'j F Y')},"


def _notes(actor: Actor, learner: Learner, own: OwnProblem, paths: tuple[Path, ...]) -> tuple[str, ...]:
    """Return what she should know of how this was worked out."""
    if actor.person_id is not None and not privacy.may_use(actor.person_id, Purpose.RECOMMENDATION):
        return ("You keep your goals and needs out of suggestions, so this plan knows only your work and your weeks.",)
    if not own.aims and learner.goals:
        return ("You are at the level each of your goals aims at.",)
    if not learner.goals and not learner.needs and not paths:
        return (
            "You have no goal or need with a competency yet, so this goes by what is suggested to you. A goal makes it"
            " yours.",
        )
    return ()


@transaction.atomic
def work_out(actor: Actor, *, wish: DraftWish, beside: bool = False) -> int:
    """Work out a plan, keep its first answer, queue the better one, and return its number. Raises NotFound, Conflict
    (`plans.keep_draft`).
    """
    asked = ask(actor, wish)
    found = in_words(asked.own, greedy(asked.own.problem), asked.said)
    number = plans.keep_draft(actor, wish=wish, found=found, plan_version=asked.view.version, beside=beside)
    enqueue(actor, IMPROVE, number=number)
    return number


@job(IMPROVE, reads=("private", "public", "official", "aggregate"), reaches="the educator herself, on her plan page")
def improve_draft(actor: Actor, progress: Progress, *, number: int = 0) -> dict[str, Any]:
    """Look for a better plan than the first answer, then for the proof that there is none, or the gap that is left."""
    held = plan_queries.my_draft(actor)
    if held is None:
        return {"left": True}
    wish = {held.other_number: held.other_wish, held.number: held.wish}.get(number)
    if wish is None or not held.current:
        return {"left": True}
    asked = ask(actor, wish)
    progress(1, 3, "Looking for a better plan")
    better = improve(asked.own.problem, BETTER_SECONDS, clock=time.monotonic, seed=SEED)
    if not _keep(actor, number, asked, better, DraftState.BETTER, None):
        return {"left": True}
    progress(2, 3, "Checking that there is none better")
    best = better
    if better.proof is None or not better.proof.proven:
        best = prove(asked.own.problem, PROOF_SECONDS, clock=time.monotonic, seed=SEED, start=better)
    help_ = _what_helps(asked, best) if best.shortfalls else None
    _keep(actor, number, asked, best, DraftState.DONE, help_)
    return {"proven": bool(best.proof and best.proof.proven)}


def _keep(actor: Actor, number: int, asked: Asked, plan: Plan, state: DraftState, help_: Remedies | None) -> bool:
    found: Draft = in_words(asked.own, plan, asked.said, help_)
    return plans.improve_draft(actor, number=number, found=found, state=state)


def _what_helps(asked: Asked, plan: Plan) -> Remedies:
    """Return the smallest changes that would let all hold: more minutes, a quiet week opened, something taken out."""
    usual = asked.view.minutes_per_week
    quiet = {number: usual for number, week in enumerate(asked.view.weeks) if week.quiet and usual}
    limit = Limit(time.monotonic, time.monotonic() + HELP_SECONDS)
    return smallest_changes(asked.own.problem, Offer(MOST_MORE, 5, could_open=quiet, later=0), limit, SEED)
