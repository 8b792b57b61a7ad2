"""The portfolio and the record of hours: figures that reconcile with the event log, and the PDF."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pikepdf
import pytest
import typst
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.courses import commands as courses
from lantern.domain.credits import commands as credits
from lantern.domain.credits import queries
from lantern.kernel import clock
from lantern.kernel.events.models import EventRecord
from tests.cast import acting, as_
from tests.domain.learning_factory import logged, make_rule, offer, reflected, with_file

pytestmark = pytest.mark.django_db

LICENCE = {
    "name": "Teaching licence",
    "credit_type": "Professional learning",
    "hours_needed": "30",
    "counts_from": "2026-07-01",
    "renews_on": "2029-06-30",
}


@pytest.fixture(autouse=True)
def files_of_its_own(settings, tmp_path):
    settings.LANTERN_FILES = tmp_path / "files"


def text(answer) -> str:
    return answer.content.decode()


def learn(person, title: str, minutes: int = 90, day: date = date(2026, 10, 4)):
    with acting(person) as actor:
        activity = logged(actor, title, minutes, happened_on=day)
        with_file(actor, activity, title)
        reflected(actor, activity, minutes=minutes, try_on=clock.today() - timedelta(days=1))
        return queries.my_entries(actor).latest("at")


def test_an_empty_portfolio_shows_the_way_on(cast, client) -> None:
    shown = text(as_(client, cast.novice).get(reverse("portfolio:overview")))
    assert "Nothing here yet" in shown and reverse("learn:catalog") in shown
    assert "No hours yet" in text(client.get(reverse("portfolio:transcript")))


@pytest.mark.requirement("P4.9")
def test_figures_reconcile_with_the_event_log(cast, client) -> None:
    make_rule(cast.district)
    with acting(cast.coordinator) as dana:
        resource = offer(dana, minutes=60)
    first = learn(cast.novice, "First")
    learn(cast.novice, "Second", 100)
    learn(cast.expert, "Not hers")
    with acting(cast.coordinator) as dana:
        credits.reverse(dana, entry_id=first.pk, reason="Logged twice.")
    with acting(cast.novice) as nia:
        taken = courses.take_up(nia, resource_id=resource.pk)
        courses.set_progress(nia, activity_id=taken.pk, percent=100)
        courses.set_progress(nia, activity_id=taken.pk, percent=100, minutes_spent=30)
        mine = EventRecord.objects.filter(actor_id=nia.person_id)
        hours = EventRecord.objects.filter(
            name__in=["CreditAwarded", "CreditReversed"], data__person_id=str(nia.person_id)
        )
        logged_hours = sum(row.data["hundredths"] for row in hours)
        assert logged_hours == queries.my_entries(nia).aggregate(total=Sum("hundredths"))["total"] == 150
        events = {name: mine.filter(name=name).count() for name in ("ReflectionSubmitted", "ActivityFinished")}
    assert events == {"ReflectionSubmitted": 2, "ActivityFinished": 3}
    context = as_(client, cast.novice).get(reverse("portfolio:overview")).context
    assert context["hours"] == "1.50"
    assert context["count_reflections"] == events["ReflectionSubmitted"]
    assert context["count_finished"] == events["ActivityFinished"]


def test_it_shows_what_is_waiting(cast, client) -> None:
    make_rule(cast.district)
    with acting(cast.novice) as nia:
        unreflected = logged(nia, "Unreflected")
        unproven = logged(nia, "Unproven")
        tried = reflected(nia, unproven, try_on=clock.today() - timedelta(days=1))
    shown = text(as_(client, cast.novice).get(reverse("portfolio:overview")))
    for name, item in (
        ("reflections_new", unreflected.pk),
        ("reflections_answer", tried.pk),
        ("evidence_add", unproven.pk),
    ):
        assert reverse(f"portfolio:{name}", args=[item]) in shown


@pytest.mark.parametrize("name", ["portfolio:overview", "portfolio:transcript"])
def test_queries_do_not_grow_with_rows(cast, client, name) -> None:
    make_rule(cast.district)
    as_(client, cast.novice).post(reverse("portfolio:transcript_licence"), LICENCE)
    counts = []
    for titles in (("One",), ("Two", "Three")):
        for title in titles:
            learn(cast.novice, title)
            with acting(cast.novice) as nia:
                logged(nia, f"{title} unreflected")
                reflected(nia, logged(nia, f"{title} unproven"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(name))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_record_is_by_kind_and_school_year_with_what_was_taken_back(cast, client) -> None:
    make_rule(cast.district)
    learn(cast.novice, "In spring", 60, date(2026, 5, 1))
    wrong = learn(cast.novice, "In autumn", 90)
    with acting(cast.coordinator) as dana:
        credits.reverse(dana, entry_id=wrong.pk, reason="Logged twice.")
    as_(client, cast.novice)
    shown = text(client.get(reverse("portfolio:transcript")))
    for words in (
        "Professional learning, 2025-26",
        "Professional learning, 2026-27",
        "Taken back: Logged twice.",
        "−1.50",
    ):
        assert words in shown
    assert "1.00 hours in all" in shown
    one = text(client.get(reverse("portfolio:transcript"), {"period": "2025-26"}))
    assert "In spring" in one and "In autumn" not in one
    assert "No hours of this kind" in text(client.get(reverse("portfolio:transcript"), {"type": "Other"}))


@pytest.mark.parametrize("who", ["expert", "coach", "principal", "coordinator", "operator", "official", "outsider"])
def test_everybody_sees_only_the_own_record(cast, client, who) -> None:
    make_rule(cast.district)
    learn(cast.novice, "Canary 4711")
    as_(client, getattr(cast, who))
    assert "Canary" not in text(client.get(reverse("portfolio:transcript")))
    assert "Canary" not in text(client.get(reverse("portfolio:overview")))


@pytest.fixture
def typeset(monkeypatch):
    """Stands for the typesetter; returns everything it was given."""
    given: list[str] = []

    class Recorder:
        def __init__(self, **options) -> None:
            given.append(str(options))

        def compile(self, **options) -> bytes:
            given.append(options["sys_inputs"]["data"])
            return b"%PDF"

    monkeypatch.setattr(typst, "Compiler", Recorder)
    return given


@pytest.mark.parametrize("who", ["novice", "expert", "coach", "principal", "coordinator", "operator", "outsider"])
def test_a_pdf_holds_only_the_own_record_and_peoples_words_only_as_data(cast, client, typeset, who) -> None:
    make_rule(cast.district)
    learn(cast.novice, "Canary 4711")
    as_(client, getattr(cast, who)).get(reverse("portfolio:transcript_pdf"))
    source, data = typeset
    assert ("Canary" in data) is (who == "novice")
    assert "Canary" not in source


def test_the_pdf_opens_is_tagged_titled_and_in_a_language(cast, client) -> None:
    make_rule(cast.district)
    learn(cast.novice, 'Evil #read("/etc/passwd") *title* $x$ \\ "quoted"')
    as_(client, cast.novice).post(reverse("portfolio:transcript_licence"), LICENCE)
    answer = client.get(reverse("portfolio:transcript_pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="record-of-hours.pdf"'
    with pikepdf.open(io.BytesIO(answer.content)) as opened:
        assert bool(opened.Root.MarkInfo.Marked)
        assert str(opened.Root.Lang).startswith("en")
        assert str(opened.docinfo["/Title"]) == "Record of hours"
        assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
        assert "/StructTreeRoot" in opened.Root
        with opened.open_metadata() as metadata:
            assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        fonts = {str(font.BaseFont) for page in opened.pages for font in page.Resources.Font.values()}
        assert fonts and all("Figtree" in name for name in fonts)


@pytest.mark.parametrize(
    "title", ["Привет", "数学の授業", "مرحبا", "Fun 🎉 with fractions", "a\u200f\u2028b", "\ue000\U0010fffd"]
)
def test_the_pdf_opens_whatever_the_script_of_a_title(cast, client, title) -> None:
    make_rule(cast.district)
    learn(cast.novice, title)
    answer = as_(client, cast.novice).get(reverse("portfolio:transcript_pdf"))
    assert answer.status_code == 200
    with pikepdf.open(io.BytesIO(answer.content)) as opened:
        assert bool(opened.Root.MarkInfo.Marked)
        assert str(opened.docinfo["/Title"]) == "Record of hours"


def test_the_pdf_of_nothing_says_so(cast, client) -> None:
    answer = as_(client, cast.novice).get(reverse("portfolio:transcript_pdf"))
    with pikepdf.open(io.BytesIO(answer.content)) as opened:
        assert len(opened.pages) == 1


def test_a_licence_is_noted_and_shown(cast, client) -> None:
    as_(client, cast.novice)
    page = reverse("portfolio:transcript_licence")
    assert "There are no hours to count yet" in text(client.get(page))
    make_rule(cast.district)
    assert client.post(page, LICENCE).status_code == 303
    learn(cast.novice, "A webinar")
    assert "28.50 hours to go" in text(client.get(reverse("portfolio:transcript")))
    assert 'value="Teaching licence"' in text(client.get(page))
    for field, value in (("hours_needed", "0"), ("renews_on", "2026-07-01"), ("credit_type", "Other"), ("name", "")):
        assert client.post(page, {**LICENCE, field: value}).status_code == 422
