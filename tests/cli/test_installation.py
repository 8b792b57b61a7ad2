"""A whole installation as a program of its own: the demo district, backup and restore, check, serving and ending."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, as_program

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demo district, written once; tests only read it."""
    data = tmp_path_factory.mktemp("demo")
    said = as_program(data, "demo", "--prepare-only")
    assert said.code == 0, said.err
    assert "65 people, 6 schools" in said.out
    return data


def rows_of(data: Path) -> dict[str, int]:
    """How many rows each table of Lantern has."""
    with sqlite3.connect(data / "lantern.sqlite3") as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        return {
            name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - names of our tables
            for name in names
            if name.startswith("lantern_") and name != "lantern_cache"
        }


def files_of(data: Path) -> dict[str, str]:
    """Every kept file with its hash."""
    return {
        str(path.relative_to(data)): sha256(path.read_bytes()).hexdigest()
        for path in (data / "files").rglob("*")
        if path.is_file()
    }


def test_the_demo_is_written_once(demo):
    before = rows_of(demo)
    said = as_program(demo, "demo", "--prepare-only")
    assert said.code == 0
    assert "Demo district: there" in said.out
    after = rows_of(demo)
    assert {name: (before[name], after[name]) for name in before if before[name] != after[name]} == {}
    assert before["lantern_resource"] >= 120
    assert before["lantern_term"] == 38


def test_the_demo_refuses_a_place_with_real_people(tmp_path):
    assert as_program(tmp_path, "setup").code == 0
    assert as_program(tmp_path, "create-tenant", "district", "Somewhere real").code == 0
    said = as_program(tmp_path, "demo", "--prepare-only")
    assert said.code == 1
    assert "not the demo" in said.err


def test_check_is_in_order_before_the_start_and_misses_the_worker_after(demo):
    assert as_program(demo, "check", "--before-start").code == 0
    said = as_program(demo, "check")
    assert said.code == 1
    assert "lantern worker" in said.out


def test_check_and_every_command_say_what_an_empty_place_needs(tmp_path):
    said = as_program(tmp_path, "check", "--before-start")
    assert said.code == 1
    assert "lantern setup" in said.out
    for command in (("tenants",), ("backup", tmp_path / "b.tar.gz"), ("serve", "--port", "0"), ("worker",)):
        said = as_program(tmp_path, *command)
        assert said.code in {1, 2}
        assert "Traceback" not in said.err


def test_production_refuses_to_serve_with_the_key_of_the_demo(demo):
    said = as_program(demo, "worker", LANTERN_DEMO="no")
    assert said.code == 1
    assert "LANTERN_SECRET_KEY" in said.err and "LANTERN_SEALING_KEY" in said.err


OTHER_KEY = "another-sealing-key-of-fifty-letters-or-more-0123456789-abcdef"


@pytest.mark.requirement("N4")
def test_another_sealing_key_starts_nothing_and_restores_nothing(demo, tmp_path):
    said = as_program(demo, "check", "--before-start", LANTERN_SEALING_KEY=OTHER_KEY)
    assert said.code == 1 and "LANTERN_SEALING_KEY" in said.out + said.err
    target = tmp_path / "b.tar.gz"
    assert as_program(demo, "backup", target).code == 0
    refused = as_program(tmp_path / "new", "restore", target, LANTERN_SEALING_KEY=OTHER_KEY)
    assert refused.code == 1 and "sealed under the key" in refused.err and "Nothing was changed" in refused.err
    assert not (tmp_path / "new" / "files").exists()


def test_a_changed_sealing_key_takes_everybodys_keys_along(demo, tmp_path):
    copy, target = tmp_path / "copy", tmp_path / "b.tar.gz"
    assert as_program(demo, "backup", target).code == 0
    assert as_program(copy, "restore", target).code == 0
    old = "not-a-secret: checks.py refuses this in production too"
    both = {"LANTERN_SEALING_KEY": OTHER_KEY, "LANTERN_OLD_SEALING_KEYS": old}
    assert as_program(copy, "rewrap", LANTERN_SEALING_KEY=OTHER_KEY).code == 1, "the old key is not given"
    said = as_program(copy, "rewrap", **both)
    assert said.code == 0 and "keys put under" in said.out
    assert as_program(copy, "rewrap", **both).out.startswith("0 keys")
    assert as_program(copy, "check", "--before-start", LANTERN_SEALING_KEY=OTHER_KEY).code == 0
    assert as_program(copy, "check", "--before-start").code == 1


def test_backup_and_restore_bring_everything_back(demo, tmp_path):
    target = tmp_path / "b.tar.gz"
    assert as_program(demo, "backup", target).code == 0
    assert as_program(demo, "backup", target).code == 1, "a backup does not replace another unasked"
    said = as_program(tmp_path / "new", "restore", target)
    assert said.code == 0, said.err
    assert rows_of(tmp_path / "new") == rows_of(demo)
    assert files_of(tmp_path / "new") == files_of(demo) != {}
    assert as_program(tmp_path / "new", "check", "--before-start").code == 0

    again = as_program(tmp_path / "new", "restore", target)
    assert again.code == 1
    assert "--force" in again.err
    forced = as_program(tmp_path / "new", "restore", target, "--force")
    assert forced.code == 0, forced.err
    (aside,) = (tmp_path / "new").glob("before-restore-*")
    assert (aside / "lantern.sqlite3").is_file()
    assert rows_of(tmp_path / "new") == rows_of(demo)


def test_a_damaged_backup_changes_nothing(demo, tmp_path):
    target = tmp_path / "b.tar.gz"
    as_program(demo, "backup", target)
    target.write_bytes(target.read_bytes()[:-1000])
    said = as_program(tmp_path / "new", "restore", target)
    assert said.code == 1
    assert "Nothing was changed" in said.err
    assert not (tmp_path / "new/lantern.sqlite3").exists()
    assert not (tmp_path / "new/files").exists()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def descendants(pid: int) -> list[int]:
    """The children of a process, and theirs."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(status.parent.name)
            found += [child, *descendants(child)]
    return found


def test_the_demo_serves_and_ends_with_all_its_children(demo, tmp_path):
    port = free_port()
    environment = os.environ | {
        "PYTHONPATH": str(ROOT / "src"), "LANTERN_DATA": str(demo), "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "lantern.config.settings",
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    program = subprocess.Popen(
        [sys.executable, "-c", "from lantern.cli import main; main()", "demo"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert program.stdout is not None
    try:
        lines = []
        for line in program.stdout:
            lines.append(line)
            if line.startswith("Ready: "):
                break
        assert lines[-1] == f"Ready: http://127.0.0.1:{port}\n", lines
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=20) as answer:
            assert answer.status == 200
        taken = as_program(demo, "demo", PORT=str(port))
        assert taken.code == 1
        assert f"port {port}" in taken.err
        in_use = as_program(demo, "restore", demo / "lantern.sqlite3", "--force")
        assert in_use.code == 1
        assert "running" in in_use.err
        children = descendants(program.pid)
        assert len(children) >= 4
    finally:
        program.send_signal(signal.SIGINT)
        program.wait(60)
    assert program.returncode == 0
    until = time.monotonic() + 20
    while time.monotonic() < until and any(Path(f"/proc/{child}").exists() for child in children):
        time.sleep(0.1)
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []
