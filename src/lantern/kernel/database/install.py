"""Puts into the database what the tables want beside Django's own, after each migration; and tells what is missing.

From the models alone and safe to repeat: what is there under the right name stays, what is not wanted any more goes
(decision 0022). Django's SQLite drops the triggers of a table that it rebuilds, so this runs in `post_migrate`.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from lantern.kernel.database import door, reports, roles
from lantern.kernel.database.objects import PREFIX, Wanted
from lantern.kernel.database.postgresql import catalog as postgresql
from lantern.kernel.database.postgresql import definitions
from lantern.kernel.database.rules import rules
from lantern.kernel.database.sqlite3 import triggers

_COLUMNS = {
    "sqlite": "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'",
    "postgresql": (
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
    ),
}


def everything_wanted(connection: Any) -> list[Wanted]:
    """Return every trigger, key, policy and function of this database, each after what it rests on.

    A table that is not there yet, or lacks columns, since the migrations stopped half-way, wants nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS[connection.vendor])
        columns = set(cursor.fetchall())
    every = [one for one in rules() if columns.issuperset((one.table, column) for column in one.columns)]
    return triggers.everything_wanted(every) if connection.vendor == "sqlite" else definitions.everything_wanted(every)


def present(connection: Any) -> set[tuple[str, str, str]]:
    """Return what the database's own catalog holds of ours, as (kind, table, name)."""
    if connection.vendor != "sqlite":
        return postgresql.present(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{PREFIX}%"]
        )
        return {("trigger", table, name) for table, name in cursor.fetchall()}


def missing(connection: Any) -> list[str]:
    """Return the names of what is wanted and not there, and of tables that row-level security does not bind."""
    there = present(connection)
    gaps = [one.name for one in everything_wanted(connection) if (one.kind, one.table, one.name) not in there]
    if connection.vendor != "sqlite":
        gaps += postgresql.unbound(connection, [one.table for one in rules() if one.has_tenant])
    return gaps


def install(connection: Any) -> int:
    """Make what is missing and remove what is not wanted any more; return how many statements it took."""
    needed = everything_wanted(connection)
    names = {(one.kind, one.table, one.name) for one in needed}
    there = present(connection)
    with door.opened("the guards of every table are put in place"), transaction.atomic(using=connection.alias):
        statements = [_drop(connection.vendor, *one) for one in sorted(there - names, key=_last_first)]
        statements += [one.sql for one in needed if (one.kind, one.table, one.name) not in there]
        if connection.vendor != "sqlite":
            for table in postgresql.unbound(connection, [one.table for one in rules() if one.has_tenant]):
                statements += [
                    f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
                    f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
                ]
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        if connection.vendor != "sqlite":
            roles.grant(connection, rules(), reports.readable_tables())
    return len(statements)


def put_aside(connection: Any) -> int:
    """Drop the triggers of SQLite before a migration; return how many. `install` makes them again.

    A table is changed there by making it anew and dropping the old one, which SQLite refuses while the trigger of any
    other table names it.
    """
    if connection.vendor != "sqlite":
        return 0
    there = sorted(present(connection))
    with (
        door.opened("a migration makes tables anew"),
        transaction.atomic(using=connection.alias),
        connection.cursor() as cursor,
    ):
        for one in there:
            cursor.execute(_drop(connection.vendor, *one))
    return len(there)


def _drop(vendor: str, kind: str, table: str, name: str) -> str:
    match kind:
        case "trigger":
            return f'DROP TRIGGER "{name}"' if vendor == "sqlite" else f'DROP TRIGGER "{name}" ON "{table}"'
        case "policy":
            return f'DROP POLICY "{name}" ON "{table}"'
        case "function":
            return f'DROP FUNCTION "{name}"()'
    return f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"'


def _last_first(one: tuple[str, str, str]) -> tuple[int, str, str]:
    return ("policy", "trigger", "key", "unique", "function").index(one[0]), one[1], one[2]
