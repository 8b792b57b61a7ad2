"""A plan told to calendars under its secret address: read as its owner, and accounted for so that changes count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from lantern.domain.calendars import commands, queries
from lantern.domain.calendars.types import Planned, Told
from lantern.domain.people import queries as people
from lantern.domain.plans import queries as plans
from lantern.domain.plans.types import ItemView
from lantern.kernel import clock, doors, tenancy
from lantern.kernel.errors import NotFound

DOOR = "ical:plan"
BACK = timedelta(weeks=8)
"""How far back a calendar is told of what was planned."""

doors.declare("feed", DOOR, reads=("private", "official"), reaches="whoever knows the secret address that she made")


@dataclass(frozen=True, slots=True)
class ToldPlan:
    """What a calendar is told, and of whom."""

    owner: str
    entries: tuple[Told, ...]


def tell_calendar(secret: str, link: Callable[[UUID], str]) -> ToldPlan:
    """Return the plan behind a secret address, each thing with its link (made from the activity's id).

    Raises NotFound where the address leads nowhere, or no more.
    """
    doors.door_of("feed", DOOR)
    owner = queries.owner_of_address(secret)
    if owner is None:
        raise NotFound("There is no such calendar.")
    actor = people.actor_for(*owner)
    with tenancy.within(actor.tenancy):
        since = clock.week_start(clock.today()) - BACK
        planned = [
            Planned(_entry_id(item), _title(item), item.monday, item.here, link(item.activity_id))
            for item in plans.my_placed_items(actor, since)
            if item.monday is not None
        ]
        return ToldPlan(actor.name, tuple(commands.tell(actor, planned, since=since)))


def _entry_id(item: ItemView) -> UUID:
    """Return the id a calendar knows an entry by: the item's own for its first part, one made of it for the others."""
    return item.id if item.part == 1 else uuid5(item.id, str(item.part))


def _title(item: ItemView) -> str:
    return item.title if item.parts == 1 else f"{item.title} (part {item.part} of {item.parts})"
