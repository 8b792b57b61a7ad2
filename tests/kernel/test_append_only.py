"""Append-only tables and keys between rows of one tenant, in the database itself (trust.md B4, F3; decision 0022).

The controls: the same statement passes with the door open, or with the trigger dropped.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from lantern import models as tables
from lantern.kernel import audit, clock, tenancy
from lantern.kernel.database import door
from lantern.kernel.database.install import everything_wanted, install, missing
from tests.cast import Cast, acting


def execute(sql: str, *values: Any) -> int:
    """Run a statement across tenants, in a savepoint of its own; how many rows it touched."""
    field = tables.Person._meta.pk
    plain = [field.get_db_prep_value(value, connection) if hasattr(value, "hex") else value for value in values]
    with tenancy.unscoped("raw SQL of a test"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, plain)
        touched = cursor.rowcount
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return int(touched)


@pytest.fixture
def event(cast: Cast) -> tables.EventRecord:
    """One line of the log, by the novice."""
    with acting(cast.novice):
        return tables.EventRecord.objects.create(name="Happened", actor=cast.novice, at=clock.now(), data={})


def test_a_line_of_the_log_is_never_changed_or_deleted(event: tables.EventRecord, cast: Cast) -> None:
    for sql in (
        "UPDATE lantern_eventrecord SET name = 'Else' WHERE id = %s",
        "UPDATE lantern_eventrecord SET actor_id = NULL, name = 'Else' WHERE id = %s",
        "DELETE FROM lantern_eventrecord WHERE id = %s",
    ):
        with pytest.raises(DatabaseError, match="never changed or deleted"):
            execute(sql, event.pk)
        with door.opened("the positive control: with the door open it does"), transaction.atomic():
            assert execute(sql, event.pk) == 1
            transaction.set_rollback(True)
    with pytest.raises(DatabaseError, match="never changed or deleted"):
        execute("UPDATE lantern_eventrecord SET actor_id = %s WHERE id = %s", cast.expert.pk, event.pk)


def test_a_row_of_the_door_is_never_changed_or_deleted_though_it_has_no_tenant(db: None) -> None:
    with transaction.atomic():
        audit.record_at_door(audit.Asked("public:sign_in", "POST", "r"), audit.Outcome.DENIED, 403)
    for sql in ("UPDATE lantern_doorrecord SET status = 200", "DELETE FROM lantern_doorrecord"):
        with pytest.raises(DatabaseError, match="never changed or deleted"):
            execute(sql)
        with door.opened("the positive control: with the door open it does"), transaction.atomic():
            assert execute(sql) == 1
            transaction.set_rollback(True)
        with pytest.raises(DatabaseError, match="never changed or deleted"):
            execute(sql)  # the door is shut again, though no statement in between said so


def test_whoever_is_forgotten_leaves_the_log_without_her_name(event: tables.EventRecord) -> None:
    assert execute("UPDATE lantern_eventrecord SET actor_id = NULL WHERE id = %s", event.pk) == 1


def test_a_row_never_changes_its_tenant(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="never changes its tenant"):
        execute("UPDATE lantern_person SET tenant_id = %s WHERE id = %s", cast.far_district.pk, cast.novice.pk)
    assert execute("UPDATE lantern_person SET tenant_id = %s WHERE id = %s", cast.district.pk, cast.novice.pk) == 1


def test_a_row_cannot_point_to_a_row_of_another_tenant(cast: Cast) -> None:
    with acting(cast.novice):
        search = tables.SavedSearch.objects.create(person=cast.novice, name="mine", at=clock.now())
    with pytest.raises(DatabaseError):
        execute("UPDATE lantern_savedsearch SET person_id = %s WHERE id = %s", cast.outsider.pk, search.pk)
    assert execute("UPDATE lantern_savedsearch SET person_id = %s WHERE id = %s", cast.expert.pk, search.pk) == 1
    stray = tables.SavedSearch(tenant_id=cast.district.pk, person=cast.outsider, name="x", at=clock.now())
    with pytest.raises(DatabaseError):
        execute(
            "INSERT INTO lantern_savedsearch (id, tenant_id, person_id, name, name_mark, filters, at)"
            " SELECT %s, %s, %s, 'x', 'x', '{}', at FROM lantern_savedsearch",
            stray.pk,
            stray.tenant_id,
            stray.person_id,
        )


def test_a_row_may_point_up_and_not_sideways(cast: Cast) -> None:
    now = clock.now()
    facts = {"kind": "video", "modality": "self_paced", "title": "V", "created_at": now, "updated_at": now}
    with acting(cast.outsider):
        neighbours = tables.Resource.objects.create(**facts)
    with acting(cast.official):
        states = tables.Resource.objects.create(**facts)
    with acting(cast.novice):
        tables.SavedResource.objects.create(person=cast.novice, resource=states, at=now)
        with pytest.raises(DatabaseError, match="another tenant"), transaction.atomic():
            tables.SavedResource.objects.create(person=cast.novice, resource=neighbours, at=now)


@pytest.mark.django_db(transaction=True)
def test_the_guards_come_back_after_a_migration_rebuilt_the_table() -> None:
    """Django's SQLite drops a table's triggers with the table that it rebuilds (F3): the control is the middle line."""
    assert missing(connection) == []
    old = tables.EventRecord._meta.get_field("name")
    new = old.clone()
    new.set_attributes_from_name("name")
    new.model, new.null = tables.EventRecord, True  # another kind of column: SQLite rebuilds the table
    for before, after in ((old, new), (new, old)):
        with connection.schema_editor() as editor:
            editor.alter_field(tables.EventRecord, before, after)
        if connection.vendor == "sqlite":
            assert any("eventrecord_kept" in name for name in missing(connection))
        call_command("migrate", verbosity=0)  # nothing to apply, and yet
        assert missing(connection) == []


@pytest.mark.parametrize("kind", ["trigger", "policy", "key"])
def test_a_guard_that_somebody_dropped_is_missed_and_put_back(kind: str, db: None) -> None:
    one = next((one for one in everything_wanted(connection) if one.kind == kind and "person" in one.name), None)
    if one is None:
        pytest.skip("SQLite has triggers only")
    statements = {
        "trigger": f'DROP TRIGGER "{one.name}"' + ("" if connection.vendor == "sqlite" else f' ON "{one.table}"'),
        "policy": f'DROP POLICY "{one.name}" ON "{one.table}"',
        "key": f'ALTER TABLE "{one.table}" DROP CONSTRAINT "{one.name}"',
    }
    with tenancy.unscoped("test"), connection.cursor() as cursor:
        cursor.execute(statements[kind])
    assert missing(connection) == [one.name]
    install(connection)
    assert missing(connection) == []
    again = install(connection)
    assert again == 0
