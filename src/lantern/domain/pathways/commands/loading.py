"""Bringing pathways in from a file: each whole or not at all, always as a draft that somebody looks through."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from lantern.domain.pathways import policy, queries
from lantern.domain.pathways.commands.preparing import create_pathway, describe_pathway, save_draft
from lantern.domain.pathways.models import Pathway
from lantern.domain.pathways.types import PathwayCounts, PathwayData, PathwayRefused
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed


@transaction.atomic
def import_pathways(
    actor: Actor,
    *,
    rows: Sequence[PathwayData],
    refused: Sequence[PathwayRefused] = (),
    only_new: bool = False,
    dry_run: bool = False,
) -> PathwayCounts:
    """Bring pathways into the own tenant as drafts; nothing that is offered changes. Raises NotAllowed.

    One that is here already, by source and id, gets a new draft where it differs; with `only_new` it is left as it is,
    so that what was made of it here stays. The same again changes nothing.
    """
    if not policy.can_manage(actor):
        raise NotAllowed("Pathways are prepared by coordinators and operators.")
    left_out, counts = list(refused), {"created": 0, "updated": 0, "unchanged": 0}
    here, brought = _here(actor, rows), dict[tuple[str, str], int]()
    for row in rows:
        name = row.source, row.external_id
        try:
            first = brought.setdefault(name, row.row)
            if first != row.row:
                raise Invalid({"id": f"{row.external_id} is pathway {first} of this file already."})
            with transaction.atomic():
                counts[_bring(actor, row, here.get(name), only_new)] += 1
        except Invalid as problem:
            left_out += [PathwayRefused(row.row, field, reason) for field, reason in problem.fields.items()]
    if dry_run:
        transaction.set_rollback(True)
    return PathwayCounts(**counts, refused=tuple(sorted(left_out, key=lambda one: one.row)))


def _here(actor: Actor, rows: Sequence[PathwayData]) -> dict[tuple[str, str], Pathway]:
    """Return what is here of them: by source and id, and by our own id where a file of ours names no source."""
    found: dict[tuple[str, str], Pathway] = {}
    for source in {row.source for row in rows}:
        ids = [row.external_id for row in rows if row.source == source]
        found |= {(source, id): one for id, one in queries.find_sourced(actor, source, ids).items()}
    own = {str(one.pk): one for one in queries.list_managed(actor) if policy.can_edit(actor, one.tenant_id)}
    return {("", id): one for id, one in own.items() if not one.external_id} | found


def _bring(actor: Actor, row: PathwayData, there: Pathway | None, only_new: bool) -> str:
    facts = {name: getattr(row, name) for name in ("title", "summary", "job_kinds", "level_from", "level_to")}
    if there is None:
        create_pathway(actor, **facts, outline=row.outline, source=row.source, external_id=row.external_id)
        return "created"
    said = {name: getattr(there, name) for name in facts} | {"job_kinds": tuple(there.job_kinds)}
    facts["job_kinds"] = tuple(dict.fromkeys(row.job_kinds))
    same = queries.draft_of(actor, there) == row.outline
    if there.version:
        said = facts  # what educators read of it is changed on its page, not by a file
    if only_new or (same and said == facts):
        return "unchanged"
    if said != facts:
        describe_pathway(actor, pathway_id=there.pk, **facts)
    if not same:
        save_draft(actor, pathway_id=there.pk, change=lambda _: row.outline)
    return "updated"
