"""Home: one next step, everything else at a glance, all five kinds of things within two clicks, and the same few
queries.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.announcements import commands as announcements
from lantern.domain.courses import commands as courses
from lantern.domain.credits import commands as credits
from lantern.domain.goals import commands as goals
from lantern.domain.notices import commands as notices
from lantern.domain.people.models import Person
from lantern.domain.plans import commands as plans
from lantern.domain.recommendations import commands as recommendations
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.web.home import words
from tests.cast import Cast, acting, as_, competencies_of, make_person, system_of
from tests.offers import offer, offers

HOME = "/home/"


def home(client: Client, person: Person) -> str:
    """The page as this person gets it."""
    answer = as_(client, person).get(HOME)
    assert answer.status_code == 200
    return answer.content.decode()


def goal(actor: Actor, cast: Cast, title: str = "Three talks a week") -> Any:
    """A goal in number talks."""
    return goals.set_goal(
        actor, title=title, measure="talks a week", baseline="0", target="3",
        due_on=clock.today() + timedelta(days=60), competency_id=competencies_of(cast.framework)[2].pk,
    )  # fmt: skip


def test_a_newcomer_sees_one_thing_to_do_and_calm_empty_places(cast: Cast, client: Client) -> None:
    page = home(client, make_person(cast.school, "Mia New", started=False))
    assert "Mia" in page and "Tell Lantern what suits you" in page
    assert page.count("ui-btn--next") == 1
    assert reverse("start:start") in page
    assert "Nothing to suggest yet" in page and "Nothing planned yet" in page and "Add my licence" in page
    assert "Coming up live" not in page and "Your other duties" not in page


def test_the_next_step_is_the_activity_under_way_with_its_goal_and_the_minutes_left(cast: Cast, client: Client) -> None:
    talk = offers(cast)["Number talks in a month"]
    with acting(cast.novice) as actor:
        mine = goal(actor, cast)
        activity = courses.take_up(actor, resource_id=talk.pk)
        plans.add_to_plan(actor, activity_id=activity.pk, monday=clock.week_start(clock.today()), goal_id=mine.pk)
        courses.set_progress(actor, activity_id=activity.pk, percent=50)
    page = home(client, cast.novice)
    assert page.count("ui-btn--next") == 1
    assert "Continue where you left off" in page and "60 minutes left" in page
    assert "It serves your goal “Three talks a week”." in page
    assert reverse("learn:activity", args=[activity.pk]) in page


def test_the_week_goals_licence_live_session_and_messages_are_all_there(cast: Cast, client: Client) -> None:
    made = offers(cast)
    monday = clock.week_start(clock.today())
    with acting(cast.novice) as actor:
        mine = goal(actor, cast)
        goals.check_goal(actor, goal_id=mine.pk, value="1")
        first = courses.take_up(actor, resource_id=made["Your first number talk"].pk)
        plans.add_to_plan(actor, activity_id=first.pk, monday=monday)
        live = courses.take_up(actor, resource_id=made["Feedback circle"].pk)
        plans.add_to_plan(actor, activity_id=live.pk, monday=monday + timedelta(days=7))
        credits.set_licence(
            actor, name="Teaching licence", credit_type="hours", hours_needed=30,
            counts_from=clock.today() - timedelta(days=100), renews_on=clock.today() + timedelta(days=400),
        )  # fmt: skip
    system = system_of(cast.district)
    with acting(cast.coordinator) as actor:
        notices.notify(system, person_id=cast.novice.pk, kind="coach_accepted", from_name="Cora Bell")
        announcements.publish_announcement(
            actor, organisation_id=cast.district.pk, title="Doors open late", body="Yes."
        )
    page = home(client, cast.novice)
    assert re.search(r"<strong class=\"nums\">30</strong> of 40 minutes planned", page)
    assert "10 minutes are still free." in page
    assert "1 now, 3 wanted" in page and 'value="33"' in page
    assert "of 30 hours" in page and "Teaching licence renews on" in page
    assert "Coming up live" in page and "In the week of" in page
    assert "Cora Bell will coach you." in page and "Doors open late" in page


@pytest.mark.requirement("A.2")
def test_three_suggestions_each_with_because_not_for_me_and_add_to_plan(cast: Cast, client: Client) -> None:
    offers(cast)
    with acting(cast.novice) as actor:
        goal(actor, cast)
        recommendations.refresh(actor)
    page = home(client, cast.novice)
    assert page.count('class="ui-resource"') == 3
    assert page.count("ui-because") == 3 and page.count("Because you set the goal") >= 1
    assert page.count("/dismiss/") >= 3 and page.count("Too long for me now") == 3
    assert page.count('action="/learn/resources/') == 3
    assert reverse("home:suggestions") in page


def test_add_to_plan_on_home_puts_it_into_a_week_comes_back_and_suggests_something_else(
    cast: Cast, client: Client
) -> None:
    talk = offers(cast)["Your first number talk"]
    with acting(cast.novice) as actor:
        goal(actor, cast)
        recommendations.refresh(actor)
    assert talk.title in home(client, cast.novice)
    path = reverse("learn:add_to_plan", args=[talk.pk])
    sent = {"next": "/home/#chosen", "idempotency_key": "0198-plan"}
    for _ in range(2):
        answer = client.post(path, sent)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/home/#chosen")
    page = home(client, cast.novice)
    assert path not in page
    assert "In your plan for this week" in page and "30</strong> of 40 minutes planned" in page


@pytest.mark.parametrize(
    ("who", "shown", "hidden"),
    [
        ("novice", [], ["Your other duties"]),
        ("coach", ["Coaching", "Nobody is waiting"], ["Manage people"]),
        ("principal", ["lead:overview"], ["manage:overview", "lead:districts"]),
        ("coordinator", ["lead:overview", "manage:overview"], ["lead:districts"]),
        ("official", ["lead:overview", "lead:districts"], ["manage:overview"]),
        ("operator", ["manage:overview"], ["lead:overview"]),
    ],
)
def test_each_role_sees_its_other_duties_and_no_one_elses(
    cast: Cast, client: Client, who: str, shown: list[str], hidden: list[str]
) -> None:
    page = home(client, getattr(cast, who))
    for sign in shown:
        assert (reverse(sign) if ":" in sign else sign) in page
    for sign in hidden:
        assert (f'href="{reverse(sign)}"' if ":" in sign else sign) not in page


@pytest.mark.requirement("P4.1")
def test_announcements_content_catalog_tools_and_communities_are_within_two_clicks_of_home(
    cast: Cast, client: Client
) -> None:
    content = offer(cast, "Your first number talk", minutes=30)
    offer(cast, "Turn-taking board", "tool", minutes=10)
    offer(cast, "Numbers circle", "community")
    with acting(cast.coordinator) as actor:
        row = announcements.publish_announcement(actor, organisation_id=cast.district.pk, title="Welcome", body="Hello")
    newcomer = make_person(cast.school, "Mia New", started=False)
    pages = {HOME: home(client, newcomer)}
    for link in {one for one in re.findall(r'href="(/[^"#]*)"', pages[HOME]) if not one.startswith("/static/")}:
        answer = client.get(link.replace("&amp;", "&"))
        if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
            pages[link] = answer.content.decode()
    reached = set().union(*(set(re.findall(r'href="(/[^"#]*)"', page)) for page in pages.values()))
    assert reverse("home:announcement", args=[row.pk]) in reached
    assert reverse("learn:catalog") in pages
    assert reverse("learn:resource", args=[content.pk]) in reached
    assert "Turn-taking board" in pages[reverse("learn:catalog") + "?kind=tool"]
    assert "Your first number talk" not in re.sub(
        r"<search>.*?</search>", "", pages[reverse("learn:catalog") + "?kind=tool"]
    )
    assert "Numbers circle" in pages[reverse("together:communities")]


def test_the_number_of_queries_is_small_and_does_not_grow_with_the_rows(cast: Cast, client: Client) -> None:
    made = list(offers(cast).values())
    monday = clock.week_start(clock.today())
    counts = []
    as_(client, cast.novice)
    for number in range(3):
        with acting(cast.novice) as actor:
            mine = goal(actor, cast, f"Goal {number}")
            goals.check_goal(actor, goal_id=mine.pk, value="1")
            activity = courses.take_up(actor, resource_id=made[number].pk)
            plans.add_to_plan(actor, activity_id=activity.pk, monday=monday, goal_id=mine.pk)
            recommendations.refresh(actor)
        with acting(cast.coordinator) as actor:
            announcements.publish_announcement(actor, organisation_id=cast.district.pk, title="News", body="Text")
        client.get(HOME)
        with CaptureQueriesContext(connection) as counted:
            client.get(HOME)
        counts.append(len(counted))
    assert counts[0] == counts[2], counts
    assert counts[2] <= 25, counts


def test_nobody_meets_another_persons_private_words_on_home(cast: Cast, client: Client) -> None:
    offers(cast)
    with acting(cast.novice) as actor:
        goal(actor, cast, "canary of Nia")
        recommendations.refresh(actor)
    for person in (
        cast.expert,
        cast.coach,
        cast.principal,
        cast.coordinator,
        cast.official,
        cast.operator,
        cast.outsider,
    ):
        assert "canary" not in home(client, person)


def test_not_for_me_on_home_answers_303_back_to_the_suggestions_and_leaves_it_out(cast: Cast, client: Client) -> None:
    offers(cast)
    with acting(cast.novice) as actor:
        recommendations.refresh(actor)
    page = home(client, cast.novice)
    path = re.search(r'action="(/home/suggestions/[^"]*/dismiss/)"', page)
    assert path
    answer = client.post(path[1], {"why": "too_long", "next": "/home/#chosen"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/home/#chosen")
    assert path[1] not in home(client, cast.novice)
    answer = client.post(path[1], {"why": "too_long", "next": "https://elsewhere.example"})
    assert answer.headers["Location"] == reverse("home:suggestions")


@pytest.mark.parametrize(
    ("hour", "said"),
    [(0, "evening"), (5, "morning"), (11, "morning"), (12, "afternoon"), (17, "afternoon"), (18, "evening")],
)
def test_the_greeting_follows_the_hour(hour: int, said: str) -> None:
    moment = datetime(2026, 11, 21, hour, tzinfo=UTC)
    assert words.greeting(moment, "Nia") == f"Good {said}, Nia"
    assert words.greeting(moment, "") == f"Good {said}"


@pytest.mark.parametrize(
    ("planned", "available", "quiet", "said"),
    [
        (0, 40, False, "Nothing planned yet"),
        (30, 40, False, "10 minutes are still free"),
        (40, 40, False, "Just full"),
        (55, 40, False, "15 minutes more than you have"),
        (0, 0, True, "A quiet week. Nothing is due."),
        (10, 0, True, "quiet week with something in it"),
    ],
)
def test_the_week_is_said_in_words(planned: int, available: int, quiet: bool, said: str) -> None:
    assert said in words.week_words(planned, available, quiet)


@pytest.mark.parametrize(
    ("baseline", "value", "target", "percent"),
    [
        ("0 a week", "1", "3 a week", 33), ("8 of 26", "20 of 26", "20 of 26", 100), ("50 %", "40 %", "30 %", 50),
        ("5", "2", "9", 0), ("a little", "more", "much", None), ("3", "3", "3", None), ("1,5", "2.5", "3,5", 50),
    ],
)  # fmt: skip
def test_a_goal_shows_how_far_it_is_only_where_figures_say_so(
    baseline: str, value: str, target: str, percent: int | None
) -> None:
    assert words.goal_percent(baseline, value, target) == percent
