"""The page "who sees what": one's own counts, shares with an end to each, who looked, and purposes to refuse."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.goals import commands as goals
from lantern.domain.privacy import queries
from tests.cast import Cast, acting, as_
from tests.grow_facts import goal_facts
from tests.sharing import share_one

PAGE = "account:privacy"


@pytest.fixture
def share(cast: Cast) -> Any:
    with acting(cast.novice) as nia:
        goal = goals.set_goal(nia, **goal_facts())
        return share_one(nia, grantee_id=cast.coach.pk, item_kind="goal", item_id=goal.pk, purpose="Coaching")


def test_with_nothing_yet_it_still_says_who_sees_what(cast: Cast, client: Client):
    page = as_(client, cast.novice).get(reverse(PAGE)).content.decode()
    for words in ("Only you", "You share nothing at the moment", "Nobody else has read anything of yours",
                  "Fewer than ten people", "courts", "Suggestions for me"):  # fmt: skip
        assert words in page, words
    assert "anonymous" not in page


def test_the_counts_are_ones_own(cast: Cast, client: Client, share: Any):
    mine = as_(client, cast.novice).get(reverse(PAGE)).content.decode()
    theirs = as_(Client(), cast.expert).get(reverse(PAGE)).content.decode()
    row = '<th scope="row">Goals</th><td class="num">{}</td>'
    assert row.format(1) in mine and row.format(0) in theirs
    assert "Quiet students speak up" in mine and "Cora Bell" in mine and "Quiet students" not in theirs


@pytest.mark.requirement("B.4")
def test_a_share_ends_with_one_click_and_looks_stay_listed(cast: Cast, client: Client, share: Any):
    with acting(cast.coach) as cora:
        goals.open_shared_goal(cora, goal_id=share.item_id, purpose="Coaching")
    as_(client, cast.novice)
    url = reverse("account:revoke", args=[share.pk])
    assert client.post(url)["Location"] == reverse(PAGE)
    page = client.get(reverse(PAGE)).content.decode()
    assert "You share nothing at the moment" in page and "Cora Bell" in page
    assert client.post(url, {"next": reverse("together:overview")})["Location"] == reverse("together:overview")
    assert client.post(url, {"next": "//elsewhere.example"})["Location"] == reverse(PAGE)
    with acting(cast.coach) as cora:
        assert queries.shared_items(cora, cast.novice.pk) == []


@pytest.mark.parametrize("who", ["coach", "principal", "operator", "outsider"])
def test_nobody_else_ends_a_share(cast: Cast, client: Client, share: Any, who: str):
    as_(client, getattr(cast, who))
    for pk in (share.pk, uuid4()):
        assert client.post(reverse("account:revoke", args=[pk])).status_code == 404
    with acting(cast.novice) as nia:
        assert len(queries.my_shares(nia)) == 1


def test_a_purpose_is_refused_and_allowed_again(cast: Cast, client: Client):
    as_(client, cast.novice)
    url = reverse("account:purposes")
    assert client.post(url, {"purpose": "recommendation", "allow": "no"}).status_code == 303
    assert "Refused" in client.get(reverse(PAGE)).content.decode()
    with acting(cast.novice):
        assert not queries.may_use(cast.novice.pk, "recommendation")
    assert "They stand by name" in client.get(reverse("together:mentors")).content.decode()
    client.post(url, {"purpose": "recommendation", "allow": "yes"})
    with acting(cast.novice):
        assert queries.may_use(cast.novice.pk, "recommendation")
    assert client.post(url, {"purpose": "spying"}).status_code == 422


def test_queries_do_not_grow_with_shares_and_looks(cast: Cast, client: Client, share: Any):
    as_(client, cast.novice)
    counts = []
    for _ in range(2):
        for _ in range(2):
            with acting(cast.novice) as nia:
                goal = goals.set_goal(nia, **goal_facts())
                share_one(nia, grantee_id=cast.coach.pk, item_kind="goal", item_id=goal.pk, purpose="Coaching")
            with acting(cast.coach) as cora:
                goals.open_shared_goal(cora, goal_id=goal.pk, purpose="Coaching")
        client.get(reverse(PAGE))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse(PAGE))
        counts.append(len(seen))
    assert counts[0] == counts[1]
