"""The suggestions page: points that add up on screen, everything behind the short list, why not that one, what
counts.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.catalog.models import Resource
from lantern.domain.courses import commands as courses
from lantern.domain.goals import commands as goals
from lantern.domain.needs import commands as needs
from lantern.domain.plans import commands as plans
from lantern.domain.privacy import commands as privacy
from lantern.domain.recommendations import commands
from lantern.domain.recommendations.types import SWITCHES
from lantern.kernel import clock
from tests.cast import Cast, acting, as_, competencies_of
from tests.offers import offer, offers

PAGE = "/home/suggestions/"


@pytest.fixture
def made(cast: Cast) -> dict[str, Resource]:
    """A small catalog, and the novice's suggestions made."""
    found = offers(cast)
    with acting(cast.novice) as actor:
        commands.refresh(actor)
    return found


def read(client: Client, path: str = PAGE) -> str:
    """The page."""
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def sums(page: str) -> list[tuple[float, float]]:
    """For each table of points: the parts added up, and the sum that the page names."""
    found = []
    for table in re.findall(r"<tbody>(.*?)</tbody>", page, re.S):
        points = [float(text) for text in re.findall(r'<td class="num">([+-]?[\d.]+)</td>', table)]
        found.append((sum(points[:-1]), points[-1]))
    return found


