"""What may be asked about pathways: what is offered and prepared, and what I am in; never who took one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import Status
from lantern.domain.competencies import queries as competencies
from lantern.domain.pathways import policy
from lantern.domain.pathways.models import OwnPathway, Pathway, PathwayStart, PathwayStep, PathwayVersion
from lantern.domain.pathways.types import (
    Choices,
    Place,
    StartedPathway,
    choices_of,
    gaps_of,
    needs_of,
    outline_of_json,
)
from lantern.engine.pathway import outline as outlines
from lantern.engine.pathway.outline import Malformed, Section
from lantern.engine.pathway.outline_faults import Fault, faults
from lantern.engine.pathway.standing import Known, route_of
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound
from lantern.kernel.ids import ids_among


def list_offered(actor: Actor) -> list[Pathway]:
    """Return the pathways that are offered to the actor, with how many steps each has (`step_count`), by title."""
    return list(_listed(actor).filter(policy.offered(actor)))


def list_managed(actor: Actor) -> list[Pathway]:
    """Return what the actor may see of pathways, her own drafts and retired ones too, by title."""
    return list(_listed(actor))


def _listed(actor: Actor) -> QuerySet[Pathway]:
    rows = Pathway.objects.filter(policy.visible(actor)).select_related("tenant")
    newest = Q(versions__number=F("version"))
    return rows.annotate(step_count=Count("versions__steps__key", filter=newest, distinct=True)).order_by("title", "pk")


def get_pathway(actor: Actor, pathway_id: UUID) -> Pathway:
    """Return one pathway. Raises NotFound."""
    rows = Pathway.objects.filter(pk=pathway_id).select_related("tenant")
    found = rows.filter(policy.visible(actor)).first()
    if found is None and actor.person_id is not None:
        found = rows.filter(policy.started(actor)).first()
    if found is None:
        raise NotFound("There is no such pathway.")
    return found


def find_sourced(actor: Actor, source: str, external_ids: Iterable[str]) -> dict[str, Pathway]:
    """Return those pathways of the own tenant that came from this source under these names."""
    rows = Pathway.objects.filter(policy.visible(actor), tenant_id=actor.tenancy.own, source=source)
    return {row.external_id: row for row in rows.filter(external_id__in=list(external_ids))}


def outline_of(actor: Actor, pathway: Any, version_id: UUID | None = None) -> Section:
    """Return the outline of a pathway as it is offered now, or of a version of it; empty before the first."""
    rows = PathwayVersion.objects.filter(pathway_id=pathway.pk)
    row = rows.filter(number=pathway.version).first() if version_id is None else rows.filter(pk=version_id).first()
    return _read(row.structure) if row else outlines.empty()


def keys_used(actor: Actor, pathway: Any) -> frozenset[str]:
    """Return every key that a part of any version of a pathway has or had; nobody else's pathway tells one."""
    if not policy.can_edit(actor, pathway.tenant_id):
        return frozenset()
    kept = PathwayVersion.objects.filter(pathway_id=pathway.pk).values_list("structure", flat=True)
    return frozenset(part.key for structure in kept for part in outlines.walk(_read(structure)))


def draft_of(actor: Actor, pathway: Any) -> Section:
    """Return what is being written of a pathway; what is offered where nothing was changed since. For those who manage
    it.
    """
    if pathway.draft is None or not policy.can_edit(actor, pathway.tenant_id):
        return outline_of(actor, pathway)
    return _read(pathway.draft)


def _read(kept: object) -> Section:
    """Read an outline from our own table; one that is none any more is empty, so that its pages still open."""
    try:
        return outline_of_json(kept)
    except Malformed:
        return outlines.empty()


def known(actor: Actor, ids: Iterable[str]) -> dict[str, Known]:
    """Return what the catalog says of these resources, and of what they build on, by id as text; what the actor may not
    see is not in it. Three queries, whatever there is.
    """
    wanted = ids_among(list(ids))
    needs = catalog.prerequisites_of(actor, wanted)
    rows = catalog.list_resources_by_ids(actor, [*wanted, *(one for found in needs.values() for one in found)])
    return {
        str(row.pk): Known(
            row.title,
            row.minutes,
            row.status == Status.PUBLISHED,
            frozenset(str(one) for one in needs.get(row.pk, frozenset())),
            row.kind,
        )
        for row in rows
    }


def competency_names(actor: Actor, outline: Section) -> dict[str, str]:
    """Return the names of the competencies that an outline names, by id as text."""
    wanted = ids_among(list(outlines.competencies(outline)))
    return {str(id): name for id, name in competencies.competency_names(actor, wanted).items()} if wanted else {}


def faults_of(actor: Actor, outline: Section, facts: Mapping[str, Known] | None = None) -> list[Fault]:
    """Return in words, each at its part, what keeps an outline from being offered."""
    here = known(actor, outlines.resources(outline)) if facts is None else facts
    return faults(outline, here, competency_names(actor, outline))


def places_of(actor: Actor, resource_id: UUID) -> list[Place]:
    """Return in which offered pathways a resource is a step, where, and what it leads to there, by title (P7.4)."""
    rows = PathwayStep.objects.filter(
        resource_id=resource_id,
        version__number=F("version__pathway__version"),
        version__pathway__in=Pathway.objects.filter(policy.offered(actor)),
    )
    counted = rows.annotate(step_count=Count("version__steps__key", distinct=True)).select_related("version__pathway")
    found = [
        Place(row.version.pathway_id, row.version.pathway.title, row.position, row.step_count, row.outcome)
        for row in counted
    ]
    return sorted(found, key=lambda one: (one.title, one.position))


