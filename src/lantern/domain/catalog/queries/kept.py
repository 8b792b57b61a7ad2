"""What an educator kept: resources for later, and searches. Hers alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lantern.domain.catalog import policy
from lantern.domain.catalog.models import Resource, SavedResource, SavedSearch
from lantern.domain.catalog.types import FACETS
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound
from lantern.kernel.prepared import prepared


def my_saved(actor: Actor) -> QuerySet[SavedResource]:
    """Return what I kept for later with its resource, newest first; what I may not see any more is left out."""
    seen = Resource.objects.filter(policy.visible(actor))
    rows = SavedResource.objects.filter(policy.visible_kept(actor), resource__in=seen)
    return rows.select_related("resource").order_by("-at", "pk")


def is_saved(actor: Actor, resource_id: UUID) -> bool:
    """Tell whether I kept this resource."""
    return bool(saved_among(actor, [resource_id]))


def saved_among(actor: Actor, resource_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return which of these resources I kept (one query for a whole page)."""
    wanted = tuple(resource_ids)
    return frozenset(_saved.list(actor, wanted)) if wanted else frozenset()


@prepared
def _saved(actor: Actor, ids: tuple[UUID, ...]) -> QuerySet[SavedResource, UUID]:
    rows = SavedResource.objects.filter(policy.visible_kept(actor), resource_id__in=ids)
    return rows.values_list("resource_id", flat=True)


def my_searches(actor: Actor) -> list[SavedSearch]:
    """Return the searches I kept, by name."""
    mine = SavedSearch.objects.filter(policy.visible_searches(actor))
    return sorted(mine, key=lambda search: (search.name.casefold(), search.pk))


def get_search(actor: Actor, search_id: UUID) -> SavedSearch:
    """Return a search I kept. Raises NotFound."""
    found = SavedSearch.objects.filter(policy.visible_searches(actor), pk=search_id).first()
    if found is None:
        raise NotFound("There is no such search.")
    return found


def export_for(actor: Actor) -> dict[str, Any]:
    """Return everything of the catalog that is tied to me."""
    return {
        "kept_resources": [
            {"title": row.resource.title, "resource_id": str(row.resource_id), "kept_at": row.at.isoformat()}
            for row in SavedResource.objects.filter(policy.visible_kept(actor))
            .select_related("resource")
            .order_by("at")
        ],
        "saved_searches": [
            {
                "name": row.name,
                "words": row.filters.get("q", ""),
                "filters": {name: row.filters[name] for name in FACETS if name in row.filters},
                "saved_at": row.at.isoformat(),
            }
            for row in my_searches(actor)
        ],
    }
