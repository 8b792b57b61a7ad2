"""A world in which chosen tables cannot be read at all: as if somebody had dropped them (trust.md C3).

Three ways at once, none of which knows our guards: every statement is parsed and the tables that it names anywhere are
compared; SQLite is asked by its own authorizer, which also sees what a view or a trigger reads; on PostgreSQL the right
to read them is taken from the role.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import sqlglot
from django.apps import apps
from django.db import connection
from sqlglot import exp

from lantern.domain.privacy.policy import privacy_of
from lantern.domain.privacy.types import DataClass
from lantern.kernel.database.placeholders import name_placeholders


class Unreadable(Exception):
    """A statement names a table that is not to be read."""


def tables_of_class(*classes: DataClass) -> frozenset[str]:
    """Every table of these classes."""
    every = apps.get_app_config("lantern").get_models()
    return frozenset(model._meta.db_table for model in every if privacy_of(model).data_class in classes)


def private_tables() -> frozenset[str]:
    """Every table of the private and of the consented class."""
    return tables_of_class(DataClass.PRIVATE, DataClass.CONSENTED)


@lru_cache(maxsize=4096)
def tables_named(sql: str, bound: bool) -> frozenset[str]:
    """Every table of ours that a statement names anywhere, as sqlglot reads it."""
    if "lantern_" not in sql:
        return frozenset()
    dialect = "sqlite" if connection.vendor == "sqlite" else "postgres"
    trees = sqlglot.parse(name_placeholders(sql).text if bound else sql, read=dialect)
    return frozenset(table.name for tree in trees if tree is not None for table in tree.find_all(exp.Table))


@contextmanager
def tables_refused(tables: frozenset[str]) -> Iterator[list[str]]:
    """Refuse each statement that names one of the tables. Yields what was refused, for who swallows the refusal."""
    refused: list[str] = []

    def look(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        wrong = tables & tables_named(str(sql), params is not None)
        if wrong:
            refused.append(f"{', '.join(sorted(wrong))}: {str(sql)[:200]}")
            raise Unreadable(refused[-1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield refused


@contextmanager
def tables_shut(tables: frozenset[str]) -> Iterator[None]:
    """Let the database itself refuse to read the tables: its error is Django's DatabaseError.

    Inside the transaction of a test, whose rollback gives every role its right back; the present one has it at the end
    of the block.
    """
    if connection.vendor == "sqlite":
        connection.connection.set_authorizer(
            lambda action, table, *_: (
                sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_READ and table in tables else sqlite3.SQLITE_OK
            )
        )
        try:
            yield
        finally:
            connection.connection.set_authorizer(None)
        return
    names = ", ".join(f'"{name}"' for name in sorted(tables))
    with connection.connection.cursor() as cursor:  # past our guard, which lets nobody change rights
        cursor.execute("SELECT rolname FROM pg_roles WHERE pg_has_role(oid, 'USAGE')")
        holders = ", ".join(f'"{name}"' for (name,) in cursor.fetchall())  # what a role may, its members may too
        cursor.execute(f"REVOKE SELECT ON {names} FROM {holders}")  # noqa: S608 - names of the catalog
    yield
    with connection.connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT ON {names} TO CURRENT_USER")
