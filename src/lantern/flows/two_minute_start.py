"""The two-minute start, whole: what was worth it to her is checked against the catalog, then everything is kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.catalog import queries as catalog
from lantern.domain.people import commands as people
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound


@transaction.atomic
def finish(actor: Actor, *, valued: Iterable[UUID] | None = None, **said: Any) -> None:
    """Keep all or nothing: `valued` are resources she did and found worth it (None: not asked), `said` goes to
    people.finish_start. Nothing counts as done here by that. Raises NotFound, Invalid.
    """
    if valued is not None:
        wanted = list(dict.fromkeys(valued))
        known = {row.pk for row in catalog.list_resources_by_ids(actor, wanted)}
        if not known.issuperset(wanted):
            raise NotFound("There is no such resource.")
        said["valued"] = [str(resource_id) for resource_id in wanted]
    people.finish_start(actor, **said)
