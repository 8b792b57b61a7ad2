"""One resource, or a list of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from lantern.domain.catalog import policy
from lantern.domain.catalog.models import Resource, ResourceCompetency
from lantern.domain.catalog.types import Kind
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound


def get_resource(actor: Actor, resource_id: UUID) -> Resource:
    """Return a resource with its terms, competencies and prerequisites; a retired one too. Raises NotFound."""
    resource = (
        Resource.objects.filter(policy.visible(actor), pk=resource_id)
        .select_related("initiative", "tenant")
        .prefetch_related("resource_terms__term", "competency_links__competency", "prerequisite_links__requires")
        .first()
    )
    if resource is None:
        raise NotFound("There is no such resource.")
    return resource


def list_resources_by_ids(actor: Actor, ids: Iterable[UUID]) -> list[Resource]:
    """Return those of these resources that the actor may see, retired ones too, in the order of the ids."""
    wanted = list(dict.fromkeys(ids))
    found = {row.pk: row for row in Resource.objects.filter(policy.visible(actor), pk__in=wanted)}
    return [found[id] for id in wanted if id in found]


def list_offered_by_ids(actor: Actor, ids: Iterable[UUID]) -> list[Resource]:
    """Return those of these resources that are offered now, in the order of the ids."""
    wanted = list(dict.fromkeys(ids))
    found = {row.pk: row for row in Resource.objects.filter(policy.offered(actor), pk__in=wanted)}
    return [found[id] for id in wanted if id in found]


def list_dependents(actor: Actor, resource_id: UUID) -> QuerySet[Resource]:
    """Return the offered resources that build on this one, by title."""
    return Resource.objects.filter(policy.offered(actor), prerequisite_links__requires_id=resource_id).order_by(
        "title", "pk"
    )


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
