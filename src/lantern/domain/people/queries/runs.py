"""Imports that were tried or carried out, and the list of official acts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lantern.domain.people import policy
from lantern.domain.people.models import ImportRun, Organisation, Person
from lantern.domain.people.types import Act
from lantern.domain.privacy import policy as privacy
from lantern.kernel import audit
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord

OFFICIAL_ACTS: dict[str, str] = {
    "OrganisationCreated": "added an organisation",
    "OrganisationRenamed": "renamed an organisation",
    "PersonCreated": "added a person",
    "PersonCorrected": "put a person's entry right",
    "PersonEnded": "ended a person's entry",
    "AccountOpened": "opened an account",
    "PersonInvited": "made a sign-in link",
    "SecondStepReset": "took away a second step for signing in",
    "RoleGranted": "gave a role",
    "RoleEnded": "ended a role",
    "RosterImported": "carried out a roster import",
    "FrameworkImported": "imported a competency framework",
    "FrameworkAssigned": "tied a framework to a kind of job",
    "CatalogImported": "imported into the catalog",
    "ResourcePublished": "published a resource",
    "ResourceChanged": "changed a resource",
    "ResourceRetired": "retired a resource",
    "TermCreated": "added a tag",
    "TermRenamed": "renamed a tag",
    "CreditRuleSet": "set a credit rule",
    "SchoolTimeAdded": "added days to the school year",
    "SchoolTimeChanged": "changed days of the school year",
    "SchoolTimeRemoved": "took days out of the school year",
    "InitiativeCreated": "published an aim",
    "InitiativeChanged": "changed an aim",
    "InitiativeDeleted": "took back an aim",
    "PathwayCreated": "prepared a pathway",
    "PathwayChanged": "changed a pathway",
    "PathwayOffered": "offered a version of a pathway",
    "PathwayRetired": "retired a pathway",
    "PathwayOfferedAgain": "offered a pathway again",
    "AnnouncementPublished": "published an announcement",
}
"""The events that anybody but their actor may see, with their words. An event that is not named here is private."""


OPERATORS_ALONE = "manage:emergency"
"""How the names of pages begin whose requests operators alone see: that somebody's data may have to be opened is not
for the coordinators she works with."""


def list_import_runs(actor: Actor, limit: int | None = None) -> QuerySet[ImportRun]:
    """Return the imports of the tenant, newest first. Raises NotAllowed for who does not manage the tenant."""
    if not policy.can_manage_tenant(actor):
        raise NotAllowed("Imports are for operators and coordinators of the whole district.")
    runs = ImportRun.objects.select_related("actor", "job").order_by("-at", "-pk")
    return runs[:limit] if limit else runs


def get_import_run(actor: Actor, run_id: UUID) -> ImportRun:
    """Return one import of the tenant. Raises NotFound."""
    found = ImportRun.objects.select_related("actor", "job").filter(pk=run_id).first()
    if found is None or not policy.can_manage_tenant(actor):
        raise NotFound("There is no such import.")
    return found


def uploads_named() -> frozenset[str]:
    """Return the names of the uploaded files that an import names; for housekeeping, across tenants."""
    return frozenset(ImportRun.objects.exclude(upload="").values_list("upload", flat=True))


def list_official_acts(actor: Actor, name: str = "") -> QuerySet[EventRecord]:
    """Return the log of official acts of the tenant, newest first; `name` is one of OFFICIAL_ACTS or "" for all.

    Raises NotAllowed for who does not manage the tenant.
    """
    if not policy.can_manage_tenant(actor):
        raise NotAllowed("The list of official acts is for operators and coordinators of the whole district.")
    names = [name] if name in OFFICIAL_ACTS else list(OFFICIAL_ACTS)
    return EventRecord.objects.filter(name__in=names).select_related("actor").order_by("-at", "-pk")


def list_requests_in_offices(actor: Actor) -> QuerySet[audit.AuditRecord]:
    """Return who asked for what on official pages of the tenant, refusals too, newest first; emergency access is among
    them for operators of the tenant alone.

    Raises NotAllowed for who does not manage the tenant.
    """
    if not policy.can_manage_tenant(actor):
        raise NotAllowed("The list of official acts is for operators and coordinators of the whole district.")
    rows = audit.list_official(actor)
    if privacy.can_ask_emergency(actor):
        return rows
    return rows.exclude(action__startswith=OPERATORS_ALONE)


def described(rows: list[EventRecord]) -> list[Act]:
    """Return log rows in words: who did what and whom or what it was about, names looked up in two queries."""
    persons = _names(Person.objects.filter(pk__in=_ids(rows, "person_id")))
    places = _names(Organisation.objects.filter(pk__in=_ids(rows, "organisation_id")))
    return [
        Act(
            at=row.at,
            name=row.name,
            words=OFFICIAL_ACTS.get(row.name, ""),
            who=row.actor.full_name if row.actor else "Lantern",
            about=_about(row.data, persons, places),
        )
        for row in rows
    ]


def _ids(rows: list[EventRecord], key: str) -> set[str]:
    return {row.data[key] for row in rows if row.data.get(key)}


def _names(rows: Any) -> dict[str, str]:
    return {str(row.pk): str(row) for row in rows}


def _about(data: dict[str, Any], persons: dict[str, str], places: dict[str, str]) -> str:
    parts = [persons.get(data.get("person_id", ""), ""), places.get(data.get("organisation_id", ""), "")]
    numbers = [
        f"{value} {key.replace('_', ' ')}"
        for key, value in data.items()
        if isinstance(value, int) and not isinstance(value, bool) and value
    ]
    words = [str(data.get(key, "")).replace("_", " ") for key in ("role", "reason", "checked")]
    return ", ".join(filter(None, [*parts, *words, *numbers]))
