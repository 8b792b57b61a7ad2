"""The page of an activity, and adding something from outside."""

from __future__ import annotations

import socket
import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.courses import commands as courses
from lantern.domain.courses import queries
from lantern.domain.evidence import commands as evidence
from lantern.domain.plans import queries as plans
from lantern.kernel import clock
from lantern.kernel.fetch import client as fetch_client
from tests.cast import acting, as_
from tests.domain.learning_factory import logged, make_rule, offer, reflected, with_file

pytestmark = pytest.mark.django_db

EVERY_OTHER = ["expert", "coach", "principal", "coordinator", "operator", "official", "outsider"]
OUTSIDE = {"title": "A Sunday webinar", "kind": "live_session", "minutes": "90", "act": "plan"}


@pytest.fixture(autouse=True)
def files_of_its_own(settings, tmp_path):
    settings.LANTERN_FILES = tmp_path / "files"


@pytest.fixture
def activity(cast):
    with acting(cast.coordinator) as dana:
        resource = offer(dana, minutes=60, url="https://example.org/talks")
    with acting(cast.novice) as nia:
        return courses.take_up(nia, resource_id=resource.pk)


def page_of(activity) -> str:
    return reverse("learn:activity", args=[activity.pk])


def progress_of(activity) -> str:
    return reverse("learn:progress", args=[activity.pk])


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.requirement("A.6")
def test_it_says_what_it_is_and_what_it_would_count(cast, client, activity) -> None:
    make_rule(cast.district)
    shown = text(as_(client, cast.novice).get(page_of(activity)))
    for words in ("Number talks", "Planned", "about 60 minutes", "It counts 1.00 hours", "District hours", "Only you"):
        assert words in shown
    assert "https://example.org/talks" in shown
    assert "Reflect" not in shown


@pytest.mark.parametrize(
    ("sent", "state", "percent"),
    [
        ({"quick": "started"}, "started", 5),
        ({"quick": "half"}, "started", 50),
        ({"quick": "done"}, "finished", 100),
        ({"percent": "30", "minutes_spent": "20"}, "started", 30),
        ({"act": "set_aside"}, "set_aside", 0),
    ],
)
def test_progress_by_button_or_number(cast, client, activity, sent, state, percent) -> None:
    answer = as_(client, cast.novice).post(progress_of(activity), {**sent, "idempotency_key": str(uuid4())})
    assert (answer.status_code, answer.headers["Location"]) == (303, page_of(activity))
    with acting(cast.novice) as nia:
        now = queries.get_activity(nia, activity.pk)
    assert (now.state, now.percent) == (state, percent)
    assert client.get(page_of(activity)).status_code == 200


def test_a_button_never_takes_progress_away(cast, client, activity) -> None:
    as_(client, cast.novice).post(progress_of(activity), {"percent": "80"})
    client.post(progress_of(activity), {"quick": "half"})
    with acting(cast.novice) as nia:
        assert queries.get_activity(nia, activity.pk).percent == 80


def test_when_it_is_done_the_next_step_is_to_reflect(cast, client, activity) -> None:
    as_(client, cast.novice).post(progress_of(activity), {"quick": "done"})
    shown = text(client.get(page_of(activity)))
    assert reverse("portfolio:reflections_new", args=[activity.pk]) in shown
    assert "Your next step" in shown


def test_what_was_set_aside_can_be_taken_up_again(cast, client, activity) -> None:
    as_(client, cast.novice).post(progress_of(activity), {"act": "set_aside"})
    assert "Take it up again" in text(client.get(page_of(activity)))
    refused = client.post(progress_of(activity), {"quick": "half"})
    assert refused.status_code == 409
    client.post(progress_of(activity), {"act": "resume"})
    with acting(cast.novice) as nia:
        assert queries.get_activity(nia, activity.pk).state == "planned"


@pytest.mark.parametrize("sent", [{"percent": "101"}, {"percent": "x"}, {}, {"percent": "5", "minutes_spent": "-1"}])
def test_wrong_numbers_bring_the_form_again(cast, client, activity, sent) -> None:
    answer = as_(client, cast.novice).post(progress_of(activity), sent)
    assert answer.status_code == 422
    assert "Something here needs another look" in text(answer)


@pytest.mark.parametrize("who", EVERY_OTHER)
def test_nobody_else_finds_it(cast, client, activity, who) -> None:
    as_(client, getattr(cast, who))
    twin = reverse("learn:activity", args=[uuid4()])
    assert client.get(page_of(activity)).status_code == client.get(twin).status_code == 404
    assert client.post(progress_of(activity), {"quick": "done"}).status_code == 404


def test_queries_do_not_grow_with_files(cast, client, activity) -> None:
    make_rule(cast.district)
    as_(client, cast.novice).get(page_of(activity))
    counts = []
    for words in (("one",), ("two", "three")):
        with acting(cast.novice) as nia:
            for word in words:
                with_file(nia, activity, word)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(page_of(activity))
        counts.append(len(captured))
    assert counts[0] == counts[1]


# ------------------------------------------------------------------------------------------------- from outside