# ------------------------------------------------------------------------------------------------------ what I am in


def my_start(actor: Actor, pathway_id: UUID) -> PathwayStart | None:
    """Return that I am in a pathway, with its version, or None."""
    rows = PathwayStart.objects.filter(policy.visible_starts(actor), pathway_id=pathway_id)
    return rows.select_related("version").first()


def my_starts(actor: Actor) -> list[PathwayStart]:
    """Return the pathways I am in, each with its version, the newest first."""
    rows = PathwayStart.objects.filter(policy.visible_starts(actor)).select_related("version", "pathway")
    return list(rows.order_by("-started_at", "pk"))


def choices_in(row: PathwayStart | OwnPathway | None) -> Choices:
    """Return what I chose in a pathway; nothing where nothing that is kept can be read."""
    try:
        return choices_of(row.choices) if row is not None else Choices()
    except Malformed:
        return Choices()


def my_own(actor: Actor) -> list[OwnPathway]:
    """Return my own pathways, the newest change first."""
    return list(OwnPathway.objects.filter(policy.visible_own(actor)).order_by("-updated_at", "pk"))


def get_own(actor: Actor, own_id: UUID) -> OwnPathway:
    """Return a pathway of my own. Raises NotFound."""
    found = OwnPathway.objects.filter(policy.visible_own(actor), pk=own_id).first()
    if found is None:
        raise NotFound("There is no such pathway.")
    return found


def outline_of_own(row: OwnPathway) -> Section:
    """Return the outline of an own pathway."""
    return _read(row.structure)


def started(actor: Actor) -> list[StartedPathway]:
    """Return the pathways I am in and my own ones, as the planner takes them, the newest first; five queries in all.

    Steps are named by their keys, which are unique in one pathway only.
    """
    starts, own = my_starts(actor), my_own(actor)
    read: list[tuple[UUID, UUID | None, str, Any, Section, Choices]] = [
        (row.pk, row.pathway_id, row.pathway.title, row.started_at, _read(row.version.structure), choices_in(row))
        for row in starts
    ]
    read += [(row.pk, None, row.title, row.created_at, outline_of_own(row), choices_in(row)) for row in own]
    if not read:
        return []
    facts = known(actor, [one for row in read for one in outlines.resources(row[4])])
    return [_started(*row, facts) for row in read]


def _started(
    id: UUID, pathway_id: UUID | None, title: str, at: Any, outline: Section, choices: Choices, facts: dict[str, Known]
) -> StartedPathway:
    resources, minutes = {}, {}
    for entry in outlines.entries(outline):
        hers = route_of(entry, facts, choices.swaps)
        resources[entry.key] = tuple(UUID(one) for one in (hers, *(one for one in entry.routes if one != hers)))
        minutes[entry.key] = (facts[hers].minutes if hers in facts else None) or entry.minutes or 0
    return StartedPathway(
        id=id,
        pathway_id=pathway_id,
        title=title,
        started_on=timezone.localdate(at),
        outline=outline,
        structure=outlines.structure_of(outline),
        resources=resources,
        minutes=minutes,
        gaps=gaps_of(outline),
        needs=needs_of(outline, {key: one.needs for key, one in facts.items()}),
        choices=choices,
    )


def equivalents(actor: Actor, resource_ids: Iterable[UUID]) -> list[frozenset[UUID]]:
    """Return the groups of resources of which one is enough and that hold any of these: the routes of one step, of what
    is offered to me or what I am in. Two queries.
    """
    wanted = frozenset(resource_ids)
    mine = PathwayStart.objects.filter(policy.visible_starts(actor)).values("version_id")
    offered = Q(version__pathway__in=Pathway.objects.filter(policy.offered(actor)))
    now = offered & Q(version__number=F("version__pathway__version"))
    several = PathwayStep.objects.filter(now | Q(version_id__in=mine), route__gt=0)
    versions = several.values_list("version_id", flat=True)
    groups: dict[tuple[UUID, str], set[UUID]] = {}
    rows = PathwayStep.objects.filter(version_id__in=versions)
    for version_id, key, resource_id in rows.values_list("version_id", "key", "resource_id"):
        groups.setdefault((version_id, key), set()).add(resource_id)
    for row in my_own(actor):
        for one in outlines.equivalents(outline_of_own(row)):
            groups[row.pk, min(one)] = {UUID(route) for route in one}
    found = {frozenset(one) for one in groups.values() if len(one) > 1 and not wanted.isdisjoint(one)}
    return sorted(found, key=lambda one: sorted(map(str, one)))


def export_for(actor: Actor) -> dict[str, Any]:
    """Return everything this feature keeps about the actor, as plain values."""
    starts = [
        {
            "pathway": row.pathway.title,
            "version": row.version.number,
            "started_at": row.started_at.isoformat(),
            "choices": row.choices,
        }
        for row in my_starts(actor)
    ]
    own = [
        {"title": row.title, "outline": row.structure, "choices": row.choices, "created_at": row.created_at.isoformat()}
        for row in my_own(actor)
    ]
    return {"started_pathways": starts, "own_pathways": own}
