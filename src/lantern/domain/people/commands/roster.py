"""Bringing the tenant in line with a roster: one transaction for a whole file set, compared in memory, written in
batches.

Rules (interop.md 3.4). Rows are matched by (source, sourced id). What a complete set misses has left: it is ended,
never deleted. What was added by hand (source "") is not touched. The same delivery twice changes nothing. Too many
leavers at once are refused.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.people import policy
from lantern.domain.people.commands.persons import end_all_roles
from lantern.domain.people.events import RosterImported
from lantern.domain.people.models import Membership, Organisation, Person
from lantern.domain.people.types import (
    OrganisationKind,
    RosterDelivery,
    RosterMembership,
    RosterOrganisation,
    RosterPerson,
    RosterResult,
    RowProblem,
)
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed
from lantern.kernel.events import publish

Progress = Callable[[int, int, str], None]
BATCH = 500
WORDS = {"organisations": "schools", "people": "people", "roles": "roles"}
ORGANISATION_FIELDS = ["name", "identifier", "active", "source", "sourced_id"]
PERSON_FIELDS = [
    *("given_name", "family_name", "email", "job_kind", "job_title", "years_experience", "grades_mask", "subjects"),
    *("active", "ended_on"),
]
ROLE_FIELDS = ["primary", "begins_on", "ends_on"]
RoleKey = tuple[UUID, UUID, str]


def apply_roster(
    actor: Actor,
    *,
    delivery: RosterDelivery,
    dry_run: bool,
    allow_share: float = 0.2,
    progress: Progress | None = None,
) -> RosterResult:
    """Compare a delivery with what is held and, unless `dry_run` or refused, carry it out.

    Refused (nothing changes) when a larger share than `allow_share` of the schools, people or roles of this source
    would end. Raises NotAllowed for who does not manage the tenant.
    """
    if not policy.can_manage_tenant(actor):
        raise NotAllowed("Rosters are imported by operators and coordinators of the whole district.")
    tell = progress or (lambda done, total, message: None)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=actor.tenancy.own)  # one import at a time in a district
        work = _Comparison(actor.tenancy.own, delivery, clock.today())
        tell(1, 4, f"Comparing {len(delivery.people)} people")
        work.organisations()
        work.people()
        work.roles()
        refusal = work.refusal(allow_share)
        if not dry_run and not refusal:
            tell(2, 4, f"Writing {len(delivery.people)} people")
            work.write()
            if any(work.counts[thing][what] for thing in WORDS for what in ("created", "updated", "deactivated")):
                publish(actor, _event(work.counts["people"]))
        tell(4, 4, "Finished")
    return RosterResult(
        counts={thing: dict(work.counts[thing]) for thing in WORDS}, problems=tuple(work.problems), refusal=refusal
    )


def _event(people: Counter[str]) -> RosterImported:
    return RosterImported(people["created"], people["updated"], people["deactivated"], people["rejected"])


@dataclass
class _Comparison:
    """One delivery against what is held: fills `counts`, and the lists that `write` stores."""

    tenant_id: UUID
    delivery: RosterDelivery
    today: date
    counts: dict[str, Counter[str]] = field(default_factory=lambda: {thing: Counter() for thing in WORDS})
    problems: list[RowProblem] = field(default_factory=list)
    held: Counter[str] = field(default_factory=Counter)
    ending: Counter[str] = field(default_factory=Counter)
    places: dict[str, Organisation] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    new: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    leavers: set[UUID] = field(default_factory=set)

    # ------------------------------------------------------------------------------------------------ organisations

    def organisations(self) -> None:
        """Match schools by id, else adopt one that was added by hand under the same identifier or name."""
        rows = list(Organisation.objects.filter(tenant_id=self.tenant_id, kind=OrganisationKind.SCHOOL))
        mine = {row.sourced_id: row for row in rows if row.source == self.delivery.source and row.sourced_id}
        by_hand = [row for row in rows if not row.source]
        self.held["organisations"] = sum(row.active for row in mine.values())
        for facts in self.delivery.organisations:
            row = mine.get(facts.sourced_id) or _adopted(facts, by_hand)
            wanted = {
                "name": facts.name,
                "identifier": facts.identifier,
                "active": True,
                "source": self.delivery.source,
                "sourced_id": facts.sourced_id,
            }
            if row is None:
                row = Organisation(
                    tenant_id=self.tenant_id, parent_id=self.tenant_id, kind=OrganisationKind.SCHOOL.value, **wanted
                )
                self._add("organisations", row)
            else:
                self._update("organisations", row, wanted)
            mine[facts.sourced_id] = row
        seen = {facts.sourced_id for facts in self.delivery.organisations}
        for sourced_id, row in mine.items():
            if row.active and self._left("organisations", sourced_id, seen):
                row.active = False
                self._end("organisations", row)
        self.places = mine

    # -------------------------------------------------------------------------------------------------------- people

    def people(self) -> None:
        """Match people by id; who is new gets an entry and no account, who is missing from a complete set has left."""
        mine = {
            row.sourced_id: row for row in Person.objects.filter(source=self.delivery.source).exclude(sourced_id="")
        }
        self.held["people"] = sum(row.active for row in mine.values())
        taken = {
            email.lower()
            for email in Person.objects.filter(active=True)
            .exclude(source=self.delivery.source)
            .exclude(email="")
            .values_list("email", flat=True)
        }
        for facts in self.delivery.people:
            self._person(facts, mine, taken)
        seen = {facts.sourced_id for facts in self.delivery.people}
        for sourced_id, row in mine.items():
            if row.active and self._left("people", sourced_id, seen):
                self._leave(row)
        self.persons = mine

    def _person(self, facts: RosterPerson, mine: dict[str, Person], taken: set[str]) -> None:
        row = mine.get(facts.sourced_id)
        if row is None and not facts.active:
            self.counts["people"]["left_out"] += 1
            return
        if row is None and facts.email.lower() in taken:
            reason = f"{facts.sourced_id} has the address of somebody who was added by hand; end that entry first"
            self.problems.append(RowProblem("users.csv", 0, "email", reason))
            self.counts["people"]["rejected"] += 1
            return
        if row is not None and row.active and not facts.active:
            self._leave(row)
            return
        wanted = _facts(facts, row)
        if row is None:
            row = Person(tenant_id=self.tenant_id, source=self.delivery.source, sourced_id=facts.sourced_id, **wanted)
            mine[facts.sourced_id] = row
            self._add("people", row)
        elif facts.active:
            self._update("people", row, wanted | {"active": True, "ended_on": None})
        else:
            self.counts["people"]["unchanged"] += 1

    def _leave(self, row: Person) -> None:
        row.active, row.ended_on = False, self.today
        self.leavers.add(row.pk)
        self._end("people", row)

    # --------------------------------------------------------------------------------------------------------- roles

    def roles(self) -> None:
        """Match roles by person, organisation and kind; those given by hand stand as they are."""
        source = self.delivery.source
        existing: dict[RoleKey, Membership] = {
            (row.person_id, row.organisation_id, row.role): row
            for row in Membership.objects.filter(person__source=source, person__tenant_id=self.tenant_id)
        }
        people = {row.pk: row for row in self.persons.values()}
        opened = {
            key
            for key, row in existing.items()
            if row.source == source and (row.ends_on is None or row.ends_on >= self.today)
        }
        self.held["roles"] = len(opened)
        seen: set[RoleKey] = set()
        for facts in _merged(self.delivery.roles):
            key = self._role_key(facts.key)
            if key is not None and people[key[0]].active:
                seen.add(key)
                self._role(facts, key, existing.get(key))
        gone = {self._role_key(key) for key in self.delivery.roles_gone}
        placed = {key[0] for key in seen}
        for key in opened - seen:
            person = people.get(key[0])
            if person is not None and person.active and (key in gone or self._role_left(person.sourced_id)):
                self._end_role(existing[key])
                self.ending["roles"] += key[0] not in placed  # who only moves to another school is no loss

    def _role_key(self, key: tuple[str, str, str]) -> RoleKey | None:
        person, place = self.persons.get(key[0]), self.places.get(key[1])
        place_id = self.tenant_id if not key[1] else place.pk if place else None
        return (person.pk, place_id, key[2]) if person is not None and place_id is not None else None

    def _role(self, facts: RosterMembership, key: RoleKey, row: Membership | None) -> None:
        wanted = {"primary": facts.primary, "begins_on": facts.begins_on, "ends_on": facts.ends_on}
        if row is None:
            self._add(
                "roles",
                Membership(
                    tenant_id=self.tenant_id, person_id=key[0], organisation_id=key[1], role=key[2],
                    source=self.delivery.source, **wanted,
                ),
            )  # fmt: skip
        elif row.source == self.delivery.source:
            self._update("roles", row, wanted)
        else:
            self.counts["roles"]["unchanged"] += 1

    def _role_left(self, person: str) -> bool:
        spared = self.delivery.spared
        if person in spared.get("roles", ()) or person in spared.get("people", ()):
            return False
        return "roles" in self.delivery.complete or person in self.delivery.roles_of

    def _end_role(self, row: Membership) -> None:
        last = self.today - timedelta(days=1)
        row.begins_on = min(row.begins_on, last) if row.begins_on else None
        row.ends_on = last
        self._end("roles", row)

    # --------------------------------------------------------------------------------------------------- the outcome

    def _left(self, thing: str, sourced_id: str, seen: set[str]) -> bool:
        if sourced_id in self.delivery.gone.get(thing, ()):
            return True
        if sourced_id in seen or sourced_id in self.delivery.spared.get(thing, ()):
            return False
        return thing in self.delivery.complete

    def _add(self, thing: str, row: Any) -> None:
        self.new[thing].append(row)
        self.counts[thing]["created"] += 1

    def _update(self, thing: str, row: Any, wanted: dict[str, Any]) -> None:
        differing = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        for name, value in differing.items():
            setattr(row, name, value)
        if differing:
            self.changed[thing].append(row)
        self.counts[thing]["updated" if differing else "unchanged"] += 1

    def _end(self, thing: str, row: Any) -> None:
        self.changed[thing].append(row)
        self.counts[thing]["deactivated"] += 1
        self.ending[thing] += thing != "roles"

    def refusal(self, allow_share: float) -> str:
        """Return why this would end too much at once, or ""."""
        for thing, word in WORDS.items():
            ending, held = self.ending[thing], self.held[thing]
            if ending and ending > held * allow_share:
                share = round(100 * ending / held) if held else 100
                return (
                    f"{ending:,} of {held:,} {word} ({share} %) would end. Nothing was changed. If that is right, "
                    "carry it out again and allow it."
                )
        return ""

    def write(self) -> None:
        """Store everything, in batches, parents first; end the roles of who left."""
        models: tuple[tuple[str, Any, list[str]], ...] = (
            ("organisations", Organisation, ORGANISATION_FIELDS),
            ("people", Person, PERSON_FIELDS),
            ("roles", Membership, ROLE_FIELDS),
        )
        for thing, model, fields in models:
            model.objects.bulk_create(self.new[thing], batch_size=BATCH)
            model.objects.bulk_create(
                self.changed[thing], batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=fields
            )
        for some in _batches(sorted(self.leavers)):
            end_all_roles(some)


def _adopted(facts: RosterOrganisation, by_hand: list[Organisation]) -> Organisation | None:
    for row in by_hand:
        same_identifier = facts.identifier and row.identifier == facts.identifier
        if same_identifier or row.name.casefold() == facts.name.casefold():
            by_hand.remove(row)
            return row
    return None


def _facts(facts: RosterPerson, row: Person | None) -> dict[str, Any]:
    """Return the fields a roster sets: silence keeps what is known, and what she put right herself stays."""
    wanted: dict[str, Any] = {"given_name": facts.given_name, "family_name": facts.family_name}
    said: dict[str, Any] = {
        "email": facts.email,
        "job_title": facts.job_title,
    }
    if row is None or not row.own_facts:
        said |= {"job_kind": facts.job_kind, "grades_mask": facts.grades_mask or None, "subjects": list(facts.subjects)}
        said["years_experience"] = facts.years_experience
    return wanted | {name: value for name, value in said.items() if value is not None and value not in ("", [])}


def _merged(roles: Iterable[RosterMembership]) -> list[RosterMembership]:
    """Return one row for each role: the widest dates of several, and one primary for each person."""
    found: dict[tuple[str, str, str], RosterMembership] = {}
    for facts in roles:
        one = found.get(facts.key)
        if one is None:
            found[facts.key] = facts
            continue
        begins = min(one.begins_on, facts.begins_on) if one.begins_on and facts.begins_on else None
        ends = max(one.ends_on, facts.ends_on) if one.ends_on and facts.ends_on else None
        found[facts.key] = RosterMembership(*facts.key, one.primary or facts.primary, begins, ends)
    primaries: set[str] = set()
    merged: list[RosterMembership] = []
    for facts in found.values():
        primary = facts.primary and facts.person not in primaries
        primaries |= {facts.person} if primary else set()
        merged.append(RosterMembership(*facts.key, primary, facts.begins_on, facts.ends_on))
    return merged


def _batches(ids: list[UUID]) -> Iterable[list[UUID]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
