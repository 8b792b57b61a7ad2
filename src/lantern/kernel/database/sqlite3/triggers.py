"""SQLite's guards: triggers, for it can neither add a key to a table nor bind a role.

Django rebuilds a table to change it and thereby drops its triggers without a word (trust.md F3): `install` runs after
each migration and looks at the catalog.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lantern.kernel.database import door
from lantern.kernel.database.objects import Wanted, wanted
from lantern.kernel.database.rules import TableRules, top_table

OTHER_TENANT = "a row may not point to another tenant"
FIXED = "a row never changes its tenant"
APPEND_ONLY = "rows of this table are never changed or deleted"


def everything_wanted(every: Iterable[TableRules]) -> list[Wanted]:
    """Return every trigger that these tables want."""
    return [one for table in every for one in _of_table(table)]


def _of_table(table: TableRules) -> Iterator[Wanted]:
    yield from _kept(table)
    if table.has_tenant:
        yield from _in_its_tenant(table)


def _kept(table: TableRules) -> Iterator[Wanted]:
    if table.append_only:
        shut, refuse = f"{door.FUNCTION}() = 0", [f"SELECT RAISE(ABORT, '{APPEND_ONLY}')"]
        yield _trigger(table.table, "kept", f'BEFORE DELETE ON "{table.table}" WHEN {shut}', refuse)
        changed = f"{shut} AND ({_changed(table)})"
        yield _trigger(table.table, "unchanged", f'BEFORE UPDATE ON "{table.table}" WHEN {changed}', refuse)


def _in_its_tenant(table: TableRules) -> Iterator[Wanted]:
    name = table.table
    yield _trigger(
        name,
        "fixed",
        f'BEFORE UPDATE OF "tenant_id" ON "{name}" WHEN NEW."tenant_id" IS NOT OLD."tenant_id"',
        [f"SELECT RAISE(ABORT, '{FIXED}')"],
    )
    # REPLACE, and an upsert by the id, would otherwise take over another tenant's row.
    yield _trigger(
        name,
        "taken",
        f'BEFORE INSERT ON "{name}" WHEN EXISTS (SELECT 1 FROM "{name}" AS t'
        ' WHERE t."id" = NEW."id" AND t."tenant_id" <> NEW."tenant_id")',
        [f"SELECT RAISE(ABORT, '{FIXED}')"],
    )
    keys = [_same(column, target) for column, target in table.same]
    keys += [_reaching(column, target, table.is_top) for column, target in table.reaching]
    if keys:
        columns = ", ".join(f'"{column}"' for column, _ in (*table.same, *table.reaching))
        yield _trigger(name, "keys_new", f'BEFORE INSERT ON "{name}"', keys)
        yield _trigger(name, "keys_set", f'BEFORE UPDATE OF {columns} ON "{name}"', keys)


def _trigger(table: str, what: str, when: str, steps: list[str]) -> Wanted:
    body = " ".join(f"{step};" for step in steps)
    return wanted("trigger", table, what, f'CREATE TRIGGER "{{name}}" {when} BEGIN {body} END')


def _same(column: str, target: str) -> str:
    return (
        f"SELECT RAISE(ABORT, '{OTHER_TENANT} ({column})') WHERE NEW.\"{column}\" IS NOT NULL AND NOT EXISTS"
        f' (SELECT 1 FROM "{target}" AS t WHERE t."id" = NEW."{column}" AND t."tenant_id" = NEW."tenant_id")'
    )


def _reaching(column: str, target: str, is_top: bool) -> str:
    top = top_table()
    # A new tenant stands below its parent by pointing to it.
    itself = ' AND NEW."id" <> NEW."tenant_id"' if is_top else ""
    return (
        f"SELECT RAISE(ABORT, '{OTHER_TENANT} ({column})') WHERE NEW.\"{column}\" IS NOT NULL{itself} AND NOT EXISTS"
        f' (SELECT 1 FROM "{target}" AS t WHERE t."id" = NEW."{column}" AND (t."tenant_id" = NEW."tenant_id"'
        f' OR t."tenant_id" IN (SELECT a."parent_id" FROM "{top}" AS a WHERE a."id" = NEW."tenant_id"'
        f' UNION ALL SELECT b."parent_id" FROM "{top}" AS a JOIN "{top}" AS b ON b."id" = a."parent_id"'
        ' WHERE a."id" = NEW."tenant_id")))'
    )


def _changed(table: TableRules) -> str:
    """Return the condition under which an UPDATE changes something that may not change."""
    return " OR ".join(
        f'(NEW."{column}" IS NOT NULL AND NEW."{column}" IS NOT OLD."{column}")'
        if column in table.may_empty
        else f'NEW."{column}" IS NOT OLD."{column}"'
        for column in table.columns
    )
