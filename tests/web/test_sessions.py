"""How long a session lives, when its number changes, and when it is dead at once (trust.md E2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.people import commands as people
from lantern.domain.people.models import Account, Membership, Person
from lantern.kernel import clock, tenancy
from lantern.web import sessions
from tests.cast import SECRET_OF_THE_APP, Cast, acting, as_, give_second_step
from tests.web.test_second_step import code_of

SECRET = "a calm lantern on the table"
START = datetime.fromisoformat("2027-02-03T15:00:10+00:00")


@pytest.fixture(autouse=True)
def a_clock(time_machine: Any) -> Iterator[Any]:
    cache.clear()
    time_machine.move_to(START, tick=False)
    return time_machine


def with_password(person: Person) -> Account:
    account = person.account
    assert account is not None
    if not account.check_password(SECRET):  # a new one, even the same, would end her sessions
        account.set_password(SECRET)
        account.save()
    return account


def sign_in(person: Person, **more: str) -> Client:
    """Sign in as people do, with the second step where there is one."""
    account, client = with_password(person), Client()
    cache.clear()
    client.post(reverse("account_login"), {"login": account.email, "password": SECRET, **more})
    if "_auth_user_id" not in client.session:
        client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET_OF_THE_APP)})
    assert "_auth_user_id" in client.session
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("account:overview")).status_code == 200


GUARDED = ("coach", "principal", "coordinator", "official", "operator")


@pytest.mark.requirement("N4")
@pytest.mark.parametrize("role", GUARDED)
def test_who_sees_others_is_out_after_half_an_hour_of_nothing(cast: Cast, a_clock: Any, role: str) -> None:
    person = getattr(cast, role)
    give_second_step(person)
    client = sign_in(person, remember="on")
    for minutes in (27, 54, 81):  # she is at work
        a_clock.move_to(START + timedelta(minutes=minutes), tick=False)
        assert is_in(client)
    a_clock.move_to(START + timedelta(minutes=111), tick=False)
    answer = client.get(reverse("account:overview"))
    assert answer.headers["Location"] == f"{reverse('account_login')}?next={reverse('account:overview')}"
    assert "signed you out" in client.get(answer.headers["Location"]).content.decode()
    assert not is_in(client)


def test_who_sees_others_is_out_after_twelve_hours_of_work(cast: Cast, a_clock: Any) -> None:
    give_second_step(cast.coordinator)
    client = sign_in(cast.coordinator, remember="on")
    for minutes in range(20, 12 * 60, 20):
        a_clock.move_to(START + timedelta(minutes=minutes), tick=False)
        assert is_in(client)
    a_clock.move_to(START + timedelta(hours=12), tick=False)
    assert not is_in(client)


@pytest.mark.parametrize("remember", [{"remember": "on"}, {}])
def test_an_educator_is_in_for_fourteen_days(cast: Cast, a_clock: Any, remember: dict[str, str]) -> None:
    client = sign_in(cast.novice, **remember)
    assert bool(client.cookies["session"]["max-age"]) == bool(remember)  # not remembered: gone with the browser
    for day in range(1, 14):
        a_clock.move_to(START + timedelta(days=day), tick=False)
        assert is_in(client)
    a_clock.move_to(START + timedelta(days=14), tick=False)
    assert not is_in(client)


def test_an_unsafe_request_of_a_dead_session_does_nothing(cast: Cast, a_clock: Any) -> None:
    client = as_(Client(), cast.coordinator)
    a_clock.move_to(START + timedelta(minutes=31), tick=False)
    assert client.post(reverse("manage:terms"), {"kind": "topic", "label": "New"}).status_code == 403
    assert "_auth_user_id" not in client.session


def test_the_limit_is_in_the_session_of_the_database_not_in_the_cookie(cast: Cast, a_clock: Any) -> None:
    """The positive control: where the session says that she was just here, the same cookie still lets her in."""
    client = as_(Client(), cast.coordinator)
    a_clock.move_to(START + timedelta(minutes=31), tick=False)
    session = client.session
    session["seen"] = clock.now().timestamp()
    session.save()
    assert is_in(client)


def test_reading_writes_nothing_for_two_minutes(cast: Cast, a_clock: Any) -> None:
    client = as_(Client(), cast.coordinator)
    is_in(client)

    def writes() -> int:
        with CaptureQueriesContext(connection, ) as asked:
            is_in(client)
        return sum(query["sql"].startswith(("UPDATE", "INSERT", "DELETE")) for query in asked.captured_queries)

    a_clock.move_to(START + timedelta(seconds=110), tick=False)
    assert writes() == 0
    a_clock.move_to(START + timedelta(seconds=130), tick=False)
    assert 1 <= writes() <= 2
    assert writes() == 0


# ------------------------------------------------------------------------------------------------------ the number


def test_the_number_changes_when_she_signs_in(cast: Cast) -> None:
    client = Client()
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies["session"] = str(planted.session_key)
    with_password(cast.novice)
    client.post(reverse("account_login"), {"login": cast.novice.email, "password": SECRET})
    assert client.session.session_key != planted.session_key
    assert not type(planted)().exists(str(planted.session_key))


def test_the_number_changes_when_she_shows_once_more_who_she_is(cast: Cast, a_clock: Any) -> None:
    client = sign_in(cast.novice)
    before = client.session.session_key
    assert is_in(client) and client.session.session_key == before  # the positive control
    a_clock.move_to(START + timedelta(minutes=10), tick=False)
    client.post(reverse("account_reauthenticate"), {"password": "wrong"})
    assert client.session.session_key == before
    client.post(reverse("account_reauthenticate"), {"password": SECRET})
    assert client.session.session_key != before and is_in(client)
    assert [row.session_key for row in UserSession.objects.all()] == [client.session.session_key]
    assert not is_in(_with_number(before))


def _with_number(number: str | None) -> Client:
    client = Client()
    client.cookies["session"] = str(number)
    return client


def test_the_number_changes_when_her_roles_change(cast: Cast) -> None:
    give_second_step(cast.novice)
    client = sign_in(cast.novice)
    is_in(client)
    before = client.session.session_key
    with acting(cast.operator) as olga:
        people.grant_role(olga, person_id=cast.novice.pk, organisation_id=cast.school.pk, role="coach")
    assert is_in(client)
    granted = client.session.session_key
    assert granted != before and not is_in(_with_number(before))
    with tenancy.unscoped("test"):
        membership = Membership.objects.get(person=cast.novice, role="coach")
    with acting(cast.operator) as olga:
        people.end_role(olga, membership_id=membership.pk)
    assert is_in(client)
    assert client.session.session_key != granted


# ------------------------------------------------------------------------------------------------------ dead at once


def test_a_closed_account_is_out_everywhere_at_the_next_request(cast: Cast) -> None:
    here, there = sign_in(cast.novice), sign_in(cast.novice)
    assert is_in(here) and is_in(there)
    Account.objects.filter(pk=cast.novice.account_id).update(is_active=False)
    assert not is_in(here) and not is_in(there)


def test_who_left_is_out_everywhere_at_the_next_request(cast: Cast) -> None:
    here, there = sign_in(cast.novice), sign_in(cast.novice)
    with acting(cast.operator) as olga:
        people.end_person(olga, person_id=cast.novice.pk)
    for client in (here, there):
        answer = client.get(reverse("account:overview"))
        assert answer.status_code == 403 and "not tied to a school or district" in answer.content.decode()
        assert "_auth_user_id" not in client.session
        assert client.get(reverse("account:overview")).status_code == 302


def test_a_new_password_ends_every_other_session(cast: Cast) -> None:
    here, there = sign_in(cast.novice), sign_in(cast.novice)
    new = "seven geese knit vowels"
    here.post(reverse("account_change_password"), {"oldpassword": SECRET, "password1": new, "password2": new})
    assert is_in(here)
    assert not is_in(there)


def test_she_sees_her_sessions_and_ends_the_others(cast: Cast) -> None:
    here, there = sign_in(cast.novice), sign_in(cast.novice)
    page = here.get(reverse("account:overview")).content.decode()
    assert reverse("usersessions_list") in page and reverse("mfa_index") in page
    shown = here.get(reverse("usersessions_list")).content.decode()
    assert shown.count("Since 3 February 2027") == 2 and "This one" in shown
    here.post(reverse("usersessions_list"))
    assert is_in(here)
    assert not is_in(there)
    assert "only here" in here.get(reverse("usersessions_list")).content.decode()


def test_a_page_that_is_not_there_signs_nobody_out(cast: Cast) -> None:
    client = sign_in(cast.novice)
    assert client.get("/nowhere/").status_code == 404
    assert Client(enforce_csrf_checks=True).post("/start/skip/").status_code == 403
    assert is_in(client)


def test_the_limits_are_as_written_down() -> None:
    limits = (sessions.LONGEST, sessions.LONGEST_GUARDED, sessions.IDLE_GUARDED)
    assert limits == (14 * 86_400, 12 * 3600, 1800)
