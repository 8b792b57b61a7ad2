"""Prepared starts: written by coordinators, fitting an educator or not, and into her weeks with one press."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.catalog import commands as catalog
from lantern.domain.courses import commands as courses
from lantern.domain.pathways import commands, queries
from lantern.domain.pathways.types import StepData
from lantern.domain.plans import commands as plan_commands
from lantern.domain.plans import queries as plans
from lantern.flows import start_pathway
from lantern.kernel import clock
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from tests.cast import Cast, acting, as_
from tests.offers import offers

TITLES = ("Your first number talk", "Feedback in a minute", "Number talks in a month")


@pytest.fixture
def made(cast: Cast) -> dict[str, Any]:
    """The small catalog."""
    return offers(cast)


def prepare(cast: Cast, made: dict[str, Any], **facts: Any) -> Any:
    """A pathway of three steps for teachers."""
    steps = [StepData(made[title].pk, f"After {title.lower()}") for title in TITLES]
    said: dict[str, Any] = {"title": "Into number talks", "job_kinds": ["teacher"], "level_to": 2, "steps": steps}
    with acting(cast.coordinator) as dana:
        return commands.create_pathway(dana, **(said | facts))


def in_plan(person: Any) -> list[tuple[Any, str, str]]:
    """(week, title, reason) of everything in somebody's plan, in order."""
    with acting(person) as actor:
        plan = plans.my_plan(actor)
        return [(item.monday, item.title, item.reason) for week in plan.weeks for item in week.items] + [
            (None, item.title, item.reason) for item in plan.unplaced
        ]


