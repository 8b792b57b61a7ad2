"""Her calendar is read through the guarded fetch; trouble is named on her page, and what was read last stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from lantern.domain.calendars import commands, queries
from lantern.domain.calendars.models import CalendarSubscription
from lantern.domain.calendars.types import DayTime, Period
from lantern.flows import schedule
from lantern.interop.ical import sync
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import NotAllowed
from lantern.kernel.fetch import client
from lantern.kernel.jobs import Job
from tests.cast import Cast, acting, system_of
from tests.interop.test_ical_codec import HOSTILE, calendar
from tests.kernel.test_fetch import PUBLIC, Network, page, redirect

pytestmark = pytest.mark.django_db
ADDRESS = "https://calendar.example.org/private-4f1b/basic.ics"
NOW = datetime(2026, 10, 9, 12, tzinfo=UTC)
MEETING = (
    "UID:1\nSUMMARY:Talk with Mia's parents\nLOCATION:Room 4\nATTENDEE:mailto:mia@example.org\n"
    "DTSTART:20261012T100000Z\nDTEND:20261012T103000Z"
)


@pytest.fixture(autouse=True)
def standing(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A Friday in October; and a network whose sockets speak no TLS, which `test_fetch` looks after."""

    class Plain:
        def wrap_socket(self, sock: Any, server_hostname: str) -> Any:
            return sock

    monkeypatch.setattr(client, "_tls_context", Plain)
    with clock.standing_at(NOW):
        yield


def ics(*events: str) -> bytes:
    return page(calendar(*events), kind="text/calendar; charset=utf-8")


def network(answer: bytes | Callable[[bytes], bytes], **names: list[list[str]]) -> Network:
    return Network({"calendar.example.org": [[PUBLIC]], **names}, answer)


def read(actor: Any, net: Network) -> str:
    return sync.read_calendar(actor, resolver=net.resolve, connector=net.connect)


def busy(cast: Cast) -> list[list[int]]:
    with acting(cast.novice):
        return CalendarSubscription.objects.get().busy


