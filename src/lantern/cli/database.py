"""Copying a whole database out and in: SQLite by its own backup, PostgreSQL by pg_dump and pg_restore."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import click


def copy_out(target: Path) -> None:
    """Write a consistent copy of the database while others use it. Raises ClickException."""
    from django.db import connection

    if connection.vendor == "sqlite":
        _sqlite_copy(Path(connection.settings_dict["NAME"]), target)
    else:
        _run(
            "pg_dump",
            ["--format=custom", "--no-owner", "--no-privileges", "--enable-row-security", f"--file={target}"],
            connection.settings_dict,
        )


def _sqlite_copy(source: Path, target: Path) -> None:
    """VACUUM INTO: one read transaction, so a commit meanwhile is either all in the copy or not at all."""
    with contextlib.closing(sqlite3.connect(source, timeout=60, isolation_level=None)) as reader:
        try:
            reader.execute("VACUUM INTO ?", (str(target),))
        except sqlite3.Error as problem:
            raise click.ClickException(f"the database could not be copied: {problem}") from None


def copy_in(source: Path) -> None:
    """Put a copy in the place of an empty database. Raises ClickException."""
    from django.db import connection

    from lantern.kernel.database.roles import as_owner

    connection.close()
    if connection.vendor == "sqlite":
        place = Path(connection.settings_dict["NAME"])
        with source.open("rb") as handle:
            os.fsync(handle.fileno())
        source.replace(place)
        return
    connection.close_pool() if hasattr(connection, "close_pool") else None
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    with as_owner():
        name = connection.settings_dict["NAME"]
        _run("pg_restore", [*options, f"--dbname={name}", str(source)], connection.settings_dict)


def is_empty() -> bool:
    """Tell whether nothing is in the place of the database yet. Raises ClickException when it does not answer."""
    from django.db import connection
    from django.db.utils import OperationalError

    from lantern.cli.boot import first_line

    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return True
    try:
        return not connection.introspection.table_names()
    except OperationalError as problem:
        raise click.ClickException(f"the database does not answer: {first_line(problem)}") from None


def set_aside(folder: Path) -> None:
    """Move what is in the place of the database into `folder`, so that a forced restore can be taken back."""
    from django.db import connection

    from lantern.kernel.database.roles import as_owner

    if connection.vendor == "sqlite":
        connection.close()
        place = Path(connection.settings_dict["NAME"])
        for path in (place, place.with_name(place.name + "-wal"), place.with_name(place.name + "-shm")):
            if path.exists():
                path.rename(folder / path.name)
        return
    options = ["--format=custom", "--no-owner", "--enable-row-security", f"--file={folder / 'database.pgdump'}"]
    _run("pg_dump", options, connection.settings_dict)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")


def migrations_applied() -> tuple[str, ...]:
    """Return the names of Lantern's own migrations that the database has."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return tuple(sorted(name for app, name in MigrationRecorder(connection).applied_migrations() if app == "lantern"))


def migrations_known() -> frozenset[str]:
    """Return the names of Lantern's own migrations that this program has."""
    from django.db.migrations.loader import MigrationLoader

    return frozenset(name for app, name in MigrationLoader(None).disk_migrations if app == "lantern")


def _run(program: str, options: list[str], settings: dict[str, Any]) -> None:
    path = shutil.which(program)
    if path is None:
        raise click.ClickException(
            f"{program} is not on the PATH; install PostgreSQL's client programs of the server's version or newer"
        )
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = os.environ | {variable: str(settings[name]) for variable, name in names.items() if settings.get(name)}
    environment["PGOPTIONS"] = "-c lantern.scope=everything"  # a backup holds every tenant's rows
    done = subprocess.run([path, *options], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - found on the PATH, no shell
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise click.ClickException(f"{program}: {said}")
