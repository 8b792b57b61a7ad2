"""What PostgreSQL's own catalog says is there of ours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lantern.kernel.database.objects import PREFIX

_PRESENT = """
SELECT 'function', '', proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND proname LIKE %s
UNION ALL
SELECT CASE contype WHEN 'u' THEN 'unique' ELSE 'key' END, conrelid::regclass::text, conname FROM pg_constraint
 WHERE connamespace = current_schema()::regnamespace AND conname LIKE %s AND contype IN ('u', 'f')
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
 WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal AND tgname LIKE %s AND tgenabled <> 'D'
UNION ALL
SELECT 'policy', tablename, policyname FROM pg_policies WHERE schemaname = current_schema() AND policyname LIKE %s
"""


def present(connection: Any) -> set[tuple[str, str, str]]:
    """Return our functions, keys, triggers and policies as (kind, table, name); a function belongs to no table."""
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT, [f"{PREFIX}%"] * 4)
        return {(kind, table.strip('"'), name) for kind, table, name in cursor.fetchall()}


def unbound(connection: Any, tables: Iterable[str]) -> list[str]:
    """Return those of these tables whose row-level security is off, or does not bind their owner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
            " AND relrowsecurity AND relforcerowsecurity"
        )
        bound = {name for (name,) in cursor.fetchall()}
    return [table for table in tables if table not in bound]
