"""One at a time: who counts or reads before writing waits here for whoever does the same thing just now.

SQLite lets one transaction write at a time anyhow. PostgreSQL does not, and a row that is not there yet cannot be
locked; there the turn is an advisory lock, which ends with the transaction.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db import connection


def take_turn(what: str, *ids: UUID) -> None:
    """Wait until no other transaction has a turn under this name and these ids; keep it until this one ends.

    Take it before reading what the change rests on. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A turn is taken inside the transaction that it is for")
    if connection.vendor != "postgresql":
        return
    name = ":".join((what, *map(str, ids)))
    number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
