"""Who counts where, on a day: for the release rule, which freezes it when a term closes."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Q

from lantern.domain.people.models import Membership, Person
from lantern.domain.people.queries.directory import holding
from lantern.domain.people.types import PlacedPerson, Role
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed

READERS = frozenset({Role.SCHOOL_LEADER, Role.COORDINATOR, Role.OFFICIAL})
"""Who reads released figures, and so counts as outside of the group she is in."""


def placed_people(actor: Actor, on: date) -> list[PlacedPerson]:
    """Return everybody of the tenant who was here on a day, each at one place. Raises NotAllowed but for the system.

    Her place is that of her primary role; without one a school comes before the district, then the lower id.
    """
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself goes through everybody.")
    here = Person.objects.filter(Q(active=True) | Q(ended_on__gt=on)).order_by("pk")
    held: dict[object, list[Membership]] = defaultdict(list)
    for row in Membership.objects.filter(holding(on)).select_related("organisation"):
        held[row.person_id].append(row)
    found = []
    for person in here:
        roles = held[person.pk]
        if not roles:
            continue
        place = min(
            roles, key=lambda row: (not row.primary, row.organisation.kind != "school", str(row.organisation_id))
        ).organisation
        found.append(
            PlacedPerson(
                person_id=person.pk,
                organisation_id=place.pk,
                at_school=place.kind == "school",
                grades=person.grades,
                job_kind=person.job_kind,
                years=person.years_experience,
                reader=any(row.role in READERS for row in roles),
                has_account=person.account_id is not None,
            )
        )
    return found
