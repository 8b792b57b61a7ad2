"""What crosses tenants by its nature: finding a tenant, the districts below a state or region, the demonstration's
people.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from lantern.domain.people.models import Membership, Organisation, Person
from lantern.domain.people.types import (
    DEMO_KEYS,
    JOB_WORDS,
    TENANT_KINDS,
    DemoPerson,
    DistrictView,
    OrganisationKind,
    Role,
)
from lantern.kernel import tenancy
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, NotFound

DEMO_SOURCE = "demo"


def list_tenants() -> list[Organisation]:
    """Return every state, region and district, by kind and name; for the operator's command line."""
    order = {kind.value: place for place, kind in enumerate(OrganisationKind)}
    with tenancy.unscoped("the operator of the installation names a tenant"):
        found = list(Organisation.objects.filter(kind__in=[kind.value for kind in TENANT_KINDS]))
    return sorted(found, key=lambda organisation: (order[organisation.kind], organisation.name.casefold()))


def find_tenant(text: str) -> Organisation:
    """Return the tenant of this id, identifier or name (in any case). Raises NotFound; Conflict when several fit."""
    wanted = text.strip().casefold()
    fitting = [
        tenant
        for tenant in list_tenants()
        if wanted in {str(tenant.pk), tenant.identifier.casefold(), tenant.name.casefold()} - {""}
    ]
    if not fitting:
        raise NotFound(f"No state, region or district is called {text!r}.")
    if len(fitting) > 1:
        raise Conflict(f"Several are called {text!r}. Use the id instead.")
    return fitting[0]


def list_districts_below(actor: Actor) -> list[DistrictView]:
    """Return the regions and districts below the actor's own tenant, for officials: names and head counts, nothing
    more.

    Empty for everybody else.
    """
    if not (actor.is_system or actor.has_over(actor.tenancy.own, Role.OFFICIAL)):
        return []
    with tenancy.unscoped("an official sees which districts there are"):
        tenants = {
            tenant.pk: tenant for tenant in Organisation.objects.filter(kind__in=["region", "district"], active=True)
        }
        below = [tenant for tenant in tenants.values() if _is_below(tenant, actor.tenancy.own, tenants)]
        ids = [tenant.pk for tenant in below]
        schools = dict(
            Organisation.objects.filter(tenant_id__in=ids, kind="school", active=True)
            .values_list("tenant_id")
            .annotate(Count("pk"))
        )
        educators = dict(
            Person.objects.filter(tenant_id__in=ids, active=True).values_list("tenant_id").annotate(Count("pk"))
        )
    views = [
        DistrictView(
            id=tenant.pk,
            name=tenant.name,
            kind=tenant.kind,
            parent_name=tenants[tenant.parent_id].name if tenant.parent_id in tenants else "",
            schools=schools.get(tenant.pk, 0),
            educators=educators.get(tenant.pk, 0),
        )
        for tenant in below
    ]
    return sorted(views, key=lambda view: (view.parent_name.casefold(), view.name.casefold()))


def _is_below(tenant: Organisation, top: UUID, tenants: dict[UUID, Organisation]) -> bool:
    step: UUID | None = tenant.parent_id
    for _ in range(4):
        if step is None:
            return False
        if step == top:
            return True
        step = tenants[step].parent_id if step in tenants else None
    return False


def demo_people() -> tuple[DemoPerson, ...]:
    """Return whom the demonstration can be seen as, in the order of the sign-in page; asked in demo mode only."""
    with tenancy.unscoped("the sign-in page knows nobody yet"):
        persons = list(
            Person.objects.filter(
                source=DEMO_SOURCE, sourced_id__in=DEMO_KEYS, active=True, account__is_active=True
            ).filter(Exists(Membership.objects.filter(person=OuterRef("pk"))))
        )
        places = dict(
            Membership.objects.filter(person__in=persons)
            .filter(Q(primary=True))
            .values_list("person_id", "organisation__name")
        )
    by_key = {person.sourced_id: person for person in persons}
    return tuple(
        DemoPerson(
            key=key,
            person_id=person.pk,
            account_id=person.account_id,
            name=person.full_name,
            job=person.job_title or JOB_WORDS.get(person.job_kind, ""),
            place=places.get(person.pk, ""),
        )
        for key in DEMO_KEYS
        if (person := by_key.get(key)) is not None and person.account_id is not None
    )


def count_persons_of(account_id: UUID) -> int:
    """Return how many persons, in whichever tenants, sign in with this account."""
    with tenancy.unscoped("one account may serve a person in two districts"):
        return Person.objects.filter(account_id=account_id).count()
