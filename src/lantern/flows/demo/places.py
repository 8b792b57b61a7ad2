"""The organisations and people of the demo district."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from lantern.domain.people import commands, queries
from lantern.flows.demo import data_files
from lantern.kernel import tenancy
from lantern.kernel.actor import Actor, system

if TYPE_CHECKING:
    from lantern.domain.people.models import Person

SOURCE = "demo"
MAIL = {"maple": "maple.example", "harbor": "harborpoint.example"}


@dataclass(slots=True)
class World:
    """What has been made so far, by the keys of the tables."""

    places: dict[str, UUID] = field(default_factory=dict)
    tenants: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    person_tenants: dict[str, UUID] = field(default_factory=dict)

    def system(self, place: str) -> Actor:
        """Return Lantern itself, acting in the tenant of a place."""
        return system(queries.tenancy_of(self.tenants[place]))

    def actor(self, key: str) -> Actor:
        """Return a person as an actor, with the roles of today."""
        return queries.actor_for(self.people[key], self.person_tenants[key])


def build(world: World) -> None:
    """Make every organisation and person, each with an account; only those of DEMO_KEYS have a button to sign in."""
    for row in data_files.rows("places"):
        _place(world, row)
    for row in data_files.rows("people"):
        _person(world, row)


def _place(world: World, row: dict[str, str]) -> None:
    parent = world.places.get(row["below"])
    if row["kind"] != "school":
        made = commands.create_tenant(row["kind"], row["name"], parent, row["identifier"])
        world.tenants[row["key"]] = made.pk
    else:
        actor = world.system(row["below"])
        with tenancy.within(actor.tenancy):
            made = commands.create_organisation(
                actor, kind="school", name=row["name"], parent_id=parent, identifier=row["identifier"]
            )
        world.tenants[row["key"]] = actor.tenancy.own
    world.places[row["key"]] = made.pk


def _person(world: World, row: dict[str, str]) -> None:
    actor = world.system(row["place"])
    given, _, family = row["name"].partition(" ")
    with tenancy.within(actor.tenancy):
        person: Person = commands.create_person(
            actor,
            given_name=given,
            family_name=family,
            email=f"{given}.{family}@{_domain(world, row['place'])}".lower().replace(" ", "-"),
            job_kind=row["job"],
            job_title=row["title"],
            organisation_id=world.places[row["place"]],
            role=row["role"],
            years_experience=int(row["years"]),
            grades=data_files.grades(row["grades"]),
            subjects=data_files.parts(row["subjects"]),
            source=SOURCE,
            sourced_id=row["key"],
        )
        commands.create_account(actor, person_id=person.pk, password=None)
    world.people[row["key"]] = person.pk
    world.person_tenants[row["key"]] = actor.tenancy.own


def _domain(world: World, place: str) -> str:
    """Return the mail domain of a place; `.example` addresses belong to nobody."""
    tenant = world.tenants[place]
    return next((domain for key, domain in MAIL.items() if world.tenants[key] == tenant), "riverbend.example")
