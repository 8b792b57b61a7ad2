"""The database is away: a page says 503 and when to come back, a job waits and is not counted as tried, and the queue
of the worker loses none (trust.md A5).
"""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client
from django_q.models import OrmQ
from django_q.tasks import async_task

from lantern.kernel import jobs
from lantern.kernel.database import outage
from lantern.kernel.jobs.queue import Queue
from lantern.kernel.scope import Tenancy
from tests.cast import acting, assemble
from tests.cli.conftest import ROOT

pytestmark = pytest.mark.requirement("N4")


def gone() -> OperationalError:
    """What Django raises when the server has ended the connection."""
    problem = OperationalError("server closed the connection unexpectedly")
    problem.__cause__ = psycopg.OperationalError("server closed the connection unexpectedly")
    return problem


@contextmanager
def failing(word: str, times: int, problem: DatabaseError, *, done: bool = False) -> Iterator[list[str]]:
    """Let the first statements with a word fail, before they are `done` or after; the list holds those that did."""
    failed: list[str] = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if word not in sql or len(failed) == times:
            return execute(sql, params, many, context)
        failed.append(sql)
        if done:
            execute(sql, params, many, context)
        raise problem

    with connection.execute_wrapper(wrapper):
        yield failed


@pytest.mark.parametrize(
    ("kind", "cause", "away", "answered_503"),
    [
        (OperationalError, psycopg.errors.AdminShutdown(), True, True),
        (OperationalError, psycopg.errors.CrashShutdown(), True, True),
        (OperationalError, psycopg.errors.CannotConnectNow(), True, True),
        (OperationalError, psycopg.OperationalError("couldn't get a connection after 4.00 sec"), True, True),
        (InterfaceError, psycopg.InterfaceError("the connection is closed"), True, True),
        (OperationalError, psycopg.errors.DiskFull(), False, True),
        (OperationalError, psycopg.errors.DeadlockDetected(), False, True),
        (ProgrammingError, psycopg.errors.UndefinedTable(), False, False),
        (OperationalError, None, False, False),
    ],
)
def test_an_outage_is_told_from_a_fault_of_ours(
    kind: type[Exception], cause: Exception | None, away: bool, answered_503: bool
) -> None:
    problem = kind("something")
    problem.__cause__ = cause
    assert (outage.is_gone(problem), outage.is_outage(problem)) == (away, answered_503)


@pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="SQLite has no server that could go away")
@pytest.mark.django_db
def test_a_connection_that_breaks_while_the_tenancy_is_told_is_an_outage() -> None:
    one: Any = connection.copy()
    try:
        one.connect()
        one.forget()
        with socket.socket(fileno=os.dup(one.connection.pgconn.socket)) as line:
            line.shutdown(socket.SHUT_RDWR)
        with pytest.raises(DatabaseError) as raised:
            one.adopt(Tenancy(uuid4()))
        assert outage.is_gone(raised.value)
        assert outage.is_outage(raised.value)
    finally:
        one.close()


def test_on_sqlite_a_locked_database_is_an_outage_and_a_missing_table_is_a_fault(tmp_path: Any) -> None:
    one, two = (sqlite3.connect(tmp_path / "a", timeout=0, isolation_level=None) for _ in range(2))
    one.execute("BEGIN IMMEDIATE")
    found = []
    for statement in ("BEGIN IMMEDIATE", "SELECT * FROM absent"):
        with pytest.raises(sqlite3.OperationalError) as raised:
            two.execute(statement)
        problem = OperationalError("as Django hands it on")
        problem.__cause__ = raised.value
        found.append((outage.is_gone(problem), outage.is_outage(problem)))
    assert found == [(False, True), (False, False)]
    one.close()
    two.close()


@pytest.mark.django_db
@pytest.mark.parametrize(("problem", "status"), [(gone(), 503), (ProgrammingError("no such column"), 500)])
def test_a_page_says_when_to_come_back_and_shows_nothing_of_what_happened(problem: DatabaseError, status: int) -> None:
    client = Client(raise_request_exception=False)
    with failing("SELECT", 1, problem) as failed:
        answer = client.get("/")
    assert failed
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)
    assert "Traceback" not in answer.content.decode()
    assert str(problem) not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_job_begins_again_when_the_database_is_back_and_that_is_none_of_its_tries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outage, "PAUSE", 0)
    people = assemble()
    with acting(people.novice) as actor:
        row = jobs.enqueue(actor, "recommendations.refresh")
    with failing("lantern_need", jobs.MOST_TRIES + 1, gone()) as failed:
        jobs.run(str(row.pk))
    with acting(people.novice):
        row.refresh_from_db()
    assert len(failed) == jobs.MOST_TRIES + 1
    assert (row.state, row.tries) == (jobs.Job.State.DONE, 1)


def test_work_that_fails_for_another_reason_is_not_repeated() -> None:
    tries: list[int] = []

    def act() -> None:
        tries.append(1)
        raise OperationalError("no such table")

    with pytest.raises(OperationalError):
        outage.outlast(act, "nothing")
    assert len(tries) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("done", [False, True])
def test_the_queue_hands_out_a_job_once_whether_or_not_its_fetching_was_carried_out(
    monkeypatch: pytest.MonkeyPatch, done: bool
) -> None:
    monkeypatch.setattr("lantern.kernel.jobs.queue.Conf.POLL", 0)
    OrmQ.objects.all().delete()
    async_task("lantern.kernel.jobs.run", "0")
    queue = Queue()
    with failing("UPDATE", 1, gone(), done=done) as failed:
        assert queue.dequeue() is None
    assert failed
    taken = queue.dequeue()
    assert taken is not None
    assert [number for number, _ in taken] == [OrmQ.objects.get().pk]
    assert queue.dequeue() is None


@pytest.mark.django_db(transaction=True)
def test_a_job_that_is_over_leaves_the_queue_though_the_database_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outage, "PAUSE", 0)
    OrmQ.objects.all().delete()
    async_task("lantern.kernel.jobs.run", "0")
    with failing("DELETE", 2, gone()) as failed:
        Queue().acknowledge(OrmQ.objects.get().pk)
    assert len(failed) == 2
    assert not OrmQ.objects.exists()


_FORKED = """
import os
import django
django.setup()
from django.db import connection, connections
from lantern.cli import processes
{before}
def backend():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]
backend()
if connection.pool:
    connection.pool.wait()  # none of its threads is at work when it is forked
connections.close_all()  # as the worker does before each fork
read, write = os.pipe()
child = os.fork()
if child == 0:
    os.write(write, str(backend()).encode())
    os._exit(0)
os.waitpid(child, 0)
print("shared" if int(os.read(read, 20)) == backend() else "its own", flush=True)
os._exit(0)
"""


@pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="SQLite has no connections that a fork could share")
@pytest.mark.parametrize(("before", "found"), [("processes.connect_singly()", "its own"), ("", "shared")])
def test_each_process_of_the_worker_has_a_connection_of_its_own(before: str, found: str) -> None:
    """The second is the control: from the pool, two processes would talk on one connection."""
    done = subprocess.run(
        [sys.executable, "-c", _FORKED.format(before=before)],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "lantern.config.settings", "LANTERN_DEMO": "yes"},
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout.split("\n")[0] == found, done.stderr
