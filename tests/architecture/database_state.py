"""What the database holds, as one hash a table: two states are the same when nothing at all was changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction

from lantern.kernel import tenancy


def state(without: Set[str] = frozenset()) -> dict[str, tuple[int, str]]:
    """Table -> how many rows it has and a hash over all of them, whatever their order."""
    found = {}
    with tenancy.unscoped("test: the state of every table"), connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - without):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of our own tables
            rows = sorted(repr(row) for row in cursor.fetchall())
            found[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return found


def files_below(*folders: Path) -> set[str]:
    """Every file in some folders."""
    return {str(path) for folder in folders for path in folder.rglob("*") if path.is_file()}


@contextmanager
def taken_back() -> Iterator[None]:
    """Run the block and undo it. No `atomic` of its own: the gate's transaction insists on being the outermost."""
    place = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(place)