@pytest.mark.requirement("B.5")
def test_by_hand_into_the_plan(cast, client) -> None:
    as_(client, cast.novice)
    assert "Paste a link" in text(client.get(reverse("learn:outside")))
    key = str(uuid4())
    answers = [client.post(reverse("learn:outside"), {**OUTSIDE, "idempotency_key": key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    with acting(cast.novice) as nia:
        (made,) = queries.my_activities(nia)
        assert (made.title, made.state) == ("A Sunday webinar", "planned")
        assert plans.item_for_activity(nia, made.pk) is not None
    assert answers[0].headers["Location"] == page_of(made)
    assert "In your plan" in text(client.get(page_of(made)))


@pytest.mark.requirement("P2.4")
def test_a_sunday_webinar_shows_verdict_hours_and_what_it_brought(cast, client) -> None:
    make_rule(cast.district)
    as_(client, cast.novice)
    answer = client.post(reverse("learn:outside"), {**OUTSIDE, "act": "done", "happened_on": "2026-10-04"})
    shown = text(client.get(answer.headers["Location"]))
    assert "It counts 1.50 hours once nothing is missing" in shown
    assert "a file that shows you took part" in shown
    with acting(cast.novice) as nia:
        webinar = queries.my_activities(nia).get()
        reflected(nia, webinar)
        with_file(nia, webinar)
    assert "1.50 hours earned" in text(client.get(page_of(webinar)))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "required"),
        ("minutes", "0", "greater than or equal to 1"),
        ("kind", "seance", "valid choice"),
        ("url", "javascript:alert(1)", "full web address"),
        ("act", "done", "Say on which day it was"),
        ("happened_on", "not a day", "valid date"),
    ],
)
def test_wrong_forms_come_again_with_the_reason(cast, client, field, value, words) -> None:
    answer = as_(client, cast.novice).post(reverse("learn:outside"), {**OUTSIDE, field: value})
    assert answer.status_code == 422
    assert words in text(answer)
    with acting(cast.novice) as nia:
        assert not queries.my_activities(nia).exists()


def test_a_day_to_come_is_not_done_yet(cast, client) -> None:
    sent = {**OUTSIDE, "act": "done", "happened_on": str(clock.today() + timedelta(days=3))}
    answer = as_(client, cast.novice).post(reverse("learn:outside"), sent)
    assert answer.status_code == 422 and "has not come yet" in text(answer)


PAGE = b"""<html lang="en"><head><title>Raw</title><meta property="og:title" content="Asking good questions in maths">
<meta property="og:site_name" content="The Talk Lab"><meta property="og:type" content="video.other">
<meta name="description" content="How to plan good questions">
<meta property="og:video:duration" content="1500"></head></html>"""


@pytest.fixture
def internet(monkeypatch):
    """Puts one page behind every public address, at the sockets; returns the requests that were made."""
    asked: list[bytes] = []

    def connect(address: str, port: int, timeout: float) -> socket.socket:
        ours, theirs = socket.socketpair()

        def serve() -> None:
            with theirs:
                asked.append(theirs.recv(65_536))
                head = (
                    f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(PAGE)}\r\n\r\n"
                )
                theirs.sendall(head.encode() + PAGE)

        threading.Thread(target=serve, daemon=True).start()
        return ours

    monkeypatch.setattr(fetch_client, "_resolve", lambda host, port: ["93.184.216.34"])
    monkeypatch.setattr(fetch_client, "_connect", connect)
    return asked


@pytest.mark.requirement("B.5")
def test_a_pasted_link_proposes_what_its_page_says(cast, client, internet) -> None:
    make_rule(cast.district)
    answer = as_(client, cast.novice).post(reverse("learn:preview"), {"url": "http://example.org/talk"})
    shown = text(answer)
    assert answer.status_code == 200
    for words in ("Asking good questions in maths", "The Talk Lab", 'value="25"', "It counts 0.25 hours"):
        assert words in shown
    assert '<option value="video" selected>' in shown
    competency = next(row for row in shown.split("<option") if "selected" in row and "Asking good questions" in row)
    assert competency
    assert len(internet) == 1 and b"cookie" not in internet[0].lower() and b"Nia" not in internet[0]
    with acting(cast.novice) as nia:
        assert not queries.my_activities(nia).exists()


@pytest.mark.parametrize("link", ["http://127.0.0.1/x", "not a link", "ftp://example.org/", "http://[::1]/"])
def test_a_link_that_cannot_be_opened_says_why_and_leaves_the_form(cast, client, link) -> None:
    answer = as_(client, cast.novice).post(reverse("learn:preview"), {"url": link})
    assert answer.status_code == 200
    shown = text(answer)
    assert "We could not read that page" in shown and "You can fill in the form yourself" in shown
    assert "Add it" in shown


def test_an_empty_link_is_asked_for_again(cast, client) -> None:
    assert as_(client, cast.novice).post(reverse("learn:preview"), {"url": " "}).status_code == 422


def test_what_a_page_says_is_shown_as_text(cast, client, internet, monkeypatch) -> None:
    monkeypatch.setitem(globals(), "PAGE", b"<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>")
    shown = text(as_(client, cast.novice).post(reverse("learn:preview"), {"url": "http://example.org/"}))
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_outside_learning_reflected_on_links_to_its_reflection(cast, client) -> None:
    with acting(cast.novice) as nia:
        webinar = logged(nia, happened_on=date(2026, 10, 4))
        made = reflected(nia, webinar)
        evidence.answer_reflection(nia, reflection_id=made.pk, outcome="worked")
    assert reverse("portfolio:reflection", args=[made.pk]) in text(as_(client, cast.novice).get(page_of(webinar)))


def test_what_is_under_way_shows_what_the_whole_would_count(cast, client, activity) -> None:
    make_rule(cast.district)
    as_(client, cast.novice).post(progress_of(activity), {"percent": "40", "minutes_spent": "20"})
    assert "It counts 1.00 hours" in text(client.get(page_of(activity)))
    client.post(progress_of(activity), {"percent": "100", "minutes_spent": "20"})
    assert "It counts 0.25 hours" in text(client.get(page_of(activity)))
