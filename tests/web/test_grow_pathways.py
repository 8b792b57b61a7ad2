"""Prepared starts: written by coordinators, fitting an educator or not, and into her weeks with one press."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.catalog import commands as catalog
from lantern.domain.courses import commands as courses
from lantern.domain.courses import queries as course_queries
from lantern.domain.courses.types import Past
from lantern.domain.needs import commands as needs
from lantern.domain.pathways import commands, queries
from lantern.domain.plans import commands as plan_commands
from lantern.domain.plans import queries as plans
from lantern.engine.pathway import outline as outlines
from lantern.engine.pathway.outline import Entry, LevelFirst, Practice, Section
from lantern.engine.pathway.structure import Rule
from lantern.flows import start_pathway
from lantern.kernel import clock
from tests.cast import Cast, acting, as_, competencies_of
from tests.offers import offers

TITLES = ("Your first number talk", "Feedback in a minute", "Number talks in a month")


@pytest.fixture
def made(cast: Cast) -> dict[str, Any]:
    """The small catalog."""
    return offers(cast)


def prepare(cast: Cast, made: dict[str, Any], **facts: Any) -> Any:
    """A pathway of three steps for teachers, offered."""
    outline = outlines.flat((str(made[title].pk), f"After {title.lower()}", "") for title in TITLES)
    said: dict[str, Any] = {"title": "Into number talks", "job_kinds": ["teacher"], "level_to": 2, "outline": outline}
    with acting(cast.coordinator) as dana:
        row = commands.create_pathway(dana, **(said | facts))
        return commands.offer_pathway(dana, pathway_id=row.pk)


def of(*ids: Any) -> outlines.Section:
    """An outline of these resources in order."""
    return outlines.flat((str(pk), "More", "") for pk in ids)


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
    assert planned[1][2] == "Into number talks: After feedback in a minute"
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
    pathway = prepare(cast, made, outline=of(*(made[title].pk for title in (TITLES[0], TITLES[2], TITLES[1]))))
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
    five = prepare(cast, made, title="Longer", outline=of(*(row.pk for row in list(made.values())[:5])))
    as_(client, cast.novice)

    def count(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            body(client, path)
        return len(asked)

    assert count(reverse("grow:pathway", args=[five.pk])) == count(reverse("grow:pathway", args=[three.pk]))


# ------------------------------------------------------------------------------------------- sets, choices, routes


def voices(made: dict[str, Any], **more: Any) -> outlines.Section:
    """First one of two ways, then any two of three, then a step after two weeks of practice."""

    def step(key: str, *titles: str, **said: Any) -> Entry:
        return Entry(key, tuple(str(made[title].pk) for title in titles), f"After {key}", "", **said)

    choice = Section(
        "g1",
        Rule.ANY,
        (step("s2", "Feedback in a minute"), step("s3", "Feedback circle"), step("s4", "Anything goes")),
        2,
        "Ways to feedback",
    )
    first = step("s1", "Your first number talk", "Number talks on the way home")
    last = step("s5", "Number talks in a month", practice=Practice("s1", 2))
    return Section("top", Rule.IN_ORDER, (first, choice, replace(last, **more)))


def finish(person: Any, resource: Any) -> None:
    """She is done with it."""
    with acting(person) as actor:
        activity = courses.take_up(actor, resource_id=resource.pk)
        courses.set_progress(actor, activity_id=activity.pk, percent=100)


def page_of(client: Client, pathway: Any) -> str:
    """Her page of a pathway."""
    return " ".join(body(client, reverse("grow:pathway", args=[pathway.pk])).split())


@pytest.mark.requirement("P4.5")
@pytest.mark.requirement("P7.4")
def test_her_page_names_the_next_step_first_and_says_of_each_what_it_is_and_why_it_is_locked(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    pathway = prepare(cast, made, outline=voices(made))
    page = page_of(as_(client, cast.novice), pathway)
    assert page.index("Your next step") < page.index("Your first number talk") < page.index("The steps")
    assert "Any 2 of these 3: 0 of 2 done" in page and "All of it, in this order: 0 of 3 done" in page
    assert "Opens when “Your first number talk” is finished." in page
    assert "Opens after 2 weeks of practice, counted from when you finish “Your first number talk”." in page
    assert "Nothing is needed before it." in page and "Video, 30 minutes" in page and "After s1" in page
    assert "4 steps left" in page, "of the choice two are asked, not three"
    finish(cast.novice, made["Your first number talk"])
    page = page_of(client, pathway)
    assert "Choose in “Ways to feedback”" in page and "Opens when “Ways to feedback” is finished." in page
    assert "Opens in the week of" in page


@pytest.mark.requirement("P7.4")
def test_the_page_of_a_resource_says_its_place_in_pathways(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    prepare(cast, made, outline=voices(made))
    path = reverse("learn:resource", args=[made["Feedback in a minute"].pk])
    page = " ".join(body(as_(client, cast.novice), path).split())
    assert "In these pathways" in page and "Into number talks" in page and "Step 2 of 5" in page and "After s2" in page


@pytest.mark.requirement("P7.1")
@pytest.mark.requirement("C.2")
def test_of_a_choice_what_she_chose_goes_into_her_weeks_and_nothing_before_she_does(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    pathway = prepare(cast, made, outline=voices(made))
    here = reverse("grow:pathway", args=[pathway.pk])
    as_(client, cast.novice).post(reverse("grow:pathway_start", args=[pathway.pk]))
    assert [title for _, title, _ in in_plan(cast.novice)] == ["Your first number talk"]
    assert "Choose in “Ways to feedback” first." in body(client, reverse("grow:plan"))
    choose = reverse("grow:pathway_choose", args=[pathway.pk])
    assert client.post(choose, {"set": "g1", "part": ["s1"]}).status_code == 422, "that is no part of it"
    assert client.post(choose, {"set": "top", "part": ["s1"]}).status_code == 404, "that is no choice"
    assert client.post(choose, {"set": "g1", "part": ["s2", "s4"]}).status_code == 303
    assert body(client, here).count(" checked") == 2
    client.post(reverse("grow:pathway_start", args=[pathway.pk]))
    planned = {title: monday for monday, title, _ in in_plan(cast.novice)}
    first = clock.week_start(clock.today())
    assert set(planned) == {
        "Your first number talk", "Feedback in a minute", "Anything goes", "Number talks in a month",
    }  # fmt: skip
    assert planned["Number talks in a month"] >= first + timedelta(weeks=2), "after two weeks of practice"
    assert planned["Number talks in a month"] >= max(planned["Feedback in a minute"], planned["Anything goes"])


@pytest.mark.requirement("P7.3")
@pytest.mark.requirement("C.8")
@pytest.mark.requirement("P8.6")
@pytest.mark.requirement("D.9")
def test_another_way_that_leads_to_the_same_is_taken_and_anything_else_refused_with_the_reason(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    pathway = prepare(cast, made, outline=voices(made))
    swap = reverse("grow:pathway_swap", args=[pathway.pk])
    as_(client, cast.novice)
    assert "1 other way to do it" in page_of(client, pathway)
    assert "Number talks on the way home" in body(client, f"{swap}?step=s1")
    wrong = client.post(swap, {"step": "s1", "resource": made["The feedback book"].pk})
    assert wrong.status_code == 422
    said = wrong.content.decode()
    assert "“The feedback book” leads somewhere else" in said and "“After s1”" in said
    assert "“Your first number talk”, “Number talks on the way home”" in said
    assert client.post(swap, {"step": "s1", "resource": "nothing"}).status_code == 422
    assert client.post(swap, {"step": "s9", "resource": made["The feedback book"].pk}).status_code == 404
    unknown = client.post(swap, {"step": "s1", "resource": "01234567-89ab-7def-8123-456789abcdef"})
    assert unknown.status_code == 422 and "nothing like that in the catalog" in unknown.content.decode()
    other = made["Number talks on the way home"]
    assert client.post(swap, {"step": "s1", "resource": other.pk}).status_code == 303
    assert "Instead of “Your first number talk”: it leads to the same." in page_of(client, pathway)
    finish(cast.novice, other)
    page = page_of(client, pathway)
    assert "All of it, in this order: 1 of 3 done" in page and "Choose in “Ways to feedback”" in page
    assert "The feedback book" in body(client, f"{swap}?step=s2&q=feedback+book")


@pytest.mark.requirement("D.9")
def test_what_was_finished_before_or_in_another_pathway_counts_once_and_everywhere(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    finish(cast.novice, made["Feedback in a minute"])
    one = prepare(cast, made, outline=voices(made))
    two = prepare(cast, made, title="Another", outline=of(made["Feedback in a minute"].pk, made["Anything goes"].pk))
    assert "Any 2 of these 3: 1 of 2 done" in page_of(as_(client, cast.novice), one)
    assert "1 of 2 done" in page_of(client, two)
    old = made["Number talks in a month"]
    with acting(cast.novice) as nia:
        long_ago = Past(title=old.title, happened_on=date(2019, 5, 1), minutes=30, resource_id=old.pk)
        courses.bring_in(nia, things=[long_ago])
    for title, done in (("Feedback in a minute", 1), (old.title, 0)):
        asks = Section("top", Rule.ALL, (Entry("s1", (str(made[title].pk),), "Again", "", counts_before=False),))
        afresh = prepare(cast, made, title=f"Afresh {done}", outline=asks)
        assert f"{done} of 1 done" in page_of(client, afresh), "only what can be done again is asked again"
    finish(cast.novice, old)
    with acting(cast.novice) as nia:
        assert course_queries.finished_days(nia)[old.pk] == clock.today(), "the latest day counts"


def test_another_way_is_hers_in_words_and_in_the_plan_and_none_that_is_offered_no_more(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    one, two, _ = (made[title] for title in TITLES)
    first = Entry("s1", (str(one.pk), str(two.pk)), "So", "")
    outline = Section("top", Rule.IN_ORDER, (first, Entry("s2", (str(made["Anything goes"].pk),), "More", "")))
    pathway = prepare(cast, made, outline=outline)
    with acting(cast.novice) as nia:
        start_pathway.start(nia, pathway_id=pathway.pk)
        before = len(in_plan(cast.novice))
        commands.swap(nia, pathway_id=pathway.pk, key="s1", resource_id=two.pk)
        assert start_pathway.start(nia, pathway_id=pathway.pk).planned == 2
        assert len(in_plan(cast.novice)) == before
    assert f"Opens when “{two.title}” is finished" in page_of(as_(client, cast.novice), pathway)
    with acting(cast.novice) as nia:
        commands.swap(nia, pathway_id=pathway.pk, key="s1", resource_id=one.pk)
    with acting(cast.coordinator) as dana:
        catalog.set_status(dana, resource_id=two.pk, status="retired")
    swap = reverse("grow:pathway_swap", args=[pathway.pk])
    refused = client.post(swap, {"step": "s1", "resource": two.pk})
    assert refused.status_code == 422 and "is offered no more" in refused.content.decode()
    with acting(cast.coordinator) as dana:
        for row in (one, made["Anything goes"]):
            catalog.set_status(dana, resource_id=row.pk, status="retired")
    assert "You have done all of it" not in page_of(client, pathway)


@pytest.mark.requirement("P7.2")
def test_mastering_a_competency_opens_exactly_the_step_that_waits_for_it(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    _, feedback, talks, _ = competencies_of(cast.framework)
    ids = [str(made[title].pk) for title in ("Your first number talk", "Feedback in a minute")]
    steps = (
        Entry("s1", (ids[0],), "One", "", levels=(LevelFirst(str(talks.pk), 2),)),
        Entry("s2", (ids[1],), "Two", "", levels=(LevelFirst(str(feedback.pk), 2),)),
    )
    pathway = prepare(cast, made, outline=Section("top", Rule.ALL, steps))
    page = page_of(as_(client, cast.novice), pathway)
    assert f"Opens at the level “Building” in {talks.name}." in page
    assert f"Opens at the level “Building” in {feedback.name}." in page
    client.post(reverse("grow:pathway_start", args=[pathway.pk]))
    assert in_plan(cast.novice) == [] and "2 steps wait until" in body(client, reverse("grow:plan"))
    with acting(cast.novice) as nia:
        needs.rate(nia, competency_id=talks.pk, level=3)
    page = page_of(client, pathway)
    assert talks.name not in page and f"Opens at the level “Building” in {feedback.name}." in page
    assert page.index("Your next step") < page.index("Your first number talk")
    client.post(reverse("grow:pathway_start", args=[pathway.pk]))
    assert [title for _, title, _ in in_plan(cast.novice)] == ["Your first number talk"]


@pytest.mark.requirement("P6.2")
def test_a_self_check_is_asked_again_before_a_step(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    talks = competencies_of(cast.framework)[2]
    asks = Entry("s1", (str(made["Anything goes"].pk),), "One", "", check=str(talks.pk))
    pathway = prepare(cast, made, outline=Section("top", Rule.ALL, (asks,)))
    page = page_of(as_(client, cast.novice), pathway)
    assert f"Opens when you have looked again at where you stand in {talks.name}." in page
    assert reverse("grow:standing", args=[talks.pk]) in page
    with acting(cast.novice) as nia:
        needs.rate(nia, competency_id=talks.pk, level=1)
    assert "Opens when" not in page_of(client, pathway)


def test_who_started_stays_in_her_version_until_she_goes_over_with_what_changes_shown(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    pathway = prepare(cast, made)
    as_(client, cast.novice).post(reverse("grow:pathway_start", args=[pathway.pk]))
    newer = outlines.removed(of(*(made[title].pk for title in TITLES)), "s3")
    newer = outlines.added(newer, "top", Entry("s4", (str(made["Feedback circle"].pk),), "A circle", ""))
    with acting(cast.coordinator) as dana:
        commands.save_draft(dana, pathway_id=pathway.pk, change=lambda _: newer)
        assert "Feedback circle" not in page_of(client, pathway), "a draft is nobody's yet"
        commands.offer_pathway(dana, pathway_id=pathway.pk)
    page = page_of(client, pathway)
    assert "There is a newer version" in page and "version 1." in page
    assert "New: “Feedback circle”, “A circle”." in page and "Not in it any more: “Number talks in a month”." in page
    assert "New: " not in page_of(as_(Client(), cast.expert), pathway), "who starts now starts the newest"
    old = client.post(reverse("grow:pathway_newest", args=[pathway.pk]), {"number": "1"})
    assert old.status_code == 409, "she was shown another one"
    assert client.post(reverse("grow:pathway_newest", args=[pathway.pk]), {"number": "2"}).status_code == 303
    page = page_of(client, pathway)
    assert "There is a newer version" not in page and "Feedback circle" in page and "version 2." in page


def test_a_retired_pathway_stays_for_whom_it_was_started_and_she_may_leave_it(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    pathway = prepare(cast, made)
    as_(client, cast.novice).post(reverse("grow:pathway_start", args=[pathway.pk]))
    with acting(cast.coordinator) as dana:
        commands.retire_pathway(dana, pathway_id=pathway.pk)
    assert "You are in it, so it stays here for you." in page_of(client, pathway)
    here = reverse("grow:pathway", args=[pathway.pk])
    assert as_(Client(), cast.expert).get(here).status_code == 404
    assert "Into number talks" in body(client, reverse("grow:pathways"))
    planned = in_plan(cast.novice)
    assert client.post(reverse("grow:pathway_leave", args=[pathway.pk])).status_code == 303
    assert client.get(here).status_code == 404 and in_plan(cast.novice) == planned


def test_a_retired_resource_is_said_its_equivalents_are_offered_and_nothing_is_lost(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    pathway = prepare(cast, made, outline=voices(made))
    as_(client, cast.novice)
    with acting(cast.coordinator) as dana:
        for title in ("Your first number talk", "Anything goes"):
            catalog.set_status(dana, resource_id=made[title].pk, status="retired")
    page = page_of(client, pathway)
    assert "“Your first number talk” is offered no more; this leads to the same." in page
    assert page.index("Number talks on the way home") < page.index("The steps"), "her next step is the one that is left"
    assert "Nobody can begin with it now, so it is not asked of you." in page
    assert "1 step of it is offered no more" in page
    client.post(reverse("grow:pathway_start", args=[pathway.pk]))
    assert [title for _, title, _ in in_plan(cast.novice)] == ["Number talks on the way home"]


def test_queries_do_not_grow_with_sets_and_routes(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    small = prepare(cast, made, outline=of(made[TITLES[0]].pk))
    large = prepare(cast, made, title="Larger", outline=voices(made))
    as_(client, cast.novice)

    def count(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            body(client, path)
        return len(asked)

    assert count(reverse("grow:pathway", args=[large.pk])) == count(reverse("grow:pathway", args=[small.pk]))


# ------------------------------------------------------------------------------------------------------ her own


def test_she_makes_an_own_pathway_on_pages_and_follows_it(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    as_(client, cast.novice)
    answer = client.post(reverse("grow:own_pathway_new"), {"title": "My way into talk"})
    with acting(cast.novice) as nia:
        (own,) = queries.my_own(nia)
    edit = reverse("grow:own_pathway_edit", args=[own.pk])
    assert answer.status_code == 303 and answer["Location"] == edit
    take = reverse("grow:own_pathway_choose", args=[own.pk])
    assert "Your first number talk" in body(client, f"{take}?into=top&q=first+number+talk")
    answer = client.post(take, {"into": "top", "resource": made["Your first number talk"].pk})
    part = reverse("grow:own_pathway_part", args=[own.pk])
    assert answer.status_code == 303 and answer["Location"] == f"{part}?part=s1"
    said = {"part": "s1", "outcome": "I have tried one", "none_needed": "on", "counts_before": "on"}
    assert client.post(part, said).status_code == 303
    page = body(client, edit)
    assert "I have tried one" in page and "Before it: nothing is needed" in page
    here = reverse("grow:own_pathway", args=[own.pk])
    assert "Your next step" in body(client, here)
    client.post(reverse("grow:own_pathway_start", args=[own.pk]))
    assert [(title, why) for _, title, why in in_plan(cast.novice)] == [
        ("Your first number talk", "My way into talk: I have tried one")
    ]
    assert client.post(edit, {"title": ""}).status_code == 422
    assert client.post(edit, {"title": "Talk, my way"}).status_code == 303
    assert "Talk, my way" in body(client, reverse("grow:pathways"))
    for person in (cast.expert, cast.coordinator, cast.coach, cast.operator):
        for page_name in ("", "_edit", "_part", "_choose"):
            path = reverse(f"grow:own_pathway{page_name}", args=[own.pk])
            assert as_(Client(), person).get(f"{path}?part=s1&into=top").status_code == 404
    assert client.post(reverse("grow:own_pathway_remove", args=[own.pk])).status_code == 303
    assert client.get(here).status_code == 404


@pytest.mark.requirement("P7.3")
def test_a_preset_becomes_her_own_with_what_she_chose_and_is_changed_freely(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    pathway = prepare(cast, made, outline=voices(made))
    as_(client, cast.novice)
    client.post(reverse("grow:pathway_choose", args=[pathway.pk]), {"set": "g1", "part": ["s2", "s3"]})
    client.post(reverse("grow:pathway_copy", args=[pathway.pk]))
    with acting(cast.novice) as nia:
        (own,) = queries.my_own(nia)
        assert queries.outline_of_own(own) == voices(made) and queries.choices_in(own).chosen == {"s2", "s3"}
    act = reverse("grow:own_pathway_outline", args=[own.pk])
    assert client.post(act, {"act": "remove:s5"}).status_code == 303
    assert client.post(act, {"act": "remove:s5"}).status_code == 404, "it is not there any more"
    assert client.post(act, {"act": "fly:s1"}).status_code == 404
    client.post(reverse("grow:own_pathway_pick", args=[own.pk]), {"set": "g1", "part": ["s4", "s3"]})
    swap = reverse("grow:own_pathway_swap", args=[own.pk])
    assert client.post(swap, {"step": "s1", "resource": made["Feedback circle"].pk}).status_code == 422
    assert client.post(swap, {"step": "s1", "resource": made["Number talks on the way home"].pk}).status_code == 303
    with acting(cast.novice) as nia:
        (own,) = queries.my_own(nia)
        assert queries.choices_in(own).chosen == {"s3", "s4"}
        assert queries.outline_of(nia, pathway) == voices(made), "the prepared one is as it was"
        kept = commands.keep_own(nia, own_id=own.pk, change=lambda top: outlines.removed(top, "g1"))
        assert queries.choices_in(kept).chosen == frozenset()
