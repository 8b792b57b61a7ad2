"""Carries catalogues of things to learn from into Lantern: its own format, NCCE, CATEDU, the ECF and feeds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lantern.domain.catalog import commands as catalog
from lantern.domain.catalog.types import CompetencyRef, ImportCounts, ResourceData
from lantern.domain.pathways import commands as pathways
from lantern.domain.pathways import queries as pathway_queries
from lantern.domain.pathways.types import PathwayCounts
from lantern.domain.people.types import ImportReport, RowProblem
from lantern.flows import imports
from lantern.interop.catalogue.codec import CatalogueFile, CatalogueRecord, CompetencyLink, Unreadable
from lantern.interop.catalogue.detect import detect_and_read
from lantern.interop.catedu.codec import FRAMEWORK as MRCDD
from lantern.interop.catedu.codec import digcompedu_code
from lantern.interop.pathways.sync import resolve
from lantern.kernel.actor import Actor

Progress = Callable[[int, int, str], None]
WITH_THEIR_OWN_TERMS = frozenset({"ncce", "catedu", "ecf", "feed"})
"""Formats whose topics and subjects are made here when they are not known; our own format keeps to the taxonomy."""
MOST_LISTED = 200


def run_catalogue_import(
    actor: Actor,
    path: Path,
    *,
    dry_run: bool = False,
    create_terms: bool | None = None,
    progress: Progress | None = None,
    filename: str | None = None,
) -> ImportReport:
    """Read the catalogue at `path` (a file, or a folder of a known catalogue) and bring it into the actor's tenant.

    Rows that do not fit are refused one by one, the others go in, in one transaction. `create_terms` None means: as the
    format is used (`WITH_THEIR_OWN_TERMS`). `filename` is what its owner called the file; it names the source of rows
    that name none. A file that cannot be read gives a report with a refusal. Raises NotAllowed.
    """
    name = filename or path.name
    if progress:
        progress(0, 1, "Reading the file")
    try:
        read = detect_and_read(path)
    except Unreadable as unreadable:
        what = (unreadable.field or "").replace(path.name, name)
        return _refused(RowProblem(name, unreadable.row or 0, what, unreadable.reason), dry_run)
    may_create = read.format in WITH_THEIR_OWN_TERMS if create_terms is None else create_terms
    counts = catalog.import_resources(
        actor,
        rows=[
            _data(number, record, path.name, name) for number, record in zip(read.numbers, read.records, strict=True)
        ],
        source=name,
        progress=progress,
        create_terms=may_create,
        dry_run=dry_run,
    )
    return _report(read, counts, name, dry_run, _pathways(actor, read, dry_run))


def _pathways(actor: Actor, read: CatalogueFile, dry_run: bool) -> PathwayCounts | None:
    """Bring in the sequences of the catalogue as drafts; one that is here already stays as it was made here.

    A dry run knows none of the resources yet, and says only how many would come.
    """
    if not read.pathways:
        return None
    if dry_run:
        names = [record.id for record in read.pathways]
        here = len(pathway_queries.find_sourced(actor, read.pathways[0].source, names))
        return PathwayCounts(created=len(names) - here, unchanged=here)
    rows, refused = resolve(actor, read.pathways)
    return pathways.import_pathways(actor, rows=rows, refused=refused, only_new=True)


def _data(number: int, record: CatalogueRecord, path_name: str, source: str) -> ResourceData:
    """Say a record in the catalog's words; a source that is only the stored file's name becomes its owner's name."""
    hours = record.credit_hours
    return ResourceData(
        row=number,
        external_id=record.external_id,
        source=source if record.source == path_name else record.source,
        kind=record.kind,
        modality=record.modality,
        title=record.title,
        summary=record.summary,
        description=record.description,
        url=record.url,
        minutes=record.minutes,
        level=record.level,
        grades=record.grades,
        subjects=record.subjects,
        topics=record.topics,
        competencies=tuple(_ref(link) for link in record.competencies),
        language=record.language,
        cost_cents=record.cost_cents,
        currency=record.currency,
        provider=record.provider,
        access_features=record.access_features,
        initiative=record.initiative,
        credit_type=record.credit_type,
        evidence_tier=record.evidence_tier,
        credit_minutes=None if hours is None else int(hours * 60),
        prerequisites=record.prerequisites,
        published_on=record.published,
        licence=record.licence,
        attribution=record.attribution,
    )


def _ref(link: CompetencyLink) -> CompetencyRef:
    """Name a competency; one of Spain's MRCDD may stand for its European counterpart where MRCDD is not here."""
    european = digcompedu_code(link.code) if link.framework == MRCDD else None
    return CompetencyRef(link.framework, link.code, link.level, (("digcompedu", european),) if european else ())


def _report(
    read: CatalogueFile, counts: ImportCounts, name: str, dry_run: bool, sequences: PathwayCounts | None
) -> ImportReport:
    errors = [
        *(RowProblem(name, one.row, one.field, one.reason) for one in read.errors),
        *(RowProblem(name, one.row, one.field, one.reason) for one in counts.refused),
    ]
    errors.sort(key=lambda problem: problem.row)
    told = [*read.warnings, *counts.warnings]
    if counts.new_terms:
        told.append(f"new terms: {', '.join(counts.new_terms)}")
    told += [f"pathway {one.row} was left out: {one.reason}" for one in (sequences.refused if sequences else ())]
    resources = {
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "rejected": len(errors),
    }
    return ImportReport(
        kind="catalog",
        format=read.format,
        dry_run=dry_run,
        counts={"resources": resources, "terms": {"created": len(counts.new_terms)}} | _counted(sequences),
        errors=tuple(errors[:MOST_LISTED]),
        errors_unlisted=max(0, len(errors) - MOST_LISTED),
        warnings=tuple(RowProblem(name, 0, "", text) for text in told[:MOST_LISTED]),
    )


def _counted(sequences: PathwayCounts | None) -> dict[str, dict[str, int]]:
    if sequences is None:
        return {}
    rejected = len({one.row for one in sequences.refused})
    return {"pathways": {"created": sequences.created, "unchanged": sequences.unchanged, "rejected": rejected}}


def _refused(problem: RowProblem, dry_run: bool) -> ImportReport:
    return ImportReport(
        kind="catalog",
        format="",
        dry_run=dry_run,
        counts={},
        errors=(problem,),
        refusal="Nothing was imported. Please put the file right and try again.",
    )


imports.offer(
    "catalog",
    "Catalogue (Lantern's own format, NCCE, CATEDU, ECF or a feed)",
    run_catalogue_import,
    (".csv", ".json", ".xml", ".rss", ".atom"),
    takes_name=True,
)
