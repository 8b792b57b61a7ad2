"""Carries a competency framework into Lantern and out again: CASE packages and spreadsheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from lantern.domain.competencies import commands as competencies
from lantern.domain.competencies import queries as competency_queries
from lantern.domain.competencies.types import problems
from lantern.domain.people.types import ImportReport, RowProblem
from lantern.flows import imports
from lantern.interop.case.codec import (
    FrameworkRecord,
    FrameworkUnreadable,
    read_framework,
    read_levels,
    write_framework,
)
from lantern.interop.case.mapping import from_record, to_record
from lantern.kernel.actor import Actor

Progress = Callable[[int, int, str], None]
LARGEST = 50 * 1024 * 1024
MOST_LISTED = 200


def run_framework_import(
    actor: Actor,
    path: Path,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    filename: str | None = None,
    levels: Path | None = None,
) -> ImportReport:
    """Read the framework at `path` (CASE package or CSV) and store it in the actor's tenant, all or nothing.

    `filename` is what its owner called it, which names a framework from a spreadsheet; `levels` is a CSV file with its
    proficiency scale. A file that cannot be read or kept gives a report with a refusal and the row, field and reason of
    each problem. Raises NotAllowed for who does not run the tenant.
    """
    name = filename or path.name
    if progress:
        progress(0, 3, "Reading the file")
    try:
        record = _read(path, name, levels)
    except FrameworkUnreadable as unreadable:
        problem = RowProblem(name, unreadable.row or 0, unreadable.field or "", unreadable.reason)
        return _refused((problem,), dry_run, _kind_of(path))
    data = from_record(record)
    found = problems(data)
    if found:
        listed = tuple(RowProblem(name, one.row, one.field, one.reason) for one in found)
        return _refused(listed, dry_run, _kind_of(path))
    if progress:
        progress(1, 3, "Comparing with what is here")
    _, counts = competencies.import_framework(actor, data=data, dry_run=dry_run, progress=progress)
    if progress:
        progress(3, 3, "Done")
    warnings = tuple(RowProblem(name, 0, "", text) for text in record.warnings)
    return ImportReport(
        kind="framework",
        format=_kind_of(path),
        dry_run=dry_run,
        counts=counts,
        warnings=warnings[:MOST_LISTED],
    )


def write_case_package(actor: Actor, framework_id: UUID) -> bytes:
    """Return a framework that the actor may see as a CASE 1.1 package. Raises NotFound."""
    return write_framework(to_record(competency_queries.framework_data(actor, framework_id)))


def _read(path: Path, name: str, levels: Path | None) -> FrameworkRecord:
    if not path.is_file():
        raise FrameworkUnreadable("there is no such file")
    if path.stat().st_size > LARGEST:
        raise FrameworkUnreadable(f"the file is larger than {LARGEST // 2**20} MB")
    record = read_framework(path.read_bytes(), name)
    return replace(record, levels=read_levels(levels.read_bytes())) if levels else record


def _kind_of(path: Path) -> str:
    return "case" if path.suffix.lower() == ".json" else "framework-csv"


def _refused(found: tuple[RowProblem, ...], dry_run: bool, kind: str) -> ImportReport:
    return ImportReport(
        kind="framework",
        format=kind,
        dry_run=dry_run,
        counts={},
        errors=found[:MOST_LISTED],
        errors_unlisted=max(0, len(found) - MOST_LISTED),
        refusal="Nothing was imported. Please put the file right and try again.",
    )


imports.offer(
    "framework",
    "Competencies (CASE package or spreadsheet)",
    run_framework_import,
    (".json", ".csv"),
    takes_name=True,
)