@pytest.mark.requirement("A.11")
def test_only_busy_times_are_kept_and_they_take_away_from_free_periods(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        commands.set_my_time(
            nia,
            days=[DayTime((Period(datetime(1, 1, 1, 10).time(), datetime(1, 1, 1, 11).time()),)), *[DayTime()] * 6],  # noqa: DTZ001
            holidays_too=False,
        )
        commands.connect_calendar(nia, address=ADDRESS)
        assert read(nia, network(ics(MEETING))) == "read"
        kept = queries.export_for(nia)["calendar"]
        assert "Mia" not in str(kept) and "Room" not in str(kept) and kept["busy_minutes_since_1970"]
        monday = datetime(2026, 10, 12).date()  # noqa: DTZ001
        week = queries.week_times(nia, [monday])[monday]
    assert (week.minutes, week.why) == (30, ("30 min busy in your calendar",))


def test_connecting_asks_for_a_reading_once(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        commands.connect_calendar(nia, address="webcal://calendar.example.org/x.ics")
        commands.connect_calendar(nia, address="webcal://calendar.example.org/x.ics")
        commands.read_again(nia)
        assert queries.my_address(nia) == "https://calendar.example.org/x.ics"
        assert Job.objects.filter(name="calendars.read_mine").count() == 1


TROUBLES: dict[str, tuple[Network, str]] = {
    "no such name": (Network({"calendar.example.org": [[]]}), "No site was found"),
    "a private address": (Network({"calendar.example.org": [["10.0.0.7"]]}), "private network"),
    "sent on to a private address": (network(redirect("https://10.0.0.7/x.ics")), "private network"),
    "sent on to plain http": (network(redirect("http://calendar.example.org/x.ics")), ""),
    "a page": (network(page(b"<html>Sign in</html>")), "text/html"),
    "no calendar": (network(page(b"hello", kind="text/plain")), "not a calendar"),
    "gone": (network(page(b"", status="404 Not Found")), "no calendar at this address any more"),
    "a sign-in": (network(page(b"", status="401 Unauthorized")), "asks for a sign-in"),
    "a fault of theirs": (network(page(b"", status="502 Bad Gateway")), "(502)"),
    "too large": (network(page(b"x" * 5_000_001, kind="text/calendar")), "larger than 5 MB"),
    "too many events": (network(page(HOSTILE["100,000 events"], kind="text/calendar")), "more than"),
    "broken off": (
        network(b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nContent-Length: 9\r\n\r\nBEG"),
        "broke off",
    ),
}


@pytest.mark.parametrize(("net", "words"), TROUBLES.values(), ids=TROUBLES.keys())
def test_trouble_is_named_and_the_last_good_state_stays(cast: Cast, net: Network, words: str) -> None:
    with acting(cast.novice) as nia:
        commands.connect_calendar(nia, address=ADDRESS)
        read(nia, network(ics(MEETING)))
        before = busy(cast)
        assert read(nia, net) == "trouble"
        first = queries.my_subscription(nia)
        with clock.standing_at(NOW + timedelta(hours=6)):
            read(nia, net)
        shown = queries.my_subscription(nia)
        assert shown is not None and first is not None
        assert words in shown.trouble and shown.trouble
        assert shown.failing_since == first.failing_since == NOW and shown.read_at == NOW
        assert busy(cast) == before != []
        assert read(nia, network(ics(MEETING))) == "read"
        well = queries.my_subscription(nia)
        assert well is not None and (well.trouble, well.failing_since) == ("", None)


def test_a_calendar_let_go_while_it_is_read_stays_gone(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        commands.connect_calendar(nia, address=ADDRESS)
        commands.disconnect_calendar(nia)
        assert not commands.keep_busy_times(nia, address=ADDRESS, spans=[(1, 2)], left_out=0)
        commands.connect_calendar(nia, address=ADDRESS + "?another")
        assert not commands.keep_trouble(nia, address=ADDRESS, trouble="Late.")
        assert busy(cast) == []
        assert sync.read_mine(nia, None) is not None


def test_disconnecting_deletes_all(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        commands.connect_calendar(nia, address=ADDRESS)
        read(nia, network(ics(MEETING)))
        commands.disconnect_calendar(nia)
        assert not CalendarSubscription.objects.exists()
        assert queries.my_subscription(nia) is None
        commands.disconnect_calendar(nia)


def test_lantern_reads_those_again_that_waited_longest_and_nobody_else_may_ask(cast: Cast) -> None:
    for person, hours in ((cast.novice, 7), (cast.expert, 30), (cast.para, 1)):
        with acting(person) as actor:
            commands.connect_calendar(actor, address=ADDRESS)
            with clock.standing_at(NOW - timedelta(hours=hours)):
                commands.keep_trouble(actor, address=ADDRESS, trouble="Before.")
    lantern = system_of(cast.district)
    with tenancy.within(lantern.tenancy):
        assert queries.due_subscriptions(lantern, 10) == [cast.expert.pk, cast.novice.pk]
    with acting(cast.coordinator) as dana, pytest.raises(NotAllowed):
        queries.due_subscriptions(dana, 10)


def test_the_hourly_job_reads_them_and_repeating_it_is_harmless(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    net = network(ics(MEETING))
    monkeypatch.setattr(client, "_resolve", net.resolve)
    monkeypatch.setattr(client, "_connect", net.connect)
    with acting(cast.novice) as nia:
        commands.connect_calendar(nia, address=ADDRESS)
    lantern = system_of(cast.district)
    with tenancy.within(lantern.tenancy):
        assert sync.read_due(lantern, None) == {"read": 1, "trouble": 0, "gone": 0, "failed": 0}
        assert sync.read_due(lantern, None) == {"read": 0, "trouble": 0, "gone": 0, "failed": 0}
    assert len(net.requests) == 1 and busy(cast) != []


def test_one_row_that_cannot_be_opened_stops_nobody_elses(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    net = network(ics(MEETING))
    monkeypatch.setattr(client, "_resolve", net.resolve)
    monkeypatch.setattr(client, "_connect", net.connect)
    for person, hours in ((cast.expert, 30), (cast.novice, 7)):
        with acting(person) as actor:
            commands.connect_calendar(actor, address=ADDRESS)
            with clock.standing_at(NOW - timedelta(hours=hours)):
                commands.keep_trouble(actor, address=ADDRESS, trouble="Before.")
    with tenancy.unscoped("test"), connection.cursor() as cursor:
        whose = CalendarSubscription._meta.get_field("person").get_db_prep_value(cast.expert.pk, connection)
        cursor.execute("UPDATE lantern_calendarsubscription SET address = 'v1:broken' WHERE person_id = %s", [whose])
        assert cursor.rowcount == 1
    lantern = system_of(cast.district)
    with tenancy.within(lantern.tenancy):
        assert sync.read_due(lantern, None) == {"read": 1, "trouble": 0, "gone": 0, "failed": 1}
        assert queries.due_subscriptions(lantern, 10) == [], "it waits like the others, and does not stand in front"
    with acting(cast.novice) as nia:
        shown = queries.my_subscription(nia)
        assert shown is not None and shown.read_at == NOW
        with pytest.raises(NotAllowed):
            commands.keep_tried(nia, cast.novice.pk)


def test_the_schedule_queues_work_only_where_a_calendar_is_due(cast: Cast) -> None:
    assert schedule.carry_out("calendars") == "0 jobs queued"
    with acting(cast.novice) as nia:
        commands.connect_calendar(nia, address=ADDRESS)
    assert schedule.carry_out("calendars") == "1 jobs queued"
    with acting(cast.novice) as nia:
        commands.keep_busy_times(nia, address=ADDRESS, spans=[], left_out=0)
    assert schedule.carry_out("calendars") == "0 jobs queued"


@pytest.mark.parametrize("same", [b"", b"cookie", b"authorization", b"Nia"])
def test_the_request_says_nothing_about_her(cast: Cast, same: bytes) -> None:
    net = network(ics())
    with acting(cast.novice) as nia:
        commands.connect_calendar(nia, address=ADDRESS)
        read(nia, net)
    assert (same.lower() in net.requests[0].lower()) is (same == b"")