def body(client: Client, path: str) -> str:
    """The page."""
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.requirement("A.1")
def test_the_list_shows_those_for_her_work_first_and_others_below(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    prepare(cast, made)
    prepare(cast, made, title="Beside the teacher", job_kinds=["paraprofessional"])
    prepare(cast, made, title="For everybody", job_kinds=[])
    page = body(as_(client, cast.novice), reverse("grow:pathways"))
    order = ["Into number talks", "For everybody", "For other kinds of work", "Beside the teacher"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert reverse("grow:pathways") in body(client, reverse("grow:overview"))


@pytest.mark.requirement("A.1")
def test_it_says_why_it_fits_her_and_goes_into_her_weeks_in_order(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    pathway = prepare(cast, made)
    here = reverse("grow:pathway", args=[pathway.pk])
    page = body(as_(client, cast.novice), here)
    assert "It is made for your kind of work: teacher." in page and "suits most people in your first years" in page
    assert "After your first number talk" in page and "2 hours 45 minutes" in page
    assert client.post(reverse("grow:pathway_start", args=[pathway.pk])).status_code == 303
    planned = in_plan(cast.novice)
    assert [title for _, title, _ in planned] == list(TITLES)
    weeks = [monday for monday, _, _ in planned]
    assert weeks == sorted(weeks) and weeks[0] == clock.week_start(clock.today())
    assert planned[1][2] == "Into number talks, step 2: After feedback in a minute"
    assert "3 steps of it are in your plan now." in body(client, reverse("grow:plan"))
    client.post(reverse("grow:pathway_start", args=[pathway.pk]))
    assert in_plan(cast.novice) == planned
    assert "3 steps planned already." in body(client, reverse("grow:plan"))
    assert in_plan(cast.expert) == []


def test_what_she_has_finished_is_left_out_and_what_she_placed_stays(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    pathway = prepare(cast, made)
    later = clock.week_start(clock.today()).fromordinal(clock.week_start(clock.today()).toordinal() + 21)
    with acting(cast.novice) as actor:
        done = courses.take_up(actor, resource_id=made[TITLES[0]].pk)
        courses.set_progress(actor, activity_id=done.pk, percent=100)
        placed = courses.take_up(actor, resource_id=made[TITLES[1]].pk)
        plan_commands.add_to_plan(actor, activity_id=placed.pk, monday=later)
    page = body(as_(client, cast.novice), reverse("grow:pathway", args=[pathway.pk]))
    assert "You have done 1 of its 3 steps" in page
    client.post(reverse("grow:pathway_start", args=[pathway.pk]))
    planned = in_plan(cast.novice)
    assert [(monday, title) for monday, title, _ in planned] == [
        (later, TITLES[1]), (later + timedelta(weeks=1), TITLES[2]),
    ], "the week of the step before has no room for two hours more"  # fmt: skip
    said = body(client, reverse("grow:plan"))
    assert "One step of it is in your plan now. One step was done already. One was planned already." in said


def test_a_step_never_overfills_the_week_of_the_step_before(cast: Cast, made: dict[str, Any]) -> None:
    """A short step would fit this week, which is too early, and not the full week of the long step before it."""
    first = clock.week_start(clock.today())
    weeks = [first + timedelta(weeks=count) for count in range(4)]
    with acting(cast.novice) as nia:
        for monday, room in zip(weeks, (60, 120, 0, 60), strict=True):
            plan_commands.set_week(nia, monday=monday, minutes=room)
        minutes = {title: made[title].minutes for title in (TITLES[2], TITLES[1])}
        assert minutes == {TITLES[2]: 120, TITLES[1]: 15}
        courses_first = courses.take_up(nia, resource_id=made[TITLES[0]].pk)
        plan_commands.add_to_plan(nia, activity_id=courses_first.pk, monday=first)
    steps = [StepData(made[title].pk, "More") for title in (TITLES[0], TITLES[2], TITLES[1])]
    pathway = prepare(cast, made, steps=steps)
    with acting(cast.novice) as nia:
        start_pathway.start(nia, pathway_id=pathway.pk)
    planned = {title: monday for monday, title, _ in in_plan(cast.novice)}
    assert (planned[TITLES[2]], planned[TITLES[1]]) == (weeks[1], weeks[3])


def test_a_retired_resource_is_left_out_of_the_plan(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    pathway = prepare(cast, made)
    with acting(cast.coordinator) as dana:
        catalog.set_status(dana, resource_id=made[TITLES[1]].pk, status="retired")
    as_(client, cast.novice).post(reverse("grow:pathway_start", args=[pathway.pk]))
    assert [title for _, title, _ in in_plan(cast.novice)] == [TITLES[0], TITLES[2]]


def test_the_number_of_queries_does_not_grow_with_the_steps(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    three = prepare(cast, made)
    steps = [StepData(row.pk, "More") for row in list(made.values())[:5]]
    five = prepare(cast, made, title="Longer", steps=steps)
    as_(client, cast.novice)

    def count(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            body(client, path)
        return len(asked)

    assert count(reverse("grow:pathway", args=[five.pk])) == count(reverse("grow:pathway", args=[three.pk]))


def test_coordinators_write_change_and_retire_on_pages(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    sent = {"title": "Beginning", "job_kinds": ["teacher"], "level_from": "0", "level_to": "1"}
    for number, title in enumerate(TITLES, start=1):
        sent |= {f"resource_{number}": f"http://testserver/learn/resources/{made[title].pk}/",
                 f"outcome_{number}": "Something"}  # fmt: skip
    assert as_(client, cast.novice).post(reverse("manage:pathways_new"), sent).status_code == 403
    assert as_(client, cast.coordinator).post(reverse("manage:pathways_new"), sent).status_code == 303
    with acting(cast.novice) as nia:
        (offered,) = queries.list_offered(nia)
    edit = reverse("manage:pathways_edit", args=[offered.pk])
    assert str(made[TITLES[0]].pk) in body(client, edit)
    assert client.post(edit, sent | {"title": "Beginning well"}).status_code == 303
    assert "Beginning well" in body(client, reverse("manage:pathways"))
    wrong = client.post(edit, sent | {"resource_1": "nowhere", "outcome_4": "Half"})
    assert wrong.status_code == 422 and "Fill both for a step" in wrong.content.decode()
    twice = client.post(edit, sent | {"resource_2": sent["resource_1"], "level_to": "0", "level_from": "0"})
    assert twice.status_code == 422
    assert client.post(reverse("manage:pathways_state", args=[offered.pk]), {"act": "retire"}).status_code == 303
    assert "Retired" in body(client, reverse("manage:pathways"))
    assert as_(client, cast.novice).get(reverse("grow:pathway", args=[offered.pk])).status_code == 404
    as_(client, cast.coordinator).post(reverse("manage:pathways_state", args=[offered.pk]), {"act": "offer"})
    with acting(cast.novice) as nia:
        assert [(row.title, row.version) for row in queries.list_offered(nia)] == [("Beginning well", 2)]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"summary": "x" * 501}, "summary"),
        ({"job_kinds": ["wizard"]}, "job_kinds"),
        ({"level_from": 2, "level_to": 2}, "level_to"),
        ({"level_to": 5}, "level_to"),
        ({"steps": []}, "steps"),
    ],
)
def test_bad_facts_are_refused_by_field(cast: Cast, made: dict[str, Any], facts: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        prepare(cast, made, **facts)
    assert set(refused.value.fields) == {field}


def test_bad_steps_are_refused_in_words(cast: Cast, made: dict[str, Any]) -> None:
    ids = [row.pk for row in made.values()]
    with acting(cast.coordinator) as dana:
        draft = catalog.create_resource(dana, kind="video", title="Draft", status="draft")
    for steps, words in (
        ([StepData(pk, "So") for pk in ids[:6]], "3 to 5"),
        ([StepData(pk, " ") for pk in ids[:3]], "what it leads to"),
        ([StepData(pk, "x" * 201) for pk in ids[:3]], "200 characters"),
        ([StepData(ids[0], "So") for _ in range(3)], "once"),
        ([StepData(pk, "So") for pk in (*ids[:2], draft.pk)], "offers"),
    ):
        with pytest.raises(Invalid) as refused:
            prepare(cast, made, steps=steps)
        assert words in refused.value.fields["steps"]


def test_only_managers_write_and_another_district_finds_nothing(cast: Cast, made: dict[str, Any]) -> None:
    pathway = prepare(cast, made)
    for person in (cast.novice, cast.coach, cast.principal):
        with acting(person) as actor:
            with pytest.raises(NotAllowed):
                commands.create_pathway(actor, title="Mine", steps=[])
            with pytest.raises(NotAllowed):
                commands.retire_pathway(actor, pathway_id=pathway.pk)
    with acting(cast.outsider) as uma:
        with pytest.raises(NotFound):
            queries.get_pathway(uma, pathway.pk)
        assert queries.list_managed(uma) == [] and queries.steps_of(uma, pathway.pk) == []
