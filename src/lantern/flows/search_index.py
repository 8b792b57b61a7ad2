"""The search index follows the catalog: each change queues one build, for the tenant and for those that inherit from
it.

Until a build is done, changed resources are found through the delta (domain/catalog/queries/words.py); a failed build
leaves the index before. Every night each index is looked at again (flows/schedule.py), so that one which cannot be
read, or was built before the extra `semantic` was installed, is built anew.
"""

from __future__ import annotations

from typing import Any

from lantern.domain.catalog import commands, queries
from lantern.domain.catalog.events import (
    CatalogImported,
    ResourceChanged,
    ResourcePublished,
    ResourceRetired,
    TermRenamed,
)
from lantern.domain.people import queries as people
from lantern.engine.search import build_index
from lantern.kernel import doors, tenancy
from lantern.kernel.actor import Actor, system
from lantern.kernel.events import Event, handles
from lantern.kernel.ids import uuid7
from lantern.kernel.jobs import Progress, enqueue_once, job

REBUILD = "catalog.rebuild_index"


def _queue_build(actor: Actor, event: Event) -> None:
    enqueue_once(system(actor.tenancy), REBUILD)


for _cause in (ResourcePublished, ResourceChanged, ResourceRetired, TermRenamed, CatalogImported):
    handles(_cause)(_queue_build)


doors.declare("index", "catalog", reads=("public",), reaches="everybody of the tenant, by search")


@job(REBUILD, reads=("public",), reaches="everybody of the tenant, by search")
def rebuild(actor: Actor, progress: Progress | None = None, below: bool = True) -> dict[str, Any]:
    """Build the index of the actor's tenant, then queue the builds of the tenants below that inherit from it."""
    built = build(actor)
    return {"resources": built, "below": _queue_below(actor) if below else 0}


def build(actor: Actor) -> int:
    """Build the index of one tenant from what is offered there, and return how many resources it holds."""
    if queries.is_index_current(actor):
        return queries.count_offered(actor)
    stamps = queries.standing(actor).stamps  # read first: what changes while we read is in the delta as well
    generation = f"g{uuid7().hex}"
    folder = queries.index_folder(actor.tenancy.own)
    info = build_index(
        queries.search_documents(actor), queries.FIELD_WEIGHTS, folder, generation, queries.embedder()
    )
    commands.record_index(actor, generation=generation, built_from=stamps)
    return info.documents


def _queue_below(actor: Actor) -> int:
    queued = 0
    for tenant in people.list_tenants():
        scope = people.tenancy_of(tenant.pk)
        if actor.tenancy.own in scope.above:
            with tenancy.within(scope):
                enqueue_once(system(scope), REBUILD, below=False)
            queued += 1
    return queued
