"""Whoever leads or manages reads no private table, on any page: all of them open as if those tables were not there
(trust.md C3).

The pages are enumerated from the reviewed table, so that a new one is covered by being written. There is no list of
exceptions: the frame around a page reads nothing private either.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

from lantern import models as tables
from lantern.config import urls as lantern_urls
from lantern.domain.initiatives.models import Initiative
from lantern.domain.people.types import Role
from lantern.kernel import clock, tenancy
from lantern.kernel.database.guard import disarmed
from lantern.web.gate import COORDINATOR, EDUCATOR, OFFICIAL, OPERATOR, SCHOOL_LEADER, page
from tests.architecture.test_url_table import address
from tests.architecture.url_table import EVERYBODY, TABLE, Row
from tests.cast import Cast, actor_of, as_
from tests.release_factory import explore, release, staff
from tests.things import make_things
from tests.without import Unreadable, private_tables, tables_refused, tables_shut

ROLES = ("coordinator", "principal", "official", "operator")
Shut = Callable[[frozenset[str]], AbstractContextManager[Any]]
SHUT = pytest.mark.parametrize("shut", [tables_refused, tables_shut])


def offices(row: Row, held: frozenset[str]) -> bool:
    """Tell whether this is a page of an office of somebody who holds these roles, and not of her own learning."""
    return row.who != EVERYBODY and EDUCATOR not in row.who and not (held - row.narrower).isdisjoint(row.who)


def test_every_page_of_an_office_is_walked_by_somebody() -> None:
    """What no role of this test may open would be left out in silence."""
    walked = frozenset({COORDINATOR, SCHOOL_LEADER, OFFICIAL, OPERATOR})
    assert [name for name, row in TABLE.items() if EDUCATOR not in row.who and not offices(row, walked)] == [
        name for name, row in TABLE.items() if row.who == EVERYBODY
    ]


@SHUT
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.requirement("N4")
def test_every_page_of_an_office_opens_without_the_private_tables(cast: Cast, role: str, shut: Shut) -> None:
    things, person = make_things(cast), getattr(cast, role)
    for learner in staff(cast.school, 20)[:9]:
        explore(learner, tables.Competency(pk=things.ids["competency"], tenant_id=cast.state.pk))
    release(cast)
    ids = things.ids
    if role == "official":  # who publishes for the state, not for the district
        with tenancy.unscoped("test"):
            facts = {"organisation": cast.state, "title": "State-wide", "created_at": clock.now()}
            ids["initiative"] = Initiative.objects.create(tenant_id=cast.state.pk, **facts).pk
    client, held = as_(Client(), person), frozenset(actor_of(person).roles)
    pages = [name for name, row in TABLE.items() if "GET" in row.methods and offices(row, held)]
    with shut(private_tables()) as refused:
        statuses = {name: client.get(address(name, ids)).status_code for name in pages}
    assert len(pages) >= 6 and set(statuses.values()) == {200}, statuses
    assert not refused


@SHUT
def test_the_same_tables_are_missed_by_her_own_pages(cast: Cast, shut: Shut) -> None:
    """The control: a coordinator's own page of needs does read them."""
    client = as_(Client(), cast.coordinator)
    with shut(private_tables()), pytest.raises((Unreadable, DatabaseError)), transaction.atomic():
        client.get(reverse("grow:needs"))
    assert client.get(reverse("grow:needs")).status_code == 200


@page(COORDINATOR)
def count_goals(request: HttpRequest) -> HttpResponse:
    """A page whose author wanted just a number."""
    return HttpResponse(f"{tables.Goal.objects.count()} goals")


@page(COORDINATOR)
def count_by_a_back_door(request: HttpRequest) -> HttpResponse:
    """The same by raw SQL, inside a sub-query, with our own guard off."""
    with disarmed(), connection.cursor() as cursor:
        cursor.execute("SELECT o.name, (SELECT count(*) FROM lantern_goal) FROM lantern_organisation o")
        return HttpResponse(str(cursor.fetchall()))


urlpatterns = [path("goals", count_goals), path("goals-raw", count_by_a_back_door), *lantern_urls.urlpatterns]


@SHUT
@pytest.mark.parametrize("where", ["/goals", "/goals-raw"])
@override_settings(ROOT_URLCONF=__name__)
def test_a_planted_number_is_refused(cast: Cast, where: str, shut: Shut) -> None:
    client = as_(Client(), cast.coordinator)
    assert client.get(where).status_code == 200
    with shut(private_tables()), pytest.raises((Unreadable, DatabaseError)), transaction.atomic():
        client.get(where)


def test_the_roles_here_are_those_with_an_office() -> None:
    assert {COORDINATOR, SCHOOL_LEADER, OFFICIAL, OPERATOR} == set(Role) - {Role.EDUCATOR, Role.COACH}
