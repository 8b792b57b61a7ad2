"""Districts with enough people to be counted, and what they did in a term that is over."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from lantern.domain.goals.models import Goal
from lantern.domain.needs.models import Need, Rating
from lantern.domain.people.models import Account, Membership, Organisation, Person
from lantern.engine.release import Term, last_closed
from lantern.flows import releases
from lantern.kernel import clock, tenancy
from tests import cast as casts

_numbers = count(1)


def term() -> Term:
    """The term that is over."""
    return last_closed(clock.today())


def moment(days: int = 30) -> datetime:
    """A moment of that term."""
    return timezone.make_aware(datetime.combine(term().begins_on + timedelta(days=days), time(12)))


def staff(place: Organisation, number: int, **facts: Any) -> list[Person]:
    """So many educators at a place, all teachers of grade 4 unless told otherwise."""
    facts = {"grades_mask": 1 << 5, "years_experience": 6, "given_name": "Lee", "family_name": "Many"} | facts
    tenant_id = place.tenant_id
    with tenancy.unscoped("factory"):
        accounts = Account.objects.bulk_create(
            Account(email=f"lee{next(_numbers)}@example.org", password="!") for _ in range(number)
        )
        people = Person.objects.bulk_create(Person(tenant_id=tenant_id, account=each, **facts) for each in accounts)
        Membership.objects.bulk_create(
            Membership(tenant_id=tenant_id, person=each, organisation=place, role="educator", primary=True)
            for each in people
        )
    return list(people)


def explore(person: Person, competency: Any, by_rating: bool = False, days: int = 30) -> None:
    """Let somebody explore a need in that term."""
    with tenancy.unscoped("factory"):
        if by_rating:
            Rating.objects.create(
                tenant_id=person.tenant_id, person=person, competency=competency, level=1, source="own_rating",
                at=moment(days),
            )  # fmt: skip
        else:
            Need.objects.create(
                tenant_id=person.tenant_id, person=person, competency=competency, source="curiosity",
                words="canary", created_at=moment(days),
            )  # fmt: skip


def link(person: Person, aim: Any, days: int = 30) -> None:
    """Let somebody link a goal to an aim in that term."""
    at = moment(days)
    with tenancy.unscoped("factory"):
        Goal.objects.create(
            tenant_id=person.tenant_id, person=person, title="canary", measure="m", baseline="0", target="1",
            due_on=at.date() + timedelta(days=300), initiative=aim, linked_on=at.date(), created_at=at, updated_at=at,
        )  # fmt: skip


def release(cast: Any) -> dict[str, Any]:
    """Release the term for the whole state; the state was set up only now, so the term is named."""
    actor = casts.system_of(cast.state)
    with tenancy.within(actor.tenancy):
        return releases.release_term(actor, None, term=term().key) or {}
