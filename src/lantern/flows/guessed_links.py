"""What nobody tied to a competency is judged by its words, after each change of the catalog, as a job."""

from __future__ import annotations

from typing import Any

from lantern.domain.catalog import commands
from lantern.domain.catalog.events import CatalogImported, ResourceChanged, ResourcePublished
from lantern.kernel.actor import Actor, system
from lantern.kernel.events import Event, handles
from lantern.kernel.jobs import Progress, enqueue_once, job

GUESS = "catalog.guess_links"


def _queue(actor: Actor, event: Event) -> None:
    enqueue_once(system(actor.tenancy), GUESS)


for _cause in (CatalogImported, ResourcePublished, ResourceChanged):
    handles(_cause)(_queue)


@job(GUESS, reads=("public",), reaches="everybody of the tenant, as what a resource probably leads to")
def guess(actor: Actor, progress: Progress) -> dict[str, Any]:
    """Judge what untied resources of the tenant lead to."""
    return {"resources": commands.guess_links(actor)}
