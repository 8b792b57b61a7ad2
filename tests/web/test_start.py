"""The two-minute start: nothing obligatory, everything kept or nothing, first suggestions at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lantern.domain.catalog import commands as catalog
from lantern.domain.courses import queries as courses
from lantern.domain.people import queries as people
from lantern.domain.people.models import Person
from lantern.domain.recommendations import commands as recommendations
from lantern.domain.recommendations.models import Suggestion
from tests.cast import Cast, acting, as_, competencies_of, make_person
from tests.offers import offers

START = "/start/"


@pytest.fixture
def newcomer(cast: Cast) -> Person:
    """Somebody the roster knows and who has not been here before."""
    return make_person(cast.school, "Mia New", started=False, grades_mask=1 << 5, subjects=["mathematics"])


def profile_of(person: Person) -> Any:
    """What she said."""
    with acting(person) as actor:
        return people.get_profile(actor)


def test_the_page_knows_what_the_roster_says_and_asks_for_nothing(cast: Cast, client: Client, newcomer: Person) -> None:
    offers(cast)
    page = as_(client, newcomer).get(START).content.decode()
    assert 'value="4" id="id_grades_5" checked' in page.replace(' aria-describedby=""', "")
    assert "Mathematics" in page and "Number talks" in page and "Your first number talk (video)" in page
    assert "required" not in page.split("<form", 3)[-1].replace('class="', "")
    assert page.count("ui-btn--next") == 1


def test_an_empty_form_is_fine(cast: Cast, client: Client, newcomer: Person) -> None:
    answer = as_(client, newcomer).post(START, {})
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("home:home"))
    assert profile_of(newcomer).started_at is not None
    assert profile_of(newcomer).minutes_per_week == 40


def test_skipping_leaves_everything_as_it_was_and_does_not_ask_again(
    cast: Cast, client: Client, newcomer: Person
) -> None:
    assert as_(client, newcomer).post(reverse("start:skip")).status_code == 303
    assert profile_of(newcomer).started_at is not None
    with acting(newcomer) as actor:
        assert people.get_me(actor).grades == ("4",)
    page = client.get("/home/").content.decode()
    assert "Tell Lantern what suits you" not in page and "Set your first goal" in page


@pytest.mark.requirement("A.1")
def test_every_answer_is_kept_and_the_first_suggestions_are_there_at_once(
    cast: Cast, client: Client, newcomer: Person
) -> None:
    made = offers(cast)
    with acting(cast.coordinator) as actor:
        topic = catalog.create_term(actor, scheme="topic", label="Number sense")
        catalog.create_term(actor, scheme="subject", label="Science")
    talks = competencies_of(cast.framework)[2]
    done = made["Your first number talk"]
    answer = as_(client, newcomer).post(
        START,
        {
            "job_kind": "teacher", "grades": ["3", "4"], "subjects": ["science"], "minutes_per_week": "20",
            "interests": [str(topic.pk)], "liked_kinds": ["podcast"], "valued": [str(done.pk)],
            "strengths": [str(talks.pk)],
        },
    )  # fmt: skip
    assert answer.status_code == 303
    with acting(newcomer) as actor:
        me, profile = people.get_me(actor), people.get_profile(actor)
        assert (me.grades, me.subjects, me.own_facts) == (("3", "4"), ["science"], True)
        assert (profile.minutes_per_week, profile.liked_kinds) == (20, ["podcast"])
        assert (profile.interests, profile.strengths) == ([str(topic.pk)], [str(talks.pk)])
        assert profile.valued == [str(done.pk)]
        assert not courses.finished_resource_ids(actor)
        assert Suggestion.objects.filter(person_id=newcomer.pk).exists()
        assert not Suggestion.objects.filter(person_id=newcomer.pk, resource=done).exists()
    page = client.get("/home/").content.decode()
    assert page.count('class="ui-resource"') == 3 and "Thank you" in page


def test_going_through_it_twice_changes_the_answers_and_doubles_nothing(
    cast: Cast, client: Client, newcomer: Person
) -> None:
    done = offers(cast)["Your first number talk"]
    as_(client, newcomer)
    first = profile_of(newcomer)
    for minutes in ("20", "60"):
        client.post(START, {"minutes_per_week": minutes, "valued": [str(done.pk)]})
    with acting(newcomer) as actor:
        assert courses.count_finished(actor) == 0
    assert profile_of(newcomer).valued == [str(done.pk)]
    assert profile_of(newcomer).minutes_per_week == 60
    assert first.started_at is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("grades", ["99"]), ("job_kind", "wizard"), ("minutes_per_week", "7000"), ("interests", ["nonsense"]),
        ("valued", ["00000000-0000-7000-8000-000000000000"]), ("strengths", ["x"]), ("liked_kinds", ["telepathy"]),
    ],
)  # fmt: skip
def test_bad_input_is_shown_at_its_field_and_nothing_is_kept(
    cast: Cast, client: Client, newcomer: Person, field: str, value: Any
) -> None:
    answer = as_(client, newcomer).post(START, {"minutes_per_week": "20"} | {field: value})
    assert answer.status_code == 422
    assert "Something here needs another look" in answer.content.decode()
    assert profile_of(newcomer).started_at is None


def test_six_strengths_are_one_too_many(cast: Cast, client: Client) -> None:
    from tests.cast import make_framework

    framework = make_framework(cast.district, "Many", tuple(f"Skill {n}" for n in range(6)), "nurse")
    nurse = make_person(cast.school, "Nora Care", job_kind="nurse", started=False)
    chosen = [str(row.pk) for row in competencies_of(framework)]
    answer = as_(client, nurse).post(START, {"strengths": chosen})
    assert answer.status_code == 422 and "at most five" in answer.content.decode()
    assert client.post(START, {"strengths": chosen[:5]}).status_code == 303


def test_strengths_are_those_of_her_own_framework(cast: Cast, client: Client) -> None:
    page = as_(client, cast.para).get(START).content.decode()
    assert "Helping without telling" in page and "Number talks" not in page


@pytest.mark.requirement("P2.1")
def test_what_she_valued_is_asked_first_brings_what_is_like_it_and_is_taken_back_under_her_account(
    cast: Cast, client: Client, newcomer: Person
) -> None:
    made = offers(cast)
    page = as_(client, newcomer).get(START).content.decode()
    assert page.index("What was worth it") < page.index("Your work") < page.index("What draws you")
    assert 6 <= page.count('name="valued"') <= 9
    valued = made["Your first number talk"]
    assert client.post(START, {"valued": [str(valued.pk)]}).status_code == 303
    said = "Like “Your first number talk”, which you valued"
    suggestions = client.get("/home/suggestions/?all=1").content.decode()
    assert said in suggestions and suggestions.count('class="ui-resource"') == 7
    account = client.get("/account/").content.decode()
    assert f'value="{valued.pk}"' in account and "What you did before and found worth it" in account
    assert client.post("/account/", {"section": "likes"}).status_code == 303
    assert profile_of(newcomer).valued == []
    with acting(newcomer) as actor:
        recommendations.refresh(actor)
    again = client.get("/home/suggestions/?all=1").content.decode()
    assert said not in again and again.count('class="ui-resource"') == 8
