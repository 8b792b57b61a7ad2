"""Who is acting: from an account or a person to an Actor with today's roles and tenancy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import FilteredRelation, QuerySet

from lantern.domain.people.models import Account, Membership, Organisation, Person
from lantern.domain.people.queries.directory import holding
from lantern.domain.people.types import OrganisationKind, Role
from lantern.kernel import clock, sealing, tenancy
from lantern.kernel.actor import Actor, RoleGrant, system
from lantern.kernel.errors import NotAllowed, NotFound
from lantern.kernel.prepared import prepared
from lantern.kernel.sign_in import factors
from lantern.kernel.tenancy import Tenancy

_chains: dict[UUID, Tenancy] = {}


def tenancy_of(tenant_id: UUID) -> Tenancy:
    """Return the tenancy of a tenant: itself and the tenants above it, nearest first. Raises NotFound.

    A tenant never gets another parent, so each process asks for its chain once.
    """
    known = _chains.get(tenant_id)
    if known is None:
        known = _chains[tenant_id] = _chain(tenant_id)
    return known


def _chain(tenant_id: UUID) -> Tenancy:
    with tenancy.unscoped("the chain of parents crosses tenants by its nature"):
        organisation = Organisation.objects.select_related("parent__parent__parent").filter(pk=tenant_id).first()
    if organisation is None:
        raise NotFound("There is no such organisation.")
    above: list[UUID] = []
    step = organisation.parent
    while step is not None:
        above.append(step.pk)
        step = step.parent
    return Tenancy(own=organisation.pk, above=tuple(above))


def actor_for_account(account: Account, person_id: UUID | None = None, request_id: str = "") -> Actor | None:
    """Return the actor behind an account: the person chosen, or its first active one; None when there is none."""
    with tenancy.unscoped("who signs in decides the tenant"):
        rows = _persons_of.list(account.pk, clock.today())
    if not rows:
        return None
    chosen = person_id if any(row[0] == person_id for row in rows) else rows[0][0]
    return _actor([row for row in rows if row[0] == chosen], request_id)


Facts = tuple[UUID, UUID, str, str, str, bytes | memoryview, bool, str | None, UUID | None, str | None]
"""Id, tenant, given name, family name, kind of job, wrapped key and whether the account has a second step; then a role,
its place and what kind of place that is, or three times None. Plain values in one statement: every page asks for them.
"""


def _facts(persons: QuerySet[Person], day: date) -> QuerySet[Person, Facts]:
    """Return a row for each role that each person holds on a day, and one for who holds none.

    A membership is of its person's tenant (composite keys see to that), so asking by person crosses no tenant.
    """
    held = FilteredRelation("memberships", condition=holding(day, "memberships"))
    names = ("pk", "tenant_id", "given_name", "family_name", "job_kind", "sealing_key", "second_step")
    roles = ("held__role", "held__organisation_id", "held__organisation__kind")
    second_step = factors.some_second_step("account_id")
    return persons.annotate(held=held, second_step=second_step).order_by("pk", "held__pk").values_list(*names, *roles)


@prepared
def _persons_of(account_id: UUID, day: date) -> QuerySet[Person, Facts]:
    return _facts(Person.objects.filter(account_id=account_id, active=True), day)


def actor_for(person_id: UUID | None, tenant_id: UUID) -> Actor:
    """Return the actor of a person in a tenant, or the system when there is no person. Raises NotFound for a person who
    left.
    """
    if person_id is None:
        return system(tenancy_of(tenant_id))
    with tenancy.unscoped("a job finds its actor before it knows the tenancy"):
        persons = Person.objects.filter(pk=person_id, tenant_id=tenant_id, active=True)
        rows = list(_facts(persons, clock.today()))
    if not rows:
        raise NotFound("That person is not here any more.")
    return _actor(rows, "")


def actors_for(actor: Actor, person_ids: Iterable[UUID]) -> dict[UUID, Actor]:
    """Return the actors of people of the tenant, in one question, for Lantern's own nightly work; who left is left
    out. Raises NotAllowed.
    """
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself goes through everybody.")
    persons = Person.objects.filter(pk__in=list(person_ids), active=True)
    rows: dict[UUID, list[Facts]] = {}
    for row in _facts(persons, clock.today()):
        rows.setdefault(row[0], []).append(row)
    return {person_id: _actor(listed, "") for person_id, listed in rows.items()}


def _actor(rows: list[Facts], request_id: str) -> Actor:
    person_id, tenant_id, given_name, family_name, job_kind, key, second_step = rows[0][:7]
    scope = tenancy_of(tenant_id)
    sealing.learn(person_id, key)
    grants = tuple(
        RoleGrant(role, place, _covers(role, place, kind, scope))
        for *_, role, place, kind in rows
        if role is not None and place is not None
    )
    return Actor(
        person_id=person_id,
        tenancy=scope,
        grants=grants,
        name=f"{given_name} {family_name}".strip(),
        job_kind=job_kind,
        request_id=request_id,
        roles=frozenset(grant.role for grant in grants) | {Role.EDUCATOR.value},
        second_step=bool(second_step),
    )


def _covers(role: str, place: UUID, kind: str | None, scope: Tenancy) -> frozenset[UUID]:
    """Return the organisation and, for a role above a school, every organisation below it in the same tenant."""
    if kind == OrganisationKind.SCHOOL or role == Role.EDUCATOR:
        return frozenset({place})
    with tenancy.within(scope):
        return frozenset({place, *_organisations_of.list(scope.own)})


@prepared
def _organisations_of(tenant_id: UUID) -> QuerySet[Organisation, UUID]:
    return Organisation.objects.filter(tenant_id=tenant_id).values_list("pk", flat=True)


def find_account(email: str) -> Account | None:
    """Return the active account with this address, in any case; only for sign-in."""
    return Account.objects.filter(email=email.strip().lower(), is_active=True).first()


def persons_of_account(account_id: UUID) -> list[tuple[UUID, UUID]]:
    """Return (person, tenant) of everybody active who signs in with an account; only for sign-in and its recovery."""
    with tenancy.unscoped("one account may serve a person in two districts"):
        rows = Person.objects.filter(account_id=account_id, active=True).order_by("pk")
        return list(rows.values_list("pk", "tenant_id"))


def words_about(account: Any) -> list[str]:
    """Return the names and addresses that anybody would guess in this account's password: hers and her places'.

    Takes an account, or whatever has `email`, `first_name` and `last_name` while there is none yet.
    """
    words = [str(getattr(account, name, "") or "") for name in ("email", "first_name", "last_name")]
    if getattr(account, "pk", None) is None:
        return words
    with tenancy.unscoped("who chooses a password has no tenancy yet"):
        persons = Person.objects.filter(account_id=account.pk).select_related("tenant")
        for person in persons:
            words += [person.full_name, person.email, person.tenant.name]
        places = Membership.objects.filter(person__account_id=account.pk).select_related("organisation")
        words += [membership.organisation.name for membership in places]
    return words
