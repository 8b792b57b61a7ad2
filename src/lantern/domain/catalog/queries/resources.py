"""One resource, or a list of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from lantern.domain.catalog import policy
from lantern.domain.catalog.models import Resource, ResourceCompetency, ResourcePrerequisite, ResourceTerm, Term
from lantern.domain.catalog.types import Kind, Status
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound
from lantern.kernel.prepared import prepared

DEPENDENTS_SHOWN = 12


def get_resource(actor: Actor, resource_id: UUID) -> Resource:
    """Return a resource with its aim and its tenant; a retired one too. Raises NotFound."""
    resource = _resource.first(actor, policy.can_manage(actor), resource_id)
    if resource is None:
        raise NotFound("There is no such resource.")
    return resource


@prepared
def _resource(actor: Actor, manages: bool, resource_id: UUID) -> QuerySet[Resource]:
    rows = Resource.objects.filter(policy.visible_to(actor, manages), pk=resource_id)
    return rows.select_related("initiative", "tenant")


def terms_of(actor: Actor, resource_id: UUID) -> list[Term]:
    """Return the terms of a resource, by scheme and label."""
    return sorted((link.term for link in _terms.list(resource_id)), key=lambda term: (term.scheme, term.label))


@prepared
def _terms(resource_id: UUID) -> QuerySet[ResourceTerm]:
    return ResourceTerm.objects.filter(resource_id=resource_id).select_related("term")


def leads_to(actor: Actor, resource_id: UUID) -> list[ResourceCompetency]:
    """Return what a resource leads to: links with their competency and level, by code and name."""
    links = _competency_links.list(resource_id)
    return sorted(links, key=lambda link: (link.competency.code, link.competency.name))


@prepared
def _competency_links(resource_id: UUID) -> QuerySet[ResourceCompetency]:
    return ResourceCompetency.objects.filter(resource_id=resource_id).select_related("competency")


def required_before(actor: Actor, resource_id: UUID, also_drafts: bool = False) -> list[Resource]:
    """Return what a resource builds on, by title; drafts only when asked for."""
    found = [link.requires for link in _prerequisite_links.list(resource_id)]
    return sorted(
        (one for one in found if also_drafts or one.status != Status.DRAFT), key=lambda resource: resource.title
    )


@prepared
def _prerequisite_links(resource_id: UUID) -> QuerySet[ResourcePrerequisite]:
    return ResourcePrerequisite.objects.filter(resource_id=resource_id).select_related("requires")


class Titled(NamedTuple):
    """A resource by what it is called, who offers it and where it is."""

    id: UUID
    title: str
    provider: str
    link: str


def titles_and_links(actor: Actor) -> list[Titled]:
    """Return every resource that is offered to the actor, by id, as what a row of a file is compared with."""
    rows = Resource.objects.filter(policy.offered(actor)).order_by("pk")
    return [Titled(*row) for row in rows.values_list("pk", "title", "provider", "url")]


def titled_prerequisites_of(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """Return what each of these resources builds on, (id, title) by title, as far as one may see it."""
    seen = Resource.objects.filter(policy.visible(actor))
    links = ResourcePrerequisite.objects.filter(resource_id__in=set(ids), requires__in=seen)
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for resource_id, pk, title in links.order_by("requires__title", "requires_id").values_list(
        "resource_id", "requires_id", "requires__title"
    ):
        found.setdefault(resource_id, []).append((pk, title))
    return found


def list_resources_by_ids(actor: Actor, ids: Iterable[UUID]) -> list[Resource]:
    """Return those of these resources that the actor may see, retired ones too, in the order of the ids."""
    wanted = list(dict.fromkeys(ids))
    found = {row.pk: row for row in Resource.objects.filter(policy.visible(actor), pk__in=wanted)}
    return [found[id] for id in wanted if id in found]


def list_offered_by_ids(actor: Actor, ids: Iterable[UUID]) -> list[Resource]:
    """Return those of these resources that are offered now, in the order of the ids."""
    wanted = list(dict.fromkeys(ids))
    found = {row.pk: row for row in _offered_among.list(actor, tuple(wanted))} if wanted else {}
    return [found[id] for id in wanted if id in found]


@prepared
def _offered_among(actor: Actor, ids: tuple[UUID, ...]) -> QuerySet[Resource]:
    return Resource.objects.filter(policy.offered(actor), pk__in=ids).defer("description", "attribution", "licence")


def competencies_of(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return for each of these resources that the actor may see which competencies it leads to (one query)."""
    wanted = list(dict.fromkeys(ids))
    seen = Resource.objects.filter(policy.visible(actor), pk__in=wanted)
    found: dict[UUID, set[UUID]] = {}
    for resource, competency in ResourceCompetency.objects.filter(resource__in=seen).values_list(
        "resource_id", "competency_id"
    ):
        found.setdefault(resource, set()).add(competency)
    return {resource: frozenset(competencies) for resource, competencies in found.items()}


