"""Kills Lantern under load, fills its disk, cuts its database connections, and then counts (trust.md A1, A3, A9, A10).

    python -m tools.faults                 what `make faults` runs: ten rounds on SQLite
    python -m tools.faults --rounds 2      the short form that the suite runs

Several educators send forms as fast as they are answered, each with an idempotency key. In each round something happens
to the server; whoever got no answer sends the same form again after it is back, as a browser would. At the end:

- each form that was answered has made its row, and each form has made exactly one, however often it was sent;
- rows, events, idempotency keys and rows of the audit trail agree, so nothing was half done;
- the trail is whole, the database says that it is sound, and each job that was interrupted is still queued.
"""

# ruff: noqa: PLC0415, S310 - Django is set up only where it counts; addresses are our own

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from contextlib import suppress
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
PEOPLE = ("novice", "expert", "paraprofessional", "coach")
SECONDS_TO_START = 120
ROOM_LEFT = 40_000
"""Bytes that a file may still grow by when the disk is filled."""
KINDS = ("kill", "full", "kill")


class Server:
    """`lantern demo` in a folder of its own: web and worker."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.process: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.site = f"http://127.0.0.1:{self.port}"

    def start(self, *, most_bytes: int | None = None) -> None:
        """Start it and wait until it answers; with `most_bytes`, no file may grow beyond, as on a disk that is full."""
        narrow = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most_bytes}, {most_bytes}));" if most_bytes else ""
        program = f"import resource, sys; {narrow} from lantern.cli import main; sys.exit(main())"
        log = (self.data / "server.log").open("a")
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, "demo"],
            env=surroundings(self.data) | {"PORT": str(self.port)},
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

    def kill(self) -> None:
        """End every process of it at once, as a power cut does to programs."""
        mine = f"LANTERN_DATA={self.data}".encode()
        for place in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                if mine in place.read_bytes().split(b"\0"):
                    os.kill(int(place.parent.name), signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def stop(self) -> None:
        """End it as an operator does."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGINT)
            self.process.wait(timeout=30)


def surroundings(data: Path) -> dict[str, str]:
    """The environment of a demonstration in a folder."""
    hidden = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {"LANTERN_DATA": str(data), "LANTERN_DEMO": "yes", "PYTHONPATH": str(ROOT / "src")}


class Educator(threading.Thread):
    """Somebody who sends one form after the other, and sends it again until it was answered."""

    def __init__(self, site: str, who: str) -> None:
        super().__init__(daemon=True)
        self.site, self.who, self.over = site, who, threading.Event()
        self.answered: list[str] = []
        self.again = 0
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), _Stay())

    def run(self) -> None:
        """Until told that it is over, and the form at hand is answered."""
        number = 0
        while not self.over.is_set():
            number += 1
            title, key = f"Fault {self.who} {number}", str(uuid.uuid4())
            while not self._send(title, key):
                self.again += 1
                time.sleep(0.3)
            self.answered.append(title)

    def _send(self, title: str, key: str) -> bool:
        form = {"title": title, "kind": "video", "minutes": "10", "act": "plan", "idempotency_key": key}
        try:
            status, page = self._ask("/learn/outside/")
            if status != 200 or 'name="title"' not in page:
                self._sign_in()
                return False
            status, _ = self._ask("/learn/outside/", form | {"csrfmiddlewaretoken": _token(page)})
        except (OSError, HTTPException):
            return False
        return status == 303

    def _sign_in(self) -> None:
        _, page = self._ask("/")
        self._ask("/demo/sign-in/", {"person": self.who, "csrfmiddlewaretoken": _token(page)})

    def _ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        sent = urlencode(form).encode() if form else None
        asked = urllib.request.Request(self.site + path, data=sent, headers={"Referer": self.site + path})
        try:
            with self.browser.open(asked, timeout=20) as answer:
                return int(answer.status), answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, ""


