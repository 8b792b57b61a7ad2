"""Keeping account of imports: begun, previewed, refused, done."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from lantern.domain.people import policy
from lantern.domain.people.models import ImportRun
from lantern.domain.people.types import ImportReport, RowProblem
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, NotAllowed, NotFound

LISTED = 500
"""How many problems a run keeps; the report says how many more there were."""


def begin_import(
    actor: Actor,
    *,
    kind: str,
    filename: str,
    upload: str = "",
    dry_run: bool = True,
    notes: dict[str, bool] | None = None,
) -> ImportRun:
    """Write down that an import begins. Raises NotAllowed for who does not manage the tenant."""
    if not policy.can_manage_tenant(actor):
        raise NotAllowed("Imports are for operators and coordinators of the whole district.")
    with transaction.atomic():
        run = ImportRun(
            kind=kind,
            actor_id=actor.person_id,
            filename=filename[-200:],
            upload=upload,
            dry_run=dry_run,
            notes=notes or {},
            at=clock.now(),
        )
        run.save()
    return run


def begin_carrying_out(actor: Actor, *, run_id: UUID, most_removed: bool = False) -> ImportRun:
    """Begin the import that a finished preview showed; once only. Raises NotFound, NotAllowed, Conflict."""
    with transaction.atomic():
        preview = ImportRun.objects.select_for_update().filter(pk=run_id).first()
        if preview is None or not policy.can_manage_tenant(actor):
            raise NotFound("There is no such import.")
        if not preview.dry_run or preview.outcome != "previewed" or not preview.upload:
            raise Conflict("Only a finished preview can be carried out.")
        others = ImportRun.objects.filter(upload=preview.upload, dry_run=False, outcome__in=["running", "done"])
        if others.exists():
            raise Conflict("This file was already carried out.")
        return begin_import(
            actor,
            kind=preview.kind,
            filename=preview.filename,
            upload=preview.upload,
            dry_run=False,
            notes={"most_removed": most_removed},
        )


def attach_job(actor: Actor, *, run_id: UUID, job_id: UUID) -> None:
    """Tie a run to the job that carries it out, so that its page can show how far it is."""
    ImportRun.objects.filter(pk=run_id).update(job_id=job_id)


def end_import(actor: Actor, *, run_id: UUID, report: ImportReport) -> ImportRun:
    """Keep what an import found and did. A run that has ended stays as it is. Raises NotFound."""
    with transaction.atomic():
        run = _running(run_id)
        if run.outcome != "running":
            return run
        run.outcome, run.format, run.counts = report.outcome, report.format[:40], report.counts
        run.errors = [asdict(problem) for problem in report.errors[:LISTED]]
        run.notes = run.notes | {
            "dropped": report.dropped,
            "refusal": report.refusal,
            "warnings": [asdict(problem) for problem in report.warnings[:LISTED]],
            "errors_unlisted": report.errors_unlisted + max(0, len(report.errors) - LISTED),
        }
        run.save()
    return run


def fail_import(actor: Actor, *, run_id: UUID, problem: RowProblem) -> ImportRun:
    """Keep why a file could not be read at all. Raises NotFound."""
    with transaction.atomic():
        run = _running(run_id)
        if run.outcome == "running":
            run.outcome, run.errors = "failed", [asdict(problem)]
            run.save()
    return run


def _running(run_id: UUID) -> ImportRun:
    run = ImportRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound("There is no such import.")
    return run
