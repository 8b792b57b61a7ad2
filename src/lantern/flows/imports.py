"""Imports from the manage pages: an uploaded file is tried as a job, shown, and on a second word carried out as a job.

Each standard's sync offers its importer here when Lantern starts; this floor knows none of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from lantern.domain.people import commands as people
from lantern.domain.people import queries as people_queries
from lantern.domain.people.types import ImportReport, RowProblem
from lantern.kernel import jobs, tenancy
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, LanternError, Unavailable
from lantern.kernel.files import StorageFull, require_space
from lantern.kernel.upkeep import refresh_statistics

if TYPE_CHECKING:
    from lantern.domain.people.models import ImportRun

JOB = "imports.run"
LARGEST = 100_000_000
Importer = Callable[..., ImportReport]


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of import: its words, the function behind it, and the endings a file may have."""

    kind: str
    label: str
    run: Importer
    endings: tuple[str, ...]
    takes_name: bool = False  # it wants the name its owner gave the file, as `filename`


_offers: dict[str, Offer] = {}


def offer(kind: str, label: str, run: Importer, endings: tuple[str, ...], takes_name: bool = False) -> None:
    """Register an importer `(actor, path, *, dry_run, progress, …) -> ImportReport` under a kind such as "roster"."""
    _offers[kind] = Offer(kind, label, run, endings, takes_name)


def offers() -> tuple[Offer, ...]:
    """Return every kind of import, the roster first."""
    return tuple(sorted(_offers.values(), key=lambda one: (one.kind != "roster", one.label)))


def begin(actor: Actor, *, kind: str, filename: str, chunks: Iterable[bytes]) -> ImportRun:
    """Keep an uploaded file and queue its preview. Raises Invalid for the kind, name or size, Unavailable when the disk
    is full.
    """
    found = _offers.get(kind)
    if found is None:
        raise Invalid({"kind": "Choose what the file holds."})
    ending = Path(filename).suffix.lower()
    if ending not in found.endings:
        raise Invalid({"upload": f"Please choose a file that ends in {' or '.join(found.endings)}."})
    folder = Path(settings.LANTERN_UPLOADS)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}{ending}"
    try:
        with transaction.atomic():
            run = people.begin_import(actor, kind=kind, filename=filename, upload=name)
            _keep(folder / name, chunks)
            _enqueue(actor, run)
    except BaseException:
        (folder / name).unlink(missing_ok=True)
        raise
    return run


def sweep_uploads(older_than: datetime) -> int:
    """Remove uploaded files from before `older_than` (aware) that no import names, as after an act that was undone;
    return how many.
    """
    folder, removed = Path(settings.LANTERN_UPLOADS), 0
    with tenancy.unscoped("uploads lie in one folder for every tenant"):
        named = people_queries.uploads_named()
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.name not in named and path.stat().st_mtime < older_than.timestamp():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def carry_out(actor: Actor, *, run_id: UUID, most_removed: bool = False) -> ImportRun:
    """Queue the import that a preview showed. Raises NotFound, NotAllowed, Conflict, Invalid when the file is gone."""
    with transaction.atomic():
        run = people.begin_carrying_out(actor, run_id=run_id, most_removed=most_removed)
        if not (Path(settings.LANTERN_UPLOADS) / run.upload).is_file():
            raise Invalid("The uploaded file is not here any more. Please upload it again.")
        _enqueue(actor, run)
    return run


def record(
    actor: Actor,
    *,
    kind: str,
    path: Path,
    dry_run: bool,
    progress: Callable[[int, int, str], None] | None,
    **choices: Any,
) -> ImportReport:
    """Run an import on a file where it lies and keep account of it (for the command line). Raises what the importer
    raises.
    """
    run = people.begin_import(actor, kind=kind, filename=path.name, dry_run=dry_run)
    return _run(actor, run, path, progress, **choices)


def _enqueue(actor: Actor, run: ImportRun) -> None:
    job = jobs.enqueue(actor, JOB, run_id=str(run.pk))
    people.attach_job(actor, run_id=run.pk, job_id=job.pk)


def _keep(path: Path, chunks: Iterable[bytes]) -> None:
    try:
        require_space(path.parent, LARGEST)
    except StorageFull as full:
        raise Unavailable(str(full)) from None
    size = 0
    with path.open("xb") as handle:
        for chunk in chunks:
            size += len(chunk)
            if size > LARGEST:
                raise Invalid({"upload": f"This file is larger than {LARGEST // 1_000_000} MB."})
            handle.write(chunk)
    if not size:
        raise Invalid({"upload": "This file is empty."})


@jobs.job(
    JOB,
    reads=("official", "public", "private"),
    reaches="those who manage the tenant: counts and refused rows of their own file",
)
def run_import(actor: Actor, progress: jobs.Progress, run_id: str) -> dict[str, Any]:
    """Carry out or preview one import that was begun; a repeat of a finished one does nothing."""
    run = people_queries.get_import_run(actor, UUID(run_id))
    if run.outcome != "running":
        return {"outcome": run.outcome}
    choices = {"most_removed": True} if run.notes.get("most_removed") else {}
    report = _run(actor, run, Path(settings.LANTERN_UPLOADS) / run.upload, progress, **choices)
    return {"outcome": report.outcome}


def _run(
    actor: Actor, run: ImportRun, path: Path, progress: Callable[[int, int, str], None] | None, **choices: Any
) -> ImportReport:
    """Run the importer, which is all or nothing by itself, then end the run; its progress shows while it works.

    Should Lantern die in between, the job is repeated, finds nothing left to change, and says so.
    """
    found = _offers[run.kind]
    if found.takes_name:
        choices["filename"] = run.filename
    try:
        report = found.run(actor, path, dry_run=run.dry_run, progress=progress, **choices)
    except Invalid as problem:
        field, reason = next(iter(problem.fields.items()))
        named = (text.replace(path.name, run.filename) for text in (field or run.filename, reason))
        people.fail_import(actor, run_id=run.pk, problem=RowProblem(next(named), 0, "", next(named)))
        raise
    except LanternError as problem:
        people.fail_import(actor, run_id=run.pk, problem=RowProblem(run.filename, 0, "", str(problem)))
        raise
    people.end_import(actor, run_id=run.pk, report=report)
    if not report.dry_run:
        refresh_statistics()
    return report
