"""Who speaks to PostgreSQL: the owner of the tables, the program itself, and reports (trust.md B6, decision 0023).

`lantern_app` may read and write rows and change no table; `lantern_reports` may read what reports may read. The owner
makes them if it may, and grants them what they need after each migration; otherwise docs/admin/postgresql.md says how
an operator makes them. All of them are bound by row-level security, the owner by FORCE.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connections

APP = "lantern_app"
REPORTS = "lantern_reports"


def has_role(connection: Any, role: str) -> bool:
    """Tell whether the present role may become this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, 'MEMBER')", [role])
        return cursor.fetchone() is not None


def grant(connection: Any, tables: Iterable[Any], readable: frozenset[str]) -> None:
    """Make the two roles where that is allowed, and give them exactly what they need. `tables` are TableRules."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
        may_create = cursor.fetchone()[0]
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname IN (%s, %s)", [APP, REPORTS])
        there = {name for (name,) in cursor.fetchall()}
        if may_create:
            for role in sorted({APP, REPORTS} - there):
                cursor.execute(f'CREATE ROLE "{role}" NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS')
                cursor.execute(f'GRANT "{role}" TO CURRENT_USER')
            if there != {APP, REPORTS}:
                cursor.execute(f'GRANT "{REPORTS}" TO "{APP}"')
            there = {APP, REPORTS}
        for statement in (
            *(_for_app(tables) if APP in there else ()),
            *(_for_reports(readable) if REPORTS in there else ()),
        ):
            cursor.execute(statement)


def _for_app(tables: Iterable[Any]) -> Iterator[str]:
    yield f'GRANT USAGE ON SCHEMA public TO "{APP}"'
    yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{APP}"'
    yield f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{APP}"'
    yield f'REVOKE INSERT, UPDATE, DELETE ON "django_migrations" FROM "{APP}"'
    for one in tables:
        if one.append_only:
            yield f'REVOKE UPDATE, DELETE ON "{one.table}" FROM "{APP}"'
            if one.may_empty:
                columns = ", ".join(f'"{column}"' for column in one.may_empty)
                yield f'GRANT UPDATE ({columns}) ON "{one.table}" TO "{APP}"'


def _for_reports(readable: frozenset[str]) -> Iterator[str]:
    yield f'GRANT USAGE ON SCHEMA public TO "{REPORTS}"'
    yield f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{REPORTS}"'
    for table in sorted(readable):
        yield f'GRANT SELECT ON "{table}" TO "{REPORTS}"'


@contextmanager
def as_owner() -> Iterator[None]:
    """Run the block connected as the owner of the tables (LANTERN_OWNER_URL), for `lantern setup` and `restore`.

    Does nothing where one role does both, and on SQLite.
    """
    owner = getattr(settings, "LANTERN_OWNER", None)
    if not owner:
        yield
        return
    connection = connections["default"]
    connection.close()
    before = connection.settings_dict
    options = {name: value for name, value in before["OPTIONS"].items() if name != "pool"}
    connection.settings_dict = {**before, **owner, "OPTIONS": options}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before
