"""Starting Django for a command, with every likely obstacle said in words."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import click

SETTINGS = "lantern.config.settings"
LOCK = "in-use.lock"


def django(*, need_tables: bool = True) -> None:
    """Load settings and apps. Raises ClickException for a bad setting, no database, or (by default) missing tables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django as framework
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        settings.LANTERN_DATA.mkdir(parents=True, exist_ok=True)
        framework.setup()
    except (ValueError, ImproperlyConfigured) as problem:
        raise click.ClickException(f"a setting cannot be used: {problem}") from None
    except PermissionError as problem:
        raise click.ClickException(f"LANTERN_DATA: {problem.filename} may not be written by this account") from None
    except OSError as problem:
        raise click.ClickException(f"LANTERN_DATA: {problem.filename}: {problem.strerror}") from None
    if need_tables:
        require_tables()


def require_tables() -> None:
    """Refuse to go on while the database is out of reach or older than this program."""
    waiting = waiting_migrations()
    if waiting:
        raise click.ClickException("the database is not up to date; run: lantern setup")


def waiting_migrations() -> list[str]:
    """Return the names of migrations not applied yet. Raises ClickException when the database does not answer."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import OperationalError

    try:
        executor = MigrationExecutor(connection)
    except OperationalError as problem:
        raise click.ClickException(f"the database does not answer: {first_line(problem)}") from None
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{step.app_label}.{step.name}" for step, backwards in plan if not backwards]


def first_line(problem: BaseException) -> str:
    """Return the first line of an error's text."""
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]


def in_use(*, alone: bool = False) -> int:
    """Hold the data folder for as long as this process (and what it starts) lives; `alone` refuses when others hold it.

    Web and worker share the hold; a restore wants it alone. Raises ClickException.
    """
    from django.conf import settings

    handle = os.open(Path(settings.LANTERN_DATA) / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(handle, not alone)
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        who = "Lantern is running on it" if alone else "a restore is under way"
        raise click.ClickException(
            f"{settings.LANTERN_DATA} is in use: {who}. Try again when that has ended."
        ) from None
    return handle
