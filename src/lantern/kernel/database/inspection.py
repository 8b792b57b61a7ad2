"""Is the database as safe as the program takes it to be? Asked before a start and by `lantern check` (trust.md A8)."""

from __future__ import annotations

from typing import Any

from lantern.kernel.database.guard import Guard
from lantern.kernel.database.install import missing

_FULL, _EXTRA = 2, 3  # SQLite's numbers for PRAGMA synchronous


def not_durable(connection: Any) -> list[str]:
    """Return why a commit that was acknowledged might not be on the disk; nothing when it is."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            found = [] if cursor.fetchone()[0] in {_FULL, _EXTRA} else ["SQLite would not write each commit to disk"]
            cursor.execute("PRAGMA journal_mode")
            mode = cursor.fetchone()[0]
            return found if mode == "wal" else [*found, f"SQLite's journal is {mode}, not wal: readers would wait"]
        found = []
        for name in ("fsync", "synchronous_commit"):
            cursor.execute(f"SHOW {name}")
            value = cursor.fetchone()[0]
            if value not in {"on", "remote_apply"}:
                found.append(f"PostgreSQL has {name} = {value}: an acknowledged commit could be lost")
        return found


def not_bound(connection: Any) -> list[str]:
    """Return why row-level security would not bind this connection; nothing when it does, and on SQLite."""
    if connection.vendor == "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND rolname IN (current_user, session_user)"
        )
        return [f"The role {name} is a superuser or bypasses row-level security" for (name,) in cursor.fetchall()]


def not_guarded(connection: Any) -> list[str]:
    """Return which guards between tenants are missing; nothing when all are there."""
    found = (
        [] if any(isinstance(one, Guard) for one in connection.execute_wrappers) else ["The connection has no guard"]
    )
    gaps = missing(connection)
    if gaps:
        more = f" and {len(gaps) - 3} more" if len(gaps) > 3 else ""
        found.append(f"The database lacks guards between tenants: {', '.join(gaps[:3])}{more}")
    return found
