"""Is the installation well? Facts for whoever watches over it: no name, no address, nothing anybody wrote."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django_q.conf import Conf

from lantern.kernel import clock, tenancy
from lantern.kernel.actor import Actor
from lantern.kernel.files.space import KEEP_FREE
from lantern.kernel.jobs.models import Job

STUCK_AFTER = timedelta(minutes=10)
RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Health:
    """What was found; `well` is whether requests can be served. A resting worker is told, and is no reason for 503."""

    database: bool
    migrations: bool
    worker: bool
    jobs_stuck: int
    disk_free: int
    disk_enough: bool

    @property
    def well(self) -> bool:
        """Tell whether pages work."""
        return self.database and self.migrations and self.disk_enough


@dataclass(frozen=True, slots=True)
class JobsView:
    """How the work in the background stands, in one tenant."""

    waiting: int
    running: int
    failed: int
    worker: bool


def look() -> Health:
    """Look at database, migrations, worker and disk; never raises."""
    free = _disk_free()
    enough = free > KEEP_FREE
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not applied:
            return Health(True, False, False, 0, free, enough)
        return Health(True, True, worker_runs(), _stuck(), free, enough)
    except DatabaseError:
        return Health(False, False, False, 0, free, enough)


def worker_runs() -> bool:
    """Tell whether a worker gave a sign of life within the last seconds."""
    return any(cache.get(key) is not None for key in cache.get(Conf.Q_STAT) or ())


def look_at_jobs(actor: Actor) -> JobsView:
    """Return how the tenant's jobs stand: waiting, running, failed within a week. The caller checks who may see."""
    since = clock.now() - RECENT
    rows = Job.objects.all()
    return JobsView(
        waiting=rows.filter(state=Job.State.WAITING).count(),
        running=rows.filter(state=Job.State.RUNNING).count(),
        failed=rows.filter(state=Job.State.FAILED, created_at__gte=since).count(),
        worker=worker_runs(),
    )


def _stuck() -> int:
    with tenancy.unscoped("the health of all tenants is counted, not read"):
        late = Job.objects.filter(state=Job.State.WAITING, created_at__lt=clock.now() - STUCK_AFTER)
        return late.count()


def _disk_free() -> int:
    folder = Path(settings.LANTERN_DATA)
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free
