"""The pages of sharing: choose, find, see what they will see, say yes, keep the receipt; and the other side."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lantern.domain.goals import commands as goals
from lantern.domain.privacy import queries
from tests.cast import Cast, acting, as_
from tests.grow_facts import goal_facts


@pytest.fixture
def goal(cast: Cast) -> Any:
    with acting(cast.novice) as nia:
        return goals.set_goal(nia, **goal_facts(title="Quiet students speak up"))


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


@pytest.mark.requirement("N4")
def test_the_whole_way_by_plain_forms(cast: Cast, client: Client, goal: Any) -> None:
    as_(client, cast.novice)
    what = f"goal:{goal.pk}"
    assert "Quiet students speak up" in page(client, "account:share_new")
    found = page(client, "account:share_new", what=what, q="cor")
    assert "Cora Bell" in found and "Uma Far" not in page(client, "account:share_new", what=what, q="uma")
    preview = page(client, "account:share_new", what=what, person=cast.coach.pk)
    assert "5 of 24" in preview and "What they will see" in preview
    sent = {"what": what, "person": str(cast.coach.pk), "purpose": "Before our talk", "days": "7"}
    done = client.post(reverse("account:share_confirm"), sent)
    assert done.status_code == 303
    receipt = client.get(done.headers["Location"]).content.decode()
    assert "Cora Bell" in receipt and "Before our talk" in receipt and "Nobody has opened it yet" in receipt
    other = as_(Client(), cast.coach)
    listed = page(other, "together:shared")
    assert "Nia Young" in listed and "Quiet students" not in listed, "a title is read behind the look"
    with acting(cast.coach) as cora:
        (share,) = queries.shared_with_me(cora)
    assert "5 of 24" in page(other, "together:shared_one", share.id)
    assert "Before our talk" in client.get(done.headers["Location"]).content.decode().partition("Who looked")[2]
    assert client.post(reverse("account:revoke", args=[share.id])).status_code == 303
    assert other.get(reverse("together:shared_one", args=[share.id])).status_code == 404
    assert "Ended" in client.get(done.headers["Location"]).content.decode()


def test_somebody_who_leads_me_needs_a_second_yes(cast: Cast, client: Client, goal: Any) -> None:
    as_(client, cast.novice)
    what = f"goal:{goal.pk}"
    warned = page(client, "account:share_new", what=what, person=cast.principal.pk)
    assert "also leads your school or district" in warned
    sent = {"what": what, "person": str(cast.principal.pk), "purpose": "To talk", "days": "7"}
    refused = client.post(reverse("account:share_confirm"), sent)
    assert refused.status_code == 422 and "Please confirm" in refused.content.decode()
    assert client.post(reverse("account:share_confirm"), sent | {"confirmed": "on"}).status_code == 303


def test_a_rule_is_shown_with_all_it_opens(cast: Cast, client: Client, goal: Any) -> None:
    as_(client, cast.novice)
    shown = page(client, "account:share_new", what="goal:every", person=cast.coach.pk)
    assert "also those I set later" in shown and "Quiet students speak up" in shown
    sent = {"what": "goal:every", "person": str(cast.coach.pk), "purpose": "Coaching", "days": "30"}
    assert client.post(reverse("account:share_confirm"), sent).status_code == 303
    other = as_(Client(), cast.coach)
    with acting(cast.coach) as cora:
        (share,) = queries.shared_with_me(cora)
    several = page(other, "together:shared_one", share.id)
    assert reverse("together:shared_item", args=[share.id, goal.pk]) in several
    assert "5 of 24" in page(other, "together:shared_item", share.id, goal.pk)


@pytest.mark.parametrize("what", ["goal:00000000-0000-7000-8000-000000000000", "ratings:every", "plan:every", "x"])
def test_what_is_not_mine_is_not_there(cast: Cast, client: Client, goal: Any, what: str) -> None:
    as_(client, cast.novice)
    where = reverse("account:share_new")
    assert client.get(where, {"what": what, "person": str(cast.coach.pk)}).status_code == 404
    sent = {"what": what, "person": str(cast.coach.pk), "purpose": "x", "days": "7"}
    assert client.post(reverse("account:share_confirm"), sent).status_code == 404


def test_another_district_s_person_is_not_there(cast: Cast, client: Client, goal: Any) -> None:
    as_(client, cast.novice)
    where = reverse("account:share_new")
    assert client.get(where, {"what": f"goal:{goal.pk}", "person": str(cast.outsider.pk)}).status_code == 404
    assert client.get(where, {"what": f"goal:{goal.pk}", "person": "somebody"}).status_code == 404


def test_an_empty_shelf_says_what_could_be_shared(cast: Cast, client: Client) -> None:
    assert "Nothing to share yet" in page(as_(client, cast.para), "account:share_new")
    assert "Nothing is shared with you" in page(client, "together:shared")


def test_ended_shares_stay_as_receipts_on_the_privacy_page(cast: Cast, client: Client, goal: Any) -> None:
    as_(client, cast.novice)
    sent = {"what": f"goal:{goal.pk}", "person": str(cast.coach.pk), "purpose": "To talk", "days": "7"}
    client.post(reverse("account:share_confirm"), sent)
    with acting(cast.novice) as nia:
        (share,) = queries.my_shares(nia)
    client.post(reverse("account:revoke", args=[share.id]))
    shown = page(client, "account:privacy")
    assert "What you shared before" in shown and reverse("account:share", args=[share.id]) in shown
