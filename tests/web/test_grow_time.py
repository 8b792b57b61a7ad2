"""The page of one's time: weekdays, holidays, a calendar with its state, and the way back from each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.calendars import commands, queries
from lantern.domain.plans import commands as plans
from lantern.kernel import clock
from lantern.kernel.actor import system
from tests.cast import Cast, acting, as_
from tests.grow_facts import activity, monday

pytestmark = pytest.mark.django_db
PAGE = "/grow/time/"
DAYS = {"section": "days", "from_0_0": "10:00", "until_0_0": "10:45", "from_0_1": "14:00", "until_0_1": "14:30"}
ADDRESS = "https://calendar.example.org/very-secret/basic.ics"


@pytest.fixture
def nia(cast: Cast, client: Client) -> Client:
    return as_(client, cast.novice)


def text(client: Client, page: str = PAGE) -> str:
    response = client.get(page)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_without_a_word_from_her_one_number_counts(nia: Client) -> None:
    page = text(nia)
    assert "Now one number counts: 40 minutes a week" in page and "has not set any terms" in page


@pytest.mark.requirement("A.11")
def test_weekdays_are_kept_shown_again_and_the_plan_goes_by_them(cast: Cast, nia: Client) -> None:
    assert nia.post(PAGE, DAYS | {"minutes_2": "20"}).status_code == 303
    page = text(nia)
    assert 'value="10:00"' in page and 'value="14:30"' in page and "<details open>" in page
    assert "of 95 min" in text(nia, "/grow/plan/")
    assert "By itself this week has 95 minutes" in text(nia, f"/grow/plan/weeks/{monday(1)}/")
    assert nia.post(PAGE, {"section": "one"}).status_code == 303
    assert "of 40 min" in text(nia, "/grow/plan/")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"from_3_0": "10:00"}, "Give both times of a free period"),
        ({"from_3_0": "10:00", "until_3_0": "09:00"}, "Thursday: the free period ends before it begins"),
        ({"from_3_1": "10:00", "until_3_1": "09:00"}, "Thursday: the free period ends before it begins"),
        ({"from_3_0": "noon", "until_3_0": "13:00"}, "Write the time as hours and minutes"),
        ({"minutes_3": "many"}, "Write the minutes as a whole number"),
        ({"minutes_3": "700"}, "Choose between 0 and 600 minutes"),
        ({}, "Give at least one day some time"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(
    cast: Cast, nia: Client, form: dict[str, str], words: str
) -> None:
    response = nia.post(PAGE, {"section": "days"} | form)
    page = response.content.decode()
    assert response.status_code == 422 and words in page
    assert form == {} or 'aria-invalid="true"' in page
    with acting(cast.novice) as actor:
        assert queries.my_time(actor).days == ()


def test_the_wish_for_holidays_stays_beside_the_weekdays(cast: Cast, nia: Client) -> None:
    nia.post(PAGE, DAYS)
    nia.post(PAGE, {"section": "holidays", "holidays_too": "on"})
    nia.post(PAGE, {"section": "one"})
    with acting(cast.novice) as actor:
        assert (queries.my_time(actor).days, queries.my_time(actor).holidays_too) == ((), True)
    assert "checked" in text(nia)
    nia.post(PAGE, {"section": "holidays"})
    with acting(cast.novice) as actor:
        assert not queries.my_time(actor).holidays_too


def test_a_calendar_from_connecting_to_trouble_to_letting_go(cast: Cast, nia: Client) -> None:
    assert nia.post(reverse("grow:time_connect"), {"address": ADDRESS}).status_code == 303
    page = text(nia)
    assert "Connected: calendar.example.org" in page and "very-secret" not in page and "read in a moment" in page
    with acting(cast.novice) as actor:
        commands.keep_busy_times(actor, address=ADDRESS, spans=[(1, 31), (60, 90)], left_out=1)
    page = text(nia)
    assert "2 busy times" in page and "1 entry could not be understood, and counts as free" in page
    with acting(cast.novice) as actor:
        commands.keep_busy_times(actor, address=ADDRESS, spans=[(1, 31)], left_out=0, too_much=2)
    page = text(nia)
    assert "2 entries are too long, or repeat too often, to be worked out, and count as free." in page
    assert "could not be" not in page
    with acting(cast.novice) as actor:
        commands.keep_trouble(actor, address=ADDRESS, trouble="The site does not answer.")
    page = text(nia)
    assert "Your calendar could not be read" in page and "The site does not answer." in page
    assert "What was read before still counts" in page
    assert nia.post(reverse("grow:time_read")).status_code == 303
    assert nia.post(reverse("grow:time_disconnect")).status_code == 303
    assert "Only when you are busy is kept" in text(nia)
    assert nia.post(reverse("grow:time_read")).status_code == 404


@pytest.mark.parametrize("address", ["", "http://calendar.example.org/x.ics", "my calendar"])
def test_an_address_that_is_none_is_said_at_its_field(nia: Client, address: str) -> None:
    response = nia.post(reverse("grow:time_connect"), {"address": address})
    assert response.status_code == 422 and 'aria-invalid="true"' in response.content.decode()


@pytest.mark.requirement("A.11")
def test_a_week_off_says_why_and_nothing_is_put_there(cast: Cast, nia: Client) -> None:
    with acting(cast.coordinator) as dana:
        commands.add_school_time(
            dana, organisation_id=cast.district.pk, kind="holiday", name="Autumn break", begins_on=monday(),
            ends_on=monday() + timedelta(days=4),
        )  # fmt: skip
    with acting(cast.novice) as actor:
        item = plans.add_to_plan(actor, activity_id=activity(actor).pk)
    assert item.monday == monday(1)
    assert "5 days off: Autumn break" in text(nia, "/grow/plan/")
    with acting(cast.novice) as actor:
        plans.move_item(actor, item_id=item.pk, monday=monday())
    assert "More planned than you have time for" in text(nia, "/grow/plan/")
    week = text(nia, f"/grow/plan/weeks/{monday()}/")
    assert "5 days off: Autumn break" in week and "There is no class in this week" in week
    assert "Autumn break" in text(nia)


def test_turning_the_address_on_says_what_it_gives_away_and_to_whom(nia: Client) -> None:
    page = text(nia)
    assert "Whoever has the address reads the same, without signing in" in page and "Make the address" in page
    shown = nia.post(reverse("grow:time_address"))
    assert shown.status_code == 200 and "no-store" in shown.headers["Cache-Control"]
    assert "It is shown only now" in shown.content.decode()
    assert "Make a new address" in text(nia)
    assert "A secret address of your plan works since" in text(nia, "/account/privacy/")


def test_the_questions_do_not_grow(cast: Cast, nia: Client) -> None:
    counts = []
    for number in (1, 3):
        with acting(cast.coordinator) as dana:
            while len(queries.list_school_times(dana)) < number:
                day = clock.today() + timedelta(days=len(queries.list_school_times(dana)))
                commands.add_school_time(
                    dana, organisation_id=cast.district.pk, kind="holiday", name="Fair", begins_on=day, ends_on=day
                )
        for page in (PAGE, "/grow/plan/"):
            nia.get(page)
            with CaptureQueriesContext(connection) as asked:
                nia.get(page)
            counts.append(len(asked))
    assert counts[:2] == counts[2:]


# ------------------------------------------------------------------------------------------------- the school year
def facts(cast: Cast, **more: Any) -> dict[str, str]:
    return {
        "organisation_id": str(cast.district.pk), "kind": "term", "name": "Autumn term", "begins_on": "2026-08-24",
        "ends_on": "2026-12-18",
    } | more  # fmt: skip


def test_a_coordinator_adds_changes_and_takes_out(cast: Cast, client: Client) -> None:
    dana = as_(client, cast.coordinator)
    assert "No terms or days off yet" in text(dana, "/manage/school-year/")
    assert dana.post("/manage/school-year/new/", facts(cast)).status_code == 303
    assert (
        dana.post("/manage/school-year/new/", facts(cast, begins_on="2019-08-20", ends_on="2020-06-10")).status_code
        == 303
    )
    page = text(dana, "/manage/school-year/")
    assert "24 August to 18 December 2026 · Riverbend" in page and "Over" in page
    with acting(cast.coordinator) as actor:
        edit = f"/manage/school-year/{queries.list_school_times(actor)[1].id}/"
    assert 'value="2026-12-18"' in text(dana, edit)
    assert dana.post(edit, facts(cast, name="First term")).status_code == 303
    assert "First term" in text(dana, "/manage/school-year/")
    assert dana.post(f"{edit}remove/").status_code == 303
    assert dana.get(edit).status_code == dana.post(f"{edit}remove/").status_code == 404


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"ends_on": "2026-08-01"}, "The last day comes before the first one"),
        ({"begins_on": "soon"}, "Write the day as year-month-day"),
        ({"name": ""}, "Give it a name"),
        ({"kind": "party"}, "Choose what it is"),
        ({"begins_on": "2026-12-01", "ends_on": "2027-02-01"}, "It overlaps “Autumn term”, 24 Aug 2026 to 18 Dec 2026"),
    ],
)
def test_what_cannot_be_in_the_year_is_said_at_its_field(
    cast: Cast, client: Client, more: dict[str, str], words: str
) -> None:
    dana = as_(client, cast.coordinator)
    dana.post("/manage/school-year/new/", facts(cast))
    response = dana.post("/manage/school-year/new/", facts(cast, **more))
    page = response.content.decode()
    assert response.status_code == 422 and words in page and 'aria-invalid="true"' in page


def test_what_the_state_set_is_seen_and_not_changed_below(cast: Cast, client: Client) -> None:
    with acting(cast.official) as otto:
        row = commands.add_school_time(
            system(otto.tenancy), organisation_id=cast.state.pk, kind="holiday", name="State day",
            begins_on=clock.today(), ends_on=clock.today(),
        )  # fmt: skip
    dana = as_(client, cast.coordinator)
    page = text(dana, "/manage/school-year/")
    assert "State day" in page and str(row.pk) not in page
    assert dana.get(f"/manage/school-year/{row.pk}/").status_code == 403
    assert "State day" in text(as_(client, cast.novice))
