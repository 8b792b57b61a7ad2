"""People as others may know them: the directory of one's own tenant, and the lists that managers work with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from lantern.domain.people import policy
from lantern.domain.people.models import Membership, Organisation, Person, Profile
from lantern.domain.people.types import Role, WorkFacts
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed, NotFound
from lantern.kernel.prepared import prepared


def holding(today: date | None = None, by: str = "") -> Q:
    """Return which memberships hold on a day (today); `by` is the relation that leads to them, from elsewhere."""
    day, to = today or clock.today(), f"{by}__" if by else ""
    begun = Q((f"{to}begins_on__isnull", True)) | Q((f"{to}begins_on__lte", day))
    not_over = Q((f"{to}ends_on__isnull", True)) | Q((f"{to}ends_on__gte", day))
    return begun & not_over


def get_me(actor: Actor) -> Person:
    """Return the person who is acting. Raises NotFound for the system."""
    found = _person.first(actor, actor.person_id) if actor.person_id else None
    if found is None:
        raise NotFound("There is no such person.")
    return found


@prepared
def _person(actor: Actor, person_id: UUID) -> QuerySet[Person]:
    return Person.objects.filter(policy.visible(actor), pk=person_id)


def get_person(actor: Actor, person_id: UUID) -> Person:
    """Return a person of the same tenant, for name, job and organisations. Raises NotFound."""
    found = _person.first(actor, person_id)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def names_of(actor: Actor, person_ids: list[UUID] | set[UUID]) -> dict[UUID, str]:
    """Return the full names of people of the same tenant, by id; unknown ids are left out."""
    return {person.pk: person.full_name for person in Person.objects.filter(policy.visible(actor), pk__in=person_ids)}


def get_profile(actor: Actor) -> Profile:
    """Return what the actor said about herself; an unsaved default when she has said nothing yet. Raises NotFound."""
    if actor.person_id is None:
        raise NotFound("The system has no profile.")
    found = _profile.first(actor)
    return found or Profile(person_id=actor.person_id, tenant_id=actor.tenancy.own)


@prepared
def _profile(actor: Actor) -> QuerySet[Profile]:
    return Profile.objects.filter(privacy.visible(actor, Profile.privacy))


def get_managed_person(actor: Actor, person_id: UUID) -> Person:
    """Return a person whom the actor manages. Raises NotFound."""
    scope = policy.managed(actor)
    found = Person.objects.filter(scope, pk=person_id).select_related("account").distinct().first() if scope else None
    if found is None:
        raise NotFound("There is no such person.")
    return found


def list_people(
    actor: Actor,
    q: str = "",
    organisation_id: UUID | None = None,
    role: str | None = None,
    state: str = "",
) -> QuerySet[Person]:
    """Return the people whom the actor manages, by family name, each with `held` (today's roles, organisations loaded).

    `q` are words that all stand at the beginning of a name or in the address; `state` is "" (here), "left" or "all".
    Raises NotAllowed for who manages nobody.
    """
    scope = policy.managed(actor)
    if scope is None:
        raise NotAllowed("The list of people is for operators and coordinators.")
    people = Person.objects.filter(scope)
    if state in {"", "left"}:
        people = people.filter(active=state == "")
    for word in q.split()[:5]:
        people = people.filter(
            Q(given_name__istartswith=word)
            | Q(family_name__istartswith=word)
            | Q(family_name__icontains=f" {word}")
            | Q(email__istartswith=word)
        )
    if organisation_id or role:
        roles = Membership.objects.filter(holding(), person=OuterRef("pk"))
        roles = roles.filter(organisation_id=organisation_id) if organisation_id else roles
        roles = roles.filter(role=role) if role else roles
        people = people.filter(Exists(roles))
    held = Prefetch("memberships", Membership.objects.filter(holding()).select_related("organisation"), to_attr="held")
    return people.distinct().order_by("family_name", "given_name", "pk").prefetch_related(held)


def list_colleagues(actor: Actor) -> QuerySet[Person]:
    """Return the people who work at the same school or schools as the actor today, without her, by name."""
    if actor.person_id is None:
        return Person.objects.none()
    mine = Membership.objects.filter(holding(), person_id=actor.person_id).values("organisation_id")
    theirs = Membership.objects.filter(holding(), person=OuterRef("pk"), organisation_id__in=mine)
    return (
        Person.objects.filter(policy.visible(actor), Exists(theirs), active=True)
        .exclude(pk=actor.person_id)
        .order_by("family_name", "given_name", "pk")
    )


def find_people(actor: Actor, words: str, most: int = 10) -> list[Person]:
    """Return active people of the tenant whose name holds every word at the beginning of a part, without me, by name.

    Nothing for no words: this is for finding somebody one knows, not a list of everybody.
    """
    wanted = words.split()[:5]
    if not wanted or actor.person_id is None:
        return []
    people = Person.objects.filter(policy.visible(actor), active=True).exclude(pk=actor.person_id)
    for word in wanted:
        people = people.filter(
            Q(given_name__istartswith=word)
            | Q(family_name__istartswith=word)
            | Q(given_name__icontains=f" {word}")
            | Q(family_name__icontains=f" {word}")
        )
    return list(people.order_by("family_name", "given_name", "pk")[:most])


def list_people_with_role(actor: Actor, role: str) -> list[Person]:
    """Return the active people of the tenant who hold a role today, by name; never for plain educators."""
    if role == Role.EDUCATOR:
        raise NotAllowed("Everybody is an educator: ask for colleagues instead.")
    theirs = Membership.objects.filter(holding(), person=OuterRef("pk"), role=role)
    people = Person.objects.filter(policy.visible(actor), Exists(theirs), active=True)
    return list(people.order_by("family_name", "given_name", "pk"))


def list_started(actor: Actor, first: UUID | None = None, last: UUID | None = None) -> list[UUID]:
    """Return who here has been through the two-minute start, by id; from one id to another when asked.

    For Lantern's own nightly work. Raises NotAllowed.
    """
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself goes through everybody.")
    begun = Profile.objects.filter(started_at__isnull=False, person__active=True)
    if first is not None and last is not None:
        begun = begun.filter(person_id__gte=first, person_id__lte=last)
    return list(begun.order_by("person_id").values_list("person_id", flat=True))


def profiles_of(actor: Actor, person_ids: Iterable[UUID]) -> dict[UUID, Profile]:
    """Return what these people said about themselves, by person, for Lantern's own nightly work. Raises NotAllowed."""
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself goes through everybody.")
    return {row.person_id: row for row in Profile.objects.filter(person_id__in=list(person_ids))}


def work_of(actor: Actor, person_ids: Iterable[UUID]) -> dict[UUID, WorkFacts]:
    """Return the work of these people, by person, for Lantern's own nightly work. Raises NotAllowed."""
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself goes through everybody.")
    rows = Person.objects.filter(pk__in=list(person_ids))
    found = rows.values_list("pk", "job_kind", "grades_mask", "subjects", "years_experience")
    return {pk: WorkFacts(kind, mask, tuple(subjects), years) for pk, kind, mask, subjects, years in found}


def list_memberships(actor: Actor, person_id: UUID) -> list[Membership]:
    """Return the roles of a person of the same tenant: those that hold first, then by organisation. Raises NotFound.

    Colleagues see what holds today; she herself and who manages her see all.
    """
    person = get_person(actor, person_id)
    rows = (
        Membership.objects.filter(person=person).select_related("organisation").order_by("organisation__name", "role")
    )
    if not (actor.person_id == person_id or policy.can_manage(actor)):
        rows = rows.filter(holding())
    today = clock.today()
    return sorted(rows, key=lambda row: row.ends_on is not None and row.ends_on < today)


def my_organisations(actor: Actor) -> list[Organisation]:
    """Return the organisations where the actor holds a role today, the primary one first."""
    if actor.person_id is None:
        return []
    rows = Membership.objects.filter(holding(), person_id=actor.person_id).select_related("organisation")
    found: dict[UUID, Organisation] = {}
    for row in rows.order_by("-primary", "organisation__name"):
        found.setdefault(row.organisation_id, row.organisation)
    return list(found.values())


def export_for(actor: Actor) -> dict[str, Any]:
    """Return everything of this feature that is tied to the actor."""
    me = get_me(actor)
    profile = get_profile(actor)
    facts = ("given_name", "family_name", "email", "job_kind", "job_title", "years_experience", "subjects")
    said = (
        "started_at", "minutes_per_week", "interests", "strengths", "liked_kinds", "motivations", "factors_off",
        "draws_most", "valued", "sliders", "quiet_from", "quiet_until", "mail_digest",
    )  # fmt: skip
    return {
        "person": {name: getattr(me, name) for name in facts} | {"grades": list(me.grades)},
        "roles": [
            {
                "organisation": row.organisation.name,
                "role": row.role,
                "primary": row.primary,
                "begins_on": row.begins_on,
                "ends_on": row.ends_on,
            }
            for row in list_memberships(actor, me.pk)
        ],
        "profile": {name: getattr(profile, name) for name in said},
    }
