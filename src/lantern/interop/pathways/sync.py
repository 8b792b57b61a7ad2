"""Carries pathways in from a file as drafts, and out as the same file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from lantern.domain.catalog import queries as catalog
from lantern.domain.competencies import queries as competencies
from lantern.domain.pathways import commands, policy, queries
from lantern.domain.pathways.types import PathwayCounts, PathwayData, PathwayRefused
from lantern.domain.people.types import ImportReport, RowProblem
from lantern.engine.pathway import outline as outlines
from lantern.engine.pathway.outline import Section
from lantern.flows import imports
from lantern.interop.pathways.codec import (
    CompetencyName,
    PathwayRecord,
    ResourceName,
    Tokens,
    Unreadable,
    read_pathways_file,
    renamed,
    write_pathways_file,
)
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed
from lantern.kernel.ids import ids_among

Progress = Callable[[int, int, str], None]
LARGEST = 20 * 1024 * 1024
MOST_LISTED = 200


def run_pathway_import(
    actor: Actor,
    path: Path,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    filename: str | None = None,
) -> ImportReport:
    """Read the pathways at `path` and bring them into the actor's tenant as drafts.

    A pathway that names something that is not here is refused with its place and the reason; the others go in, in one
    transaction. A file that cannot be read gives a report with a refusal. Raises NotAllowed.
    """
    name = filename or path.name
    if progress:
        progress(0, 2, "Reading the file")
    try:
        if path.is_dir():
            raise Unreadable("this is a folder; pathways are one JSON file")
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"the file is larger than {LARGEST // 1024 // 1024} MB")
        read = read_pathways_file(path.read_bytes())
    except Unreadable as unreadable:
        return _refused(RowProblem(name, unreadable.row or 0, unreadable.field or "", unreadable.reason), dry_run)
    rows, unknown = resolve(actor, read.records)
    if progress:
        progress(1, 2, "Comparing with what is here")
    unknown += [PathwayRefused(one.number, one.field, one.reason) for one in read.errors]
    counts = commands.import_pathways(actor, rows=rows, refused=unknown, dry_run=dry_run)
    return _report(counts, name, dry_run)


def resolve(
    actor: Actor, records: Sequence[PathwayRecord]
) -> tuple[list[PathwayData], list[PathwayRefused]]:
    """Find what the pathways name among what is here; one that names something else is refused, with each such name."""
    names = _Names(actor, records)
    rows: list[PathwayData] = []
    refused: list[PathwayRefused] = []
    for record in records:
        resources = {token: names.resource(name) for token, name in record.resources.items()}
        about = {token: names.competency(name) for token, name in record.competencies.items()}
        places = _places(record.outline)
        problems = [
            PathwayRefused(record.number, f"outline {places.get(token, outlines.TOP)}", why)
            for token, (_, why) in (resources | about).items()
            if why
        ]
        if problems:
            refused += problems
            continue
        outline = renamed(
            record.outline,
            {token: found for token, (found, _) in resources.items()},
            {token: found for token, (found, _) in about.items()},
        )
        rows.append(
            PathwayData(
                row=record.number,
                external_id=record.id,
                source=record.source,
                title=record.title,
                outline=outline,
                summary=record.summary,
                job_kinds=record.job_kinds,
                level_from=record.level_from,
                level_to=record.level_to,
            )
        )
    return rows, refused


def _places(outline: Section) -> dict[str, str]:
    """Return where each token stands first, as the key of its step."""
    found: dict[str, str] = {}
    for entry in outlines.entries(outline):
        for token in (*entry.routes, entry.check, *(one.competency for one in entry.levels)):
            found.setdefault(token, entry.key)
    return found


class _Names:
    """What is here, asked once for all pathways of a file."""

    def __init__(self, actor: Actor, records: Iterable[PathwayRecord]) -> None:
        self.actor = actor
        names = [name for record in records for name in record.resources.values()]
        self.sourced = catalog.find_sourced(actor, [name.id for name in names])
        self.titled = catalog.find_titled(actor, [name.title for name in names if name.title])
        ours = ids_among([name.lantern for name in names])
        self.ours = {str(row.pk) for row in catalog.list_resources_by_ids(actor, ours)}
        self.known: dict[CompetencyName, tuple[str, str]] = {}

    def resource(self, name: ResourceName) -> tuple[str, str]:
        """Return the id of a resource and "", or "" and why there is none."""
        if name.id:
            found = self.sourced.get((name.source, name.id))
            return (str(found), "") if found else ("", f"There is no {name.words} in the catalog here.")
        if name.lantern:
            here = name.lantern in self.ours
            return (name.lantern, "") if here else ("", f"There is no resource {name.words} in the catalog here.")
        titled = self.titled.get(name.title, [])
        if len(titled) == 1:
            return str(titled[0]), ""
        many = f"{len(titled)} things in the catalog are called {name.words}; name its source and id."
        return "", many if titled else f"Nothing in the catalog here is called {name.words}."

    def competency(self, name: CompetencyName) -> tuple[str, str]:
        """Return the id of a competency and "", or "" and why there is none."""
        if name not in self.known:
            found = competencies.find_by_code(self.actor, name.framework, name.code)
            missing = f"There is no {name.code} in a framework called {name.framework} here."
            self.known[name] = (str(found.pk), "") if found else ("", missing)
        return self.known[name]


def write_pathways(actor: Actor, pathway_ids: Iterable[UUID] | None = None) -> bytes:
    """Write the own tenant's pathways (or those named) as a file, each as its draft is. Raises NotAllowed."""
    if not policy.can_manage(actor):
        raise NotAllowed("Pathways are prepared by coordinators and operators.")
    wanted = None if pathway_ids is None else set(pathway_ids)
    rows = [
        row
        for row in queries.list_managed(actor)
        if policy.can_edit(actor, row.tenant_id) and (wanted is None or row.pk in wanted)
    ]
    return write_pathways_file(records_of(actor, rows))


