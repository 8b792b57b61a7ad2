"""One resource, by hand: written, changed, published, retired."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Unpack
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from lantern.domain.catalog import policy, queries
from lantern.domain.catalog.commands.indexing import count_change
from lantern.domain.catalog.events import ResourceChanged, ResourceDrafted, ResourcePublished, ResourceRetired
from lantern.domain.catalog.models import Resource, ResourceCompetency, ResourcePrerequisite, ResourceTerm, Term
from lantern.domain.catalog.types import (
    ACCESS_FEATURES,
    USUAL_MODALITY,
    EvidenceTier,
    Kind,
    Modality,
    ResourceFacts,
    ResourceFields,
    Status,
)
from lantern.domain.competencies import queries as competencies
from lantern.domain.initiatives import queries as initiatives
from lantern.domain.people.types import GRADES, grades_to_mask
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish

TEXT_LIMITS: dict[str, int] = {
    "title": 300, "summary": 500, "description": 200_000, "url": 2000, "provider": 200, "credit_type": 40,
    "licence": 300, "attribution": 1000, "language": 35, "currency": 3,
}  # fmt: skip
_NUMBER_LIMITS = {
    "minutes": (1, 100_000),
    "level": (1, 4),
    "cost_cents": (0, 1_000_000_000),
    "credit_minutes": (0, 600_000),
}
_CLOSED: dict[str, frozenset[str]] = {
    "kind": frozenset(Kind),
    "modality": frozenset(Modality),
    "evidence_tier": frozenset({"", *EvidenceTier}),
}
_LINKED = ("term_ids", "competencies", "prerequisite_ids")


@transaction.atomic
def create_resource(
    actor: Actor,
    *,
    kind: str,
    title: str,
    status: str = Status.PUBLISHED.value,
    source: str = "",
    external_id: str = "",
    **fields: Unpack[ResourceFacts],
) -> Resource:
    """Write a resource of the own tenant, offered at once unless `status` is "draft".

    Raises NotAllowed, Invalid by field.
    """
    if not policy.can_manage(actor):
        raise NotAllowed("The catalog is managed by coordinators and operators.")
    if status not in {Status.DRAFT, Status.PUBLISHED}:
        raise Invalid({"status": "Begin as a draft or published."})
    said: dict[str, Any] = {
        "modality": USUAL_MODALITY.get(kind, Modality.SELF_PACED.value),
        **fields,
        "kind": kind,
        "title": title,
    }
    columns, links = _checked(actor, said, None)
    now, changes = clock.now(), count_change(actor)
    resource = Resource.objects.create(
        **columns,
        status=status,
        source=source[:300],
        external_id=external_id[:200],
        revision=changes,
        created_at=now,
        updated_at=now,
    )
    _link(actor, resource, links)
    publish(actor, ResourcePublished(resource.pk) if status == Status.PUBLISHED else ResourceDrafted(resource.pk))
    return resource


@transaction.atomic
def edit_resource(actor: Actor, *, resource_id: UUID, **fields: Unpack[ResourceFields]) -> Resource:
    """Change what is said of a resource of the own tenant; what is not given stays.

    Raises NotFound, NotAllowed, Invalid.
    """
    changes = count_change(actor)
    resource = _editable(actor, resource_id)
    columns, links = _checked(actor, dict(fields), resource)
    for name, value in columns.items():
        setattr(resource, name, value)
    resource.revision, resource.updated_at = changes, clock.now()
    resource.save()
    _link(actor, resource, links)
    publish(actor, ResourceChanged(resource.pk))
    return resource


@transaction.atomic
def set_status(actor: Actor, *, resource_id: UUID, status: str) -> Resource:
    """Publish, retire or draft a resource of the own tenant; the same again changes nothing.

    Raises NotFound, NotAllowed, Invalid.
    """
    if status not in set(Status):
        raise Invalid({"status": "Choose draft, published or retired."})
    if (same := queries.get_resource(actor, resource_id)).status == status and policy.can_edit(actor, same.tenant_id):
        return same
    changes = count_change(actor)
    resource = _editable(actor, resource_id)
    resource.revision = changes
    resource.status, resource.updated_at = status, clock.now()
    resource.save(update_fields=["status", "revision", "updated_at"])
    happened = {Status.PUBLISHED: ResourcePublished, Status.RETIRED: ResourceRetired}.get(
        Status(status), ResourceDrafted
    )
    publish(actor, happened(resource.pk))
    return resource


def _editable(actor: Actor, resource_id: UUID) -> Resource:
    resource = Resource.objects.select_for_update(of=("self",)).filter(policy.visible(actor), pk=resource_id).first()
    if resource is None:
        raise NotFound("There is no such resource.")
    if not policy.can_edit(actor, resource.tenant_id):
        raise NotAllowed("This resource belongs to another organisation, or you do not manage the catalog.")
    return resource


def _checked(actor: Actor, said: dict[str, Any], before: Resource | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the columns and the links to set, or raise Invalid with everything there is to put right."""
    problems: dict[str, str] = {}
    columns = {name: value for name, value in said.items() if name not in (*_LINKED, "grades", "access_features")}
    for name in TEXT_LIMITS.keys() & columns.keys():
        columns[name] = str(columns[name] or "").strip()
        if len(columns[name]) > TEXT_LIMITS[name]:
            problems[name] = f"Please keep this to {TEXT_LIMITS[name]:,} characters."
    for name, (low, high) in _NUMBER_LIMITS.items():
        value = columns.get(name)
        if value is not None and not low <= value <= high:
            problems[name] = f"Use a whole number from {low:,} to {high:,}."
    for name, allowed in _CLOSED.items():
        if name in columns and columns[name] not in allowed:
            problems[name] = "Choose one from the list."
    if "title" in columns and not columns["title"]:
        problems["title"] = "Give it a title."
    if columns.get("url") and not _is_plain_address(columns["url"]):
        problems["url"] = "Use a full address that begins with https:// or http://."
    if not columns.get("language", "en"):
        columns["language"] = "en"
    if columns.get("initiative_id") is not None:
        try:
            initiatives.get_initiative(actor, columns["initiative_id"])
        except NotFound:
            problems["initiative_id"] = "Choose an aim from the list."
    if "published_on" not in columns and before is None:
        columns["published_on"] = clock.today()
    _check_sets(said, columns, problems)
    links = {name: _CHECK[name](actor, said[name], before, problems) for name in _LINKED if name in said}
    if problems:
        raise Invalid(problems)
    return columns, links


