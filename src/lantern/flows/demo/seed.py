"""Writes the demo district, once: all of it in one transaction, then the indexes and suggestions that follow."""

from __future__ import annotations

from django.db import transaction

from lantern.domain.catalog import queries as catalog
from lantern.domain.people import queries as people
from lantern.domain.people.types import DEMO_KEYS
from lantern.domain.recommendations import commands as recommendations
from lantern.flows import search_index
from lantern.flows.demo import banks, learning, places
from lantern.flows.demo.life import Life, Names
from lantern.flows.demo.places import World
from lantern.flows.demo.stories import last_term, leaders, learners, together
from lantern.kernel import clock, jobs, tenancy

COLLEAGUES = ("p-09", "p-10", "p-11", "p-12", "p-13", "p-14", "p-16", "p-18")
"""Who votes at Cedar Hill."""


def is_seeded() -> bool:
    """Tell whether the demo district is there."""
    return bool(people.demo_people())


def seed() -> dict[str, int]:
    """Write the demo district unless it is there, and return what is there now, in numbers.

    All or nothing. Dates count from today. Everything goes through the commands that everybody uses.
    """
    if not is_seeded():
        world = World()
        with transaction.atomic():
            places.build(world)
            learning.build(world)
            banks.build(world)
            tell_stories(world)
            last_term.release(world)
        _follow_up(world)
    return _counts()


def tell_stories(world: World) -> None:
    """Let the people of the demonstration live through some weeks; the novice came today and has done nothing yet."""
    names = Names.of(world.system("riverbend"))
    lives = {
        key: Life(world, names, key) for key in world.people if world.person_tenants[key] == world.tenants["riverbend"]
    }
    talk = learners.expert(lives["expert"])
    reading = learners.paraprofessional(lives["paraprofessional"])
    leaders.coach(lives["coach"], lives["expert"], talk, lives["paraprofessional"], reading, lives["p-09"])
    leaders.principal(lives["principal"])
    leaders.coordinator(lives["coordinator"])
    leaders.official(Life(world, Names.of(world.system("maple")), "official"))
    together.joint_plan(lives["expert"], [lives["principal"], lives["paraprofessional"]], lives["coach"])
    together.coach_proposes(lives["coach"], lives["expert"])
    last_term.live_through(world)
    leaders.group_needs(lives["expert"], [lives[key] for key in COLLEAGUES], lives["p-11"])


def _follow_up(world: World) -> None:
    """Do at once what the worker would do within minutes, so that the first page a visitor sees is whole."""
    for place in ("maple", "valley", "riverbend", "harbor"):
        actor = world.system(place)
        with tenancy.within(actor.tenancy):
            search_index.build(actor)
            # What the stories left for the worker was asked for in their past; nobody has waited that long.
            jobs.Job.objects.filter(state=jobs.Job.State.WAITING).update(created_at=clock.now())
    for key in DEMO_KEYS:
        actor = world.actor(key)
        with tenancy.within(actor.tenancy):
            recommendations.refresh(actor)


def _counts() -> dict[str, int]:
    district = people.find_tenant("Riverbend School District")
    actor = people.actor_for(None, district.pk)
    with tenancy.within(actor.tenancy):
        staff = people.count_people(actor)
        return {"people": staff["people"], "schools": staff["schools"], "resources": catalog.count_offered(actor)}
