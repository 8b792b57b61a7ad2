"""The pages of the plan: weeks in words, moving without scripts, quiet weeks, paper, and hands off for others."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern import models as tables
from lantern.domain.goals import commands as goals
from lantern.domain.plans import commands, queries
from lantern.kernel import clock, tenancy
from lantern.web import typeset
from tests.cast import Cast, acting, as_
from tests.grow_facts import activity, goal_facts, in_days, monday


@pytest.fixture
def item(cast: Cast) -> Any:
    with acting(cast.novice) as nia:
        return commands.add_to_plan(nia, activity_id=activity(nia, "A podcast", 20).pk)


def weeks(cast: Cast) -> list[list[str]]:
    with acting(cast.novice) as nia:
        return [[each.title for each in week.items] for week in queries.my_plan(nia).weeks]


def test_an_empty_plan_says_what_will_be_here(cast: Cast, client: Client):
    page = as_(client, cast.novice).get(reverse("grow:plan")).content.decode()
    assert "Nothing is planned yet" in page and "This week" in page


@pytest.mark.requirement("C.2")
def test_moving_works_by_a_plain_form_and_by_drag(cast: Cast, client: Client, item: Any):
    as_(client, cast.novice)
    page = client.get(reverse("grow:plan")).content.decode()
    assert 'data-move-form="week"' in page and 'data-drop-zone="none"' in page
    assert f'data-drop-zone="{monday(2)}"' in page and 'name="week"' in page
    move = reverse("grow:plan_move", args=[item.pk])
    assert client.post(move, {"week": str(monday(2))}).status_code == 303
    assert weeks(cast)[2] == ["A podcast"]
    client.post(move, {"week": "none"})
    assert "In no week yet" in client.get(reverse("grow:plan")).content.decode()
    assert client.post(reverse("grow:plan_remove", args=[item.pk])).status_code == 303
    assert client.post(reverse("grow:plan_remove", args=[item.pk])).status_code == 404


def test_order_within_a_week_by_keyboard(cast: Cast, client: Client, item: Any):
    with acting(cast.novice) as nia:
        commands.add_to_plan(nia, activity_id=activity(nia, "Second", 10).pk, monday=monday())
    as_(client, cast.novice).post(reverse("grow:plan_move", args=[item.pk]), {"week": str(monday()), "position": "1"})
    assert weeks(cast)[0] == ["Second", "A podcast"]


def test_only_who_has_a_neighbour_is_offered_to_change_places_with_it(cast: Cast, client: Client, item: Any):
    as_(client, cast.novice)
    alone = client.get(reverse("grow:plan")).content.decode()
    assert "Earlier in the week" not in alone and "Later in the week" not in alone
    with acting(cast.novice) as nia:
        for title in ("Second", "Third"):
            commands.add_to_plan(nia, activity_id=activity(nia, title, 10).pk, monday=monday())
    page = client.get(reverse("grow:plan")).content.decode()
    found = re.findall(
        r'<form[^>]*action="([^"]*)"(?:(?!</form>).)*?name="position" value="(\d+)"(?:(?!</form>).)*?'
        r'(Earlier|Later) in the week<span class="sr-only">:? ?([^<]*)<', page, re.S,
    )  # fmt: skip
    offered = [(where, title) for _, _, where, title in found]
    assert offered == [
        ("Later", "A podcast"), ("Earlier", "Second"), ("Later", "Second"), ("Earlier", "Third"),
    ]  # fmt: skip
    address, place, *_ = found[-1]
    client.post(address, {"week": str(monday()), "position": place})
    assert weeks(cast)[0] == ["A podcast", "Third", "Second"]


@pytest.mark.requirement("A.11")
def test_a_quiet_week_is_set_shown_and_refuses_with_the_reason(cast: Cast, client: Client, item: Any):
    as_(client, cast.novice)
    week = reverse("grow:plan_week", args=[str(monday())])
    assert "Minutes in this week" in client.get(week).content.decode()
    answer = client.post(week, {"quiet": "on", "note": "Report cards", "minutes": ""}, follow=True)
    page = answer.content.decode()
    assert "Kept quiet: Report cards" in page and "waits below" in page
    assert f'data-drop-zone="{monday()}"' not in page
    refused = client.post(reverse("grow:plan_move", args=[item.pk]), {"week": str(monday())})
    assert refused.status_code == 422 and "You keep this week quiet" in refused.content.decode()
    assert client.post(week, {"minutes": "55"}).status_code == 303
    assert client.post(reverse("grow:plan_move", args=[item.pk]), {"week": str(monday())}).status_code == 303
    assert "20 of 55" in client.get(reverse("grow:plan")).content.decode()


def test_an_over_full_week_is_said_in_words(cast: Cast, client: Client):
    with acting(cast.novice) as nia:
        commands.add_to_plan(nia, activity_id=activity(nia, "A long book", 100).pk)
    page = as_(client, cast.novice).get(reverse("grow:plan")).content.decode()
    assert "60 minutes over." in page and "More planned than you have time for" in page


@pytest.mark.parametrize("wrong", ["", "soon", "0000-00-00", "2020-01-06"])
def test_a_week_that_is_none_is_refused(cast: Cast, client: Client, item: Any, wrong: str):
    answer = as_(client, cast.novice).post(reverse("grow:plan_move", args=[item.pk]), {"week": wrong})
    assert answer.status_code == 422
    assert weeks(cast)[0] == ["A podcast"]


def test_wrong_minutes_and_lengths_come_back(cast: Cast, client: Client, item: Any):
    as_(client, cast.novice)
    for minutes in ("-1", "many", "9999"):
        assert client.post(reverse("grow:plan_week", args=[str(monday())]), {"minutes": minutes}).status_code == 422
    assert client.get(reverse("grow:plan_week", args=["soon"])).status_code == 404
    for wrong in ({"begins_on": "", "weeks": "4"}, {"begins_on": str(monday()), "weeks": "99"}):
        assert client.post(reverse("grow:plan_settings"), wrong).status_code == 422
    assert client.post(reverse("grow:plan_settings"), {"begins_on": str(monday(1)), "weeks": "3"}).status_code == 303
    with acting(cast.novice) as nia:
        assert queries.my_plan(nia).weeks_shown == 3
    old = {"begins_on": str(monday(1)), "weeks": "5", "version": "1"}
    assert client.post(reverse("grow:plan_settings"), old).status_code == 409


@pytest.mark.requirement("B.1")
def test_goals_with_their_measures_and_the_weeks_print_as_one_document(cast: Cast, client: Client, item: Any):
    with acting(cast.novice) as nia:
        goals.set_goal(nia, **goal_facts())
        commands.set_week(nia, monday=monday(1), minutes=0, quiet=True)
        commands.add_to_plan(nia, activity_id=activity(nia, "Later", 10).pk, monday=monday(3))
    page = as_(client, cast.novice).get(reverse("grow:plan_print")).content.decode()
    for words in ("Quiet students speak up", "Students who speak in a discussion", "5 of 24", "15 of 24", "A podcast",
                  "Later", "Quiet", "20 of 40", "Nia Young"):  # fmt: skip
        assert words in page, words
    assert "No open goals" in as_(Client(), cast.expert).get(reverse("grow:plan_print")).content.decode()


@pytest.mark.requirement("B.1")
def test_the_document_says_where_a_measure_stands_and_only_what_she_ticks_of_her_trials(cast: Cast, client: Client):
    with acting(cast.novice) as nia:
        goal = goals.set_goal(nia, **goal_facts())
        goals.set_goal(nia, **goal_facts(title="Not looked at"))
        with clock.standing_at(clock.now() - timedelta(days=20)):
            goals.check_goal(nia, goal_id=goal.pk, value="7 of 24")
        goals.check_goal(nia, goal_id=goal.pk, value="9 of 24", note="A good week")
        done = activity(nia, "Number talks")
    with tenancy.unscoped("factory"):
        facts = {"tenant_id": cast.district.pk, "person": cast.novice, "minutes": 20, "submitted_at": clock.now()}
        tried, not_tried = (
            tables.Reflection.objects.create(
                activity_id=pk, takeaway="Mine alone", try_class="4b", try_on=in_days(-3), outcome=outcome,
                what_happened="They laughed", answered_at=clock.now(), **facts,
            )
            for pk, outcome in ((done.pk, "worked"), (_another(cast), "not_tried"))
        )  # fmt: skip
    as_(client, cast.novice)
    page = client.get(reverse("grow:plan_print")).content.decode()
    assert "9 of 24" in page and "7 of 24" not in page and "A good week" not in page and "Not looked at yet" in page
    assert str(tried.pk) in page and str(not_tried.pk) not in page and ">Tried in class</h2>" not in page
    ticked = client.get(reverse("grow:plan_print"), {"tried": [str(tried.pk), "nonsense"]}).content.decode()
    assert ">Tried in class</h2>" in ticked and ticked.count("Number talks, ") == 2
    for private in ("Mine alone", "They laughed", "4b"):
        assert private not in ticked
    other = as_(Client(), cast.expert).get(reverse("grow:plan_print"), {"tried": str(tried.pk)}).content.decode()
    assert "Number talks" not in other


def _another(cast: Cast) -> Any:
    with acting(cast.novice) as nia:
        return activity(nia, "Not tried").pk


@pytest.mark.requirement("P1.2")
@pytest.mark.parametrize("who", ["principal", "coordinator", "operator", "coach", "official", "outsider"])
def test_an_administrators_edit_of_her_plan_is_refused(cast: Cast, client: Client, item: Any, who: str):
    as_(client, getattr(cast, who))
    for name, send in (("plan_move", {"week": "none"}), ("plan_remove", {})):
        for pk in (item.pk, uuid4()):
            assert client.post(reverse(f"grow:{name}", args=[pk]), send).status_code == 404
    for name in ("plan", "plan_print"):
        assert b"A podcast" not in client.get(reverse(f"grow:{name}")).content
    assert weeks(cast)[0] == ["A podcast"]


def test_queries_do_not_grow_with_items(cast: Cast, client: Client, item: Any):
    as_(client, cast.novice)
    counts = []
    for more in (0, 2):
        with acting(cast.novice) as nia:
            for _ in range(more):
                commands.add_to_plan(nia, activity_id=activity(nia, "More", 10).pk)
        client.get(reverse("grow:plan"))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("grow:plan"))
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.requirement("B.1")
def test_the_plan_is_one_tagged_document_with_goals_measures_and_weeks(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
):
    given: list[str] = []
    set_by = typeset.pdf

    def recorded(template: Any, data: Any) -> bytes:
        given.append(json.dumps(data))
        return set_by(template, data)

    monkeypatch.setattr(typeset, "pdf", recorded)
    with acting(cast.novice) as nia:
        goals.set_goal(nia, **goal_facts(title='Evil #read("/etc/passwd") *goal*', measure="Who speaks"))
        commands.add_to_plan(nia, activity_id=activity(nia, "A podcast", 20).pk)
        commands.set_week(nia, monday=monday(1), minutes=0, quiet=True, note="Report cards")
        waiting = commands.add_to_plan(nia, activity_id=activity(nia, "Waits", 20).pk)
        commands.move_item(nia, item_id=waiting.pk, monday=None)
    answer = as_(client, cast.novice).get(reverse("grow:plan_pdf"))
    assert answer.headers["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    said = json.loads(given[0])
    assert said["goals"][0]["title"].startswith("Evil #read")
    facts = {fact["name"]: fact["value"] for fact in said["goals"][0]["facts"]}
    assert facts["Measure"] == "Who speaks" and facts["Where it stands"] == "Not looked at yet"
    assert said["weeks"][0]["items"] == ["A podcast (Podcast, 20 minutes)"]
    assert (said["weeks"][1]["minutes"], said["weeks"][1]["note"]) == ("Quiet", "Report cards")
    assert said["weeks"][-1]["label"] == "No week yet" and "Waits" in said["weeks"][-1]["items"][0]
    with pikepdf.open(io.BytesIO(answer.content)) as opened:
        assert bool(opened.Root.MarkInfo.Marked) and str(opened.docinfo["/Title"]) == "Professional learning plan"
        with opened.open_metadata() as metadata:
            assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    as_(client, cast.expert).get(reverse("grow:plan_pdf"))
    assert "Evil" not in given[-1] and "A podcast" not in given[-1]
