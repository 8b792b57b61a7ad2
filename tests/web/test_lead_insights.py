"""The insights page: what each leader sees of a release, that it reads release tables only, and that nothing else moves
when private rows do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lantern import models as tables
from lantern.domain.insights import queries
from lantern.domain.privacy.types import KERNEL_CLASSES, DataClass
from lantern.kernel import clock, tenancy
from tests.architecture.test_url_table import address
from tests.architecture.url_table import TABLE
from tests.cast import Cast, as_, competencies_of
from tests.release_factory import explore, link, moment, release, staff, term
from tests.things import make_things

PAGE = "/lead/insights/"
LEADERS = ("coordinator", "principal", "official")
AT_THE_GATE = {"django_session", "lantern_account", "lantern_person", "lantern_membership", "lantern_organisation",
                "mfa_authenticator"}  # fmt: skip
"""What is read to know who is asking, before any page."""


def shown(person: Any, path: str = PAGE) -> str:
    return str(as_(Client(), person).get(path).content.decode())


def counted_district(cast: Cast) -> None:
    people = staff(cast.school, 20)
    staff(cast.other_school, 15)
    staff(cast.far_school, 20)
    for person in people[:9]:
        explore(person, competencies_of(cast.framework)[0])


@pytest.mark.parametrize("role", LEADERS)
def test_before_the_first_release_it_says_when_that_comes(cast: Cast, role: str) -> None:
    with clock.standing_at(datetime(2026, 11, 26, 12, tzinfo=UTC)):
        page = shown(getattr(cast, role))
    assert "Nothing is released yet" in page and "after 1 January 2027" in page


@pytest.mark.requirement("C.11")
def test_the_coordinator_sees_ranges_sizes_and_reasons(cast: Cast) -> None:
    counted_district(cast)
    release(cast)
    choice = next(line for line in re.findall(r'value="(need_area:[^"]+)"[^>]*>([^<]+)', shown(cast.coordinator)))
    page = shown(cast.coordinator, f"{PAGE}?metric={choice[0]}")
    assert "Explored a need: Practice" in choice[1] and term().words in page
    for words in ("Riverbend", "20 to 30 %", "21 to 40 people", "Alder School", "40 to 50 %"):
        assert words in page, words
    assert "canary" not in page and "Lee Many" not in page
    assert "by years of service" in page


def test_what_is_not_there_falls_back_to_what_is(cast: Cast) -> None:
    counted_district(cast)
    release(cast)
    questions = ("", "?term=2001-spring", "?metric=nonsense", "?metric=need_area:not-an-id&term=x")
    figures = {
        tuple(re.findall(r"<figure.*?</figure>", shown(cast.coordinator, PAGE + question), re.S))
        for question in questions
    }
    assert len(figures) == 1 and figures != {()}


def test_a_small_group_is_named_with_its_reason(cast: Cast) -> None:
    staff(cast.school, 20)
    staff(cast.other_school, 4)
    release(cast)
    page = shown(cast.coordinator)
    assert "Too few people." in page and "Hidden so that a smaller group cannot be worked out" in page


def test_the_smallest_group_may_be_raised_and_not_lowered(cast: Cast) -> None:
    client = as_(Client(), cast.coordinator)
    low = client.post(f"{PAGE}smallest-group/", {"people": "5"})
    assert low.status_code == 422 and b"10" in low.content
    assert client.post(f"{PAGE}smallest-group/", {"people": "25"}).status_code == 303
    assert "at least 25 others" in client.get(PAGE).content.decode()
    assert "Smallest group" not in shown(cast.principal)
    assert as_(Client(), cast.principal).post(f"{PAGE}smallest-group/", {"people": "25"}).status_code == 403


def private_tables() -> set[str]:
    return {
        table._meta.db_table
        for table in apps.get_app_config("lantern").get_models()
        if (getattr(table, "privacy", None) or KERNEL_CLASSES[table.__name__]).data_class
        in {DataClass.PRIVATE, DataClass.CONSENTED, DataClass.TEAM}
    }


def tables_of(statement: str) -> set[str]:
    """Every table that a statement names anywhere; Django quotes all names."""
    return set(re.findall(r'"(\w+)"', statement)) & set(connection.introspection.django_table_names())


@contextmanager
def tables_read() -> Iterator[set[str]]:
    found: set[str] = set()

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found.update(tables_of(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


@pytest.mark.requirement("N4")
@pytest.mark.parametrize("role", LEADERS)
def test_only_release_tables_are_read(cast: Cast, role: str) -> None:
    counted_district(cast)
    release(cast)
    client = as_(Client(), getattr(cast, role))
    choices = re.findall(r'<option value="([a-z_]+:[^"]+)"', client.get(PAGE).content.decode())
    assert len(choices) >= 2
    with tables_read() as read:
        for choice in choices:
            assert client.get(PAGE, {"term": term().key, "metric": choice}).status_code == 200
    assert read & private_tables() == set()
    assert read <= AT_THE_GATE | set(queries.REPORT_TABLES)
    assert set(queries.REPORT_TABLES) <= read


def test_the_reading_of_a_private_table_would_be_seen(cast: Cast) -> None:
    """The positive control."""
    client = as_(Client(), cast.novice)
    with tables_read() as read:
        client.get("/grow/needs/")
    assert "lantern_need" in read & private_tables()


def test_it_asks_as_often_for_many_groups_as_for_few(cast: Cast) -> None:
    counts = []
    for _ in range(2):
        with transaction.atomic():
            staff(cast.school, 20)
            release(cast)
            client = as_(Client(), cast.coordinator)
            client.get(PAGE)
            with CaptureQueriesContext(connection) as seen:
                client.get(PAGE)
            counts.append(len(seen))
            transaction.set_rollback(True)
        staff(cast.other_school, 20)
    assert counts[0] == counts[1] <= 13 + 4 * (connection.vendor == "postgresql")


# ----------------------------------------------------------------------------------------------------- twin worlds


def lead_pages(cast: Cast, things: Any) -> dict[tuple[str, str], str]:
    """Every page of lead for every leader, without what differs from one answer to the next by design."""
    found = {}
    for role in (*LEADERS, "outsider"):
        client = as_(Client(), getattr(cast, role))
        for name, row in TABLE.items():
            if name.startswith("lead:") and "GET" in row.methods:
                response = client.get(address(name, things.ids))
                found[role, name] = f"{response.status_code} " + re.sub(
                    r'(name="csrfmiddlewaretoken" value|name="idempotency_key" value)="[^"]+"|"[A-Za-z0-9]{64}"',
                    "fresh",
                    response.content.decode(),
                )
    return found


def live_privately(cast: Cast, people: list[Any], things: Any) -> None:
    for person in people[:15]:
        for competency in competencies_of(cast.framework):
            explore(person, competency)
        link(person, things.rows["initiative"])


@pytest.mark.requirement("N4")
def test_twin_worlds_differ_in_nothing_but_a_release(cast: Cast) -> None:
    """Two worlds that differ in private rows only give every leader the same bytes, until a term is released."""
    with clock.standing_at(clock.now()):
        things = make_things(cast)
        people = staff(cast.school, 20)
        with tenancy.unscoped("test"):
            tables.Initiative.objects.filter(pk=things.ids["initiative"]).update(created_at=moment())
        worlds = []
        for lived in (False, True):
            with transaction.atomic():
                if lived:
                    live_privately(cast, people, things)
                before = lead_pages(cast, things)
                release(cast)
                worlds.append((before, lead_pages(cast, things)))
                transaction.set_rollback(True)
    (quiet, quiet_released), (busy, busy_released) = worlds
    assert len(quiet) >= 20 and quiet == busy
    differing = {key for key, page in quiet_released.items() if busy_released[key] != page}
    assert {name for _, name in differing} == {"lead:insights"}  # the one intended way, and the positive control
