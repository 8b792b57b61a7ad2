"""Pathways somebody is in and the planner: in order, with the practice between, choices among what is open."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lantern.domain.catalog import commands as catalog
from lantern.domain.courses import commands as courses
from lantern.domain.needs import commands as needs
from lantern.domain.pathways import commands as pathways
from lantern.domain.plans import commands, queries
from lantern.domain.plans.types import Draft, DraftWish
from lantern.engine.pathway.outline import Entry, LevelFirst, Practice, Section
from lantern.engine.pathway.structure import Rule
from lantern.flows import planning
from lantern.flows.paths_to_plan import paths_to_plan
from tests.cast import Cast, acting, competencies_of
from tests.grow_facts import monday
from tests.offers import offer


def things(cast: Cast, number: int) -> list[str]:
    return [str(offer(cast, f"Event {one}", minutes=30).pk) for one in range(number)]


def begun(cast: Cast, *parts: Any, title: str = "Feedback that is used") -> Any:
    """A pathway in order that the novice is in."""
    with acting(cast.coordinator) as cora:
        row = pathways.create_pathway(cora, title=title, outline=Section("top", Rule.IN_ORDER, parts))
        pathways.offer_pathway(cora, pathway_id=row.pk)
    with acting(cast.novice) as nia:
        return pathways.start_pathway(nia, pathway_id=row.pk)


def step(key: str, *routes: str, **more: Any) -> Entry:
    return Entry(key, routes, f"So {key}", "", **more)


def worked_out(actor: Any) -> Draft:
    planning.work_out(actor, wish=DraftWish())
    held = queries.my_draft(actor)
    assert held is not None
    return held.found


@pytest.mark.requirement("P6.2")
def test_three_events_are_planned_with_the_practice_between_past_a_quiet_week(cast: Cast) -> None:
    ids = things(cast, 3)
    begun(
        cast,
        step("a", ids[0]),
        step("b", ids[1], practice=Practice("a", 2)),
        step("c", ids[2], practice=Practice("b", 2)),
    )
    with acting(cast.novice) as nia:
        commands.set_week(nia, monday=monday(2), minutes=0, quiet=True)
        found = worked_out(nia)
        where = {item.title: item.pieces[0][0] for item in found.items}
        assert where == {"Event 0": 0, "Event 1": 3, "Event 2": 5}
        assert all("It is a step of “Feedback that is used”" in item.why for item in found.items)
        held = queries.my_draft(nia)
        assert held is not None
        commands.take_draft(nia, number=held.number)
        first = queries.my_plan(nia).items[0]
        courses.set_progress(nia, activity_id=first.activity_id, percent=100, minutes_spent=30)
        again = worked_out(nia)
        assert [item.pieces for item in again.items] == [((3, 30),), ((5, 30),)], "what is planned keeps its weeks"


@pytest.mark.requirement("P7.1")
def test_of_a_board_as_many_as_it_asks_for_are_proposed_and_her_own_choice_goes_first(cast: Cast) -> None:
    ids = things(cast, 6)
    board = Section("g1", Rule.ANY, tuple(step(f"s{n}", one) for n, one in enumerate(ids)), least=2, name="Any two")
    start = begun(cast, board)
    with acting(cast.novice) as nia:
        found = worked_out(nia)
        assert len(found.items) == 2
        assert all("one of those to choose from in “Feedback that is used”" in item.why[-1] for item in found.items)
        pathways.choose(nia, pathway_id=start.pathway_id, set_key="g1", keys=["s4", "s5"])
        assert {item.title for item in worked_out(nia).items} == {"Event 4", "Event 5"}


@pytest.mark.requirement("P7.2")
def test_a_step_behind_a_level_is_planned_once_what_leads_there_is(cast: Cast) -> None:
    skill = competencies_of(cast.framework)[0]
    ids = things(cast, 2)
    begun(cast, step("a", ids[0], levels=(LevelFirst(str(skill.pk), 1),)), step("b", ids[1]))
    with acting(cast.novice) as nia:
        needs.rate(nia, competency_id=skill.pk, level=0)
        assert worked_out(nia).items == ()
    offer(cast, "Leads there", minutes=30, level=1, leads_to=[(skill, 1)])
    with acting(cast.novice) as nia:
        needs.add_need(nia, competency_id=skill.pk, source="own_words", wanted_level=1)
        titles = [item.title for item in sorted(worked_out(nia).items, key=lambda item: item.pieces)]
        assert titles[0] == "Leads there" and set(titles) == {"Leads there", "Event 0", "Event 1"}


@pytest.mark.requirement("C.8")
def test_whichever_format_she_takes_the_step_is_planned_once(cast: Cast) -> None:
    ids = things(cast, 2)
    start = begun(cast, step("a", *ids))
    with acting(cast.novice) as nia:
        assert [item.title for item in worked_out(nia).items] == ["Event 0"]
        pathways.swap(nia, pathway_id=start.pathway_id, key="a", resource_id=UUID(ids[1]))
        assert [item.title for item in worked_out(nia).items] == ["Event 1"]
        taken = courses.take_up(nia, resource_id=UUID(ids[0]))
        courses.set_progress(nia, activity_id=taken.pk, percent=100, minutes_spent=30)
        assert worked_out(nia).items == ()


def test_as_many_questions_for_many_pathways_as_for_one_and_none_of_anybody_elses(cast: Cast) -> None:
    ids = things(cast, 4)
    begun(cast, step("a", ids[0]))
    with acting(cast.novice) as nia, CaptureQueriesContext(connection) as one:
        assert len(paths_to_plan(nia)) == 1
    begun(cast, step("a", ids[1]), step("b", ids[2]), title="Another")
    begun(cast, step("a", ids[3]), title="A third")
    with acting(cast.novice) as nia, CaptureQueriesContext(connection) as many:
        assert len(paths_to_plan(nia)) == 3
    assert len(many) == len(one)
    with acting(cast.expert) as elena:
        assert paths_to_plan(elena) == ()


def test_a_step_that_is_offered_no_more_is_not_planned(cast: Cast) -> None:

    ids = things(cast, 2)
    begun(cast, step("a", ids[0]), step("b", ids[1]))
    with acting(cast.coordinator) as cora:
        catalog.set_status(cora, resource_id=UUID(ids[0]), status="retired")
    with acting(cast.novice) as nia:
        assert [item.title for item in worked_out(nia).items] == ["Event 1"]
