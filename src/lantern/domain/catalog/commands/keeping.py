"""What an educator keeps: resources for later, and searches under a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.catalog import policy, queries
from lantern.domain.catalog.events import ResourceKept, ResourceLetGo, SearchDeleted, SearchSaved
from lantern.domain.catalog.models import SavedResource, SavedSearch
from lantern.domain.catalog.types import Search
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound
from lantern.kernel.events import publish
from lantern.kernel.sealing import mark

MOST_SEARCHES = 50


@transaction.atomic
def keep(actor: Actor, *, resource_id: UUID) -> SavedResource:
    """Keep a resource for later; a repeat changes nothing. Raises NotAllowed for the system, NotFound."""
    me = privacy.acting_person(actor)
    resource = queries.get_resource(actor, resource_id)
    kept, new = SavedResource.objects.get_or_create(
        person_id=me, resource=resource, defaults={"at": clock.now(), "tenant_id": actor.tenancy.own}
    )
    if new:
        publish(actor, ResourceKept(resource.pk))
    return kept


@transaction.atomic
def unkeep(actor: Actor, *, resource_id: UUID) -> None:
    """Let a kept resource go; a repeat changes nothing. Raises NotAllowed for the system."""
    me = privacy.acting_person(actor)
    gone, _ = SavedResource.objects.filter(person_id=me, resource_id=resource_id).delete()
    if gone:
        publish(actor, ResourceLetGo(resource_id))


@transaction.atomic
def save_search(actor: Actor, *, name: str, filters: Mapping[str, Any]) -> SavedSearch:
    """Keep a search under a name; the same name replaces the older one. It holds ids, so that renamed terms follow
    (P5.2).

    Raises Invalid for a missing or long name, a search that asks for nothing, or too many.
    """
    me = privacy.acting_person(actor)
    title = " ".join(name.split())
    if not title:
        raise Invalid({"name": "Give this search a name."})
    if len(title) > 80:
        raise Invalid({"name": "Please keep the name to 80 characters."})
    search = Search.of(filters)
    if search.is_empty:
        raise Invalid({"name": "Choose a word or a filter first. There is nothing to save yet."})
    mine = SavedSearch.objects.filter(policy.visible_searches(actor))
    known_as = mark(me, title)
    if mine.exclude(name_mark=known_as).count() >= MOST_SEARCHES:
        raise Invalid({"name": f"You have {MOST_SEARCHES} saved searches. Delete one first."})
    saved, _ = SavedSearch.objects.update_or_create(
        person_id=me,
        name_mark=known_as,
        defaults={"filters": search.filters(), "at": clock.now()},
        create_defaults={"name": title, "filters": search.filters(), "at": clock.now(), "tenant_id": actor.tenancy.own},
    )
    publish(actor, SearchSaved(saved.pk))
    return saved


@transaction.atomic
def delete_search(actor: Actor, *, search_id: UUID) -> None:
    """Delete a search of mine. Raises NotFound."""
    found = SavedSearch.objects.filter(policy.visible_searches(actor), pk=search_id).first()
    if found is None:
        raise NotFound("There is no such search.")
    found.delete()
    publish(actor, SearchDeleted(search_id))


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete what a person kept; return the counts. Raises NotFound."""
    privacy.allow_erasure(actor, person_id)
    kept, _ = SavedResource.objects.filter(person_id=person_id).delete()
    searches, _ = SavedSearch.objects.filter(person_id=person_id).delete()
    return {"kept_resources": kept, "saved_searches": searches}
