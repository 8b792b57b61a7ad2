"""Carries a bank of questions into Lantern."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lantern.domain.assessments import commands as assessments
from lantern.domain.assessments.types import ItemCounts, ItemData, ItemRefused, OptionData
from lantern.domain.competencies import queries as competencies
from lantern.domain.people.types import ImportReport, RowProblem
from lantern.flows import imports
from lantern.interop.items.codec import BankFile, ItemRecord, Unreadable, read_bank
from lantern.kernel.actor import Actor

Progress = Callable[[int, int, str], None]
LARGEST = 50 * 1024 * 1024
MOST_LISTED = 200


def run_item_import(
    actor: Actor,
    path: Path,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    filename: str | None = None,
    publish: bool = False,
) -> ImportReport:
    """Read the bank at `path` and bring it into the actor's tenant: new questions are drafts unless `publish`.

    Rows that do not fit are refused one by one, the others go in, in one transaction. A file that cannot be read gives
    a report with a refusal. Raises NotAllowed.
    """
    name = filename or path.name
    if progress:
        progress(0, 2, "Reading the file")
    try:
        if path.is_dir():
            raise Unreadable("this is a folder; a bank is one CSV file")
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"the file is larger than {LARGEST // 1024 // 1024} MB")
        read = read_bank(path.read_bytes())
    except Unreadable as unreadable:
        return _refused(RowProblem(name, unreadable.row or 0, unreadable.field or "", unreadable.reason), dry_run)
    rows, unknown = _rows(actor, read)
    if progress:
        progress(1, 2, "Comparing with what is here")
    counts = assessments.import_items(actor, rows=rows, refused=unknown, publish_new=publish, dry_run=dry_run)
    return _report(read, counts, name, dry_run)


def _rows(actor: Actor, read: BankFile) -> tuple[list[ItemData], list[ItemRefused]]:
    """Find each row's competency; a framework and a code are looked up once."""
    known: dict[tuple[str, str], object] = {}
    rows: list[ItemData] = []
    refused: list[ItemRefused] = []
    for record in read.records:
        key = (record.framework, record.competency)
        if key not in known:
            known[key] = competencies.find_by_code(actor, *key)
        found = known[key]
        if found is None:
            reason = f"There is no {record.competency} in a framework called {record.framework} here."
            refused.append(ItemRefused(record.row, "competency", reason))
            continue
        rows.append(_data(record, found))
    return rows, refused


def _data(record: ItemRecord, competency: object) -> ItemData:
    return ItemData(
        external_id=record.id,
        competency_id=competency.pk,  # type: ignore[attr-defined]  # a Competency, which is private to the domain
        question=record.question,
        options=tuple(OptionData(text, why) for text, why in record.options),
        right=record.right,
        level=record.level,
        area=record.area,
        language=record.language,
        difficulty=record.difficulty,
        discrimination=record.discrimination,
        guessing=record.guessing,
        row=record.row,
    )


def _report(read: BankFile, counts: ItemCounts, name: str, dry_run: bool) -> ImportReport:
    errors = [
        *(RowProblem(name, one.row, one.field, one.reason) for one in read.errors),
        *(RowProblem(name, one.row, one.field, one.reason) for one in counts.refused),
    ]
    errors.sort(key=lambda problem: problem.row)
    items = {
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "rejected": len(errors),
    }
    return ImportReport(
        kind="items",
        format="lantern-items",
        dry_run=dry_run,
        counts={"items": items},
        errors=tuple(errors[:MOST_LISTED]),
        errors_unlisted=max(0, len(errors) - MOST_LISTED),
        warnings=tuple(RowProblem(name, 0, "", text) for text in read.warnings),
    )


def _refused(problem: RowProblem, dry_run: bool) -> ImportReport:
    return ImportReport(
        kind="items",
        format="",
        dry_run=dry_run,
        counts={},
        errors=(problem,),
        refusal="Nothing was imported. Please put the file right and try again.",
    )


imports.offer("items", "Questions for checks (a table, one a row)", run_item_import, (".csv",), takes_name=True)
