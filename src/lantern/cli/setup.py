"""`lantern setup`: everything a start needs, and nothing that is done already. Safe to repeat."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import click

from lantern.cli import boot, screen

STAMP = ".lantern-static"


@click.command()
@click.option("--migrate-only", is_flag=True, help="Only the database; leave static files and schedules as they are.")
def setup(migrate_only: bool) -> None:
    """Bring database, static files and schedules up to date.

    Run it before the first start and after each upgrade. It does only what is missing, so it is safe to repeat.

    \b
    Examples:
      lantern setup
      lantern setup --migrate-only      on a second web host that shares the database
    """
    boot.django(need_tables=False)
    for line in prepare(static=not migrate_only, schedules=not migrate_only):
        screen.say(line)


def prepare(*, static: bool = True, schedules: bool = True) -> list[str]:
    """Migrate, make the cache table, collect static files, plan the recurring work; return a line for what was done."""
    done = [migrate()]
    if static:
        done.append(collect_static())
    if schedules:
        from lantern.flows import schedule

        done.append(f"Schedules: {screen.plural(schedule.install(), 'recurring piece')} of work planned")
    return done


def migrate() -> str:
    """Apply what is missing, as the owner of the tables; put the guards in place; return a line about it."""
    from django.core.management import call_command
    from django.db import connection

    from lantern.kernel.database.install import install
    from lantern.kernel.database.roles import as_owner
    from lantern.kernel.sealing.existing import seal_what_lies_open

    with as_owner():
        waiting = boot.waiting_migrations()
        call_command("createcachetable", verbosity=0)  # before the roles are granted what they may use
        if waiting:
            try:
                call_command("migrate", interactive=False, verbosity=0)  # puts the guards in place at its end
            except BaseException:
                install(connection)  # what stopped half-way is guarded as well
                raise
        else:
            install(connection)
    if waiting:
        seal_what_lies_open()
    return f"Database: {screen.plural(len(waiting), 'change')} applied" if waiting else "Database: up to date"


def collect_static() -> str:
    """Copy, compress and name the static files, unless nothing changed since; return a line about it."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    wanted = _fingerprint()
    stamp = root / STAMP
    if stamp.is_file() and stamp.read_text() == wanted:
        return "Static files: up to date"
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, stdout=io.StringIO())
    stamp.write_text(wanted)
    return "Static files: collected"


def _fingerprint() -> str:
    """Return a digest that changes when any static file does."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = os.stat(storage.path(path))
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


COMMANDS = {"setup": setup}