def find_sourced(actor: Actor, external_ids: Iterable[str]) -> dict[tuple[str, str], UUID]:
    """Return the resources that sources call by these ids, by (source, id); of two tenants the nearer one's counts."""
    rows = Resource.objects.filter(policy.visible(actor), external_id__in=[one for one in set(external_ids) if one])
    reach = actor.tenancy.reach
    found = rows.values_list("source", "external_id", "pk", "tenant_id")
    return {(source, id): pk for source, id, pk, _ in sorted(found, key=lambda row: -reach.index(row[3]))}


def find_titled(actor: Actor, titles: Iterable[str]) -> dict[str, list[UUID]]:
    """Return the resources that are offered under these titles, by title as it is written."""
    rows = Resource.objects.filter(policy.offered(actor), title__in=list(dict.fromkeys(titles)))
    found: dict[str, list[UUID]] = {}
    for title, pk in rows.order_by("pk").values_list("title", "pk"):
        found.setdefault(title, []).append(pk)
    return found


def prerequisites_of(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return for each of these resources that the actor may see what it builds on, drafts not (one query)."""
    seen = Resource.objects.filter(policy.visible(actor), pk__in=list(dict.fromkeys(ids)))
    rows = ResourcePrerequisite.objects.filter(resource__in=seen).exclude(requires__status=Status.DRAFT)
    found: dict[UUID, set[UUID]] = {}
    for resource, requires in rows.values_list("resource_id", "requires_id"):
        found.setdefault(resource, set()).add(requires)
    return {resource: frozenset(required) for resource, required in found.items()}


def list_dependents(actor: Actor, resource_id: UUID) -> list[Resource]:
    """Return the first dozen offered resources that build on this one, by title."""
    return _dependents.list(actor, resource_id)


@prepared
def _dependents(actor: Actor, resource_id: UUID) -> QuerySet[Resource]:
    rows = Resource.objects.filter(policy.offered(actor), prerequisite_links__requires_id=resource_id)
    return rows.only("title").order_by("title", "pk")[:DEPENDENTS_SHOWN]


def list_managed(actor: Actor, q: str = "", status: str = "") -> QuerySet[Resource]:
    """Return what whoever manages the catalog sees, newest change first; nothing for anybody else."""
    if not policy.can_manage(actor):
        return Resource.objects.none()
    rows = Resource.objects.filter(policy.visible(actor)).select_related("tenant")
    if status:
        rows = rows.filter(status=status)
    for word in q.split()[:8]:
        rows = rows.filter(Q(title__icontains=word) | Q(provider__icontains=word) | Q(external_id__icontains=word))
    return rows.order_by("-updated_at", "pk")


def resources_for_competency(actor: Actor, competency_id: UUID) -> tuple[tuple[int | None, tuple[Resource, ...]], ...]:
    """Return what leads to a competency as (level, resources by title), from level 1 up, those without a level last."""
    links = ResourceCompetency.objects.filter(
        competency_id=competency_id, resource__in=Resource.objects.filter(policy.offered(actor))
    )
    by_level: dict[int | None, list[Resource]] = defaultdict(list)
    for link in links.select_related("resource").order_by("resource__title", "pk"):
        by_level[link.level].append(link.resource)
    return tuple((level, tuple(by_level[level])) for level in sorted(by_level, key=lambda level: level or 9))


def list_tools(actor: Actor) -> QuerySet[Resource]:
    """Return the tools that are offered, by title (P4.1)."""
    return _of_kind(actor, Kind.TOOL)


def list_communities(actor: Actor) -> QuerySet[Resource]:
    """Return the communities that are offered, by title (P4.1)."""
    return _of_kind(actor, Kind.COMMUNITY)


def _of_kind(actor: Actor, kind: Kind) -> QuerySet[Resource]:
    return Resource.objects.filter(policy.offered(actor), kind=kind).order_by("title", "pk")
