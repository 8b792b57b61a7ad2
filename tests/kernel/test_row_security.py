"""Row-level security on PostgreSQL (trust.md B6, decision 0023): the database itself hands out one tenant's rows.

The guard is switched off throughout, so that what is seen here is the database's doing; the suite connects as the
tables' owner, who is bound by FORCE. The controls: an unscoped session, and the server's superuser, whom no policy
binds and whom a production start therefore refuses.
"""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from lantern import models as tables
from lantern.kernel import clock, tenancy
from lantern.kernel.database import inspection
from lantern.kernel.database.guard import disarmed
from lantern.kernel.database.postgresql.base import DatabaseWrapper
from lantern.kernel.database.roles import APP, REPORTS
from tests.cast import Cast, acting

pytestmark = pytest.mark.postgres


def ask(sql: str, *values: Any) -> list[Any]:
    """Run a statement with the guard off."""
    with disarmed(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else [()] * cursor.rowcount


def people() -> int:
    """How many people the database shows."""
    return int(ask("SELECT count(*) FROM lantern_person")[0][0])


@pytest.mark.requirement("C.14")
def test_each_tenant_sees_its_own_and_nobody_sees_nothing(cast: Cast) -> None:
    assert people() == 0
    with acting(cast.outsider):
        assert people() == 1
        assert ask("SELECT id FROM lantern_person WHERE id = %s OR true", cast.novice.pk) == [(cast.outsider.pk,)]
        assert len(ask("SELECT id FROM lantern_framework")) == 2, "what the state published"
    with acting(cast.official):
        assert people() == 1
    with tenancy.unscoped("the positive control"):
        assert people() == 9
    assert people() == 0


def test_nothing_set_means_no_insert_and_no_row_goes_elsewhere(cast: Cast) -> None:
    row = [clock_id(), cast.district.pk, cast.novice.pk]
    insert = (
        "INSERT INTO lantern_savedsearch (id, tenant_id, person_id, name, name_mark, filters, at)"
        " VALUES (%s, %s, %s, 'x', 'x', '{}', now())"
    )
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        ask(insert, *row)
    with acting(cast.outsider):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            ask(insert, *row)
        assert ask("UPDATE lantern_person SET job_title = 'x' WHERE id = %s", cast.novice.pk) == []
        assert ask("DELETE FROM lantern_profile WHERE person_id = %s", cast.novice.pk) == []
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            ask("UPDATE lantern_framework SET title = 'x'")  # published above: read, not written
        assert ask("DELETE FROM lantern_association") == []
    with acting(cast.novice):
        assert len(ask(insert, *row)) == 1
        assert len(ask("UPDATE lantern_person SET job_title = 'x' WHERE id = %s", cast.novice.pk)) == 1


def test_the_tenancy_survives_what_undoes_settings(cast: Cast) -> None:
    """A setting made inside a savepoint is undone with it: the session must be told again."""
    with acting(cast.outsider):
        assert people() == 1
        for undo in (True, False):
            with transaction.atomic():
                with acting(cast.novice):
                    assert people() == 7
                transaction.set_rollback(undo)
            assert people() == 1
        with transaction.atomic(), disarmed(), connection.cursor() as cursor:
            cursor.execute("SAVEPOINT by_hand")
            with acting(cast.novice):
                cursor.execute("SELECT count(*) FROM lantern_person")
            cursor.execute("ROLLBACK TO SAVEPOINT by_hand")
            assert people() == 1


def test_a_pooled_connection_brings_nothing_of_the_request_before(cast: Cast, transactional_db: None) -> None:
    settings = {**connection.settings_dict, "OPTIONS": {"pool": {"min_size": 1, "max_size": 1}}, "CONN_MAX_AGE": 0}
    pooled = DatabaseWrapper(settings, alias="pooled")
    try:
        with acting(cast.novice), disarmed(), pooled.cursor() as cursor:
            cursor.execute("SELECT count(*), pg_backend_pid() FROM lantern_person")
            seen, backend = cursor.fetchone()
            assert seen == 7
        pooled.close()
        with disarmed(), pooled.cursor() as cursor:  # the same server process; a statement that names no table of ours
            cursor.execute(
                "SELECT pg_backend_pid(), current_setting('lantern.own', true), current_setting('lantern.scope', true)"
            )
            assert cursor.fetchone() == (backend, "", "")
            cursor.execute("SELECT count(*) FROM lantern_person")
            assert cursor.fetchone()[0] == 0
        pooled.close()
        with acting(cast.outsider), disarmed(), pooled.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM lantern_person")
            assert cursor.fetchone()[0] == 1
    finally:
        pooled.close()
        pooled.close_pool()


def test_the_programs_role_changes_no_table_and_rewrites_no_log(cast: Cast) -> None:
    with acting(cast.novice):
        event = tables.EventRecord.objects.create(name="Happened", actor=cast.novice, at=clock.now(), data={})
        with transaction.atomic():
            ask(f'SET LOCAL ROLE "{APP}"')
            assert people() == 7, "bound like everybody"
            assert len(ask("UPDATE lantern_eventrecord SET actor_id = NULL WHERE id = %s", event.pk)) == 1
            for forbidden in (
                "DELETE FROM lantern_eventrecord",
                "UPDATE lantern_eventrecord SET name = 'x'",
                "DELETE FROM lantern_creditentry",
                "TRUNCATE lantern_eventrecord",
                "ALTER TABLE lantern_person DISABLE ROW LEVEL SECURITY",
                "DROP TABLE lantern_person CASCADE",
                "CREATE TABLE mine (id integer)",
                "DELETE FROM django_migrations",
            ):
                with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
                    ask(forbidden)
            transaction.set_rollback(True)


def test_the_role_of_reports_reads_no_private_table(cast: Cast) -> None:
    with acting(cast.novice), transaction.atomic():
        ask(f'SET LOCAL ROLE "{REPORTS}"')
        assert len(ask("SELECT id FROM lantern_framework")) == 2
        ask("SELECT count(*) FROM lantern_releasedline WHERE tenant_id IS NOT NULL")
        for private in ("lantern_goal", "lantern_person", "lantern_account", "lantern_eventrecord", "django_session"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                ask(f"SELECT count(*) FROM {private}")  # noqa: S608 - names in this file
        transaction.set_rollback(True)


def test_a_superuser_is_bound_by_nothing_and_refused(cast: Cast, transactional_db: None) -> None:
    assert inspection.not_bound(connection) == []
    with psycopg.connect(
        host=connection.settings_dict["HOST"], user="postgres", dbname=connection.settings_dict["NAME"]
    ) as everything:
        found = everything.execute("SELECT count(*) FROM lantern_person").fetchone()
        assert found is not None and found[0] == 9, "the control: policies do not bind a superuser"
    settings = {**connection.settings_dict, "USER": "postgres"}
    superuser = DatabaseWrapper(settings, alias="superuser")
    try:
        assert inspection.not_bound(superuser) == ["The role postgres is a superuser or bypasses row-level security"]
    finally:
        superuser.close()


def clock_id() -> Any:
    """A new id."""
    from lantern.kernel.ids import uuid7

    return uuid7()
