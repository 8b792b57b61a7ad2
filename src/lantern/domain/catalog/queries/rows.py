"""Loads the facts of offered resources in bulk: all of them, or those that changed since a known point.

Every change of a tenant's catalog counts its `changes` up first, under a row lock, and writes that number into the
rows it touches
as their `revision`. So "everything after revision n" is exact on both databases, without a clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from lantern.domain.catalog import policy
from lantern.domain.catalog.models import (
    Resource,
    ResourceCompetency,
    ResourcePrerequisite,
    ResourceTerm,
    SearchGeneration,
    Term,
)
from lantern.domain.catalog.types import Scheme, Status
from lantern.kernel.actor import Actor
from lantern.kernel.prepared import prepared

Stamps = Mapping[UUID, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the catalog stands: `changes` of each tenant in reach, and the own tenant's build of the search index."""

    stamps: Stamps
    generation: str
    built_from: Stamps


class Row(NamedTuple):
    """The facts of one resource by which it is filtered, sorted and ranked."""

    id: UUID
    status: str
    kind: str
    modality: str
    title: str
    minutes: int | None
    level: int | None
    grades_mask: int
    language: str
    cost_cents: int | None
    provider: str
    access_features: list[str]
    initiative_id: UUID | None
    published_on: date | None
    credit_type: str
    credit_minutes: int | None
    evidence_tier: str
    topics: tuple[UUID, ...] = ()
    subjects: tuple[UUID, ...] = ()
    competencies: tuple[tuple[UUID, int | None], ...] = ()
    guessed: bool = False
    prerequisites: tuple[UUID, ...] = ()


_FIELDS = Row._fields[:17]


def standing(actor: Actor) -> Standing:
    """Return where the catalog in the actor's reach stands (one query)."""
    stamps: dict[UUID, int] = dict.fromkeys(actor.tenancy.reach, 0)
    generation, built_from = "", {}
    for tenant_id, changes, name, built in _generations.list(actor.tenancy.reach):
        stamps[tenant_id] = changes
        if tenant_id == actor.tenancy.own:
            generation, built_from = name, {UUID(key): value for key, value in built.items()}
    return Standing(stamps, generation, built_from)


@prepared
def _generations(tenants: tuple[UUID, ...]) -> QuerySet[SearchGeneration, tuple[UUID, int, str, dict[str, int]]]:
    rows = SearchGeneration.objects.filter(tenant_id__in=tenants)
    return rows.values_list("tenant_id", "changes", "generation", "built_from")


def changed_since(actor: Actor, stamps: Stamps, prefix: str = "") -> Q:
    """Return the filter for resources in reach that changed after these stamps, whatever their status."""
    found = Q(pk__in=())
    for tenant_id in actor.tenancy.reach:
        found |= Q(**{f"{prefix}tenant_id": tenant_id, f"{prefix}revision__gt": stamps.get(tenant_id, 0)})
    return found


def load(actor: Actor, since: Stamps | None = None) -> list[Row]:
    """Return the facts of all offered resources; or with `since`, of all that changed after it, offered or not."""
    if since is None:
        wanted, linked = policy.offered(actor), Q(resource__status=Status.PUBLISHED)
    else:
        wanted, linked = changed_since(actor, since), changed_since(actor, since, "resource__")
    topics, subjects = _terms(linked)
    links = list(
        ResourceCompetency.objects.filter(linked).values_list("resource_id", "competency_id", "level", "guessed")
    )
    competencies = _grouped((resource, (competency, level)) for resource, competency, level, _ in links)
    judged = {resource for resource, _, _, guessed in links if guessed}
    prerequisites = _grouped(ResourcePrerequisite.objects.filter(linked).values_list("resource_id", "requires_id"))
    return [
        Row(
            *values,  # type: ignore[call-arg]  # the fields are named by _FIELDS
            tuple(topics.get(values[0], ())),
            tuple(subjects.get(values[0], ())),
            tuple(competencies.get(values[0], ())),
            values[0] in judged,
            tuple(prerequisites.get(values[0], ())),
        )
        for values in Resource.objects.filter(wanted).order_by("pk").values_list(*_FIELDS)
    ]


def _terms(linked: Q) -> tuple[dict[UUID, list[UUID]], dict[UUID, list[UUID]]]:
    subject_ids = set(Term.objects.filter(scheme=Scheme.SUBJECT).values_list("pk", flat=True))
    topics: dict[UUID, list[UUID]] = defaultdict(list)
    subjects: dict[UUID, list[UUID]] = defaultdict(list)
    for resource, term in ResourceTerm.objects.filter(linked).values_list("resource_id", "term_id"):
        (subjects if term in subject_ids else topics)[resource].append(term)
    return topics, subjects


def _grouped(pairs: Iterable[tuple[UUID, T]]) -> dict[UUID, list[T]]:
    found: dict[UUID, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
