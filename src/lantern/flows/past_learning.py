"""What she learned before comes in from a file of hers: shown first, kept after she said what each row is (B3).

What a row of the file is in the catalog becomes a thing she has done, and valued where she says so; the rest becomes
learning from outside. Neither earns official hours: they were given where she did it, or were not. Nothing is kept of
the file, and nothing of its rows before she said so; then all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from lantern.domain.catalog import queries as catalog
from lantern.domain.courses import commands as courses
from lantern.domain.courses import queries as course_queries
from lantern.domain.courses.types import Past
from lantern.domain.evidence import queries as evidence
from lantern.domain.people import commands as people
from lantern.domain.people import queries as people_queries
from lantern.engine.past_learning import Known, Line, Match, Read, matches, prepare, read_past
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, NotFound

TWICE, THERE = "This stands in the file twice.", "You have this already."


@dataclass(frozen=True, slots=True)
class Offer:
    """One row for her to judge: what it may be in the catalog, and why it would be left out if it would."""

    line: Line
    found: tuple[Match, ...]
    left_out: str = ""

    @property
    def same(self) -> Match | None:
        """Return what it is in the catalog, where that is sure."""
        return next((match for match in self.found if match.sure), None)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What she said of one row: which resource it is, None for something from outside; whether it was worth it."""

    resource_id: UUID | None = None
    valued: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """How many things were kept: from the catalog, from outside, and how many she had already."""

    from_catalog: int
    outside: int
    there_already: int


def read(data: bytes) -> Read:
    """Read a file of hers as of today. Raises Unreadable, WrongRows; then nothing of it may be used."""
    return read_past(data, clock.today())


def offer(actor: Actor, found: Read) -> list[Offer]:
    """Return each row with what it may be in the actor's catalog; nothing is kept."""
    shelf = prepare(Known(row.id, row.title, row.provider, row.link) for row in catalog.titles_and_links(actor))
    there, outside = course_queries.held_already(actor)
    seen: set[tuple[str, object]] = set()
    offers = []
    for line in found.lines:
        may_be = matches(line, shelf)
        sure = next((match.id for match in may_be if match.sure), None)
        key = (line.title.casefold(), line.day)
        why = TWICE if key in seen else THERE if sure in there or (sure is None and key in outside) else ""
        seen.add(key)
        offers.append(Offer(line, may_be, why))
    return offers


@transaction.atomic
def keep(actor: Actor, found: Read, chosen: Mapping[int, Chosen]) -> Kept:
    """Keep the rows that she chose, by their numbers, as she said; all or nothing.

    Raises NotFound for a resource that is not hers to see, Invalid.
    """
    wanted = {one.resource_id for one in chosen.values() if one.resource_id is not None}
    known = {row.pk for row in catalog.list_resources_by_ids(actor, wanted)}
    if not known.issuperset(wanted):
        raise NotFound("There is no such resource.")
    lines = [line for line in found.lines if line.number in chosen]
    kept = courses.bring_in(actor, things=[_past(line, chosen[line.number]) for line in lines])
    valued = [str(one.resource_id) for one in chosen.values() if one.valued and one.resource_id is not None]
    if valued:
        before = people_queries.get_profile(actor).valued
        people.save_profile(actor, valued=list(dict.fromkeys([*before, *valued])))
    from_catalog = sum(activity.resource_id is not None for activity in kept)
    return Kept(from_catalog, len(kept) - from_catalog, len(lines) - len(kept))


@transaction.atomic
def take_away(actor: Actor, *, activity_id: UUID) -> None:
    """Take away one thing that she brought in, and that it was worth it. Raises NotFound, Conflict where something of
    hers hangs on it, or where she learned it here.
    """
    if evidence.reflection_of(actor, activity_id):
        raise Conflict("You wrote a reflection about this, so it stays with what you have done.")
    if evidence.has_evidence(actor, activity_id):
        raise Conflict("You keep a proof with this. Remove that first, then take it away.")
    resource_id = courses.take_away(actor, activity_id=activity_id)
    before = people_queries.get_profile(actor).valued
    if resource_id is not None and str(resource_id) in before:
        people.save_profile(actor, valued=[one for one in before if one != str(resource_id)])


def _past(line: Line, said: Chosen) -> Past:
    return Past(line.title, line.day, line.minutes, line.provider, line.link, said.resource_id)
