"""A commit that was acknowledged is on the disk, or the start is refused (trust.md A8)."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from django.db import connection, connections

from lantern.config import checks, env
from lantern.kernel.database import inspection
from lantern.kernel.database.postgresql.base import DatabaseWrapper as PostgreSQL
from lantern.kernel.database.sqlite3.base import DatabaseWrapper as SQLite


def opened(path: Path, **options: object) -> SQLite:
    """A connection to a file, with Django's defaults for whatever is not said."""
    settings = {**env.sqlite(path), "TIME_ZONE": None, "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True, "TEST": {}}
    return SQLite({**settings, "OPTIONS": {**settings["OPTIONS"], **options}}, alias="scratch")


@pytest.mark.sqlite
def test_the_settings_of_an_installation_write_each_commit_to_disk(tmp_path: Path, db: None) -> None:
    assert inspection.not_durable(opened(tmp_path / "good.sqlite3")) == []


@pytest.mark.sqlite
def test_sqlite_that_could_lose_a_commit_is_refused(tmp_path: Path, db: None) -> None:
    lax = opened(tmp_path / "lax.sqlite3", init_command="PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL")
    assert inspection.not_durable(lax) == ["SQLite would not write each commit to disk"]
    old = opened(tmp_path / "old.sqlite3", init_command="PRAGMA journal_mode=DELETE;PRAGMA synchronous=FULL")
    assert "not wal" in inspection.not_durable(old)[0]


@pytest.mark.postgres
def test_postgresql_that_could_lose_a_commit_is_refused(db: None) -> None:
    """The server of the tests runs without fsync, so this is the control too."""
    found = inspection.not_durable(connection)
    assert any("fsync = off" in words for words in found)
    assert any("synchronous_commit = off" in words for words in found)
    lasting = PostgreSQL(
        {**connection.settings_dict, "OPTIONS": {"options": "-c synchronous_commit=on"}}, alias="lasting"
    )
    try:
        assert not any("synchronous_commit" in words for words in inspection.not_durable(lasting))
    finally:
        lasting.close()


def test_a_production_start_asks_the_database(db: None, settings: pytest.FixtureRequest) -> None:
    assert checks.database_is_safe(None, databases=["default"]) == []
    settings.PRODUCTION = True  # type: ignore[attr-defined]  # pytest-django's settings
    found = {problem.id for problem in checks.database_is_safe(None, databases=["default"])}
    assert found == {"lantern.E005"}, "the tests' database is quick, not durable"


def test_a_start_without_its_guards_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "missing", lambda _: ["guard_goal_keys_new_0123"])
    assert [problem.id for problem in checks.database_is_safe(None, databases=["default"])] == ["lantern.E004"]
    monkeypatch.undo()
    monkeypatch.setattr(connections["default"], "execute_wrappers", [])
    assert [problem.id for problem in checks.database_is_safe(None, databases=["default"])] == ["lantern.E004"]


def test_each_check_before_a_start_has_an_id_of_its_own() -> None:
    """Whoever reads lantern.E004 in a log finds one sentence that says it."""
    said = re.findall(r'id="(lantern\.E\d+)"', inspect.getsource(checks))
    assert len(said) >= 10 and sorted(said) == sorted(set(said))
