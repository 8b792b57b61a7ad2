"""The pages of goals: what one sees, what one is told, and that nobody else's goal exists."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.goals import commands, queries
from lantern.domain.plans import commands as plans
from tests.cast import Cast, acting, as_, competencies_of
from tests.grow_facts import activity, goal_facts, in_days


def sent(**other: str) -> dict[str, str]:
    facts = {name: str(value) for name, value in goal_facts().items()}
    return facts | {"due_on": in_days(60).isoformat()} | other


@pytest.fixture
def goal(cast: Cast) -> Any:
    with acting(cast.novice) as nia:
        return commands.set_goal(nia, **goal_facts(why="They have so much to say"))


def test_the_empty_page_says_how_to_begin(cast: Cast, client: Client):
    page = as_(client, cast.novice).get(reverse("grow:goals")).content.decode()
    assert "No goal yet" in page and reverse("grow:goals_new") in page
    assert "Nothing here yet" in client.get(reverse("grow:goals") + "?state=reached").content.decode()


@pytest.mark.requirement("B.1")
def test_a_goal_without_a_measure_comes_back_with_the_reason(cast: Cast, client: Client):
    answer = as_(client, cast.novice).post(reverse("grow:goals_new"), sent(measure=""))
    assert answer.status_code == 422
    assert "A goal needs a measure" in answer.content.decode()
    with acting(cast.novice) as nia:
        assert not queries.my_goals(nia, state=None).exists()


def test_a_goal_is_set_once_although_the_form_is_sent_twice(cast: Cast, client: Client):
    competency = competencies_of(cast.framework)[0]
    form = sent(competency_id=str(competency.pk), target_level="3", idempotency_key=str(uuid4()))
    first = as_(client, cast.novice).post(reverse("grow:goals_new"), form)
    assert first.status_code == 303
    assert client.post(reverse("grow:goals_new"), form)["Location"] == first["Location"]
    with acting(cast.novice) as nia:
        assert queries.my_goals(nia).count() == 1
    page = client.get(first["Location"]).content.decode()
    assert "Students who speak in a discussion" in page and competency.name in page and "applying" in page
    assert f"{reverse('home:suggestions')}?goal=" in page


def test_wrong_choices_and_days_are_told_at_their_field(cast: Cast, client: Client):
    as_(client, cast.novice)
    for wrong, words in (
        ({"due_on": in_days(-1).isoformat()}, "still to come"),
        ({"due_on": "soon"}, "year-month-day"),
        ({"target_level": "2"}, "Choose the competency first"),
        ({"competency_id": str(uuid4())}, "valid choice"),
        ({"initiative_id": "x"}, "valid choice"),
    ):
        answer = client.post(reverse("grow:goals_new"), sent(**wrong))
        assert answer.status_code == 422 and words in answer.content.decode(), wrong


def test_a_link_may_bring_a_competency_along(cast: Cast, client: Client):
    competency = competencies_of(cast.framework)[1]
    page = as_(client, cast.novice).get(reverse("grow:goals_new") + f"?competency={competency.pk}&title=Talk")
    assert f'value="{competency.pk}" selected' in page.content.decode()


def test_changing_looking_and_ending(cast: Cast, client: Client, goal: Any):
    as_(client, cast.novice)
    here = reverse("grow:goal", args=[goal.pk])
    assert "They have so much to say" in client.get(reverse("grow:goals_edit", args=[goal.pk])).content.decode()
    assert client.post(reverse("grow:goals_edit", args=[goal.pk]), sent(title="Anew")).status_code == 303
    assert client.post(reverse("grow:goals_edit", args=[goal.pk]), sent(title="")).status_code == 422
    assert client.post(reverse("grow:goals_check", args=[goal.pk]), {"value": "8 of 24"}).status_code == 303
    refused = client.post(reverse("grow:goals_check", args=[goal.pk]), {"value": ""})
    assert refused.status_code == 422 and "Say what your measure shows now" in refused.content.decode()
    page = client.get(here).content.decode()
    assert "Anew" in page and "8 of 24" in page and "Your measure over time" in page
    assert client.post(reverse("grow:goals_end", args=[goal.pk]), {"state": "maybe"}).status_code == 422
    client.post(reverse("grow:goals_end", args=[goal.pk]), {"state": "reached"})
    assert "Open it again" in client.get(here).content.decode()
    assert client.post(reverse("grow:goals_check", args=[goal.pk]), {"value": "9"}).status_code == 409
    assert "Anew" in client.get(reverse("grow:goals") + "?state=reached").content.decode()
    client.post(reverse("grow:goals_end", args=[goal.pk]), {"state": "open"})
    assert "I reached it" in client.get(here).content.decode()


@pytest.mark.parametrize("who", ["principal", "coordinator", "operator", "coach", "official", "outsider"])
def test_a_goal_of_somebody_else_is_not_there(cast: Cast, client: Client, goal: Any, who: str):
    as_(client, getattr(cast, who))
    for name, send in (("goal", None), ("goals_edit", None), ("goals_edit", sent()), ("goals_check", {"value": "1"}),
                       ("goals_end", {"state": "let_go"})):  # fmt: skip
        foreign, missing = (reverse(f"grow:{name}", args=[pk]) for pk in (goal.pk, uuid4()))
        answers = [client.get(url) if send is None else client.post(url, send) for url in (foreign, missing)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert b"Quiet students" not in answers[0].content
    assert b"Quiet students" not in client.get(reverse("grow:goals")).content


def test_the_title_of_the_page_holds_nothing_private(cast: Cast, client: Client, goal: Any):
    page = as_(client, cast.novice).get(reverse("grow:goal", args=[goal.pk])).content.decode()
    assert "<title>Goal · Lantern</title>" in page


@pytest.mark.parametrize("name", ["goals", "goal"])
def test_queries_do_not_grow_with_rows(cast: Cast, client: Client, goal: Any, name: str):
    as_(client, cast.novice)
    url = reverse("grow:goals") if name == "goals" else reverse("grow:goal", args=[goal.pk])

    def add() -> None:
        with acting(cast.novice) as nia:
            commands.set_goal(nia, **goal_facts())
            commands.check_goal(nia, goal_id=goal.pk, value="1")
            plans.add_to_plan(nia, activity_id=activity(nia).pk, goal_id=goal.pk)

    add()
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    add()
    add()
    with CaptureQueriesContext(connection) as three:
        client.get(url)
    assert len(three) == len(one)
