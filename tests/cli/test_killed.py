"""The short form of `make faults`: web and worker are killed under load, the disk is filled, and PostgreSQL's server
crashes; nothing is lost, doubled or half done (trust.md A1, A3, A5, A9, A10).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.cli.conftest import ROOT
from tools import small_disk

pytestmark = [pytest.mark.slow, pytest.mark.requirement("N4")]
on_sqlite = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="it runs on SQLite, once")
on_postgresql = pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="SQLite has no server that could crash")


def faults(*options: str) -> dict[str, Any]:
    """Run the harness and return what it found; whether something was wrong is for the caller to judge."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.faults", *options], cwd=ROOT, capture_output=True, text=True, timeout=900
    )
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == bool(found["wrong"])
    return found


@on_sqlite
def test_killed_under_load_and_with_a_full_disk_nothing_is_lost_or_doubled() -> None:
    found = faults("--rounds", "2")
    assert found["wrong"] == []
    assert found["rows"] == found["events"] == found["audit rows"] == found["forms"] >= 12
    assert found["answered 503"] > 0, "the disk was never full"
    assert found["sent again"] > 0, "somebody got no answer, or nothing was tried"


@on_postgresql
def test_the_database_server_crashes_under_load_and_nothing_is_lost_or_doubled_and_all_goes_on() -> None:
    # By itself, that is: how many seconds it takes is measured by `make faults`, on a machine with nothing else to do.
    found = faults("--on", "postgresql", "--only", "restart", "--rounds", "2", "--within", "60")
    assert found["wrong"] == []
    assert found["rows"] == found["events"] == found["audit rows"] == found["forms"] >= 24
    assert found["answered 503"] > 0, "the server was never away"
    assert found["jobs done"] > 0


@on_postgresql
def test_while_its_disk_is_full_postgresql_refuses_and_nothing_is_lost_or_doubled() -> None:
    if reason := small_disk.why_not():
        pytest.skip(f"no disk to fill can be mounted here: {reason}")
    found = faults("--on", "postgresql", "--only", "full", "--rounds", "1")
    assert found["wrong"] == []
    assert found["rows"] == found["events"] == found["audit rows"] == found["forms"] >= 12
    assert found["answered 503"] > 0, "the disk was never full"


@on_sqlite
def test_without_keys_the_harness_sees_forms_doubled() -> None:
    found = faults("--without", "keys", "--rounds", "1")
    assert any("is there 2 times" in one for one in found["wrong"])


@on_postgresql
def test_with_a_worker_that_does_not_outlast_its_database_the_harness_sees_it_rest() -> None:
    # A worker with nothing in hand asks every half a second, and of the ten seconds for which it then rests more than
    # five are left once the server is back. (One with a job in hand may notice nothing: it asks only afterwards.)
    outage = ("--only", "restart", "--rounds", "1", "--away", "2.5", "--idle")
    found = faults("--on", "postgresql", *outage, "--without", "queue")
    assert any("the worker went on only after" in one for one in found["wrong"])


def harness(name: str, *options: str) -> dict[str, Any]:
    """Run another harness of tools, on the database of the suite, and return what it found."""
    done = subprocess.run(
        [sys.executable, "-m", f"tools.{name}", *options], cwd=ROOT, capture_output=True, text=True, timeout=900
    )
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_two_workers_are_killed_and_each_job_has_its_effect_once() -> None:
    found = harness("job_faults", "--jobs", "120", "--kills", "4")
    assert found["wrong"] == [] and found["kills"] == 4
    assert found["effects"] == found["jobs"] == 120
    assert found["begun again"] > 0, "no job was in hand when its worker was killed: this proves nothing"


@on_sqlite
def test_with_jobs_that_are_not_harmless_to_repeat_the_harness_sees_two_effects() -> None:
    found = harness("job_faults", "--jobs", "60", "--kills", "4", "--without", "once")
    assert any("effects of 60 jobs" in one for one in found["wrong"])


def test_killed_while_handing_over_mail_no_message_comes_twice() -> None:
    found = harness("mail_faults", "--kills", "8")
    assert found["wrong"] == [] and found["kills"] == 8
    assert found["came"] >= found["queued"] - found["unknown"] > 0 and found["unknown"] > 0


@on_sqlite
def test_without_a_claim_the_harness_sees_mail_come_twice() -> None:
    assert any("times" in one for one in harness("mail_faults", "--kills", "6", "--without", "claim")["wrong"])
