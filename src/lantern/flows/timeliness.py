"""From a need to a first useful thing: told to the educator herself, and to Lantern's release rule as one share for
each person. Nothing of it is stored.

Useful is what she finished, began, or took up from the catalog, and what leads to the need's competency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils import timezone

from lantern.domain.catalog import queries as catalog
from lantern.domain.courses import queries as courses
from lantern.domain.courses.types import Moments
from lantern.domain.needs import queries as needs
from lantern.domain.people import queries as people
from lantern.engine import timeliness
from lantern.engine.timeliness import IN_TIME, Stated, Useful
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound

TOLD = 3


@dataclass(frozen=True, slots=True)
class Answered:
    """A need of hers that found something useful, and how long that took, in words."""

    need: Any
    days: int
    words: str


def mine(actor: Actor, most: int = TOLD) -> list[Answered]:
    """Return the newest needs of the actor, open or ended, that found something useful; at most so many."""
    stated = [need for need in needs.my_needs(actor, state=None) if need.competency_id is not None]
    useful = _useful(actor) if stated else []
    found: list[Answered] = []
    for need in stated:
        at = timeliness.answered_at(Stated(need.pk, need.competency_id, need.created_at), useful)
        if at is not None:
            days = (timezone.localdate(at) - timezone.localdate(need.created_at)).days
            found.append(Answered(need, days, timeliness.words(days)))
    return found[:most]


def shares(actor: Actor, begins_at: datetime, ends_before: datetime, among: Iterable[UUID]) -> dict[UUID, Fraction]:
    """Return for each of these people who said a need in these days the share of those that were answered in time.

    A need of the last two weeks is left out, since its time was not over. For the release rule: raises NotAllowed for
    anybody but Lantern itself.
    """
    said_something = needs.explored(actor, begins_at, ends_before).keys()
    found: dict[UUID, Fraction] = {}
    for person_id in set(among) & said_something:
        share = _share(person_id, actor.tenancy.own, begins_at, ends_before - IN_TIME)
        if share is not None:
            found[person_id] = share
    return found


def _share(person_id: UUID, tenant_id: UUID, begins_at: datetime, ends_before: datetime) -> Fraction | None:
    try:
        she = people.actor_for(person_id, tenant_id)
    except NotFound:  # she left after the term
        return None
    rows = needs.my_needs(she, state=None).filter(created_at__gte=begins_at, created_at__lt=ends_before)
    told = rows.filter(competency__isnull=False).values_list("pk", "competency_id", "created_at")
    stated = [Stated(pk, competency_id, at) for pk, competency_id, at in told]
    return timeliness.share_in_time(stated, _useful(she)) if stated else None


def _about(row: Moments, leads: Mapping[UUID, frozenset[UUID]]) -> frozenset[UUID]:
    """Return the competencies an activity is about: what its resource leads to, and what she said herself."""
    of_resource = leads.get(row.resource_id, frozenset()) if row.resource_id is not None else frozenset()
    return of_resource | (frozenset() if row.competency_id is None else frozenset({row.competency_id}))


def _useful(actor: Actor) -> list[Useful]:
    rows = courses.moments(actor)
    leads = catalog.competencies_of(actor, [row.resource_id for row in rows if row.resource_id is not None])
    return [
        Useful(
            _about(row, leads),
            tuple(at for at in (row.taken_up_at, row.started_at, row.finished_at) if at is not None),
        )
        for row in rows
    ]