@pytest.mark.requirement("B.3")
def test_the_points_of_each_suggestion_add_up_on_screen(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    as_(client, cast.novice)
    shown = sums(read(client))
    assert len(shown) == 6
    for added, said in shown:
        assert added == pytest.approx(said, abs=0.35)  # each figure is rounded to a tenth


@pytest.mark.requirement("A.2")
def test_the_short_list_has_show_all_and_all_is_everything_in_pages(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    for number in range(20):
        offer(cast, f"One more {number}", minutes=10)
    with acting(cast.novice) as actor:
        commands.refresh(actor)
    as_(client, cast.novice)
    short = read(client)
    assert short.count('class="ui-resource"') == 6 and "?all=1" in short
    everything = read(client, PAGE + "?all=1")
    assert everything.count('class="ui-resource"') == 20 and "1 to 20 of 28" in everything
    assert read(client, PAGE + "?all=1&page=2").count('class="ui-resource"') == 8


def test_nothing_to_suggest_is_said_calmly(cast: Cast, client: Client) -> None:
    page = read(as_(client, cast.novice))
    assert "Nothing to suggest yet" in page and "What you call" in page


def test_why_not_that_one_is_answered_by_title_and_by_link(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    book = made["The feedback book"]
    as_(client, cast.novice)
    page = read(client, PAGE + "?title=feedback+book")
    assert "The feedback book" in page and re.search(r"It comes at place \d+ of 8", page)
    assert "Nothing in the catalog is called that" in read(client, PAGE + "?title=zzzzqqq")
    assert "It comes at place" in read(client, f"{PAGE}?resource={book.pk}")
    assert client.get(PAGE + "?resource=nonsense").status_code == 404
    outside = next(
        one for one in made.values() if re.search(r"at place [78] of 8", read(client, f"{PAGE}?resource={one.pk}"))
    )
    told = read(client, f"{PAGE}?resource={outside.pk}")
    assert "Where it loses against the last of your short list" in told
    assert "One of these alone would bring it in" in told or "No single change would bring it in" in told
    assert "It comes at place" not in read(client, f"{PAGE}?resource={uuid4()}")


@pytest.mark.requirement("B.3")
def test_each_part_can_be_seen_and_switched_off(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    as_(client, cast.novice)
    assert read(client).count('name="on"') == len(SWITCHES)
    on = ["goal", "need", "level", "work", "role", "format", "interest", "strength", "initiative"]
    answer = client.post(PAGE + "factors/", {"on": on})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    page = read(client)
    assert "The time you have</th>" not in page
    assert re.search(r'value="time"><span>The time', page) and re.search(r'value="goal" checked>', page)


@pytest.mark.requirement("N5")
def test_how_much_a_part_counts_changes_its_points_and_the_districts_can_only_fall(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    as_(client, cast.novice)
    before = points_of("The time you have", read(client))
    on = {"on": list(SWITCHES)}
    assert client.post(PAGE + "factors/", on | {"weight-time": "2"}).status_code == 303
    page = read(client)
    assert max(points_of("The time you have", page)) == 2 * max(before) > 0
    assert re.search(r'name="weight-time".*?value="2" selected', page)
    assert client.post(PAGE + "factors/", on | {"weight-initiative": "2"}).status_code == 422
    assert client.post(PAGE + "factors/", on | {"weight-time": "200"}).status_code == 422
    district = re.search(r'name="weight-initiative".*?</select>', page)
    assert district is not None and 'value="2"' not in district[0]


def points_of(part: str, page: str) -> list[float]:
    """The points a part of the match gives, suggestion by suggestion."""
    return [float(found) for found in re.findall(rf"{part}</th><td>[^<]*</td><td[^>]*>\+?(-?[\d.]+)</td>", page)]


def test_dismissing_and_taking_back_is_listed_with_its_why(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    talk = made["Your first number talk"]
    as_(client, cast.novice)
    assert client.post(reverse("home:dismiss", args=[talk.pk]), {"why": "too_easy"}).status_code == 303
    page = read(client)
    assert "I know this already" in page.split('id="left-out"')[1]
    assert reverse("home:dismiss", args=[talk.pk]) not in page
    assert client.post(reverse("home:restore", args=[talk.pk])).status_code == 303
    assert reverse("home:restore", args=[talk.pk]) not in read(client)


@pytest.mark.parametrize(("why", "status"), [("", 422), ("nonsense", 422)])
def test_not_for_me_without_a_known_why_is_refused(
    cast: Cast, client: Client, made: dict[str, Any], why: str, status: int
) -> None:
    path = reverse("home:dismiss", args=[made["Anything goes"].pk])
    assert as_(client, cast.novice).post(path, {"why": why}).status_code == status
    assert client.get(path).status_code == 405


def test_resources_of_another_district_cannot_be_dismissed(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    path = reverse("home:dismiss", args=[made["Anything goes"].pk])
    assert as_(client, cast.outsider).post(path, {"why": "not_now"}).status_code == 404
    assert client.post(reverse("home:dismiss", args=[uuid4()]), {"why": "not_now"}).status_code == 404


def test_suggestions_for_a_goal_come_as_a_page_and_as_a_fragment_and_only_to_its_owner(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    with acting(cast.novice) as actor:
        goal = goals.set_goal(
            actor, title="Three talks", measure="talks", baseline="0", target="3",
            due_on=clock.today() + timedelta(days=9), competency_id=competencies_of(cast.framework)[2].pk,
        )  # fmt: skip
        vague = goals.set_goal(
            actor,
            title="Be calm",
            measure="calm days",
            baseline="1",
            target="3",
            due_on=clock.today() + timedelta(days=9),
        )
    path = f"{PAGE}?goal={goal.pk}"
    whole = read(as_(client, cast.novice), path)
    assert "<!doctype html>" in whole and "Three talks" in whole and whole.count('class="ui-resource"') == 3
    part = client.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "<!doctype" not in part and part.count('class="ui-resource"') == 3
    assert "Name a competency" in read(client, f"{PAGE}?goal={vague.pk}")
    for wrong in ("nonsense", str(uuid4())):
        assert client.get(f"{PAGE}?goal={wrong}").status_code == 404
    for person in (cast.coach, cast.principal, cast.coordinator, cast.operator, cast.outsider):
        assert as_(client, person).get(path).status_code == 404


def test_a_goal_whose_steps_are_all_planned_done_or_left_out_says_so(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    with acting(cast.novice) as actor:
        goal = goals.set_goal(
            actor, title="Three talks", measure="talks", baseline="0", target="3",
            due_on=clock.today() + timedelta(days=9), competency_id=competencies_of(cast.framework)[2].pk,
        )  # fmt: skip
        plans.plan_resource(actor, resource_id=made["Your first number talk"].pk)
        plans.plan_resource(actor, resource_id=made["Number talks in a month"].pk)
        done = plans.plan_resource(actor, resource_id=made["Number talks on the way home"].pk)
        courses.set_progress(actor, activity_id=done.activity_id, percent=100)
        commands.set_factors(actor, off=["goal"])
    path = f"{PAGE}?goal={goal.pk}"
    page = read(as_(client, cast.novice), path)
    assert "Lead a number talk study" in page and "Your first step" in page, "one is left, with goals switched off too"
    with acting(cast.novice) as actor:
        commands.dismiss(actor, resource_id=made["Lead a number talk study"].pk, why="too_long")
    page = re.sub(r"<[^>]+>", " ", read(client, path))
    told = page.split("What leads there is in your plan or under way already:")[1]
    planned, rest = told.split("You have done this already:")
    assert "Your first number talk" in planned and "Number talks in a month" in planned
    done_already, left_out = rest.split("You said that this was not for you:")
    assert "Number talks on the way home" in done_already and "Lead a number talk study" in left_out
    assert "Nothing in the catalog leads there yet" not in page and "Nothing else in the catalog leads there" in page


def test_a_goal_whose_level_is_reached_says_how_far_the_catalog_leads(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    talks = competencies_of(cast.framework)[2]
    with acting(cast.novice) as actor:
        goal = goals.set_goal(
            actor, title="Three talks", measure="talks", baseline="0", target="3",
            due_on=clock.today() + timedelta(days=9), competency_id=talks.pk,
        )  # fmt: skip
        needs.rate(actor, competency_id=talks.pk, level=4)
    page = re.sub(r"<[^>]+>", " ", read(as_(client, cast.novice), f"{PAGE}?goal={goal.pk}"))
    assert "4 in the catalog lead no further than “Leading others”, where you probably are." in page
    assert "Nothing in the catalog leads there yet" not in page


def test_who_said_nothing_of_herself_is_told_that_suggestions_follow_her_work(
    cast: Cast, client: Client, made: dict[str, Any]
) -> None:
    as_(client, cast.novice)
    assert "These follow your work alone" in read(client)
    with acting(cast.novice) as actor:
        needs.add_need(actor, competency_id=competencies_of(cast.framework)[2].pk)
        commands.refresh(actor)
    assert "These follow your work alone" not in read(client)


def test_who_refused_the_purpose_is_told_what_suggestions_follow_now(cast: Cast, client: Client) -> None:
    with acting(cast.novice) as actor:
        privacy.refuse_purpose(actor, purpose="recommendation")
    assert "your job, grades and subjects" in read(as_(client, cast.novice))


def test_queries_do_not_grow_with_dismissals_and_suggestions(cast: Cast, client: Client, made: dict[str, Any]) -> None:
    as_(client, cast.novice)
    counts = []
    for title in ("Anything goes", "The feedback book", "Feedback circle"):
        with acting(cast.novice) as actor:
            commands.dismiss(actor, resource_id=made[title].pk, why="other")
        client.get(PAGE)
        with CaptureQueriesContext(connection) as counted:
            client.get(PAGE)
        counts.append(len(counted))
    assert counts[0] == counts[2] <= 20


@pytest.mark.requirement("P2.1")
def test_what_draws_her_changes_the_cards_on_home_and_what_they_say(cast: Cast, client: Client) -> None:
    for number, kind in enumerate(("video", "article", "podcast", "book")):
        offer(cast, f"Free talk {number}", kind, minutes=10, cost_cents=0)
        offer(cast, f"Credit course {number}", kind, minutes=10, credit_minutes=90, cost_cents=2000)
    as_(client, cast.novice)

    def home(**draws: Any) -> tuple[set[str], str]:
        sent = {"section": "likes", "minutes_per_week": "40", **draws}
        assert client.post("/account/", sent).status_code == 303
        with acting(cast.novice) as actor:
            commands.refresh(actor)
        page = client.get("/home/").content.decode()
        cards = page.split('id="chosen"')[1]
        return set(re.findall(r"(Free talk \d|Credit course \d)</a>", cards)), cards

    cheap, said_cheap = home(motivations=["money"])
    earned, said_earned = home(motivations=["money", "credential"], draws_most="credential")
    assert cheap and all(title.startswith("Free talk") for title in cheap)
    assert earned and all(title.startswith("Credit course") for title in earned)
    assert "It is free, and what it costs matters to you" in said_cheap and "credential" not in said_cheap
    assert "It counts 1.5 hours of credit, and a credential draws you" in said_earned
    _, said = home()
    assert "draws you" not in said and "matters to you" not in said
