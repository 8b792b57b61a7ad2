"""The account: each section is saved by itself and confirmed in words; comfort keeps the colours."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lantern.domain.people import queries as people
from tests.cast import Cast, acting, as_, competencies_of

ACCOUNT = "/account/"


def test_the_page_shows_her_own_answers_and_places(cast: Cast, client: Client) -> None:
    page = as_(client, cast.novice).get(ACCOUNT).content.decode()
    assert "Nia Young" in page and "Alder School" in page and cast.novice.email in page
    for heading in ("Your work", "Your time", "What draws you", "Mail"):
        assert heading in page
    assert "Elena" not in page
    for name in ("mfa_index", "account_change_password", "usersessions_list"):
        assert f'href="{reverse(name)}"' in page


@pytest.mark.parametrize(
    ("section", "sent", "said", "kept"),
    [
        ("time", {"minutes_per_week": "90"}, "Your time is saved.", {"minutes_per_week": 90, "quiet_from": None}),
        (
            "time",
            {"minutes_per_week": "30", "quiet_from": "18:00", "quiet_until": "07:30"},
            "Your time is saved.",
            {"quiet_from": time(18), "quiet_until": time(7, 30)},
        ),
        (
            "likes",
            {"liked_kinds": ["book", "podcast"]},
            "What draws you is saved.",
            {"liked_kinds": ["book", "podcast"]},
        ),
        ("mail", {"mail_digest": "none"}, "Mail comes as you said.", {"mail_digest": "none"}),
    ],
)
def test_a_section_is_saved_by_itself_and_confirmed_in_words(
    cast: Cast, client: Client, section: str, sent: dict[str, Any], said: str, kept: dict[str, Any]
) -> None:
    as_(client, cast.novice)
    answer = client.post(ACCOUNT, {"section": section} | sent)
    assert answer.status_code == 303
    assert said in client.get(ACCOUNT).content.decode()
    with acting(cast.novice) as actor:
        profile = people.get_profile(actor)
        assert {name: getattr(profile, name) for name in kept} == kept
        assert profile.started_at is not None
    with acting(cast.expert) as actor:
        assert people.get_profile(actor).minutes_per_week == 40


def test_her_work_is_hers_from_then_on(cast: Cast, client: Client) -> None:
    as_(client, cast.novice).post(ACCOUNT, {"section": "work", "job_kind": "librarian", "grades": ["K"]})
    client.post(ACCOUNT, {"section": "work", "job_kind": "librarian", "grades": ["K"], "years_experience": "0"})
    with acting(cast.novice) as actor:
        me = people.get_me(actor)
    assert (me.job_kind, me.grades, me.years_experience, me.own_facts) == ("librarian", ("K",), 0, True)


def test_likes_keep_strengths_of_her_framework(cast: Cast, client: Client) -> None:
    chosen = str(competencies_of(cast.framework)[0].pk)
    as_(client, cast.novice).post(ACCOUNT, {"section": "likes", "strengths": [chosen]})
    with acting(cast.novice) as actor:
        assert people.get_profile(actor).strengths == [chosen]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"section": "time", "minutes_per_week": "9999"}, 422),
        ({"section": "time", "quiet_from": "18:00"}, 422),
        ({"section": "work", "years_experience": "81"}, 422),
        ({"section": "time", "quiet_until": "nonsense"}, 422),
        ({"section": "mail", "mail_digest": "hourly"}, 422),
        ({"section": "mail"}, 422),
        ({"section": "likes", "strengths": ["nonsense"]}, 422),
        ({"section": "everything"}, 404),
        ({}, 404),
    ],
)
def test_bad_input_is_refused_and_nothing_is_kept(
    cast: Cast, client: Client, sent: dict[str, Any], status: int
) -> None:
    with acting(cast.novice) as actor:
        before = people.export_for(actor)
    answer = as_(client, cast.novice).post(ACCOUNT, sent)
    assert answer.status_code == status
    with acting(cast.novice) as actor:
        assert people.export_for(actor) == before


def test_colours_are_kept_in_a_cookie_that_the_next_page_paints_with(cast: Cast, client: Client) -> None:
    as_(client, cast.novice)
    answer = client.post("/account/comfort/", {"theme": "dark"})
    assert answer.status_code == 303 and answer.cookies["theme"].value == "dark"
    page = client.get("/account/comfort/").content.decode()
    assert 'data-theme="dark"' in page and "Saved for this device." in page
    answer = client.post("/account/comfort/", {"theme": ""})
    assert answer.cookies["theme"].value == ""
    assert "data-theme=" not in client.get("/account/comfort/").content.decode().split("<head>")[0]
    assert client.post("/account/comfort/", {"theme": "neon"}).status_code == 422
