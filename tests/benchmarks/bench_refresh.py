"""The nightly refresh of everybody's suggestions in the generated district, in parts as workers do it.

Everybody has said something: ratings, a need, a goal, what draws her, and a few things done, so that each ranking is a
whole one over 10,000 resources, with what others went on to. Measured at 5,000 and at 20,000 educators, so that it
shows whether time grows in a line and memory does not; and with two workers beside each other. A state of 100,000, with
two workers, takes half an hour: `LANTERN_BENCH_MANY=100000 python -m tools.bench refresh`.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import timedelta

from django.db import transaction

from lantern import models as tables
from lantern.domain.recommendations import commands, queries
from lantern.engine.recommend.collaborative import Blend, Settings, fit, to_bytes
from lantern.engine.release import last_closed
from lantern.flows.recommendations import REFRESH_ALL, REFRESH_PART, refresh_all
from lantern.kernel import clock, jobs, tenancy
from lantern.kernel.actor import Actor, system
from lantern.kernel.jobs import Progress
from lantern.kernel.upkeep import refresh_statistics
from tests.benchmarks.district_histories import generate
from tests.benchmarks.world import COMPETENCIES, EDUCATORS, RESOURCES, World, add_people, build_world

TARGETS = {"refresh of a district of 5,000: wall s": 60}
MOTIVES = ("credential", "own_improvement", "student_improvement", "career")
MANY = int(os.environ.get("LANTERN_BENCH_MANY", "20000"))
_WORKER = """
import re, sys, time, django
django.setup()
from lantern.kernel import jobs
wall, cpu = time.perf_counter(), time.process_time()
for job_id in sys.argv[1:]:
    jobs.run(job_id)
status = open("/proc/self/status").read()  # getrusage would count what the parent held
most = int(re.search("VmHWM:[^0-9]*([0-9]+)", status)[1]) / 1000
print(time.perf_counter() - wall, time.process_time() - cpu, most)
"""


def main() -> dict[str, float | str]:
    """Build the district, give everybody a little, measure one run after a first one that fills the table."""
    world = build_world()
    scope = world.actor.tenancy
    with tenancy.within(scope):
        actor = system(scope)
        _others_went_on(actor)
        _everybody_says_something(world, range(1, EDUCATORS))
        refresh_statistics()
        figures = {"parts": float(len(_parts(actor)))}
        _run(actor, 1)
        figures |= {f"5,000: {name}": value for name, value in _run(actor, 1).items()}
        schools = list(tables.Organisation.objects.filter(kind="school"))
        with transaction.atomic():
            add_people(world.district_id, schools, random.Random(12), range(EDUCATORS, MANY))
        _everybody_says_something(world, range(EDUCATORS, MANY))
        refresh_statistics()
        for workers in (1, 2) if MANY <= 20_000 else (2,):
            name = "one worker" if workers == 1 else "two workers"
            figures |= {f"{MANY:,}, {name}: {key}": value for key, value in _run(actor, workers).items()}
        figures["suggestions kept"] = float(tables.Suggestion.objects.count())
    return {**figures, "refresh of a district of 5,000: wall s": figures["5,000: wall s"]}


def _parts(actor: Actor) -> list[str]:
    """Cut a run into parts, and return the jobs that wait for it."""
    refresh_all(actor, Progress(jobs.enqueue(actor, REFRESH_ALL)))
    rows = tables.Job.objects.filter(name=REFRESH_PART, state=tables.Job.State.WAITING)
    return [str(row.pk) for row in rows.order_by("pk")]


def _run(actor: Actor, workers: int) -> dict[str, float]:
    """Let so many processes work off the parts of one run."""
    parts = _parts(actor)
    wall = time.perf_counter()
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, *parts[number::workers]],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(workers)
    ]
    said = [[float(value) for value in one.communicate()[0].split()] for one in begun]
    wall = time.perf_counter() - wall
    kept = tables.Job.objects.filter(pk__in=parts, state=tables.Job.State.DONE).values_list("result", flat=True)
    done = sum(result["educators"] for result in kept)
    cpu = sum(one[1] for one in said)
    return {
        "wall s": wall,
        "CPU s": cpu,
        "CPU ms for one educator": cpu / done * 1e3,
        "most memory of a worker, MB": max(one[2] for one in said),
        "educators": float(done),
    }


def _others_went_on(actor: Actor) -> None:
    """Keep weights of a generated history over the same number of resources, as a fit would."""
    made = generate(persons=20_000, items=RESOURCES, themes=150, each=16, seed=1)
    items = tuple(item.id for item in queries.shelf_for(actor).items)
    blend, term = Blend(1, 0.5, 0.3, 0.1), last_closed(clock.today())
    commands.keep_peer_weights(
        actor, term=term.key, ends_before=term.ends_before, floor=10, outcome="on", items=items,
        arrays=to_bytes(fit(made.choices, made.tags, 1000, Settings(), blend, blend)),
    )  # fmt: skip


def _everybody_says_something(world: World, numbers: range) -> None:
    dice, now, today = random.Random(11), clock.now(), clock.today()
    tenant = world.district_id
    with transaction.atomic():
        competencies = list(tables.Competency.objects.order_by("framework_id", "position")[:COMPETENCIES])
        resources = list(tables.Resource.objects.order_by("pk").only("pk", "kind", "minutes")[:2000])
        named = dict(tables.Person.objects.filter(source="bench").values_list("sourced_id", "pk"))
        others = [named[str(number)] for number in numbers]
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
