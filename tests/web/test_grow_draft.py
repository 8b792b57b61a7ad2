"""The pages of a plan worked out: asking, reading why, comparing, taking, leaving; and what comes back for review."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.courses import commands as courses
from lantern.domain.goals import commands as goals
from lantern.domain.needs import commands as needs
from lantern.domain.plans import commands, queries
from lantern.domain.plans.types import DraftState, ReviewState
from lantern.flows.planning import IMPROVE, improve_draft
from lantern.kernel import clock
from lantern.kernel.errors import Invalid, NotFound
from lantern.kernel.jobs import Progress
from lantern.kernel.jobs.models import Job
from tests.cast import Cast, acting, as_, competencies_of
from tests.grow_facts import activity, goal_facts, monday
from tests.offers import offer

DRAFT, WORK_OUT, TAKE = reverse("grow:draft"), reverse("grow:draft_work_out"), reverse("grow:draft_take")


@pytest.fixture
def goal(cast: Cast) -> Any:
    skill = competencies_of(cast.framework)[0]
    for number in range(6):
        offer(cast, f"Talk {number}", minutes=30, level=1, leads_to=[(skill, 1)])
    with acting(cast.novice) as nia:
        needs.rate(nia, competency_id=skill.pk, level=0)
        return goals.set_goal(nia, **goal_facts(competency_id=skill.pk, target_level=1))


def finish_job(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        job = Job.objects.filter(name=IMPROVE).latest("created_at")
        improve_draft(nia, Progress(job), **job.arguments)


def taking(client: Client, button: str = "Take this plan") -> dict[str, str]:
    """What the button to take a plan sends."""
    page = client.get(DRAFT).content.decode()
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.S) if button in one)
    return dict(re.findall(r'name="(number|seen)" value="([^"]*)"', form))


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.requirement("N3")
def test_from_asking_to_her_weeks_without_scripts(cast: Cast, client: Client, goal: Any):
    as_(client, cast.novice)
    assert "Nothing changes until you take it" in client.get(DRAFT).content.decode()
    assert client.post(WORK_OUT, {}).status_code == 303
    page = text(client.get(DRAFT).content.decode())
    assert "This is a first, quick answer" in page and "A better one is being looked for" in page
    assert f"for your goal “{goal.title}”" in page and "all the way" in page
    assert "What is not in it, and why" in page and "It adds nothing to what is in the plan" in page
    assert "A plan is worked out for you" in client.get(reverse("grow:plan")).content.decode()
    finish_job(cast)
    page = text(client.get(DRAFT).content.decode())
    assert "Nothing better is possible in these weeks" in page and "being looked for" not in page
    with acting(cast.novice) as nia:
        assert queries.my_plan(nia).is_empty
    taken = client.post(TAKE, taking(client))
    assert taken.status_code == 303 and taken["Location"] == reverse("grow:plan")
    page = text(client.get(reverse("grow:plan")).content.decode())
    assert "It is your plan now. 2 things came in." in page and "Talk" in page
    assert "A plan is worked out for you" not in page


@pytest.mark.requirement("N3")
def test_what_if_says_what_would_be_otherwise_and_can_be_taken_instead(cast: Cast, client: Client, goal: Any):
    as_(client, cast.novice)
    client.post(WORK_OUT, {})
    assert client.post(WORK_OUT, {"start": "2", "way": "beside"}).status_code == 303
    page = text(client.get(DRAFT).content.decode())
    assert "If you had it otherwise" in page and "Beginning 2 weeks later" in page and "In other weeks" in page
    client.post(WORK_OUT, {"without": [str(goal.pk)], "more": "20", "way": "beside"})
    page = text(client.get(DRAFT).content.decode())
    assert "20 minutes more a week, without 1 of your goals and needs" in page and "left out" in page
    assert "It would do without" in page
    assert client.post(TAKE, taking(client, "Take this one instead")).status_code == 303
    with acting(cast.novice) as nia:
        assert {week.available for week in queries.my_plan(nia).weeks} == {60}


def test_what_makes_no_sense_is_said_at_its_field(cast: Cast, client: Client, goal: Any):
    as_(client, cast.novice)
    for wrong in ({"more": "7"}, {"start": "99"}, {"without": ["nothing of mine"]}):
        assert client.post(WORK_OUT, wrong).status_code == 422
    with acting(cast.novice) as nia:
        assert queries.my_draft(nia) is None


@pytest.mark.requirement("N3")
def test_a_plan_that_changed_meanwhile_is_refused_with_the_reason(cast: Cast, client: Client, goal: Any):
    as_(client, cast.novice)
    client.post(WORK_OUT, {})
    sent = taking(client)
    with acting(cast.novice) as nia:
        commands.add_to_plan(nia, activity_id=activity(nia, "My own", 20).pk)
    refused = client.post(TAKE, sent)
    assert refused.status_code == 409 and "Your plan changed since" in text(refused.content.decode())
    page = client.get(DRAFT).content.decode()
    assert "Your weeks have changed since" in page and "Take this plan" not in page
    assert client.post(reverse("grow:draft_leave")).status_code == 303
    assert "Work out a plan" in client.get(DRAFT).content.decode()
    for nothing in (sent, {"number": "one"}, {}):
        assert client.post(TAKE, nothing, follow=True).status_code == 200
    with acting(cast.novice) as nia:
        assert [item.title for item in queries.my_plan(nia).items] == ["My own"]


def test_progress_asks_for_itself_until_the_job_is_done(cast: Cast, client: Client, goal: Any):
    as_(client, cast.novice)
    client.post(WORK_OUT, {})
    part = client.get(DRAFT, headers={"HX-Request": "true"})
    assert part.status_code == 200 and "A better one is being looked for" in part.content.decode()
    assert "<html" not in part.content.decode()
    finish_job(cast)
    with acting(cast.novice) as nia:
        assert queries.my_draft(nia).state is DraftState.DONE  # type: ignore[union-attr]
    over = client.get(DRAFT, headers={"HX-Request": "true"})
    assert over.status_code == 204 and over["HX-Refresh"] == "true"


def test_questions_to_the_database_do_not_grow_with_what_is_in_it(cast: Cast, client: Client, goal: Any):
    as_(client, cast.novice)

    def counted() -> tuple[int, int]:
        client.post(reverse("grow:draft_leave"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.post(WORK_OUT, {})
        with CaptureQueriesContext(connection) as shown:
            client.get(DRAFT)
        return len(asked), len(shown)

    with acting(cast.novice) as nia:
        commands.add_to_plan(nia, activity_id=activity(nia, "Own", 20).pk)
    client.post(WORK_OUT, {})
    client.get(DRAFT)
    before = counted()
    skill = competencies_of(cast.framework)[0]
    for number in range(12):
        offer(cast, f"More {number}", minutes=15, level=1, leads_to=[(skill, 1)])
    with acting(cast.novice) as nia:
        for number in range(5):
            commands.add_to_plan(nia, activity_id=activity(nia, f"Own {number}", 20).pk)
    client.post(WORK_OUT, {})  # reads the changed catalog once
    assert counted() == before


@pytest.mark.requirement("N3")
def test_what_she_holds_is_held_and_said_so(cast: Cast, client: Client, goal: Any):
    as_(client, cast.novice)
    with acting(cast.novice) as nia:
        item = commands.add_to_plan(nia, activity_id=activity(nia, "My own", 20).pk, monday=monday(3))
        waiting = commands.add_to_plan(nia, activity_id=activity(nia, "Waits", 20).pk)
        commands.move_item(nia, item_id=waiting.pk, monday=None)
    pin = reverse("grow:plan_pin", args=[item.pk])
    assert client.post(pin, {"pinned": "yes"}).status_code == 303
    page = text(client.get(reverse("grow:plan")).content.decode())
    assert "held here" in page and "Let it be moved" in page
    client.post(WORK_OUT, {})
    assert "You hold it here" in text(client.get(DRAFT).content.decode())
    client.post(pin, {"pinned": "no"})
    assert "held here" not in text(client.get(reverse("grow:plan")).content.decode())
    refused = client.post(reverse("grow:plan_pin", args=[waiting.pk]), {"pinned": "yes"})
    assert refused.status_code == 422 and "It is in no week yet" in refused.content.decode()
    as_(client, cast.expert)
    assert client.post(pin, {"pinned": "yes"}).status_code == 404


def test_what_is_left_finds_weeks_with_one_press(cast: Cast, client: Client):
    as_(client, cast.novice)
    assert "Find weeks for what is left" not in client.get(reverse("grow:plan")).content.decode()
    with acting(cast.novice) as nia:
        for title in ("A", "B"):
            commands.add_to_plan(nia, activity_id=activity(nia, title, 40).pk, monday=monday())
    assert "Find weeks for what is left" in client.get(reverse("grow:plan")).content.decode()
    client.post(WORK_OUT, {"way": "repair"})
    assert "Only weeks for what is in your plan" in text(client.get(DRAFT).content.decode())
    client.post(TAKE, taking(client))
    with acting(cast.novice) as nia:
        assert [week.planned for week in queries.my_plan(nia).weeks[:3]] == [40, 40, 0]


@pytest.mark.requirement("P7.6")
def test_prompts_to_come_back_arrive_at_growing_intervals_and_move_past_quiet_weeks(cast: Cast, client: Client):
    as_(client, cast.novice)
    start = clock.now()

    def asked_in() -> list[int]:
        with acting(cast.novice) as nia:
            view = queries.my_plan(nia)
            return [
                (review.monday - clock.week_start(start.date())).days // 7
                for review in queries.reviews_due(nia, view.weeks)
            ]

    with acting(cast.novice) as nia:
        done = activity(nia, "Number talks", 30)
        courses.set_progress(nia, activity_id=done.pk, percent=100, minutes_spent=30)
    assert asked_in() == [1]
    with acting(cast.novice) as nia:
        commands.set_week(nia, monday=monday(1), minutes=0, quiet=True)
    assert asked_in() == [2], "not in a quiet week"
    page = text(client.get(reverse("grow:plan")).content.decode())
    assert "Come back to: Number talks" in page and "I came back to it" not in page, "its week has not come"
    back = reverse("grow:plan_come_back", args=[done.pk])
    with clock.standing_at(start + timedelta(days=14)):
        as_(client, cast.novice)
        assert "I came back to it" in client.get(reverse("grow:plan")).content.decode()
        assert client.post(back, {"step": "1", "state": "done"}).status_code == 303
        assert client.post(back, {"step": "1", "state": "done"}).status_code == 303, "the same press again"
        assert asked_in() == [5], "after two weeks, three more"
    with clock.standing_at(start + timedelta(days=42)), acting(cast.novice) as nia:
        assert asked_in() == [6], "a prompt she let pass waits in the present week"
        with pytest.raises(Invalid):
            commands.answer_review(nia, activity_id=done.pk, step=3, state=ReviewState.DONE)
        commands.answer_review(nia, activity_id=done.pk, step=2, state=ReviewState.ENOUGH)
        assert asked_in() == []


@pytest.mark.requirement("P7.6")
def test_nobody_is_asked_about_what_is_not_finished_or_not_hers(cast: Cast):
    with acting(cast.novice) as nia:
        open_one, done = activity(nia, "Open", 30), activity(nia, "Done", 30)
        courses.set_progress(nia, activity_id=done.pk, percent=100, minutes_spent=30)
        with pytest.raises(Invalid):
            commands.answer_review(nia, activity_id=open_one.pk, step=1, state=ReviewState.DONE)
        assert [one.title for one in queries.reviews_due(nia, queries.my_plan(nia).weeks)] == ["Done"]
    with acting(cast.expert) as elena:
        assert queries.reviews_due(elena, queries.my_plan(elena).weeks) == []
        with pytest.raises(NotFound):
            commands.answer_review(elena, activity_id=done.pk, step=1, state=ReviewState.DONE)


@pytest.mark.requirement("N3")
def test_what_a_thing_builds_on_is_said_where_it_stands(cast: Cast, client: Client):
    first = offer(cast, "The beginning", minutes=20)
    second = offer(cast, "Then this", minutes=20)
    third = offer(cast, "Then that", minutes=20, prerequisite_ids=[first.pk, second.pk])
    as_(client, cast.novice)
    with acting(cast.novice) as nia:
        item = commands.plan_resource(nia, resource_id=first.pk, monday=monday(1))
        commands.plan_resource(nia, resource_id=third.pk, monday=monday(2))
    page = text(client.get(reverse("grow:plan")).content.decode())
    assert "It builds on “The beginning” (in the week of" in page and "“Then this” (not in your plan)" in page
    with acting(cast.novice) as nia:
        courses.set_progress(nia, activity_id=item.activity_id, percent=100, minutes_spent=20)
    assert "“The beginning” (done)" in text(client.get(reverse("grow:plan")).content.decode())
