"""Keeping what the release rule decided, once; raising the smallest group; forgetting a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.db import transaction

from lantern.domain.insights import policy
from lantern.domain.insights.events import SmallestGroupSet, TermReleased
from lantern.domain.insights.models import ReleasedLine, ReleasedTerm, RosterEntry, SmallestGroup
from lantern.domain.insights.types import LEAST_PEOPLE, MOST_LEAST, LineData, RosterRow
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotAllowed
from lantern.kernel.events import publish
from lantern.kernel.turns import take_turn

_BATCH = 1000


@transaction.atomic
def store_term(
    actor: Actor,
    *,
    key: str,
    begins_on: date,
    ends_before: date,
    roster: Sequence[RosterRow],
    lines: Sequence[LineData],
) -> ReleasedTerm:
    """Keep a closed term's roster and lines for the actor's tenant, once.

    Raises NotAllowed but for Lantern itself, Invalid for a term that is not over, Conflict for one that is out.
    """
    if not policy.can_release(actor):
        raise NotAllowed("Numbers about people are released by Lantern's own rule only.")
    if ends_before > clock.today():
        raise Invalid({"term": "This term is not over yet."})
    take_turn(f"release {key}", actor.tenancy.own)
    if ReleasedTerm.objects.filter(key=key).exists():
        raise Conflict("This term was released before. It is never released again.")
    own = actor.tenancy.own
    term = ReleasedTerm.objects.create(
        tenant_id=own, key=key, begins_on=begins_on, ends_before=ends_before, released_at=clock.now()
    )
    RosterEntry.objects.bulk_create(
        [RosterEntry(tenant_id=own, term=term, **asdict(row)) for row in roster], batch_size=_BATCH
    )
    ReleasedLine.objects.bulk_create(
        [ReleasedLine(tenant_id=own, term=term, **asdict(line)) for line in lines], batch_size=_BATCH
    )
    publish(actor, TermReleased(term.pk, lines=len(lines), figures=sum(line.low is not None for line in lines)))
    return term


@transaction.atomic
def set_smallest_group(actor: Actor, *, people: int) -> SmallestGroup:
    """Say how many other people a group must have here before a figure about it is shown, from the next release on.

    Raises NotAllowed; Invalid below ten, whoever asks.
    """
    if not policy.can_set_smallest_group(actor):
        raise NotAllowed("The smallest group is set by those who lead the whole district.")
    if not LEAST_PEOPLE <= people <= MOST_LEAST:
        bounds = f"Choose between {LEAST_PEOPLE} and {MOST_LEAST}. Nobody may go below {LEAST_PEOPLE}."
        raise Invalid({"people": bounds})
    take_turn("smallest group", actor.tenancy.own)
    row = SmallestGroup.objects.select_for_update().first() or SmallestGroup(tenant_id=actor.tenancy.own)
    if row.people == people:
        return row
    row.people = people
    row.save()
    publish(actor, SmallestGroupSet(people))
    return row


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Take a person out of every roster; only the place stays, and what was released stays as it is."""
    privacy.allow_erasure(actor, person_id)
    gone = RosterEntry.objects.filter(person_id=person_id).update(person=None, service_band="", framework_id=None)
    return {"roster entries without the person": gone}
