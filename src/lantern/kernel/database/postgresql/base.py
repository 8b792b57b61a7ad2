"""The engine itself; Django asks for a module of this name.

It keeps the tenancy of the present work on the session, where the policies read it. A setting of the session is undone
by a rollback and outlives a request on a pooled connection, so the engine remembers what it set, forgets it whenever
the server may have forgotten or another request may have set it, and takes it back before a connection returns to the
pool (decision 0023).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db.backends.postgresql import base, operations, schema
from psycopg import Error, OperationalError, errors
from psycopg.pq import ExecStatus, TransactionStatus

from lantern.kernel.database import door
from lantern.kernel.database.guard import Guard
from lantern.kernel.scope import Everything, Scope

_SET = (
    b"SELECT set_config('lantern.own', $1, false), set_config('lantern.reach', $2, false),"
    b" set_config('lantern.scope', $3, false), set_config('lantern.door', $4, false)"
)
_NOTHING = ("", "", "", "")


def _settings(scope: Scope) -> tuple[str, str, str, str]:
    """Return the four settings that tell the policies and triggers what the scope is."""
    shut = "open" if door.is_open() else ""
    if scope is None:
        return "", "", "", shut
    if isinstance(scope, Everything):
        return "", "", "everything", shut
    return str(scope.own), "{" + ",".join(map(str, scope.reach)) + "}", "tenancy", shut


def _tell(connection: Any, settings: tuple[str, str, str, str]) -> None:
    """Set the session's four settings, within its transaction if one has begun. Raises psycopg.Error.

    Past psycopg's cursor, which costs five times as much and each request begins with this. What nothing answers (the
    server is gone) has no state to tell an error's class by: then it is the one that the cursor would raise.
    """
    answer = connection.pgconn.exec_params(_SET, [value.encode() for value in settings])
    if answer.status != ExecStatus.TUPLES_OK:
        problem = errors.error_from_result(answer)
        raise problem if problem.sqlstate else OperationalError(str(problem))


class DatabaseOperations(operations.DatabaseOperations):
    """Emptying the whole database goes through the door."""

    compiler_module = "lantern.kernel.database.postgresql.compiler"

    def execute_sql_flush(self, sql_list: Any) -> None:
        """Empty every table: what Django's tests do between transactions."""
        with door.opened("the whole database is emptied"):
            super().execute_sql_flush(sql_list)


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """A migration goes through the door: it changes the tables of every tenant."""

    def __enter__(self) -> Any:
        """Open the door for the whole migration."""
        self._door = door.opened("a migration changes the tables of every tenant")
        self._door.__enter__()
        return super().__enter__()

    def __exit__(self, *problem: Any) -> Any:
        """Close the door whatever happened."""
        try:
            return super().__exit__(*problem)
        finally:
            self._door.__exit__(None, None, None)


class DatabaseWrapper(base.DatabaseWrapper):
    """A guarded connection to PostgreSQL that carries the tenancy."""

    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told: tuple[str, str, str, str] | None = None  # what the session was told last; None: not known
        self._told_for: tuple[Scope, int] = (None, 0)  # what the session was told it for, where it is known
        self.execute_wrappers.append(Guard(self.vendor, adopt=self.adopt, forget=self.forget))

    def adopt(self, scope: Scope) -> None:
        """Tell the session the scope, unless it knows."""
        told_for = (scope, door.is_open())
        if self._told is not None and self._told_for[0] is scope and self._told_for[1] == told_for[1]:
            return  # most statements: the settings need not even be written out
        settings = _settings(scope)
        if settings != self._told:
            with self.wrap_database_errors:
                _tell(self.connection, settings)
            self._told = settings
        self._told_for = told_for  # last: what failed was not told

    def forget(self) -> None:
        """Take it that the session may know another scope than it was told last."""
        self._told = None

    def get_new_connection(self, conn_params: Any) -> Any:
        """Connect, or take a connection from the pool; what it knows is not known here."""
        self.forget()
        return super().get_new_connection(conn_params)

    def _rollback(self) -> Any:
        self.forget()
        return super()._rollback()  # type: ignore[misc]  # Django's, unknown to its types

    def _savepoint_rollback(self, sid: str) -> Any:
        self.forget()
        return super()._savepoint_rollback(sid)  # type: ignore[misc]  # Django's, unknown to its types

    def _close(self) -> Any:
        if self.connection is not None and self.pool and self.connection.broken:
            # The server went away, and took with it what idles in the pool: each would cost the next request a try.
            self.pool.drain()
        if self.connection is not None and self.pool and self._told != _NOTHING:
            with suppress(Error):  # a connection that fails here is thrown away by the pool
                if self.connection.info.transaction_status != TransactionStatus.IDLE:
                    self.connection.rollback()
                _tell(self.connection, _NOTHING)
        self.forget()
        return super()._close()  # type: ignore[misc]  # Django's, unknown to its types
