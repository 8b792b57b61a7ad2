"""Giving and ending roles."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from lantern.domain.people import policy
from lantern.domain.people.events import RoleEnded, RoleGranted
from lantern.domain.people.models import Membership, Organisation, Person
from lantern.domain.people.types import OrganisationKind, Role
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish


def grant_role(
    actor: Actor,
    *,
    person_id: UUID,
    organisation_id: UUID,
    role: str,
    begins_on: date | None = None,
    ends_on: date | None = None,
    primary: bool = False,
) -> Membership:
    """Give a person a role at an organisation from a day (today, at once) to another (for good).

    The same role again gets the new dates. What is given by hand belongs to no roster any more. Raises NotFound,
    NotAllowed, Invalid, Conflict for a person who left.
    """
    if role not in {one.value for one in Role}:
        raise Invalid({"role": "Choose one of the roles."})
    if begins_on and ends_on and ends_on < begins_on:
        raise Invalid({"ends_on": "The last day is before the first."})
    with transaction.atomic():
        organisation = Organisation.objects.filter(pk=organisation_id, tenant_id=actor.tenancy.own).first()
        person = Person.objects.select_for_update().filter(policy.visible(actor), pk=person_id).first()
        if organisation is None or person is None or not (actor.is_system or policy.can_manage(actor)):
            raise NotFound("There is no such person or organisation.")
        if not policy.can_grant(actor, role, organisation.pk):
            raise NotAllowed("Your role cannot give this role there.")
        if role == Role.OFFICIAL and organisation.kind in {OrganisationKind.DISTRICT, OrganisationKind.SCHOOL}:
            raise Invalid({"role": "Officials belong to a state or a region."})
        if not person.active:
            raise Conflict("This person is not here any more.")
        if primary:
            Membership.objects.filter(person=person, primary=True).update(primary=False)
        others = Membership.objects.filter(person=person, primary=True)
        first = primary or not others.exclude(organisation=organisation, role=role).exists()
        membership, _ = Membership.objects.update_or_create(
            person=person,
            organisation=organisation,
            role=role,
            defaults={
                "begins_on": begins_on,
                "ends_on": ends_on,
                "primary": first,
                "source": "",
                "tenant_id": actor.tenancy.own,
            },
        )
        publish(actor, RoleGranted(membership.pk, person.pk, organisation.pk, role))
    return membership


def end_role(actor: Actor, *, membership_id: UUID, ends_on: date | None = None) -> Membership:
    """End a role: after a given day, or at once (None: yesterday was its last day, so that it holds no more).

    A role that came from a roster is from then on kept by hand, so that the next import does not bring it back. Raises
    NotFound, NotAllowed, Invalid.
    """
    with transaction.atomic():
        found = Membership.objects.select_for_update().filter(pk=membership_id).first()
        if found is None or not (actor.is_system or policy.can_manage_organisation(actor, found.organisation_id)):
            raise NotFound("There is no such role.")
        if not policy.can_grant(actor, found.role, found.organisation_id):
            raise NotAllowed("Your role cannot end this role.")
        if found.person_id == actor.person_id and found.role == Role.OPERATOR:
            raise NotAllowed("You cannot end your own operator role. Another operator can.")
        yesterday = clock.today() - timedelta(days=1)
        last = ends_on or yesterday
        if ends_on and found.begins_on and ends_on < found.begins_on:
            raise Invalid({"ends_on": "The last day is before the first."})
        if found.ends_on is not None and found.ends_on <= last:
            return found
        if found.begins_on and found.begins_on > last:
            found.begins_on = last  # a role that only begins never held; the log keeps when it was given and ended
        found.ends_on, found.source = last, ""
        found.save(update_fields=["begins_on", "ends_on", "source"])
        publish(actor, RoleEnded(found.pk, found.person_id, found.organisation_id, found.role))
    return found
