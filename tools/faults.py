"""Kills Lantern under load, fills its disk, restarts its database server, and then counts (trust.md A1, A3, A5, A9,
A10).

    python -m tools.faults                      ten rounds on SQLite: web and worker are killed, the disk is full
    python -m tools.faults --on postgresql      the same on PostgreSQL: its server crashes, and its disk is full, too
    python -m tools.faults --without keys       a control: with a guard off, it must end with what went wrong

`make faults` runs the first two, the suite a short form. PostgreSQL is a private server (tools/postgres.py); what
DATABASE_URL names is never touched.

Eight browsers send forms as fast as they are answered, each with an idempotency key. In each round something happens
to the server; whoever got no answer sends the same form again after it is back, as a browser would. Now and then a
browser takes an answer as lost and sends its form again, too. At the end:

- each form that was answered has made its row, and each form has made exactly one, however often it was sent;
- rows, events, idempotency keys and rows of the audit trail agree, so nothing was half done;
- the trail is whole, the database says that it is sound, and each job that was interrupted is still queued;
- nobody was answered 500, but 503 with a time to come back;
- once the database server is up again, a form is answered, and the worker fetches what is queued and ends a job, within
  five seconds; every browser is answered in the end, and where nothing else was killed every job is carried out.
"""

# ruff: noqa: PLC0415, S310 - Django is set up only where it counts; addresses are our own

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from tools import small_disk
from tools.browsers import ASKED_BACK, PEOPLE, Educator
from tools.postgres import Cluster, end_on_terminate, private_cluster

ROOT = Path(__file__).resolve().parents[1]
SECONDS_TO_START = 400
MOST_BYTES = 40_000
"""Where the disk is full, nothing is written beyond this place of any file: less than the database's journal needs."""
BACK_WITHIN = 5.0
"""Seconds from when the database server is up again to the next form that is answered, and to the next job's end."""
SERVER = {"fsync": "off", "max_wal_size": "64MB"}
"""A commit still waits until the system has it, so a crash of the server loses none; whether it reaches the disk is
another question (A8), and without this the server's own recovery would be most of what is timed."""
QUEUED = "SELECT count(*) FROM django_q_ormq"
AWAY = (0.0, 6.0)
"""Seconds for which the database server stays away, in turns: a restart, and longer than a request waits."""
KINDS = {"sqlite": ("kill", "full", "kill"), "postgresql": ("restart", "kill", "full")}
ROOM = 400
"""Megabytes of PostgreSQL's disk where it is to be filled: a demonstration, its journal, and little more."""
CONTROLS = {
    "keys": "",
    "queue": "import lantern.config.settings as chosen; del chosen.Q_CLUSTER['broker_class'];",
}
"""Guards that can be left off, each with what the server does first: `keys` is left off by the browsers."""


