"""The database is away, full or busy: how that is told from a fault of ours, and how work in the background outlasts it
(trust.md A5, A6).

A page answers 503 and asks to come back; a job waits until the server is there again and is then begun anew, which
every job allows. Nothing is repeated in the middle of a transaction: what was under way is gone, as a whole.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections

log = logging.getLogger(__name__)
Result = TypeVar("Result")

PATIENCE = 300.0
"""Seconds that a job waits for the server; the worker gives a job up after twice that (settings.Q_CLUSTER)."""
PAUSE = 0.5
_GONE = ("08", "57P")
"""SQLSTATE of a connection that failed and of a server that goes down or comes up."""
_SHORT_OF = ("53", "55P03", "40", "58030")
"""Short of disk, memory or connections; of a lock in time; a transaction that had to give way; an error of the disk."""
_SQLITE = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN")


def is_gone(problem: BaseException) -> bool:
    """Tell whether the connection to the database server is lost or not to be had; never on SQLite."""
    cause = problem.__cause__
    if not isinstance(problem, (OperationalError, InterfaceError)) or hasattr(cause, "sqlite_errorname"):
        return False
    state = getattr(cause, "sqlstate", None)
    # psycopg itself, not the server, says that a connection is closed or that none came in time: it has no state.
    return type(cause).__module__.startswith("psycopg") and (state is None or state.startswith(_GONE))


def is_outage(problem: BaseException | None) -> bool:
    """Tell whether a statement failed for the state the database is in, and would go through at another time."""
    if not isinstance(problem, DatabaseError | InterfaceError):
        return False
    name = getattr(problem.__cause__, "sqlite_errorname", "")
    state = getattr(problem.__cause__, "sqlstate", None) or ""
    return is_gone(problem) or name.startswith(_SQLITE) or state.startswith(_SHORT_OF)


def outlast(act: Callable[[], Result], what: str, patience: float = PATIENCE) -> Result:
    """Return what `act` returns, begun again for as long as the server is gone; it must be harmless to repeat.

    For the worker only: it waits. Raises what `act` raised when the server stays away for `patience` seconds.
    """
    until = time.monotonic() + patience
    while True:
        try:
            return act()
        except (DatabaseError, InterfaceError) as problem:
            if not is_gone(problem) or time.monotonic() > until:
                raise
            log.warning("the database is away; waiting for it", extra={"waiting": what})
        close_old_connections()
        time.sleep(PAUSE)
