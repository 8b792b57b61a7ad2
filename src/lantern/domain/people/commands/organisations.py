"""Adding and renaming organisations."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lantern.domain.people import policy
from lantern.domain.people.events import OrganisationCreated, OrganisationRenamed
from lantern.domain.people.models import Organisation
from lantern.domain.people.types import KIND_WORDS, TENANT_KINDS, OrganisationKind
from lantern.kernel import tenancy
from lantern.kernel.actor import Actor, system
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish
from lantern.kernel.tenancy import Tenancy

_RANK = {kind.value: place for place, kind in enumerate(OrganisationKind)}


def create_tenant(kind: str, name: str, parent_id: UUID | None = None, identifier: str = "") -> Organisation:
    """Add a state, region or district, which is its own tenant. Only for setting up: the caller answers for it.

    Raises Invalid for another kind, a blank name, or a parent that is not above it.
    """
    if kind not in {tenant.value for tenant in TENANT_KINDS}:
        raise Invalid({"kind": "Only a state, a region or a district stands by itself."})
    with transaction.atomic(), tenancy.unscoped("a tenant is made before it can be acted in"):
        parent = Organisation.objects.filter(pk=parent_id).first() if parent_id else None
        if parent_id and parent is None:
            raise Invalid({"parent_id": "There is no such organisation above it."})
        facts = _checked(kind, name, identifier, parent)
        organisation = Organisation(kind=kind, parent=parent, **facts)
        organisation.tenant_id = organisation.pk
        organisation.save()
        above = (parent.pk,) if parent else ()
        publish(system(Tenancy(organisation.pk, above)), OrganisationCreated(organisation.pk))
    return organisation


def create_organisation(
    actor: Actor, *, kind: str, name: str, parent_id: UUID | None = None, identifier: str = ""
) -> Organisation:
    """Add a school to the actor's district, or (an operator of a state or region) a tenant below it.

    `parent_id` None means the actor's own tenant. Raises NotAllowed, NotFound, Invalid.
    """
    parent = Organisation.objects.filter(pk=parent_id or actor.tenancy.own).first()
    if parent is None:
        raise NotFound("There is no such organisation.")
    if not policy.can_create_organisation(actor, kind, parent):
        raise NotAllowed("Your role cannot add this kind of organisation there.")
    if kind != OrganisationKind.SCHOOL:
        return create_tenant(kind, name, parent.pk, identifier)
    if parent.kind != OrganisationKind.DISTRICT:
        raise Invalid({"kind": "A school belongs to a district."})
    facts = _checked(kind, name, identifier, parent)
    with transaction.atomic():
        if Organisation.objects.filter(tenant_id=actor.tenancy.own, kind=kind, name__iexact=facts["name"]).exists():
            raise Invalid({"name": "There is a school of this name already."})
        organisation = Organisation(kind=kind, parent=parent, **facts)
        organisation.save()
        publish(actor, OrganisationCreated(organisation.pk))
    return organisation


def rename_organisation(
    actor: Actor, *, organisation_id: UUID, name: str, identifier: str | None = None
) -> Organisation:
    """Give an organisation of the own tenant another name (and identifier). Raises NotFound, NotAllowed, Invalid."""
    with transaction.atomic():
        organisation = (
            Organisation.objects.select_for_update().filter(pk=organisation_id, tenant_id=actor.tenancy.own).first()
        )
        if organisation is None:
            raise NotFound("There is no such organisation.")
        if not policy.can_manage_organisation(actor, organisation.pk):
            raise NotAllowed("Your role does not cover this organisation.")
        facts = _checked(
            organisation.kind, name, organisation.identifier if identifier is None else identifier, organisation.parent
        )
        changed = [field for field, value in facts.items() if getattr(organisation, field) != value]
        for field in changed:
            setattr(organisation, field, facts[field])
        if changed:
            organisation.save(update_fields=changed)
            publish(actor, OrganisationRenamed(organisation.pk))
    return organisation


def _checked(kind: str, name: str, identifier: str, parent: Organisation | None) -> dict[str, str]:
    problems: dict[str, str] = {}
    name, identifier = " ".join(name.split()), identifier.strip()
    if kind not in KIND_WORDS:
        problems["kind"] = "Choose one of the kinds."
    elif parent is not None and _RANK[parent.kind] >= _RANK[kind]:
        problems["kind"] = f"A {KIND_WORDS[kind].lower()} cannot stand below a {KIND_WORDS[parent.kind].lower()}."
    elif parent is None and kind == OrganisationKind.SCHOOL:
        problems["parent_id"] = "A school belongs to a district."
    if not name:
        problems["name"] = "Please give a name."
    elif len(name) > 200:
        problems["name"] = "Please use at most 200 characters."
    if len(identifier) > 80:
        problems["identifier"] = "Please use at most 80 characters."
    if problems:
        raise Invalid(problems)
    return {"name": name, "identifier": identifier}
