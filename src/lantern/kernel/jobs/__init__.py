"""Work that happens later, behind one door (django-q2 on the ORM is behind it; no feature knows it).

A job is queued in the transaction of its cause, takes ids only, carries its actor and tenant, and must be harmless to
repeat.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django_q.tasks import async_task

from lantern.kernel import clock, doors, tenancy
from lantern.kernel.actor import Actor
from lantern.kernel.database import outage
from lantern.kernel.errors import LanternError
from lantern.kernel.jobs.models import Job

log = logging.getLogger(__name__)
MOST_TRIES = 5
_FAULT = "Something went wrong on our side. Your operator can see it in the log."


class Progress:
    """Tells whoever waits how far a job is, also from inside the one transaction of a long import."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def __call__(self, done: int, total: int, message: str = "") -> None:
        """Record `done` of `total` steps and a short word on the present one."""
        Job.objects.filter(pk=self._job.pk).update(done=done, total=total, message=message[:300])
        if connection.in_atomic_block:  # nobody else reads that row before the commit, but everybody reads a file
            note = _note(self._job.pk)
            with suppress(OSError):
                note.parent.mkdir(parents=True, exist_ok=True)
                draft = note.with_suffix(".new")
                draft.write_text(json.dumps([done, total, message[:300]]), encoding="utf-8")
                draft.replace(note)


def as_it_stands(row: Job) -> Job:
    """Return the job with the newest progress it told, also what its transaction has not committed yet."""
    if row.state == Job.State.RUNNING:
        with suppress(OSError, ValueError):
            row.done, row.total, row.message = json.loads(_note(row.pk).read_text(encoding="utf-8"))
    return row


def _note(job_id: UUID) -> Path:
    return Path(settings.LANTERN_DATA) / "progress" / f"{job_id}.json"


@dataclass(frozen=True, slots=True)
class JobKind:
    """A registered job: its name and the function `(actor, progress, **arguments) -> result` behind it."""

    name: str
    run: Callable[..., dict[str, Any] | None]


_kinds: dict[str, JobKind] = {}
_actor_for: list[Callable[[UUID | None, UUID], Actor]] = []


def job(
    name: str, *, reads: Collection[str], reaches: str
) -> Callable[[Callable[..., dict[str, Any] | None]], Callable[..., dict[str, Any] | None]]:
    """Register a function `(actor, progress, **ids)` as a job under a name such as "catalog.rebuild_index".

    `reads` are the classes of data it reads and `reaches` is who learns of it (kernel/doors).
    """
    doors.declare("job", name, reads=reads, reaches=reaches)

    def register(function: Callable[..., dict[str, Any] | None]) -> Callable[..., dict[str, Any] | None]:
        _kinds[name] = JobKind(name, function)
        return function

    return register


def actors_come_from(function: Callable[[UUID | None, UUID], Actor]) -> None:
    """Say how an actor is found again by person id (None: the system) and tenant id; called once, by a flow."""
    _actor_for[:] = [function]


def registered() -> tuple[str, ...]:
    """Return the names of all jobs, for the enumerated tests."""
    return tuple(sorted(_kinds))


def enqueue(actor: Actor, name: str, **arguments: str | int | bool | None) -> Job:
    """Queue a job in the present transaction and return its row, whose id shows its progress."""
    if name not in _kinds:
        raise LookupError(f"No job is called {name}")
    with transaction.atomic():
        row = Job(name=name, actor_id=actor.person_id, arguments=arguments, created_at=clock.now())
        row.tenant_id = actor.tenancy.own
        row.save()
        async_task("lantern.kernel.jobs.run", str(row.pk), task_name=f"{name}:{row.pk}"[:100])
    return row


def enqueue_once(actor: Actor, name: str, **arguments: str | int | bool | None) -> None:
    """Queue a job unless the same one, by the same actor with the same arguments, is still waiting to begin."""
    same = Job.objects.filter(name=name, actor_id=actor.person_id, state=Job.State.WAITING, arguments=arguments)
    if not same.exists():
        enqueue(actor, name, **arguments)


def get_job(actor: Actor, job_id: UUID) -> Job | None:
    """Return a job the actor asked for, or None."""
    return Job.objects.filter(pk=job_id, actor_id=actor.person_id).first()


def list_jobs(actor: Actor, name: str, limit: int = 20) -> list[Job]:
    """Return the newest jobs of a name in the actor's tenant, whoever asked for them; callers check who may see."""
    return list(Job.objects.filter(name=name).select_related("actor").order_by("-created_at")[:limit])


def run(job_id: str) -> None:
    """Run one queued job as its actor in its tenancy (called by the worker); repeating a finished one does nothing.

    Where the database server goes away meanwhile, the job waits for it and begins again; that is none of its tries.
    """
    begun: list[int] = []
    outage.outlast(lambda: _run(job_id, begun), job_id)


def _run(job_id: str, begun: list[int]) -> None:
    with tenancy.unscoped("the worker finds a job before it knows its tenant"):
        row = Job.objects.filter(pk=job_id).first()
        if row is None or row.is_over:
            return
        try:
            actor = _actor_for[0](row.actor_id, row.tenant_id)
        except LanternError as gone:  # she left since, or her district did: nobody is there for whom to do it
            _end(row, Job.State.FAILED, str(gone), {})
            return
        if not begun and row.tries >= MOST_TRIES:  # its worker died of it each time, and could not say so
            log.error("job parked", extra={"job": row.name, "job_id": str(row.pk), "try": row.tries})
            _end(row, Job.State.FAILED, _FAULT, {})
            return
        tries = begun[0] if begun else row.tries + 1
        Job.objects.filter(pk=row.pk).update(state=Job.State.RUNNING, started_at=clock.now(), tries=tries)
        begun[:] = [tries]
    doors.door_of("job", row.name)
    with tenancy.within(actor.tenancy):
        try:
            result = _kinds[row.name].run(actor, Progress(row), **row.arguments) or {}
        except LanternError as refused:
            _end(row, Job.State.FAILED, str(refused), {})
        except Exception as problem:
            if outage.is_gone(problem):
                raise
            log.exception("job failed", extra={"job": row.name, "job_id": str(row.pk), "try": tries})
            if tries >= MOST_TRIES:
                _end(row, Job.State.FAILED, _FAULT, {})
                return
            Job.objects.filter(pk=row.pk).update(state=Job.State.WAITING)
            raise
        else:
            _end(row, Job.State.DONE, "", result)


def _end(row: Job, state: str, message: str, result: dict[str, Any]) -> None:
    Job.objects.filter(pk=row.pk).update(state=state, message=message[:300], result=result, ended_at=clock.now())
    with suppress(OSError):
        _note(row.pk).unlink(missing_ok=True)


def forget(person_id: UUID) -> int:
    """Take a person off the jobs she asked for; what was run stays on record. Return how many."""
    return Job.objects.filter(actor_id=person_id).update(actor=None)


__all__ = [
    "Job",
    "Progress",
    "Tenancy",
    "actors_come_from",
    "as_it_stands",
    "enqueue",
    "enqueue_once",
    "forget",
    "get_job",
    "job",
    "list_jobs",
    "registered",
    "run",
]
