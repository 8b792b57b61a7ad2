"""`lantern check`: what an operator wants to know before a start, after an upgrade, and from a monitor."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import click

from lantern.cli import boot, screen

LEAST_FREE = 1 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `state` is ok, note or fault."""

    state: str
    name: str
    words: str


@click.command()
@click.option("--before-start", is_flag=True, help="Nothing runs yet: do not look for a worker.")
def check(before_start: bool) -> int:
    """Say whether everything is in order.

    Looks at settings, database, migrations, disk, sandbox, static files and worker. Exit code 0 when all is well (notes
    are allowed), 1 when something is at fault.

    \b
    Examples:
      lantern check
      lantern check --before-start && lantern serve
    """
    boot.django(need_tables=False)
    found = list(findings(before_start))
    for one in found:
        screen.mark(one.state, one.name, one.words)
    faults = sum(one.state == "fault" for one in found)
    screen.say()
    screen.say("All is in order." if not faults else f"{screen.plural(faults, 'fault')}.")
    return 1 if faults else 0


def findings(before_start: bool) -> Iterator[Finding]:
    """Give one line after the other; the database comes before what needs it."""
    yield from _settings()
    yield _disk()
    yield _sandbox()
    yield _static()
    try:
        waiting = boot.waiting_migrations()
    except click.ClickException as problem:
        yield Finding("fault", "database", problem.message)
        return
    yield _database()
    if waiting:
        yield Finding("fault", "migrations", f"{screen.plural(len(waiting), 'is', 'are')} missing; run: lantern setup")
        return
    yield Finding("ok", "migrations", "all applied")
    yield from _guards()
    yield _tenants()
    yield from _jobs()
    if not before_start:
        yield _worker()


def _guards() -> Iterator[Finding]:
    from django.core import checks

    wrong = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    yield from (Finding("fault", "guards", f"{one.msg}. {one.hint or ''}".strip()) for one in wrong)
    if not wrong:
        yield Finding("ok", "guards", "between tenants: all in place")


def _settings() -> Iterator[Finding]:
    from django.conf import settings
    from django.core import checks

    mode = "production" if settings.PRODUCTION else "demo" if settings.DEMO else "development"
    problems = [message for message in checks.run_checks() if message.level >= checks.WARNING]
    if not problems:
        yield Finding("ok", "settings", f"{mode} mode, data in {settings.LANTERN_DATA}")
    for message in problems:
        state = "fault" if message.level >= checks.ERROR else "note"
        yield Finding(state, "settings", f"{message.msg} {message.hint or ''}".strip())


def _disk() -> Finding:
    from django.conf import settings

    free = shutil.disk_usage(settings.LANTERN_DATA).free
    words = f"{free / (1 << 30):.1f} GB free where the data is"
    return Finding("ok" if free >= LEAST_FREE else "fault", "disk", words)


def _sandbox() -> Finding:
    from lantern.kernel.files import confine

    return Finding("ok" if confine.can_do_video() else "note", "sandbox", confine.in_words())


def _static() -> Finding:
    from django.conf import settings

    there = (settings.STATIC_ROOT / "staticfiles.json").is_file()
    return (
        Finding("ok", "static files", "collected")
        if there
        else Finding("fault", "static files", "missing; run: lantern setup")
    )


def _database() -> Finding:
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            verdict = cursor.fetchone()[0]
        words = f"SQLite, {connection.settings_dict['NAME']}"
        return (
            Finding("ok", "database", words) if verdict == "ok" else Finding("fault", "database", f"{words}: {verdict}")
        )
    version = ".".join(str(part) for part in divmod(int(getattr(connection, "pg_version", 0)), 10000))
    return Finding("ok", "database", f"PostgreSQL {version}, {connection.settings_dict['NAME']}")


def _tenants() -> Finding:
    from lantern.domain.people import queries as people

    count = len(people.list_tenants())
    if not count:
        return Finding("note", "tenants", "none yet; see: lantern create-tenant --help")
    return Finding("ok", "tenants", screen.plural(count, "state, region or district", "states, regions and districts"))


def _jobs() -> Iterator[Finding]:
    from lantern.flows import schedule

    missing = schedule.missing()
    if missing:
        yield Finding("fault", "schedules", f"{', '.join(missing)} not planned; run: lantern setup")
    else:
        yield Finding("ok", "schedules", "planned")
    state = schedule.backlog()
    words = f"{screen.plural(state.waiting, 'job')} waiting, {state.failed} failed in the last day"
    late = f"; the oldest has waited {state.oldest_minutes} minutes" if state.oldest_minutes >= 10 else ""
    yield Finding("note" if late or state.failed else "ok", "jobs", words + late)


def _worker() -> Finding:
    from django_q.status import Stat

    clusters = Stat.get_all()
    if not clusters:
        return Finding("fault", "worker", "none is running; start: lantern worker (or serve --with-worker)")
    return Finding("ok", "worker", f"{screen.plural(len(clusters), 'runs', 'run')}, {clusters[0].status.lower()}")


COMMANDS = {"check": check}