def _check_sets(said: dict[str, Any], columns: dict[str, Any], problems: dict[str, str]) -> None:
    if "grades" in said:
        grades = set(said["grades"])
        if grades - set(GRADES):
            problems["grades"] = "Choose grades from the list."
        else:
            columns["grades_mask"] = grades_to_mask(grades)
    if "access_features" in said:
        features = set(said["access_features"])
        if features - ACCESS_FEATURES.keys():
            problems["access_features"] = "Choose from the list."
        columns["access_features"] = [name for name in ACCESS_FEATURES if name in features]


def _check_terms(actor: Actor, ids: Iterable[UUID], before: Resource | None, problems: dict[str, str]) -> list[UUID]:
    wanted = set(ids)
    known = set(Term.objects.filter(tenant_id__in=actor.tenancy.reach, pk__in=wanted).values_list("pk", flat=True))
    if wanted - known:
        problems["term_ids"] = "Choose topics and subjects from the list."
    return sorted(known)


def _check_competencies(
    actor: Actor, pairs: Iterable[tuple[UUID, int | None]], before: Resource | None, problems: dict[str, str]
) -> dict[UUID, int | None]:
    wanted = dict(pairs)
    if wanted.keys() - competencies.competency_names(actor, wanted).keys():
        problems["competencies"] = "Choose competencies from the list."
    if any(level is not None and not 1 <= level <= 4 for level in wanted.values()):
        problems["competencies"] = "A level is a number from 1 to 4."
    return wanted


def _check_prerequisites(
    actor: Actor, ids: Iterable[UUID], before: Resource | None, problems: dict[str, str]
) -> list[UUID]:
    wanted = set(ids)
    known = set(Resource.objects.filter(policy.visible(actor), pk__in=wanted).values_list("pk", flat=True))
    if wanted - known:
        problems["prerequisite_ids"] = "Choose resources from the list."
    if before is not None and (before.pk in wanted or before.pk in _all_required_by(wanted)):
        problems["prerequisite_ids"] = "It cannot build on itself, not even in a circle."
    return sorted(known)


_CHECK: dict[str, Any] = {
    "term_ids": _check_terms,
    "competencies": _check_competencies,
    "prerequisite_ids": _check_prerequisites,
}


def _all_required_by(ids: set[UUID]) -> set[UUID]:
    """Return everything that these resources build on, however far down."""
    found: set[UUID] = set()
    step = ids
    while step:
        below = set(ResourcePrerequisite.objects.filter(resource_id__in=step).values_list("requires_id", flat=True))
        step = below - found
        found |= below
    return found


def _link(actor: Actor, resource: Resource, links: dict[str, Any]) -> None:
    own = actor.tenancy.own
    if "term_ids" in links:
        ResourceTerm.objects.filter(resource=resource).delete()
        ResourceTerm.objects.bulk_create(
            ResourceTerm(tenant_id=own, resource=resource, term_id=id) for id in links["term_ids"]
        )
    if "competencies" in links:
        ResourceCompetency.objects.filter(resource=resource).delete()
        ResourceCompetency.objects.bulk_create(
            ResourceCompetency(tenant_id=own, resource=resource, competency_id=id, level=level)
            for id, level in links["competencies"].items()
        )
    if "prerequisite_ids" in links:
        ResourcePrerequisite.objects.filter(resource=resource).delete()
        ResourcePrerequisite.objects.bulk_create(
            ResourcePrerequisite(tenant_id=own, resource=resource, requires_id=id) for id in links["prerequisite_ids"]
        )


def _is_plain_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
    except ValueError:
        return False
    return sound and not re.search(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]", text)
