"""The pages of emergency access, from asking to the page of the person it was about."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from lantern.domain.goals import commands as goals
from lantern.domain.people.types import Role
from lantern.domain.privacy import queries
from tests.cast import Cast, acting, as_, make_person
from tests.grow_facts import goal_facts

REASON = "A colleague fears for her safety and the office cannot reach her."


@pytest.mark.requirement("N4")
def test_from_asking_to_being_told(cast: Cast) -> None:
    second = make_person(cast.district, "Sam Hill", Role.OPERATOR)
    with acting(cast.novice) as nia:
        goals.set_goal(nia, **goal_facts(title="Only mine"))
    olga, sam = as_(Client(), cast.operator), as_(Client(), second)
    ask = reverse("manage:emergency_ask", args=[cast.novice.pk])
    assert "The person is told at once" in olga.get(ask).content.decode()
    assert olga.post(ask, {"reason": "Because"}).status_code == 422
    asked = olga.post(ask, {"reason": REASON})
    assert asked.status_code == 303
    where = asked.headers["Location"]
    with acting(cast.operator) as actor:
        access = queries.list_emergencies(actor).get()
    read = reverse("manage:emergency_read", args=[access.pk])
    assert olga.post(read).status_code == 403
    assert "I agree" not in olga.get(where).content.decode() and "I agree" in sam.get(where).content.decode()
    assert olga.post(reverse("manage:emergency_agree", args=[access.pk])).status_code == 403
    assert sam.post(reverse("manage:emergency_agree", args=[access.pk])).status_code == 303
    shown = sam.post(read).content.decode()
    assert "<dd>Only mine</dd>" in shown and "&quot;title&quot;" not in shown
    assert "Only mine" in olga.post(read).content.decode()
    hers = as_(Client(), cast.novice).get(reverse("account:privacy")).content.decode()
    assert "When operators were let in" in hers and REASON in hers and "Sam Hill" in hers


def test_a_coordinator_sees_no_way_in(cast: Cast, client: Client) -> None:
    as_(client, cast.coordinator)
    assert "mergency" not in client.get(reverse("manage:overview")).content.decode()
    assert "mergency" not in client.get(reverse("manage:person", args=[cast.novice.pk])).content.decode()
    assert client.get(reverse("manage:emergencies")).status_code == 403


def test_only_operators_read_in_the_trail_that_it_was_asked_for(cast: Cast) -> None:
    """Neither the request itself nor a count of pages tells a coordinator that somebody's data may be opened."""
    operator, coordinator = as_(Client(), cast.operator), as_(Client(), cast.coordinator)
    trail = reverse("manage:audit_requests")
    before = told(coordinator, trail)
    operator.post(reverse("manage:emergency_ask", args=[cast.novice.pk]), {"reason": REASON})
    with acting(cast.operator) as actor:
        access = queries.list_emergencies(actor).get()
    operator.post(reverse("manage:emergency_agree", args=[access.pk]))  # refused: she asked herself
    assert told(operator, trail).count("mergency") >= 2  # the control
    assert told(coordinator, trail) == before
    assert "mergency" not in told(coordinator, reverse("manage:audit"))


def told(client: Client, where: str) -> str:
    """What a page says in its main part, without its addresses and fresh tokens."""
    page = client.get(where).content.decode()
    return re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])
