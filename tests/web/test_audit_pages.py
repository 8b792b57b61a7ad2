"""Who reads the audit trail: an operator what was asked in offices, everybody her own acts, nobody anybody else's."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from lantern.web.asked import AT_THE_DOOR, FOR_ONESELF, IN_AN_OFFICE
from tests.architecture.test_url_table import every_pattern
from tests.architecture.url_table import TABLE
from tests.cast import Cast, as_

pytestmark = pytest.mark.django_db
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
MINE, OFFICES = "account:activity", "manage:audit_requests"


def text(client: Client, name: str) -> str:
    return client.get(reverse(name)).content.decode()


@pytest.mark.requirement("P2.6")
def test_what_one_does_for_oneself_is_shown_to_oneself_only(cast: Cast) -> None:
    nia, olga, dana = (as_(Client(), who) for who in (cast.novice, cast.operator, cast.coordinator))
    assert "Nothing yet" in text(nia, MINE)
    nothing = text(olga, OFFICES)
    assert "Nothing yet" in nothing
    nia.post(reverse("account:comfort"), {"theme": "dark"})
    assert nia.post(reverse("grow:goals_new"), {}).status_code == 422
    assert "Change the colours" in text(nia, MINE)
    assert "Nothing yet" in text(olga, OFFICES) and "Nothing yet" in text(dana, MINE)
    nia.get(reverse("manage:people"))
    page = text(olga, OFFICES)
    assert "Nia Young" in page and "A page of Manage" in page and "Refused" in page
    olga.post(reverse("manage:terms"), {"scheme": "topic", "label": "Talk"})
    assert "Add a tag" in text(dana, OFFICES)
    assert "Add a tag" not in text(nia, MINE)
    assert "Add a tag" not in text(as_(Client(), cast.outsider), OFFICES)


def test_an_operators_page_is_the_same_whether_or_not_somebody_explored(cast: Cast) -> None:
    """trust.md C8 in small: acts, expired forms and dead links on private pages change nothing on it, byte for byte."""
    olga, nia = as_(Client(), cast.operator), as_(Client(enforce_csrf_checks=True), cast.novice)
    olga.post(reverse("manage:terms"), {"scheme": "topic", "label": "Talk"})

    def shown() -> str:
        return re.sub(r"[A-Za-z0-9]{64}", "token", re.sub(UUID, "key", text(olga, OFFICES)))

    shown()  # what was said of the last act is read by then
    before = shown()
    nia.post(reverse("grow:goals_new"), {"title": "x"})
    nia.get(reverse("grow:goal", args=["00000000-0000-7000-8000-000000000000"]))
    as_(Client(), cast.novice).post(reverse("account:comfort"), {"theme": "dark"})
    assert shown() == before


def test_ones_own_page_tells_of_sign_ins(cast: Cast) -> None:
    account = cast.novice.account
    assert account is not None
    account.set_password("a-long-enough-pass-phrase")
    account.save()
    client = Client()
    client.post(reverse("account_login"), {"login": account.email, "password": "a-long-enough-pass-phrase"})
    page = text(client, MINE)
    assert "Sign in" in page and "If one of these was not you" in page
    assert "No sign-in is on record" in text(as_(Client(), cast.coach), MINE)


def test_every_page_that_changes_something_has_words() -> None:
    posts = {name for name, row in TABLE.items() if "POST" in row.methods}
    assert (IN_AN_OFFICE | FOR_ONESELF).keys() == {name for name in posts if not name.startswith("public:")}
    assert {name for name in IN_AN_OFFICE if not name.startswith(("manage:", "lead:"))} == set()
    known = {pattern.name for route, pattern in every_pattern(get_resolver()) if route.startswith("sign-in/")}
    assert {name for name in AT_THE_DOOR if not name.startswith("public:")} <= known