def records_of(actor: Actor, rows: Sequence[Any]) -> list[PathwayRecord]:
    """Return pathways in the words of a file: resources by source and id, else by a title that only one has."""
    drafts = {row.pk: queries.draft_of(actor, row) for row in rows}
    used = ids_among([one for draft in drafts.values() for one in outlines.resources(draft)])
    resources = {str(row.pk): row for row in catalog.list_resources_by_ids(actor, used)}
    titles = catalog.find_titled(actor, [row.title for row in resources.values()])
    about = ids_among([one for draft in drafts.values() for one in outlines.competencies(draft)])
    named = {str(one.pk): one for one in competencies.list_competencies_by_ids(actor, about)}
    sourced = Counter((row.source, row.external_id) for row in resources.values())

    def resource(id: str) -> ResourceName:
        row = resources.get(id)
        if row is not None and row.external_id and sourced[row.source, row.external_id] == 1:
            return ResourceName(row.source, row.external_id)
        if row is not None and titles.get(row.title) == [row.pk]:
            return ResourceName(title=row.title)
        return ResourceName(lantern=id)

    def competency(id: str) -> CompetencyName:
        one = named.get(id)
        return CompetencyName(one.framework.identifier, one.identifier) if one else CompetencyName("lantern", id)

    found = []
    for number, row in enumerate(rows, start=1):
        tokens, draft = Tokens(), drafts[row.pk]
        outline = renamed(
            draft,
            {id: tokens.resource(resource(id)) for id in outlines.resources(draft)},
            {id: tokens.competency(competency(id)) for id in sorted(outlines.competencies(draft))},
        )
        found.append(
            PathwayRecord(
                number=number,
                id=row.external_id or str(row.pk),
                title=row.title,
                outline=outline,
                source=row.source if row.external_id else "",
                summary=row.summary,
                job_kinds=tuple(row.job_kinds),
                level_from=row.level_from,
                level_to=row.level_to,
                resources=tokens.resources,
                competencies=tokens.competencies,
            )
        )
    return found


def _report(counts: PathwayCounts, name: str, dry_run: bool) -> ImportReport:
    errors = [RowProblem(name, one.row, one.field, one.reason) for one in counts.refused]
    rejected = len({one.row for one in counts.refused})
    pathways = {
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "rejected": rejected,
    }
    return ImportReport(
        kind="pathways",
        format="lantern-pathways",
        dry_run=dry_run,
        counts={"pathways": pathways},
        errors=tuple(errors[:MOST_LISTED]),
        errors_unlisted=max(0, len(errors) - MOST_LISTED),
    )


def _refused(problem: RowProblem, dry_run: bool) -> ImportReport:
    return ImportReport(
        kind="pathways",
        format="",
        dry_run=dry_run,
        counts={},
        errors=(problem,),
        refusal="Nothing was imported. Please put the file right and try again.",
    )


imports.offer("pathways", "Pathways (JSON)", run_pathway_import, (".json",), takes_name=True)
