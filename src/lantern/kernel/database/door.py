"""The one door through what the database itself forbids: changing append-only rows, and working without a tenancy.

It is for changing tables and for emptying a whole database, and for nothing that a page or a job does; who may open it
is a list in tests/architecture. SQLite's triggers ask the function `lantern_door()` of the connection, so that another
program that opens the file cannot change such a row at all; PostgreSQL's ask a setting of the session.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from lantern.kernel.scope import unscoped

FUNCTION = "lantern_door"
_open: ContextVar[bool] = ContextVar("lantern_door", default=False)


def is_open() -> int:
    """Return 1 while the door is open, else 0, as a trigger asks it."""
    return int(_open.get())


@contextmanager
def opened(reason: str) -> Iterator[None]:
    """Run the block with the door open, across tenants. `reason` is for the reader and must say something."""
    with unscoped(reason):
        token = _open.set(True)
        try:
            yield
        finally:
            _open.reset(token)
