"""What was planned for weeks that are over and is not done gets new weeks worked out overnight, with the fewest moves.
Nothing moves by itself: the educator finds the plan beside hers, and takes it or leaves it.
"""

from __future__ import annotations

import time
from typing import Any

from lantern.domain.people import queries as people
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.domain.plans.types import DraftState, DraftWish
from lantern.engine.pathway import greedy, improve
from lantern.flows.plan_in_words import in_words
from lantern.flows.planning import SEED, ask
from lantern.kernel.actor import Actor
from lantern.kernel.jobs import Progress, enqueue_once, job

PREPARE, PREPARE_ALL = "plans.prepare", "plans.prepare_all"
SECONDS = 1.0
"""How long one person's weeks may take; most take a hundredth of it."""


@job(PREPARE_ALL, reads=("private", "official"), reaches="nobody: it only queues a job for each educator it concerns")
def prepare_all(actor: Actor, progress: Progress) -> dict[str, Any]:
    """Queue a job for everybody of the tenant whose plan has slipped; all workers share them, and a fault stays in
    one.
    """
    hers = people.actors_for(actor, plan_queries.people_who_slipped(actor))
    for one in hers.values():
        enqueue_once(one, PREPARE)
    return {"educators": len(hers)}


@job(PREPARE, reads=("private", "public", "official", "aggregate"), reaches="the educator herself, on her plan page")
def prepare(actor: Actor, progress: Progress) -> dict[str, Any]:
    """Work out new weeks for what slipped, where she has no plan to look at already; a repeat changes nothing."""
    held = plan_queries.my_draft(actor)
    if (held is not None and held.current) or plan_queries.was_left_aside(actor):
        return {"left": True}
    wish = DraftWish(repair=True)
    asked = ask(actor, wish)
    quick = greedy(asked.own.problem)
    found = in_words(
        asked.own, improve(asked.own.problem, SECONDS, clock=time.monotonic, seed=SEED, start=quick), asked.said
    )
    moved = sum(item.is_moved for item in found.items)
    if moved:
        plans.keep_draft(actor, wish=wish, found=found, plan_version=asked.view.version, state=DraftState.DONE)
    return {"moved": moved}
