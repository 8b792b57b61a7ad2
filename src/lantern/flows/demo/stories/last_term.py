"""What the colleagues explored and learned in the term that is over, and its release by the real rule.

Who does what is a pattern of small numbers, not chance, so that every demonstration looks alike. The people one can be
have their own stories and are left out here; they are counted like everybody.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from lantern.domain.competencies import queries as competencies
from lantern.domain.courses import commands as courses
from lantern.domain.goals import commands as goals
from lantern.domain.needs import commands as needs
from lantern.domain.people.types import DEMO_KEYS
from lantern.domain.plans import commands as plans
from lantern.engine.release import last_closed
from lantern.flows import releases
from lantern.flows.demo.learning import FRAMEWORKS
from lantern.flows.demo.life import Life, Names
from lantern.flows.demo.places import World
from lantern.kernel import clock, tenancy
from lantern.kernel.actor import Actor

LETTERS = {job: letter for letter, (_, _, _, jobs) in FRAMEWORKS.items() for job in jobs}
"""Kind of job -> letter of its framework."""

RATED = ("1.1", "1.2", "2.1", "2.2", "3.1", "3.2", "4.1", "4.2", "5.1", "6.1")
"""Competencies of which each colleague rates a few; those that her framework does not have are left out."""

LEARNED = (
    ("A colleague's recordings of number talks", "video", 40),
    ("Planning together on a Saturday", "community", 120),
    ("A book on feedback, with pencil", "book", 240),
    ("Webinar: calm beginnings", "live_session", 60),
)


def live_through(world: World) -> None:
    """Let the colleagues rate themselves, and some of them learn for a goal, on days of the term that is over."""
    term = last_closed(clock.today())
    middle = (clock.today() - term.begins_on).days - 60
    for tenant in ("riverbend", "harbor"):
        names = Names.of(world.system(tenant))
        keys = [key for key in world.people if world.person_tenants[key] == world.tenants[tenant]]
        ids = _competencies(world.system(tenant))
        for number, key in enumerate(key for key in keys if key not in DEMO_KEYS):
            life = Life(world, names, key)
            _rates(life, ids, number, middle)
            if number % 3 != 1:
                _learns(life, number, middle)


def release(world: World) -> None:
    """Release that term for the whole state, as the worker does on the day after it ends."""
    actor = world.system("maple")
    with tenancy.within(actor.tenancy):
        releases.release_term(actor, None, term=last_closed(clock.today()).key)


def _competencies(actor: Actor) -> dict[str, list[UUID]]:
    """Return for each kind of job what its people rate."""
    with tenancy.within(actor.tenancy):
        found = {
            letter: [competencies.find_by_code(actor, identifier, code) for code in RATED]
            for letter, (identifier, _, _, _) in FRAMEWORKS.items()
        }
    return {job: [row.pk for row in found[letter] if row is not None] for job, letter in LETTERS.items()}


def _rates(life: Life, ids: dict[str, list[UUID]], number: int, days: int) -> None:
    if number % 7 == 3:
        return
    with life.on(days - number % 9) as actor:
        offered = enumerate(ids.get(actor.job_kind, []))
        levels = {pk: 1 + (number + place) % 3 for place, pk in offered if (number * 5 + place * 3) % 7 < 3}
        needs.rate_many(actor, levels=levels)


def _learns(life: Life, number: int, days: int) -> None:
    """Finish one or two things; the first, for two in three, is planned for a goal."""
    with life.on(days - 3) as actor:
        goal = None
        if number % 5 != 2:
            goal = goals.set_goal(
                actor,
                title="One thing I want to do better by summer",
                measure="Lessons in a week in which I did it, of 10",
                baseline="2 of 10",
                target="6 of 10",
                due_on=clock.today() + timedelta(days=90),
            )
        for step in range(1 + number % 2):
            title, kind, minutes = LEARNED[(number + step) % len(LEARNED)]
            activity = courses.add_outside(actor, title=title, kind=kind, minutes=minutes, happened_on=clock.today())
            if goal is not None and step == 0:
                monday = clock.week_start(clock.today())
                plans.add_to_plan(actor, activity_id=activity.pk, monday=monday, goal_id=goal.pk)
