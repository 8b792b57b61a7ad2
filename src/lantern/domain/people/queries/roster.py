"""What a roster import must know of us before it reads: our ids of its source, and who the district is to it."""

from __future__ import annotations

from dataclasses import dataclass

from lantern.domain.people import policy
from lantern.domain.people.models import Organisation, Person
from lantern.domain.people.types import OrganisationKind
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class KnownToRoster:
    """The sourced ids held, and the district as it is called here."""

    organisations: frozenset[str]
    people: frozenset[str]
    district_name: str
    district_identifier: str
    district_sourced_id: str


def known_to_roster(actor: Actor, source: str) -> KnownToRoster:
    """Return what is held of a source in the tenant. Raises NotAllowed unless the tenant is a district that one
    manages.
    """
    if not policy.can_manage_tenant(actor):
        raise NotAllowed("Rosters are imported by operators and coordinators of the whole district.")
    district = Organisation.objects.get(pk=actor.tenancy.own)
    if district.kind != OrganisationKind.DISTRICT:
        raise NotAllowed("A roster belongs to a district. Act for the district and import it there.")
    schools = Organisation.objects.filter(tenant_id=district.pk, source=source).exclude(sourced_id="")
    return KnownToRoster(
        organisations=frozenset(schools.values_list("sourced_id", flat=True)),
        people=frozenset(
            Person.objects.filter(source=source).exclude(sourced_id="").values_list("sourced_id", flat=True)
        ),
        district_name=district.name,
        district_identifier=district.identifier,
        district_sourced_id=district.sourced_id if district.source == source else "",
    )
