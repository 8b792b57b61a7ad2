"""A few minutes to spare: what fits, what was begun first, never anything longer, begun with one press."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.courses import commands as courses
from lantern.domain.courses import queries as course_queries
from lantern.domain.plans import commands as plans
from lantern.engine.next_step import Thing
from lantern.engine.short_time import CHOICES, choice, nearest_first, rest_fits
from lantern.kernel import clock
from tests.cast import Cast, acting, as_
from tests.offers import offer

PAGE = "/home/minutes/"


def read(client: Client, minutes: int | None = None) -> str:
    """The page for so many minutes."""
    answer = client.get(PAGE, {} if minutes is None else {"minutes": str(minutes)})
    assert answer.status_code == 200
    return answer.content.decode()


def shown(page: str) -> list[str]:
    """The titles on the cards, in order."""
    return re.findall(r'class="ui-resource-title"><a href="[^"]+">([^<]+)</a>', page)


@pytest.fixture
def made(cast: Cast) -> dict[str, Any]:
    """Things of every length, two of them under way, one planned."""
    lengths = (5, 8, 10, 11, 12, 15, 25, 30, 45, 200)
    found = {f"Takes {minutes}": offer(cast, f"Takes {minutes}", "article", minutes=minutes) for minutes in lengths}
    found["Nobody knows"] = offer(cast, "Nobody knows", "article")
    with acting(cast.novice) as actor:
        for title, percent in (("Takes 200", 98), ("Takes 45", 50), ("Takes 12", 40)):
            activity = courses.take_up(actor, resource_id=found[title].pk)
            courses.set_progress(actor, activity_id=activity.pk, percent=percent)
        planned = courses.take_up(actor, resource_id=found["Takes 8"].pk)
        plans.add_to_plan(actor, activity_id=planned.pk, monday=clock.week_start(clock.today()))
    return found


@pytest.mark.requirement("A.11")
def test_home_leads_there_with_one_plain_link(cast: Cast, client: Client) -> None:
    page = as_(client, cast.novice).get("/home/").content.decode()
    assert re.search(rf'<a [^>]*href="{PAGE}"', page) and "I only have 10 minutes" in page


@pytest.mark.requirement("A.2")
def test_what_was_begun_and_can_be_ended_comes_first_then_planned_then_new_and_nothing_longer(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    as_(client, cast.novice)
    page = read(client)
    titles = shown(page)
    assert titles[:3] == ["Takes 200", "Takes 12", "Takes 8"]
    assert "4 minutes left, and your place is kept" in page and "7 minutes left" in page
    assert set(titles[3:]) == {"Takes 5", "Takes 10"} and len(titles) == 5
    assert "Nobody knows" not in page
    assert "Takes 45" in shown(read(client, 30)) and "Takes 45" not in titles


@pytest.mark.parametrize("minutes", CHOICES)
def test_never_something_longer_whatever_is_chosen(
    cast: Cast, client: Client, made: dict[str, Any], minutes: int
) -> None:
    page = read(as_(client, cast.expert), minutes)
    lengths = [int(title.removeprefix("Takes ")) for title in shown(page)]
    assert 1 <= len(lengths) <= 5 and max(lengths) <= minutes
    assert page.count('aria-current="true"') == 1 and page.count("ui-because") == len(lengths)


def test_one_press_begins_it(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    page = read(as_(client, cast.expert), 5)
    action = re.search(r'<form method="post" action="(/learn/resources/[^"]+)"', page)
    assert action is not None and 'name="act" value="start"' in page
    answer = client.post(action[1], {"act": "start"})
    with acting(cast.expert) as actor:
        begun = course_queries.activity_for_resource(actor, made["Takes 5"].pk)
    assert begun is not None
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("learn:activity", args=[begun.pk]))


def test_when_nothing_is_that_short_it_says_so(cast: Cast, client: Client) -> None:
    offer(cast, "Takes 60", minutes=60)
    assert "Nothing is that short" in read(as_(client, cast.novice), 5)


def test_the_number_of_queries_does_not_grow(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    as_(client, cast.novice)
    read(client)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(client)
        return len(queries)

    before = count()
    for number in range(3):
        offer(cast, f"Takes {number + 2}", minutes=number + 2)
    read(client)
    assert count() <= before


def test_a_choice_that_is_none_is_ten() -> None:
    assert [choice(said) for said in ("", "5", "30", "7", "-5", "999999")] == [10, 5, 30, 10, 10, 10]


def test_what_has_no_length_never_fits_and_the_least_left_comes_first() -> None:
    things = [Thing(1, "a", 20, 50), Thing(2, "b", 0), Thing(3, "c", 100, 95), Thing(4, "d", 21, 50)]
    assert [thing.id for thing in nearest_first(things, 10)] == [3, 1]
    assert not rest_fits(Thing(1, "a", 21, 50), 10)
