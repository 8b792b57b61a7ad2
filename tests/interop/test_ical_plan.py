"""The plan in her calendar: under an address that only she gave away, as every calendar programme reads it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import icalendar
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lantern.domain.calendars import commands, queries
from lantern.domain.calendars.models import FeedEntry, PlanFeed
from lantern.domain.calendars.types import Planned, Told
from lantern.domain.courses import commands as courses
from lantern.domain.goals import commands as goals
from lantern.domain.people import commands as people
from lantern.domain.plans import commands as plans
from lantern.interop.ical.codec import read_busy
from lantern.interop.ical.writing import fold, write_plan
from lantern.kernel import clock, doors, tenancy
from lantern.kernel.audit.models import AuditRecord
from tests.architecture.database_state import taken_back
from tests.architecture.test_faults import watched
from tests.architecture.test_log_canary import written_down
from tests.cast import Cast, acting, as_
from tests.grow_facts import activity, goal_facts

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
MONDAY = date(2026, 10, 5)
WEEK = timedelta(days=7)


def told(title: str, link: str = "https://lantern.example.org/learn/1/", **more: Any) -> Told:
    return Told(uuid4(), title, MONDAY, 30, link, more.pop("sequence", 0), NOW, **more)


@given(st.lists(st.text(max_size=200), max_size=4))
def test_any_title_comes_through_and_no_line_is_longer_than_75_bytes(titles: list[str]) -> None:
    written = write_plan([told(title) for title in titles], name="My plan")
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert b"\n" not in written.replace(b"\r\n", b"")
    read = icalendar.Calendar.from_ical(written)
    assert str(read["NAME"]) == str(read["X-WR-CALNAME"]) == "My plan"
    for event, title in zip(read.walk("VEVENT"), titles, strict=True):
        kept = "".join(
            mark for mark in re.sub("\r\n?", "\n", title) if mark == "\n" or (mark >= " " and mark != "\x7f")
        )
        assert str(event["SUMMARY"]) == f"{kept} (30 min)"


def test_a_line_is_never_cut_within_a_letter() -> None:
    pieces = list(fold("SUMMARY:" + "é😀" * 60))
    assert all(piece.endswith(b"\r\n") and piece.decode() and len(piece) <= 77 for piece in pieces)
    assert b"".join(piece[:-2].removeprefix(b" ") for piece in pieces).decode() == "SUMMARY:" + "é😀" * 60


def test_the_plan_blocks_no_time_when_her_calendar_is_read_back() -> None:
    written = write_plan([told("A podcast")], name="Plan")
    assert read_busy(written, begins=NOW - WEEK, ends=NOW + WEEK, zone=UTC).spans == ()


# ------------------------------------------------------------------------------------------------ under the address
@pytest.fixture
def address(cast: Cast, client: Client, db: None) -> str:
    """The address that the novice was shown, once."""
    cache.clear()
    page = as_(client, cast.novice).post(reverse("grow:time_address")).content.decode()
    found = re.search(r'value="http://testserver(/calendar/[^"]+\.ics)"', page)
    assert found is not None
    client.logout()
    return found.group(1)


def events(client: Client, address: str) -> dict[str, Any]:
    """What a calendar reads there, by title."""
    response = client.get(address)
    assert response.status_code == 200
    return {str(event["SUMMARY"]): event for event in icalendar.Calendar.from_ical(response.content).walk("VEVENT")}


def test_the_address_is_shown_once_and_kept_as_a_digest(cast: Cast, client: Client, address: str) -> None:
    secret = address.removeprefix("/calendar/").removesuffix(".ics")
    assert len(secret) >= 43  # 256 bits
    with acting(cast.novice):
        assert secret not in str(PlanFeed.objects.values_list()) and len(PlanFeed.objects.get().secret_digest) == 64
    page = as_(client, cast.novice).get(reverse("grow:time")).content.decode()
    assert "An address works since" in page and secret not in page
    assert secret not in str(list(client.session.items()))


def test_a_calendar_reads_titles_minutes_weeks_and_links_and_nothing_else(
    cast: Cast, client: Client, address: str
) -> None:
    with acting(cast.novice) as nia:
        goal = goals.set_goal(nia, **goal_facts(title="A goal of mine"))
        item = plans.add_to_plan(
            nia, activity_id=activity(nia, "A podcast", 20).pk, goal_id=goal.pk, monday=clock.week_start(clock.today()),
            reason="Because of Mia",
        )  # fmt: skip
        waits = plans.add_to_plan(nia, activity_id=activity(nia, "Waits", 9000).pk)
        plans.move_item(nia, item_id=waits.pk, monday=None)
    response = client.get(address)
    assert response.headers["Content-Type"].startswith("text/calendar")
    assert "private" in response.headers["Cache-Control"]
    (event,) = events(client, address).values()
    assert str(event["SUMMARY"]) == "A podcast (20 min)" and event["UID"] == str(item.pk)
    assert event["DTSTART"].dt == item.monday and event["DTEND"].dt == item.monday + timedelta(days=5)
    assert event["URL"] == f"http://testserver{reverse('learn:activity', args=[item.activity_id])}"
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")
    text = response.content.decode()
    assert not any(word in text for word in ("Mia", "A goal of mine", "Waits", "Nia", "Young", "@"))


def test_changes_count_and_what_went_is_cancelled_for_a_while(cast: Cast, client: Client, address: str) -> None:
    this = clock.week_start(clock.today())
    with acting(cast.novice) as nia:
        item = plans.add_to_plan(nia, activity_id=activity(nia, "A podcast", 20).pk, monday=this)
        first = events(client, address)["A podcast (20 min)"]
        again = events(client, address)["A podcast (20 min)"]
        assert first.to_ical() == again.to_ical()
        plans.move_item(nia, item_id=item.pk, monday=this + WEEK)
        moved = events(client, address)["A podcast (20 min)"]
        assert (moved["DTSTART"].dt, moved["UID"]) == (this + WEEK, first["UID"])
        assert moved["SEQUENCE"] == first["SEQUENCE"] + 1
        plans.move_item(nia, item_id=item.pk, monday=None)
        gone = events(client, address)["A podcast (20 min)"]
        assert (gone["SEQUENCE"] - first["SEQUENCE"], gone["STATUS"], gone["UID"]) == (2, "CANCELLED", first["UID"])
        plans.move_item(nia, item_id=item.pk, monday=this)
        back = events(client, address)["A podcast (20 min)"]
        assert (back["SEQUENCE"] - first["SEQUENCE"], back["STATUS"]) == (3, "CONFIRMED")
        plans.remove_item(nia, item_id=item.pk)
        assert events(client, address)["A podcast (20 min)"]["STATUS"] == "CANCELLED"
        with clock.standing_at(clock.now() + timedelta(days=61)):
            assert events(client, address) == {}
        unseen = plans.add_to_plan(nia, activity_id=activity(nia, "Never told", 20).pk, monday=this)
        plans.remove_item(nia, item_id=unseen.pk)
        assert "Never told (20 min)" not in events(client, address)


def test_what_was_forgotten_and_comes_back_stands_above_what_calendars_know(cast: Cast, db: None) -> None:
    """A calendar that knows a later state of the same thing would not take an earlier one."""
    ahead = MONDAY + 30 * WEEK
    thing = Planned(uuid4(), "A podcast", ahead, 20, "https://lantern.example.org/learn/1/")
    with clock.standing_at(NOW), acting(cast.novice) as nia:
        commands.make_plan_address(nia)
        commands.tell(nia, [thing], since=MONDAY)
        (gone,) = commands.tell(nia, [], since=MONDAY)
        with clock.standing_at(NOW + timedelta(days=61)):
            assert commands.tell(nia, [], since=MONDAY) == []
            (back,) = commands.tell(nia, [thing], since=MONDAY)
    assert gone.cancelled and not back.cancelled and back.sequence > gone.sequence


def test_what_is_done_or_lies_behind_is_not_cancelled(cast: Cast, client: Client, address: str) -> None:
    this = clock.week_start(clock.today())
    with acting(cast.novice) as nia:
        item = plans.add_to_plan(nia, activity_id=activity(nia, "A podcast", 20).pk, monday=this)
        courses.set_progress(nia, activity_id=item.activity_id, percent=100)
    assert events(client, address)["A podcast (20 min)"]["STATUS"] == "CONFIRMED"
    with clock.standing_at(clock.now() + 3 * WEEK):
        assert events(client, address)["A podcast (20 min)"]["STATUS"] == "CONFIRMED"


def test_taken_back_it_is_shut_at_once_and_a_new_one_shuts_the_old(cast: Cast, client: Client, address: str) -> None:
    assert client.get(address).status_code == 200
    with acting(cast.novice) as nia:
        anew = f"/calendar/{commands.make_plan_address(nia)}.ics"
    assert (client.get(address).status_code, client.get(anew).status_code) == (404, 200)
    as_(client, cast.novice).post(reverse("grow:time_address_end"))
    client.logout()
    assert client.get(anew).status_code == client.get("/calendar/guessed.ics").status_code == 404
    assert client.get(anew).content == client.get("/calendar/guessed.ics").content
    with acting(cast.novice) as nia:
        assert not FeedEntry.objects.exists() and queries.plan_address_made_at(nia) is None


def test_who_left_has_no_calendar_here(cast: Cast, client: Client, address: str) -> None:
    with acting(cast.coordinator) as dana:
        people.end_person(dana, person_id=cast.novice.pk)
    assert client.get(address).status_code == 404


def test_who_asks_too_often_waits(cast: Cast, client: Client, address: str) -> None:
    statuses = [client.get(address).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    guesses = [client.get(f"/calendar/guess-{number}.ics").status_code for number in range(61)]
    assert guesses == [404] * 60 + [429]
    assert client.post(address).status_code == 405


@pytest.mark.requirement("N4")
def test_the_secret_is_in_no_log_and_no_record(cast: Cast, client: Client, address: str) -> None:
    """Read well, with a database that fails at each statement, taken back, and guessed at."""
    secret = address.removeprefix("/calendar/").removesuffix(".ics")
    with acting(cast.novice) as nia:
        plans.add_to_plan(nia, activity_id=activity(nia).pk)
    with written_down() as lines:
        with taken_back(), watched() as asked:
            assert client.get(address).status_code == 200
        statuses = set()
        for number in range(1, len(asked.seen) + 1):
            with taken_back(), watched(failing=number):
                statuses.add(client.get(address).status_code)
        with acting(cast.novice) as nia:
            commands.revoke_plan_address(nia)
        assert client.get(address).status_code == 404
    assert statuses == {503} and lines.getvalue()
    assert secret not in lines.getvalue()
    with acting(cast.operator):
        assert secret not in str(list(AuditRecord.objects.values_list()))


@pytest.mark.requirement("N4")
def test_the_secret_is_in_no_log_when_she_is_signed_in_or_a_row_is_broken(
    cast: Cast, client: Client, address: str
) -> None:
    """What goes wrong before the page is asked, and what nobody foresaw, is logged without the address."""
    secret = address.removeprefix("/calendar/").removesuffix(".ics")
    with acting(cast.novice) as nia:
        plans.add_to_plan(nia, activity_id=activity(nia).pk)
    assert client.get(address).status_code == 200
    herself = as_(Client(raise_request_exception=False), cast.novice)
    with written_down() as lines:
        with taken_back(), watched() as asked:
            assert herself.get(address).status_code == 200
        for number in range(1, len(asked.seen) + 1):
            with taken_back(), watched(failing=number):
                assert herself.get(address).status_code >= 500
        with taken_back():
            with tenancy.unscoped("test"), connection.cursor() as cursor:
                cursor.execute("UPDATE lantern_feedentry SET content = 'v1:broken'")
            assert client.get(address).status_code == 503
    assert "/calendar/…" in lines.getvalue() and "could not be read" in lines.getvalue()
    assert secret not in lines.getvalue()


def test_the_questions_do_not_grow_with_the_plan(cast: Cast, client: Client, address: str) -> None:
    counts = []
    this = clock.week_start(clock.today())
    for number in (1, 3):
        with acting(cast.novice) as nia:
            while FeedEntry.objects.count() < number:
                plans.add_to_plan(nia, activity_id=activity(nia, f"Part {number} {uuid4()}", 5).pk, monday=this)
                client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_feed_is_a_declared_door() -> None:
    assert "secret address" in doors.door_of("feed", "ical:plan").reaches