class _Stay(urllib.request.HTTPRedirectHandler):
    """Does not follow: where an answer leads is the answer."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    return found[1] if found else ""


def one_round(server: Server, kind: str, chance: random.Random, educators: list[Educator]) -> None:
    """Let something happen to the server once every educator was answered again, and bring it back."""
    goal = [len(each.answered) + 2 for each in educators]
    patience = time.monotonic() + 30
    while time.monotonic() < patience and any(len(e.answered) < n for e, n in zip(educators, goal, strict=True)):
        time.sleep(0.05)
    time.sleep(chance.uniform(0, 0.5))
    server.kill()
    if kind == "full":
        largest = max(path.stat().st_size for path in server.data.rglob("*") if path.is_file())
        server.start(most_bytes=largest + ROOM_LEFT)
        time.sleep(chance.uniform(2.0, 3.0))
        server.kill()
    server.start()


def run(rounds: int, seed: int) -> dict[str, Any]:
    """Run the rounds and return what was found: `wrong` is empty when everything agrees."""
    chance = random.Random(seed)  # noqa: S311 - when something happens, not a secret
    with tempfile.TemporaryDirectory(prefix="lantern-faults-") as folder:
        server = Server(Path(folder))
        server.start()
        educators = [Educator(server.site, who) for who in PEOPLE]
        for each in educators:
            each.start()
        for number in range(rounds):
            one_round(server, KINDS[number % len(KINDS)], chance, educators)
        for each in educators:
            each.over.set()
        for each in educators:
            each.join(timeout=60)
        server.stop()
        titles = [title for each in educators for title in each.answered]
        found = count(Path(folder), titles)
        unfinished = [each.who for each in educators if each.is_alive()]
        found["wrong"] += [f"{who} got no answer any more" for who in unfinished]
        log = (Path(folder) / "server.log").read_text()
        found["errors logged"] = log.count('"level": "error"')
        return found | {"rounds": rounds, "forms": len(titles), "sent again": sum(each.again for each in educators)}


def count(data: Path, titles: list[str]) -> dict[str, Any]:
    """Compare what was answered with what is there, in a process of its own that opens the database anew."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.faults", "--count"],
        env=surroundings(data) | {"DJANGO_SETTINGS_MODULE": "lantern.config.settings"},
        input=json.dumps(titles), capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _count(titles: list[str]) -> dict[str, Any]:
    from collections import Counter

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
        made = tables.Activity.objects.filter(title__startswith="Fault ")
        rows = Counter(made.values_list("title", flat=True))
        wrong += [f"{title} was answered and is lost" for title in titles if not rows[title]]
        wrong += [f"{title} is there {times} times" for title, times in rows.items() if times > 1]
        ids = {str(one) for one in made.values_list("pk", flat=True)}
        events = tables.EventRecord.objects.filter(name="ActivityTakenUp").values_list("data", flat=True)
        asked = AuditRecord.objects.filter(action="learn:outside", outcome="done", status=303)
        told = {
            "rows": sum(rows.values()),
            "events": sum(data.get("activity_id") in ids for data in events),
            "audit rows": asked.count(),
        }
        if len(set(told.values())) != 1:
            wrong.append(f"they do not agree: {told}")
        queued = {str(one.task["args"][0]) for one in OrmQ.objects.all() if one.task.get("args")}
        open_jobs = tables.Job.objects.filter(state__in=("waiting", "running"))
        wrong += [f"a job is lost: {one}" for one in open_jobs if str(one.pk) not in queued]
        wrong += [f"chain {one.chain}: {one.verdict}" for one in chains.verify({}) if one.verdict.fault]
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            said = cursor.fetchall()
            wrong += [] if said == [("ok",)] else [f"the database: {said[:3]}"]
            cursor.execute("PRAGMA foreign_key_check")
            wrong += [f"a key leads nowhere: {row}" for row in cursor.fetchall()[:3]]
    return {"wrong": wrong, **told}


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.count:
        print(json.dumps(_count(json.load(sys.stdin))))
        return
    found = run(given.rounds, given.seed)
    print(json.dumps(found, indent=2))
    sys.exit(bool(found["wrong"]))


if __name__ == "__main__":
    main()
