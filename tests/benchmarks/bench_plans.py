"""Working plans out for educators of the generated district: the first answer as a request waits for it, the better
plan and the proof as the job finds them, and the night in which everybody's slipped weeks are worked out anew.

Everybody has a goal, a need, ratings and a few things done, over 10,000 resources. Seconds are CPU, unless said.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from lantern import models as tables
from lantern.domain.people import queries as people
from lantern.domain.plans import queries as plans
from lantern.domain.plans.types import DraftWish
from lantern.engine.pathway import check, greedy, prove
from lantern.flows import planning, weeks_that_slipped
from lantern.kernel import clock, jobs, tenancy
from lantern.kernel.actor import Actor, system
from lantern.kernel.jobs import Progress
from lantern.kernel.upkeep import refresh_statistics
from tests.benchmarks.bench_refresh import _everybody_says_something
from tests.benchmarks.world import EDUCATORS, build_world

ASKING, SLIPPED = 40, 300
TARGETS = {
    "first answer, median: ms": 300,
    "a night of 5,000 slipped plans: CPU min": 60,
}


def main() -> dict[str, float | str]:
    """Build the district and measure."""
    world = build_world()
    scope = world.actor.tenancy
    with tenancy.within(scope):
        _everybody_says_something(world, range(1, EDUCATORS))
        refresh_statistics()
        rows = list(tables.Person.objects.filter(source="bench").order_by("pk").values_list("pk", flat=True))
        actors = [people.actor_for(pk, world.district_id) for pk in random.Random(3).sample(rows, ASKING + SLIPPED)]
        planning.ask(actors[0], DraftWish())  # the catalog is read once a process
        return _asking(actors[:ASKING]) | _night(world.district_id, actors[ASKING:])


def _asking(actors: Sequence[Actor]) -> dict[str, float | str]:
    first, gathered, proofs, sizes, loss = [], [], [], [], []
    for actor in actors:
        began = time.perf_counter()
        planning.work_out(actor, wish=DraftWish())
        first.append(time.perf_counter() - began)
        began = time.process_time()
        own = planning.ask(actor, DraftWish()).own
        gathered.append(time.process_time() - began)
        sizes.append(len(own.problem.candidates))
        quick, began = greedy(own.problem), time.process_time()
        best = prove(own.problem, 30.0, clock=time.process_time)
        proofs.append(time.process_time() - began if best.proof and best.proof.proven else float("inf"))
        if check(own.problem, best):
            raise AssertionError("a plan does not hold")
        loss.append(1 - quick.worth.total / best.worth.total if best.worth.total > 0 else 0.0)
    return {
        "first answer, median: ms": _middle(first) * 1e3,
        "first answer, slowest: ms": max(first) * 1e3,
        "gathering and building the problem: CPU ms": _middle(gathered) * 1e3,
        "candidates, median": _middle(sizes),
        "proof, median: CPU ms": _middle(proofs) * 1e3,
        f"proven within 1 s, of {len(actors)}": float(sum(one <= 1 for one in proofs)),
        "greedy loses, median: %": _middle(loss) * 100,
        "greedy loses, most: %": max(loss) * 100,
    }


def _night(tenant: UUID, actors: Sequence[Actor]) -> dict[str, float | str]:
    """Let three things of each slip, one of them long, beside one that has its week, and work the night's jobs off."""
    dice, monday, now = random.Random(4), clock.week_start(clock.today()), clock.now()
    with transaction.atomic():
        for actor in actors:
            if actor.person_id is None:
                continue
            plan = tables.Plan.objects.create(
                tenant_id=tenant, person_id=actor.person_id, begins_on=monday - timedelta(weeks=3), updated_at=now
            )
            for week in (-3, -2, -1, 0):
                activity = tables.Activity.objects.create(
                    tenant_id=tenant, person_id=actor.person_id, title="Planned", kind="course",
                    minutes=dice.choice((20, 40, 90)), created_at=now, updated_at=now,
                )  # fmt: skip
                tables.PlanItem.objects.create(
                    tenant_id=tenant, plan=plan, activity=activity, monday=monday + timedelta(weeks=week), added_at=now
                )
    lantern = system(actors[0].tenancy)
    found = plans.people_who_slipped(lantern)
    told = Progress(jobs.enqueue(actors[0], weeks_that_slipped.PREPARE))
    began, wall = time.process_time(), time.perf_counter()
    moved = sum((weeks_that_slipped.prepare(actor, told) or {}).get("moved", 0) for actor in actors)
    cpu, wall = (time.process_time() - began) / len(actors), (time.perf_counter() - wall) / len(actors)
    return {
        "slipped plans found": float(len(found)),
        "things that got a week": float(moved),
        "one slipped plan: CPU ms": cpu * 1e3,
        "one slipped plan: wall ms": wall * 1e3,
        "a night of 5,000 slipped plans: CPU min": cpu * 5_000 / 60,
    }


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
