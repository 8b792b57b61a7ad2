"""Reflecting, reading it again, and saying how it went."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from lantern.domain.courses import commands as courses
from lantern.domain.credits import commands as credits
from lantern.domain.credits import queries as credit_queries
from lantern.domain.evidence import queries
from lantern.kernel import clock
from tests.cast import acting, as_
from tests.domain.learning_factory import logged, make_rule, offer, reflected, with_file

pytestmark = pytest.mark.django_db

EVERY_OTHER = ["expert", "coach", "principal", "coordinator", "operator", "official", "outsider"]


@pytest.fixture(autouse=True)
def files_of_its_own(settings, tmp_path):
    settings.LANTERN_FILES = tmp_path / "files"


def new_of(activity) -> str:
    return reverse("portfolio:reflections_new", args=[activity.pk])


def text(answer) -> str:
    return answer.content.decode()


def sent(**facts):
    day = str(clock.today() + timedelta(days=3))
    return {"takeaway": "Wait **three** seconds.", "minutes": "90", "try_class": "Grade 4", "try_on": day, **facts}


@pytest.mark.requirement("B.7")
def test_the_form_asks_for_a_class_and_a_day_and_says_what_becomes_official(cast, client) -> None:
    make_rule(cast.district)
    with acting(cast.novice) as nia:
        webinar = logged(nia)
    shown = text(as_(client, cast.novice).get(new_of(webinar)))
    for words in ("With which class", "On which day", 'value="90"', "official record", "It counts 1.50 hours"):
        assert words in shown


def test_hours_earned_are_told_after_saving_and_a_repeat_is_harmless(cast, client) -> None:
    make_rule(cast.district)
    with acting(cast.coordinator) as dana:
        resource = offer(dana, minutes=90)
    with acting(cast.novice) as nia:
        activity = courses.take_up(nia, resource_id=resource.pk)
    as_(client, cast.novice)
    form = sent(idempotency_key=str(uuid4()))
    first, second = client.post(new_of(activity), form), client.post(new_of(activity), form)
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    shown = text(client.get(first.headers["Location"]))
    assert "1.50 hours earned" in shown
    assert "<strong>three</strong>" in shown
    assert "Grade 4" in shown
    with acting(cast.novice) as nia:
        assert queries.count_reflections(nia) == 1


@pytest.mark.parametrize(("field", "value"), [("takeaway", " "), ("minutes", "0"), ("try_on", "2020-01-01")])
def test_wrong_forms_come_again(cast, client, field, value) -> None:
    with acting(cast.novice) as nia:
        webinar = logged(nia)
    answer = as_(client, cast.novice).post(new_of(webinar), sent(**{field: value}))
    assert answer.status_code == 422
    assert "Something here needs another look" in text(answer)
    with acting(cast.novice) as nia:
        assert queries.count_reflections(nia) == 0


def test_what_was_set_aside_says_so(cast, client) -> None:
    with acting(cast.novice) as nia:
        webinar = logged(nia, happened_on=None)
        courses.set_aside(nia, activity_id=webinar.pk)
    as_(client, cast.novice)
    assert "You set this aside" in text(client.get(new_of(webinar)))
    assert client.post(new_of(webinar), sent()).status_code == 422


def test_words_are_changed_on_the_same_page_without_minutes(cast, client) -> None:
    with acting(cast.novice) as nia:
        webinar = logged(nia)
        made = reflected(nia, webinar)
    as_(client, cast.novice)
    shown = text(client.get(new_of(webinar)))
    assert "Wait three seconds" in shown and 'name="minutes"' not in shown
    assert client.post(new_of(webinar), sent(takeaway="Changed")).status_code == 303
    assert client.post(new_of(webinar), sent(takeaway="")).status_code == 422
    with acting(cast.novice) as nia:
        now = queries.get_reflection(nia, made.pk)
    assert (now.takeaway, now.minutes, now.try_class) == ("Changed", 90, "Grade 4")


def test_what_is_missing_for_hours_is_the_next_step(cast, client) -> None:
    make_rule(cast.district)
    with acting(cast.novice) as nia:
        webinar = logged(nia)
        made = reflected(nia, webinar)
    page = reverse("portfolio:reflection", args=[made.pk])
    shown = text(as_(client, cast.novice).get(page))
    assert "a file that shows you took part" in shown
    assert reverse("portfolio:evidence_add", args=[webinar.pk]) in shown
    with acting(cast.novice) as nia:
        with_file(nia, webinar)
    assert "1.50 hours earned" in text(client.get(page))


@pytest.mark.requirement("B.7")
def test_it_asks_how_it_went_and_takes_that_it_did_not_work(cast, client) -> None:
    with acting(cast.novice) as nia:
        made = reflected(nia, logged(nia), try_class="Grade 4", try_on=clock.today() - timedelta(days=1))
    as_(client, cast.novice)
    overview = text(client.get(reverse("portfolio:overview")))
    page = reverse("portfolio:reflections_answer", args=[made.pk])
    assert page in overview
    assert "Wait three seconds" in text(client.get(page))
    assert client.post(page, {"outcome": "did_not_work", "what_happened": "Too fast."}).status_code == 303
    shown = text(client.get(reverse("portfolio:reflection", args=[made.pk])))
    assert "It did not work, and I learned from it" in shown and "Too fast." in shown
    assert page not in text(client.get(reverse("portfolio:overview")))


def test_not_tried_yet_may_name_a_new_day(cast, client) -> None:
    with acting(cast.novice) as nia:
        made = reflected(nia, logged(nia), try_on=clock.today() - timedelta(days=1))
    day = clock.today() + timedelta(days=6)
    page = reverse("portfolio:reflections_answer", args=[made.pk])
    answer = as_(client, cast.novice).post(page, {"outcome": "not_tried", "try_on": str(day)}, follow=True)
    assert "We ask again after that day" in text(answer)
    assert client.post(page, {"outcome": "not_tried", "try_on": "2020-01-01"}).status_code == 422
    assert client.post(page, {"outcome": ""}).status_code == 422


def test_words_are_never_markup(cast, client) -> None:
    with acting(cast.novice) as nia:
        made = reflected(
            nia, logged(nia, "<b>bold</b>"), takeaway="<script>alert(1)</script> ![x](https://evil.example/p)"
        )
    shown = text(as_(client, cast.novice).get(reverse("portfolio:reflection", args=[made.pk])))
    assert "<script>alert" not in shown and "<b>bold</b>" not in shown and '<img src="https://evil' not in shown


@pytest.mark.parametrize("who", EVERY_OTHER)
def test_nobody_else_finds_a_reflection(cast, client, who) -> None:
    with acting(cast.novice) as nia:
        webinar = logged(nia)
        made = reflected(nia, webinar, takeaway="Canary 4711")
    as_(client, getattr(cast, who))
    for name, item in (
        ("portfolio:reflection", made.pk),
        ("portfolio:reflections_answer", made.pk),
        ("portfolio:reflections_new", webinar.pk),
    ):
        found, missing = client.get(reverse(name, args=[item])), client.get(reverse(name, args=[uuid4()]))
        assert found.status_code == missing.status_code == 404
    assert client.post(new_of(webinar), sent()).status_code == 404
    assert "Canary" not in text(client.get(reverse("portfolio:overview")))


def test_hours_that_were_taken_back_are_not_called_earned(cast, client) -> None:
    make_rule(cast.district, outside_needs_evidence=False)
    with acting(cast.novice) as nia:
        made = reflected(nia, logged(nia))
        entry = credit_queries.my_entries(nia).get()
    with acting(cast.coordinator) as dana:
        credits.reverse(dana, entry_id=entry.pk, reason="Logged twice.")
    shown = text(as_(client, cast.novice).get(reverse("portfolio:reflection", args=[made.pk])))
    assert "These hours were taken back" in shown and "hours earned" not in shown