class Server:
    """`lantern demo` in a folder of its own: web and worker."""

    def __init__(self, data: Path, url: str = "", first: str = "") -> None:
        self.data, self.url, self.first = data, url, first
        self.process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.site = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = f"import sys; {self.first} from lantern.cli import main; sys.exit(main())"
        log = (self.data / "server.log").open("a")
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, "demo"],
            env=surroundings(self.data, self.url) | {"PORT": str(self.port)},
            stdout=log, stderr=subprocess.STDOUT, cwd=ROOT, start_new_session=True,
        )  # fmt: skip
        patience = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > patience:
                raise SystemExit(f"The server did not start:\n{(self.data / 'server.log').read_text()[-3000:]}")
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.site + "/", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def processes(self) -> Iterator[int]:
        """The processes of it, by the folder that their environment names."""
        mine = f"LANTERN_DATA={self.data}".encode()
        for place in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                if mine in place.read_bytes().split(b"\0"):
                    yield int(place.parent.name)

    def fill_disk(self, *, full: bool) -> None:
        """Let it find the disk full, or with room again: the running processes, which must go on by themselves."""
        most = MOST_BYTES if full else resource.RLIM_INFINITY
        for process in self.processes():
            with suppress(OSError):
                resource.prlimit(process, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    def kill(self) -> None:
        """End every process of it at once, as a power cut does to programs."""
        while found := list(self.processes()):  # again: one may have started another while we looked for it
            for process in found:
                with suppress(OSError):
                    os.kill(process, signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def stop(self) -> None:
        """End it as an operator does."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGINT)
            self.process.wait(timeout=SECONDS_TO_START)


def free_port() -> int:
    """A port that nobody has, below those that the system gives to clients: who calls again and again while the server
    is down would else get its very port one day, and the server could not start.
    """
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise SystemExit("No port is free")


def surroundings(data: Path, url: str) -> dict[str, str]:
    """The environment of a demonstration in a folder, on the database of a URL or, without one, on SQLite."""
    hidden = ("DATABASE_URL", "LANTERN_OWNER_URL", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    kept |= {"DATABASE_URL": url} if url else {}
    return kept | {"LANTERN_DATA": str(data), "LANTERN_DEMO": "yes", "PYTHONPATH": str(ROOT / "src")}


@dataclass(frozen=True, slots=True)
class Outage:
    """How the database server crashes: for how many seconds, in turns, whether only once the queue is empty, and within
    how many seconds of its return all has to go on.
    """

    away: tuple[float, ...] = AWAY
    idle: bool = False
    within: float = BACK_WITHIN


@dataclass(slots=True)
class Seen:
    """What was noticed while it ran: what is wrong, and the seconds from each restart to the first answer, to that of
    the last browser, and to the end of the next job.
    """

    wrong: list[str] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    worker: list[float] = field(default_factory=list)


def one_round(
    server: Server,
    cluster: Cluster | None,
    kind: str,
    chance: random.Random,
    educators: list[Educator],
    seen: Seen,
    outage: Outage,
) -> None:
    """Let something happen once every educator was answered again, and bring back what it happened to."""
    goal = [len(each.answered) + 2 for each in educators]
    patience = time.monotonic() + 30
    while time.monotonic() < patience and any(len(e.answered) < n for e, n in zip(educators, goal, strict=True)):
        time.sleep(0.05)
    if kind == "restart" and cluster is not None:
        # What is queued when the district is made would stand before whatever comes after the crash.
        most = 0 if outage.idle else len(set(PEOPLE))
        for each in educators:
            each.pause(outage.idle)
        while time.monotonic() < patience + 60 and (ask(cluster, QUEUED) or 0) > most:
            time.sleep(0.1)
    time.sleep(chance.uniform(0, 0.5))
    if kind == "restart" and cluster is not None:
        restart(cluster, outage, educators, seen)
        return
    if kind == "full":
        fill_disk = server.fill_disk if cluster is None else partial(small_disk.fill, cluster.socket)
        fill(fill_disk, educators, seen)
        return
    server.kill()
    server.start()


def fill(fill_disk: Callable[..., None], educators: list[Educator], seen: Seen) -> None:
    """Let the disk be full until each browser has met it, and make room: the server goes on without a new start."""
    before = [sum(each.faults.values()) for each in educators]
    until = time.monotonic() + 30
    fill_disk(full=True)
    while any(sum(e.faults.values()) == n for e, n in zip(educators, before, strict=True)):
        if time.monotonic() > until:
            seen.wrong.append("the disk was full, and somebody was not told")
            break
        time.sleep(0.05)
    fill_disk(full=False)


def restart(cluster: Cluster, outage: Outage, educators: list[Educator], seen: Seen) -> None:
    """Crash the database server, start it again after some seconds, and time how web and worker find it."""
    cluster.crash()
    time.sleep(outage.away[len(seen.first) % len(outage.away)])
    cluster.launch()
    while ask(cluster, "SELECT 1") is None:
        time.sleep(0.02)
    for each in educators:
        each.pause(False)
    began, on_the_clock = time.monotonic(), time.time()
    until = began + 4 * max(outage.within, 15)
    fetched = fetches_again(cluster, until) - began
    while time.monotonic() < until and any(each.first_after(began) is None for each in educators):
        time.sleep(0.05)
    answers = sorted((each.first_after(began) or until) - began for each in educators)
    job = "SELECT extract(epoch FROM min(ended_at)) FROM lantern_job WHERE ended_at > to_timestamp(%s)"
    ended = None
    while time.monotonic() < until and ended is None:
        ended = ask(cluster, job, on_the_clock)
        time.sleep(0.05)
    worker = max(fetched, float(ended) - on_the_clock if ended else until - began)
    seen.first.append(round(answers[0], 1))
    seen.last.append(round(answers[-1], 1))
    seen.worker.append(round(worker, 1))
    seen.wrong += [f"the first was answered only after {answers[0]:.1f} s"] if answers[0] > outage.within else []
    seen.wrong += [f"the worker went on only after {worker:.1f} s"] if worker > outage.within else []


def fetches_again(cluster: Cluster, until: float) -> float:
    """Return when the worker has fetched what was queued just now: a job that is none, which it throws away.

    What it had in hand when the server crashed says nothing about whether it still fetches.
    """
    put = (  # before all others: how long it takes to work off what waits is not what is asked
        "INSERT INTO django_q_ormq (id, key, payload, lock)"
        " SELECT least(min(id), 0) - 1, 'lantern', 'none', now() FROM django_q_ormq RETURNING id"
    )
    number = None
    while number is None and time.monotonic() < until:
        number = ask(cluster, put)
    while ask(cluster, "SELECT count(*) FROM django_q_ormq WHERE id = %s", number) != 0 and time.monotonic() < until:
        time.sleep(0.02)
    return time.monotonic()


def ask(cluster: Cluster, question: str, *values: Any) -> Any:
    """Return one value from the database, past every policy; None while its server does not answer."""
    try:
        with cluster.connect() as connection:
            row = connection.execute(question, values).fetchone()
    except psycopg.OperationalError:
        return None
    return row[0] if row else None


def not_carried_out(cluster: Cluster) -> list[str]:
    """Wait for the worker and say which jobs it left, or could not do: nothing but the database was interrupted."""
    until = time.monotonic() + SECONDS_TO_START  # a job that was left is fetched again after eleven minutes only
    while ask(cluster, "SELECT count(*) FROM lantern_job WHERE state IN ('waiting', 'running')") != 0:
        if time.monotonic() > until:
            return ["a job is not carried out"]
        time.sleep(0.2)
    failed = ask(cluster, "SELECT count(*) FROM lantern_job WHERE state = 'failed'")
    return [f"{failed} jobs failed"] if failed else []


def run(on: str, kinds: list[str], seed: int, without: str, outage: Outage) -> dict[str, Any]:
    """Let each kind of thing happen in turn and return what was found: `wrong` is empty when everything agrees."""
    chance = random.Random(seed)  # noqa: S311 - when something happens, not a secret
    seen = Seen()
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lantern-faults-")))
        room = ROOM if "full" in kinds else None
        cluster = None
        if on == "postgresql":
            cluster = stack.enter_context(private_cluster(durable=True, settings=SERVER, megabytes=room))
        server = Server(data, cluster.url if cluster else "", CONTROLS.get(without, ""))
        stack.callback(server.kill)
        server.start()
        educators = [Educator(server.site, who, seat, keys=without != "keys") for seat, who in enumerate(PEOPLE)]
        for each in educators:
            each.start()
        for kind in kinds:
            one_round(server, cluster, kind, chance, educators, seen, outage)
        for each in educators:
            each.over.set()
        for each in educators:
            each.join(timeout=SECONDS_TO_START)
        if cluster and set(kinds) == {"restart"}:
            seen.wrong += not_carried_out(cluster)
        server.stop()
        found = count(server, [title for each in educators for title in each.answered])
        seen.wrong += [f"{each.who} got no answer any more" for each in educators if each.is_alive()]
        told = sum((each.faults for each in educators), Counter())
        seen.wrong += [f"answered {what}: {times} times" for what, times in told.items() if what != ASKED_BACK]
        found["wrong"] = seen.wrong + found["wrong"]
        log = (data / "server.log").read_text()
    found |= {"faults": faults_of(log)} if found["wrong"] else {}
    return found | {
        "on": on,
        "rounds": len(kinds),
        "forms": sum(len(each.answered) for each in educators),
        "sent again": sum(each.again for each in educators),
        "answered 503": told[ASKED_BACK],
        "seconds to the first answer": seen.first,
        "seconds to the last browser's": seen.last,
        "seconds until the worker went on": seen.worker,
        "errors logged": log.count('"level": "error"'),
    }


def faults_of(log: str) -> list[str]:
    """Return the end of each different traceback that the server or a job left behind: outages are none."""
    ends: dict[str, None] = {}
    for line in log.splitlines():
        with suppress(ValueError):
            entry = json.loads(line)
            if entry.get("status_code") == "500" or entry["message"] == "job failed":
                ends[entry["error"][-1500:]] = None
    return list(ends)


def count(server: Server, titles: list[str]) -> dict[str, Any]:
    """Compare what was answered with what is there, in a process of its own that opens the database anew."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.faults", "--count"],
        env=surroundings(server.data, server.url) | {"DJANGO_SETTINGS_MODULE": "lantern.config.settings"},
        input=json.dumps(titles), capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _count(titles: list[str]) -> dict[str, Any]:
    import django

    django.setup()
    from django.db import connection
    from django_q.models import OrmQ

    from lantern import models as tables
    from lantern.kernel import tenancy
    from lantern.kernel.audit import chains
    from lantern.kernel.audit.models import AuditRecord

    wrong: list[str] = []
    with tenancy.unscoped("faults: everything is counted"):
        titled = tables.Activity.objects.values_list("pk", "title")  # sealed: the database cannot look for a title
        made = {str(pk): title for pk, title in titled if title.startswith("Fault ")}
        rows = Counter(made.values())
        wrong += [f"{title} was answered and is lost" for title in titles if not rows[title]]
        wrong += [f"{title} is there {times} times" for title, times in rows.items() if times > 1]
        events = tables.EventRecord.objects.filter(name="ActivityTakenUp").values_list("data", flat=True)
        asked = AuditRecord.objects.filter(action="learn:outside", outcome="done", status=303)
        told = {
            "rows": sum(rows.values()),
            "events": sum(data.get("activity_id") in made for data in events),
            "audit rows": asked.count(),
        }
        if len(set(told.values())) != 1:
            wrong.append(f"they do not agree: {told}")
        queued = {str(one.task["args"][0]) for one in OrmQ.objects.all() if one.task.get("args")}
        open_jobs = tables.Job.objects.filter(state__in=("waiting", "running"))
        wrong += [f"a job is lost: {one}" for one in open_jobs if str(one.pk) not in queued]
        wrong += [f"chain {one.chain}: {one.verdict}" for one in chains.verify({}) if one.verdict.fault]
        wrong += _unsound(connection)
        jobs = {"jobs done": tables.Job.objects.filter(state="done").count()}
    return {"wrong": wrong, **told, **jobs}


def _unsound(connection: Any) -> list[str]:
    """What the database itself says is wrong with it; PostgreSQL has no such question that the owner may ask."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        said = cursor.fetchall()
        wrong = [] if said == [("ok",)] else [f"the database: {said[:3]}"]
        cursor.execute("PRAGMA foreign_key_check")
        return wrong + [f"a key leads nowhere: {row}" for row in cursor.fetchall()[:3]]


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--on", choices=sorted(KINDS), default="sqlite", help="the database")
    parser.add_argument("--only", choices=sorted({one for kinds in KINDS.values() for one in kinds}), help="one kind")
    parser.add_argument("--without", choices=sorted(CONTROLS), default="", help="a control: this guard is left off")
    parser.add_argument("--away", type=float, nargs="+", default=AWAY, help="seconds without the server, in turns")
    parser.add_argument("--idle", action="store_true", help="it crashes only when the worker has nothing in hand")
    parser.add_argument("--within", type=float, default=BACK_WITHIN, help="seconds until all has to go on again")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.count:
        print(json.dumps(_count(json.load(sys.stdin))))
        return
    kinds = [given.only] if given.only else list(KINDS[given.on])
    if given.on == "postgresql" and "full" in kinds and (reason := small_disk.why_not()):
        if given.only:
            parser.error(f"no disk to fill can be mounted here: {reason}")
        print(f"Without a full disk, since none can be mounted here: {reason}", file=sys.stderr)
        kinds.remove("full")
    if not set(kinds) <= set(KINDS[given.on]):
        parser.error(f"{given.only} does not happen on {given.on}")
    signal.signal(signal.SIGTERM, end_on_terminate)
    # A killed worker's jobs rest for eleven minutes; before that, each restart finds one that the worker can end.
    turns = sorted((kinds[one % len(kinds)] for one in range(given.rounds)), key=lambda kind: kind != "restart")
    found = run(given.on, turns, given.seed, given.without, Outage(tuple(given.away), given.idle, given.within))
    print(json.dumps(found, indent=2))
    sys.exit(bool(found["wrong"]))


if __name__ == "__main__":
    main()
