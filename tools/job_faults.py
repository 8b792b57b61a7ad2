"""Kills workers, at any moment, while they carry out jobs, and counts what became of each job (trust.md A9).

    python -m tools.job_faults                                    a thousand jobs, forty kills, on SQLite
    python -m tools.postgres run -- python -m tools.job_faults    the same on PostgreSQL
    python -m tools.job_faults --without once                     a control: jobs that are not harmless to repeat

Two workers, each as `lantern worker` starts them, share one queue. One of them is killed again and again as the system
kills (SIGKILL), with all its processes, and started anew. A job that was in hand is given out again once its lease is
over: after eleven minutes in the product, after some seconds here. Each job puts one notice into an inbox, as the
product does it (once for each item), and rests then; every tenth rests so long that the next kill surely comes between
what it did and saying so, and every other kill waits for one of those. Afterwards every job is done, each has had its
effect exactly once, and no two workers had the same one in hand.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

from tools import own_installation

ROOT = Path(__file__).resolve().parents[1]
NAME, KIND = "faults.notify", "item_shared"
TIMEOUT, LEASE = 4, 6
"""Seconds after which a job in hand is given up, and given out again."""
RESTS, RESTS_LONG, TENTH = 0.02, 1.0, 10
"""Seconds between what a job did and saying so; for every so many-th job."""
PATIENCE = 400
_NAMES = UUID("0b3cf1a4-5f6f-4a58-9c1c-8f0c0a0f7d11")
_WORKER = """
import sys
import lantern.config.settings as chosen
chosen.Q_CLUSTER.update(timeout={timeout}, retry={lease})
from tools import job_faults
job_faults.with_the_job(once={once})
from lantern.cli import main
sys.exit(main())
"""


class Workers:
    """Two workers, each in a session of its own."""

    def __init__(self, data: Path, *, once: bool) -> None:
        self.data = data
        self.program = _WORKER.format(timeout=TIMEOUT, lease=LEASE, once=once)
        self.running = [self._start() for _ in range(2)]

    def _start(self) -> subprocess.Popen[bytes]:
        log = (self.data / "workers.log").open("a")
        return subprocess.Popen(
            [sys.executable, "-c", self.program, "worker"],
            stdout=log, stderr=subprocess.STDOUT, cwd=ROOT, start_new_session=True,
        )  # fmt: skip

    def replace(self, number: int) -> None:
        """Kill one worker with all its processes, and start it anew."""
        self._kill(self.running[number])
        self.running[number] = self._start()

    def of(self, process: int) -> int:
        """Return which worker a process belongs to; the first where it is gone."""
        with suppress(ProcessLookupError):
            sessions = [one.pid for one in self.running]
            return sessions.index(os.getsid(process)) if os.getsid(process) in sessions else 0
        return 0

    def end(self) -> None:
        """Kill both."""
        for one in self.running:
            self._kill(one)

    def _kill(self, one: subprocess.Popen[bytes]) -> None:
        os.killpg(one.pid, signal.SIGKILL)
        one.wait()


def with_the_job(*, once: bool) -> None:
    """Let the next set-up of Django register the job of this harness."""
    import django  # noqa: PLC0415 - only in a worker

    set_up = django.setup

    def setup(*given: Any, **named: Any) -> None:
        set_up(*given, **named)
        _register(once=once)

    django.setup = setup


def _register(*, once: bool) -> None:
    from lantern.domain.notices import commands as notices  # noqa: PLC0415 - after Django is set up
    from lantern.kernel import jobs  # noqa: PLC0415

    def notify(actor: Any, progress: Any, *, person: str, number: int) -> dict[str, Any]:
        _note(f"begins {number}")
        item = uuid5(_NAMES, str(number)) if once else uuid4()
        notices.notify(actor, person_id=UUID(person), kind=KIND, item_id=item)
        _note(f"did {number}")
        time.sleep(RESTS if number % TENTH else RESTS_LONG)
        _note(f"ends {number}")
        return {"number": number}

    jobs.job(NAME, reads=("private",), reaches="the educator herself, in her inbox")(notify)


def _note(words: str) -> None:
    """Add a line to what was seen, whole or not at all."""
    line = f"{time.monotonic():.6f} {os.getpid()} {words}\n"
    out = os.open(Path(os.environ["LANTERN_DATA"]) / "seen", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(out, line.encode())
    os.close(out)


def run(count: int, kills: int, seed: int, *, once: bool) -> dict[str, Any]:
    """Queue jobs, kill a worker so many times while they are carried out, wait for the rest, and count."""
    from django.db import connections  # noqa: PLC0415 - the settings are named at run time

    chance, data = random.Random(seed), Path(os.environ["LANTERN_DATA"])  # noqa: S311 moments, not secrets
    _queue(count, once=once)
    connections.close_all()
    workers = Workers(data, once=once)
    try:
        killed = _kill_now_and_then(workers, data, count, kills, chance)
        until = time.monotonic() + PATIENCE
        while (left := _left()) and time.monotonic() < until:
            time.sleep(0.3)
    finally:
        workers.end()
    return _count(count, killed, left, _seen(data))


def _kill_now_and_then(workers: Workers, data: Path, count: int, kills: int, chance: random.Random) -> int:
    """Kill one worker after the other, each when some more jobs were begun, so that kills fall all over the run."""
    killed, until = 0, time.monotonic() + PATIENCE
    while killed < kills and time.monotonic() < until:
        goal = (killed + 1) * count // (kills + 2)
        seen = _seen(data)
        if sum(what == "begins" for _, _, what, _ in seen) >= goal:
            resting = _resting(seen) if killed % 2 else None
            if resting is None and killed % 2:
                time.sleep(0.02)
                continue
            time.sleep(0 if resting else chance.uniform(0, 3 * RESTS))
            workers.replace(workers.of(resting) if resting else chance.randrange(2))
            killed += 1
        time.sleep(0.02)
    return killed


def _resting(seen: list[tuple[float, str, str, str]]) -> int | None:
    """Return the process of a job that did what it does and rests long, if there is one; not of one that was killed
    again and again: after five times it would be parked, as it should.
    """
    begun = Counter(number for _, _, what, number in seen if what == "begins")
    over = {(pid, number) for _, pid, what, number in seen if what == "ends"}
    for at, pid, what, number in seen:
        fresh = time.monotonic() - at < RESTS_LONG / 2
        if what == "did" and int(number) % TENTH == 0 and begun[number] < 3 and fresh and (pid, number) not in over:
            return int(pid)
    return None


def _queue(count: int, *, once: bool) -> None:
    from lantern import models as tables  # noqa: PLC0415
    from lantern.domain.people import queries as people  # noqa: PLC0415
    from lantern.kernel import jobs, tenancy  # noqa: PLC0415
    from lantern.kernel.actor import system  # noqa: PLC0415
    from lantern.kernel.ids import uuid7  # noqa: PLC0415

    _register(once=once)
    with tenancy.unscoped("the harness makes a district"):
        own = uuid7()
        place = tables.Organisation.objects.create(pk=own, tenant_id=own, kind="district", name="Job district")
        person = tables.Person.objects.create(tenant_id=own, given_name="Nia", family_name="Novak")
    scope = people.tenancy_of(place.pk)
    with tenancy.within(scope):
        for number in range(count):
            jobs.enqueue(system(scope), NAME, person=str(person.pk), number=number)


def _left() -> int:
    from lantern import models as tables  # noqa: PLC0415
    from lantern.kernel import tenancy  # noqa: PLC0415

    with tenancy.unscoped("the harness counts"):
        return int(tables.Job.objects.filter(name=NAME, state__in=("waiting", "running")).count())


def _seen(data: Path) -> list[tuple[float, str, str, str]]:
    """Return what the jobs noted: when, in which process, begins or ends, which number."""
    place = data / "seen"
    lines = place.read_text().splitlines() if place.exists() else []
    return [(float(at), pid, what, number) for at, pid, what, number in (line.split() for line in lines)]


def _count(count: int, killed: int, left: int, seen: list[tuple[float, str, str, str]]) -> dict[str, Any]:
    from lantern import models as tables  # noqa: PLC0415
    from lantern.kernel import tenancy  # noqa: PLC0415

    with tenancy.unscoped("the harness counts"):
        jobs = tables.Job.objects.filter(name=NAME)
        states = Counter(jobs.values_list("state", flat=True))
        numbers = Counter(one["number"] for one in jobs.values_list("result", flat=True) if "number" in one)
        effects = Counter(tables.Notice.objects.filter(kind=KIND).values_list("item_id", flat=True))
    wrong = [f"{many} jobs are {state}" for state, many in states.items() if state != "done"]
    wrong += [f"{left} jobs were left"] if left else []
    wrong += [] if len(numbers) == count else [f"{len(numbers)} of {count} jobs said what they did"]
    if sum(effects.values()) != count:
        wrong.append(f"{sum(effects.values())} effects of {count} jobs")
    wrong += _shared(seen)
    begun = Counter(number for _, _, what, number in seen if what == "begins")
    return {
        "wrong": wrong,
        "jobs": count,
        "effects": sum(effects.values()),
        "kills": killed,
        "begun again": sum(many - 1 for many in begun.values()),
        "most times one was begun": max(begun.values(), default=0),
    }


def _shared(seen: list[tuple[float, str, str, str]]) -> list[str]:
    """Say which jobs two processes had in hand at one time: begun again before the first said that it ended, and the
    first was not killed, for it said so later.
    """
    at_work: dict[str, set[str]] = {}
    begun_again: set[tuple[str, str]] = set()
    wrong = []
    for _, pid, what, number in sorted(seen):
        if what == "begins":
            begun_again |= {(other, number) for other in at_work.get(number, set())}
            at_work.setdefault(number, set()).add(pid)
        elif (pid, number) in begun_again:
            wrong.append(f"job {number} was in two hands")
    return wrong


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--without", choices=["once"], default="", help="a control: this guard is left off")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with own_installation.fresh() as folder:
        found = run(given.jobs, given.kills, given.seed, once=not given.without)
        if found["wrong"]:
            found["log"] = (folder / "workers.log").read_text()[-3000:]
    print(json.dumps(found, indent=2))
    sys.exit(bool(found["wrong"]))


if __name__ == "__main__":
    main()
