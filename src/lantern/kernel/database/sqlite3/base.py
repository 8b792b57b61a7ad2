"""The engine itself; Django asks for a module of this name."""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base, operations, schema

from lantern.kernel.database import door
from lantern.kernel.database.guard import Guard


class DatabaseOperations(operations.DatabaseOperations):
    """Emptying the whole database goes through the door."""

    compiler_module = "lantern.kernel.database.sqlite3.compiler"

    def execute_sql_flush(self, sql_list: Any) -> None:
        """Empty every table: what Django's tests do between transactions."""
        with door.opened("the whole database is emptied"):
            super().execute_sql_flush(sql_list)


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """A migration goes through the door: it rebuilds tables and moves the rows of every tenant."""

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
    """A guarded connection to SQLite."""

    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(Guard(self.vendor))

    def check_constraints(self, table_names: Any = None) -> None:
        """Look for keys that lead nowhere, in every tenant; to name one it reads its row."""
        with door.opened("a broken key is looked for in every tenant"):
            super().check_constraints(table_names)

    def get_new_connection(self, conn_params: Any) -> Any:
        """Connect, and teach the connection what the triggers ask."""
        connection = super().get_new_connection(conn_params)
        connection.create_function(door.FUNCTION, 0, door.is_open)
        return connection
