"""The nightly refresh of everybody's suggestions in the generated district, as the job does it: wall and CPU.

Everybody has said something: ratings, a need, a goal, what draws her, and a few things done, so that each ranking is a
whole one over 10,000 resources.
"""

from __future__ import annotations

import random
import time
from datetime import timedelta

from django.db import transaction

from lantern import models as tables
from lantern.flows.recommendations import REFRESH_ALL, refresh_all
from lantern.kernel import clock, jobs, tenancy
from lantern.kernel.actor import system
from lantern.kernel.jobs import Progress
from lantern.kernel.upkeep import refresh_statistics
from tests.benchmarks.world import COMPETENCIES, World, build_world

TARGETS = {"refresh of a district of 5,000: wall s": 60}
MOTIVES = ("credential", "own_improvement", "student_improvement", "career")


def main() -> dict[str, float | str]:
    """Build the district, give everybody a little, measure one run after a first one that fills the table."""
    world = build_world()
    scope = world.actor.tenancy
    with tenancy.within(scope):
        _everybody_says_something(world)
        refresh_statistics()
        actor = system(scope)
        figures: dict[str, float | str] = {}
        for name in ("the first time", "again"):
            job = jobs.enqueue(actor, REFRESH_ALL)
            wall, cpu = time.perf_counter(), time.process_time()
            done = (refresh_all(actor, Progress(job)) or {})["educators"]
            figures[f"{name}: wall s"] = time.perf_counter() - wall
            figures[f"{name}: CPU s"] = time.process_time() - cpu
            figures[f"{name}: ms for one educator"] = (time.perf_counter() - wall) / done * 1e3
        figures["educators"] = float(done)
        figures["suggestions kept"] = float(tables.Suggestion.objects.count())
        figures["refresh of a district of 5,000: wall s"] = figures["again: wall s"]
    return figures


def _everybody_says_something(world: World) -> None:
    dice, now, today = random.Random(11), clock.now(), clock.today()
    tenant = world.district_id
    with transaction.atomic():
        competencies = list(tables.Competency.objects.order_by("framework_id", "position")[:COMPETENCIES])
        resources = list(tables.Resource.objects.order_by("pk").only("pk", "kind", "minutes")[:2000])
        others = list(tables.Profile.objects.exclude(person_id=world.person_id).values_list("person_id", flat=True))
        ratings: list[tables.Rating] = []
        needs: list[tables.Need] = []
        goals: list[tables.Goal] = []
        activities: list[tables.Activity] = []
        for person in others:
            about = dice.sample(competencies, 4)
            common = {"tenant_id": tenant, "person_id": person}
            ratings += [
                tables.Rating(**common, competency=one, level=dice.randint(0, 3), source="own_rating", at=now)
                for one in about[:3]
            ]
            needs.append(
                tables.Need(**common, competency=about[0], source="own_rating", wanted_level=3, created_at=now)
            )
            goals.append(
                tables.Goal(
                    **common,
                    title=f"Better at {about[3].name}",
                    competency=about[3],
                    measure="m",
                    baseline="0",
                    target="3",
                    due_on=today + timedelta(days=60),
                    created_at=now,
                    updated_at=now,
                )
            )
            activities += [
                tables.Activity(
                    **common,
                    resource=one,
                    title="Done",
                    kind=one.kind,
                    minutes=one.minutes or 0,
                    state="finished",
                    percent=100,
                    created_at=now,
                    updated_at=now,
                )
                for one in dice.sample(resources, 4)
            ]
        tables.Rating.objects.bulk_create(ratings, batch_size=500)
        tables.Need.objects.bulk_create(needs, batch_size=500)
        tables.Goal.objects.bulk_create(goals, batch_size=500)
        tables.Activity.objects.bulk_create(activities, batch_size=500)
        for number, motive in enumerate(MOTIVES):
            chosen = others[number :: len(MOTIVES)]
            for start in range(0, len(chosen), 500):
                part = chosen[start : start + 500]
                tables.Profile.objects.filter(person_id__in=part).update(motivations=[motive])
