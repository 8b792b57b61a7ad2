"""Time as it is: weekdays, the school year, and how a plan goes by them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lantern.domain.calendars import commands, queries
from lantern.domain.calendars.models import CalendarSubscription, FeedEntry, OwnTime, PlanFeed
from lantern.domain.calendars.types import DayTime, Period, WeekTime
from lantern.domain.people import commands as people_commands
from lantern.domain.people.models import Membership
from lantern.domain.people.types import Role
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.domain.privacy import commands as privacy
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from tests.cast import Cast, acting
from tests.grow_facts import activity

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
MONDAY = date(2026, 10, 5)
WEEK = timedelta(days=7)
ADDRESS = "https://calendar.example.org/x.ics"


@pytest.fixture(autouse=True)
def standing() -> Any:
    with clock.standing_at(NOW):
        yield


def days(**given: DayTime) -> list[DayTime]:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return [given.get(name, DayTime()) for name in names]


def period(starts: str, ends: str) -> Period:
    return Period(time.fromisoformat(starts), time.fromisoformat(ends))


def add(cast: Cast, kind: str, begins: date, ends: date, name: str = "Break", at: Any = None, who: Any = None) -> Any:
    with acting(who or cast.coordinator) as dana:
        place = (at or cast.district).pk
        return commands.add_school_time(
            dana, organisation_id=place, kind=kind, name=name, begins_on=begins, ends_on=ends
        )


def week(cast: Cast, monday: date = MONDAY, person: Any = None) -> WeekTime:
    with acting(person or cast.novice) as actor:
        return queries.week_times(actor, [monday])[monday]


def test_where_nobody_set_anything_a_week_has_the_one_number(cast: Cast) -> None:
    assert week(cast) == WeekTime(40, True, ())
    with acting(cast.novice) as nia:
        people_commands.save_profile(nia, minutes_per_week=90)
        view = plan_queries.my_plan(nia)
    assert {each.available for each in view.weeks} == {90} and not any(each.why for each in view.weeks)


@pytest.mark.requirement("A.11")
def test_quiet_hours_hold_and_plans_use_free_periods(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        people_commands.save_profile(nia, quiet_from=time(18), quiet_until=time(7))
        commands.set_my_time(
            nia, days=days(mon=DayTime((period("10:00", "10:45"), period("17:30", "18:30"))), wed=DayTime((), 20)),
            holidays_too=False,
        )  # fmt: skip
        plan = plan_queries.my_plan(nia)
        assert plan_queries.this_week(nia).available == plan_queries.my_weeks(nia)[0].available == 95
        # An hour and a half fits; a hundred minutes are more than any week has and take a whole one.
        first = plans.add_to_plan(nia, activity_id=activity(nia, "A course", 90).pk)
        second = plans.add_to_plan(nia, activity_id=activity(nia, "A podcast", 20).pk)
    assert plan.weeks[0].available == 45 + 30 + 20 and plan.weeks[0].why == ("30 min in your quiet hours",)
    assert (first.monday, second.monday) == (MONDAY, MONDAY + WEEK)


@pytest.mark.requirement("A.11")
def test_no_task_is_due_in_blocked_weeks(cast: Cast) -> None:
    add(cast, "holiday", MONDAY, MONDAY + timedelta(days=11), "Autumn break")
    with acting(cast.novice) as nia:
        plans.set_week(nia, monday=MONDAY + 2 * WEEK, minutes=0, quiet=True)
        found = [plans.add_to_plan(nia, activity_id=activity(nia, f"Part {part}", 30).pk).monday for part in range(4)]
        view = plan_queries.my_plan(nia)
    blocked = {each.monday for each in view.weeks if each.blocked}
    assert blocked == {MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK}
    assert blocked.isdisjoint(found) and found[0] == MONDAY + 3 * WEEK
    assert view.weeks[0].why == ("5 days off: Autumn break",) and not view.weeks[0].teaching


def test_her_own_minutes_of_a_week_win_and_a_quiet_week_has_none(cast: Cast) -> None:
    add(cast, "holiday", MONDAY, MONDAY + timedelta(days=4))
    with acting(cast.novice) as nia:
        plans.set_week(nia, monday=MONDAY, minutes=25)
        plans.set_week(nia, monday=MONDAY + WEEK, minutes=0, quiet=True)
        first, second, *_ = plan_queries.my_plan(nia).weeks
    assert (first.available, first.why, first.blocked) == (25, (), False)
    assert (second.available, second.blocked) == (0, True)


def test_days_off_of_the_district_and_of_her_own_school_count_for_her(cast: Cast) -> None:
    add(cast, "holiday", MONDAY, MONDAY, "Fair")
    add(cast, "holiday", MONDAY + timedelta(days=1), MONDAY + timedelta(days=1), "Feast", at=cast.school)
    add(cast, "holiday", MONDAY + timedelta(days=2), MONDAY + timedelta(days=2), "Elsewhere", at=cast.other_school)
    assert week(cast) == WeekTime(24, True, ("1 day off: Fair", "1 day off: Feast"))
    assert week(cast, person=cast.coordinator).minutes == 32
    assert week(cast, person=cast.outsider).minutes == 40


def test_who_works_at_a_school_sees_its_days_and_who_coordinates_sees_all(cast: Cast) -> None:
    for name, place in (("Fair", cast.district), ("Feast", cast.school), ("Elsewhere", cast.other_school)):
        add(cast, "holiday", MONDAY, MONDAY, name, at=place)
    seen = {}
    for person in (cast.novice, cast.coordinator, cast.outsider):
        with acting(person) as actor:
            seen[person.given_name] = {each.name for each in queries.list_school_times(actor)}
            assert {each.name for each in queries.list_coming(actor)} <= seen[person.given_name]
    assert seen == {"Nia": {"Fair", "Feast"}, "Dana": {"Fair", "Feast", "Elsewhere"}, "Uma": set()}


def test_who_learns_in_the_holidays_keeps_her_minutes(cast: Cast) -> None:
    add(cast, "holiday", MONDAY, MONDAY + timedelta(days=4))
    with acting(cast.novice) as nia:
        commands.set_my_time(nia, days=(), holidays_too=True)
    assert week(cast) == WeekTime(40, False, ())


def test_days_between_terms_are_off_and_before_and_after_them_nothing_is_known(cast: Cast) -> None:
    add(cast, "term", MONDAY - 4 * WEEK, MONDAY + timedelta(days=1), "Autumn term")
    add(cast, "term", MONDAY + 2 * WEEK, MONDAY + 4 * WEEK + timedelta(days=4), "Winter term")
    assert week(cast).why == ("3 days off: Between terms",) and week(cast).minutes == 16
    assert week(cast, MONDAY + WEEK) == WeekTime(0, False, ("5 days off: Between terms",))
    assert week(cast, MONDAY + 2 * WEEK) == WeekTime(40)
    assert week(cast, MONDAY + 6 * WEEK) == WeekTime(40)


def test_a_year_that_nobody_entered_stops_no_plan(cast: Cast) -> None:
    add(cast, "term", date(2025, 9, 1), date(2026, 6, 19), "Last year")
    add(cast, "term", date(2027, 9, 1), date(2028, 6, 20), "Next year")
    assert week(cast) == WeekTime(40)
    add(cast, "term", MONDAY - 5 * WEEK, date(2027, 6, 18), "This year")
    assert week(cast, date(2026, 7, 6)).why == ("5 days off: Between terms",), "a summer between two years is one"


def test_days_off_of_a_school_she_coordinates_and_does_not_work_at_are_not_hers(cast: Cast) -> None:
    add(cast, "holiday", MONDAY, MONDAY + timedelta(days=4), "Elsewhere", at=cast.other_school)
    with tenancy.unscoped("test"):
        Membership.objects.create(
            tenant_id=cast.district.pk, person=cast.expert, organisation=cast.other_school, role=Role.COORDINATOR
        )
    assert week(cast, person=cast.expert) == WeekTime(40)
    with acting(cast.expert) as expert:
        assert [each.name for each in queries.list_school_times(expert)] == ["Elsewhere"]
        assert queries.list_coming(expert) == []


def test_a_week_has_no_more_than_a_plan_takes(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        commands.set_my_time(nia, days=[DayTime((), 500)] * 7, holidays_too=False)
        assert plan_queries.my_plan(nia).weeks[0].available == 3000
    assert week(cast) == WeekTime(3000, True, ("a plan takes 50 h a week at most",))


def test_the_terms_of_her_school_stand_before_those_of_the_district(cast: Cast) -> None:
    add(cast, "term", MONDAY - WEEK, MONDAY - timedelta(days=3), "District, first")
    add(cast, "term", MONDAY + WEEK, MONDAY + 2 * WEEK, "District, second")
    add(cast, "term", MONDAY - WEEK, MONDAY + 2 * WEEK, "All year", at=cast.school)
    assert week(cast).minutes == 40
    assert week(cast, person=cast.coordinator).minutes == 0


def test_a_staff_day_has_no_class_and_keeps_its_minutes(cast: Cast) -> None:
    add(cast, "staff_day", MONDAY, MONDAY + timedelta(days=4), "Staff week")
    assert week(cast) == WeekTime(40, False, ())


WRONG = {
    "ends before it begins": ({"ends_on": MONDAY - timedelta(days=1)}, "ends_on", "comes before"),
    "longer than a year": ({"ends_on": MONDAY + timedelta(days=500)}, "ends_on", "longer than a year"),
    "far away": ({"begins_on": date(1020, 1, 1)}, "begins_on", "too far away"),
    "no name": ({"name": "  "}, "name", "Give it a name"),
    "a long name": ({"name": "x" * 81}, "name", "80 characters"),
    "no kind": ({"kind": "party"}, "kind", "Choose"),
    "overlaps a term": ({"begins_on": MONDAY + timedelta(days=3)}, "begins_on", "It overlaps “First term”"),
    "the same again": ({}, "begins_on", "already, as “First term”"),
}


@pytest.mark.parametrize(("facts", "field", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_a_part_of_the_year_is_named(cast: Cast, facts: Any, field: str, words: str) -> None:
    add(cast, "term", MONDAY, MONDAY + WEEK, "First term")
    usual = {"kind": "term", "name": "Term", "begins_on": MONDAY, "ends_on": MONDAY + WEEK}
    with acting(cast.coordinator) as dana:
        with pytest.raises(Invalid) as problem:
            commands.add_school_time(dana, organisation_id=cast.district.pk, **usual | facts)
        assert len(queries.list_school_times(dana)) == 1
    assert words in problem.value.fields[field]


def test_a_year_that_is_over_may_be_kept_changed_and_removed(cast: Cast) -> None:
    row = add(cast, "term", date(2019, 8, 20), date(2020, 6, 10), "Year 2019")
    with acting(cast.coordinator) as dana:
        changed: dict[str, Any] = {"kind": "term", "name": "School year 2019", "begins_on": date(2019, 8, 19)}
        commands.change_school_time(dana, school_time_id=row.pk, ends_on=date(2020, 6, 10), **changed)
        (shown,) = queries.list_school_times(dana)
        assert (shown.name, shown.when) == ("School year 2019", "19 August 2019 to 10 June 2020")
        commands.remove_school_time(dana, school_time_id=row.pk)
        with pytest.raises(NotFound):
            commands.remove_school_time(dana, school_time_id=row.pk)
    assert week(cast) == WeekTime(40)


def test_only_who_coordinates_there_sets_the_year(cast: Cast) -> None:
    row = add(cast, "holiday", MONDAY, MONDAY, "Fair")
    for person in (cast.novice, cast.principal, cast.coach, cast.official):
        with pytest.raises(NotAllowed):
            add(cast, "holiday", MONDAY, MONDAY, who=person)
    with acting(cast.novice) as nia, pytest.raises(NotAllowed):
        commands.remove_school_time(nia, school_time_id=row.pk)
    with acting(cast.outsider) as uma:
        assert queries.list_school_times(uma) == []
        with pytest.raises(NotFound):
            commands.remove_school_time(uma, school_time_id=row.pk)
        with pytest.raises(NotAllowed):
            commands.add_school_time(
                uma, organisation_id=cast.district.pk, kind="holiday", name="No", begins_on=MONDAY, ends_on=MONDAY
            )


WRONG_DAYS = {
    "minutes": (days(mon=DayTime((), 601)), "minutes_0", "Monday: choose between"),
    "a period turned round": (days(tue=DayTime((period("10:00", "09:00"),))), "period_1_0", "ends before it begins"),
    "a period within one minute": (
        days(mon=DayTime((period("08:00:10", "08:00:50"),), 10)), "period_0_0", "ends before it begins",
    ),
    "periods that overlap": (
        days(fri=DayTime((period("10:00", "11:00"), period("10:30", "12:00")))), "period_4_1", "overlap",
    ),
    "too many": (days(sun=DayTime((period("08:00", "09:00"),) * 3)), "period_6_0", "room for 2"),
    "nothing at all": (days(), "", "at least one day"),
    "six days": (days()[:6], "", "seven days"),
}  # fmt: skip


@pytest.mark.parametrize(("given", "field", "words"), WRONG_DAYS.values(), ids=WRONG_DAYS.keys())
def test_days_that_cannot_be_are_named(cast: Cast, given: Any, field: str, words: str) -> None:
    with acting(cast.novice) as nia, pytest.raises(Invalid) as problem:
        commands.set_my_time(nia, days=given, holidays_too=False)
    assert words in problem.value.fields[field]
    assert week(cast) == WeekTime(40)


@pytest.mark.parametrize(
    "address",
    ["", "calendar", "http://calendar.example.org/x.ics", "ftp://x.org/a", "https://", "https://a b.org/",
     "https://me:secret@calendar.example.org/x.ics", "https://[::1/x", "https://x.org/" + "a" * 2000],
)  # fmt: skip
def test_an_address_that_is_none_is_named(cast: Cast, address: str) -> None:
    with acting(cast.novice) as nia, pytest.raises(Invalid) as problem:
        commands.connect_calendar(nia, address=address)
    assert "address" in problem.value.fields
    with tenancy.unscoped("test"):
        assert not CalendarSubscription.objects.exists()


@pytest.mark.requirement("P1.2")
def test_time_and_calendar_are_nobody_elses(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        commands.set_my_time(nia, days=days(mon=DayTime((), 30)), holidays_too=True)
        commands.connect_calendar(nia, address=ADDRESS)
        commands.make_plan_address(nia)
    for other in (cast.coach, cast.principal, cast.coordinator, cast.operator):
        with acting(other) as actor:
            assert queries.my_time(actor).days == () and queries.my_subscription(actor) is None
            assert queries.plan_address_made_at(actor) is None
            commands.disconnect_calendar(actor)
            commands.revoke_plan_address(actor)
    with acting(cast.novice) as nia:
        assert queries.my_subscription(nia) is not None and queries.plan_address_made_at(nia) is not None


def test_sharing_a_plan_does_not_share_why_a_week_has_less(cast: Cast) -> None:
    add(cast, "holiday", MONDAY, MONDAY, "Fair")
    with acting(cast.novice) as nia:
        plan = plans.begin_plan(nia)
        to_cora: dict[str, Any] = {
            "grantee_id": cast.coach.pk, "purpose": "To plan", "leads_me": False, "confirmed": True,
        }  # fmt: skip
        privacy.share(nia, item_kind="plan", item_id=plan.pk, **to_cora)
        assert plan_queries.my_plan(nia).weeks[0].why
    with acting(cast.coach) as cora:
        shown = plans.open_shared_plan(cora, plan_id=plan.pk, purpose="To plan")
    assert shown.weeks[0].available == 32 and not any(each.why for each in shown.weeks)


def test_however_many_weeks_the_questions_are_the_same(cast: Cast) -> None:
    add(cast, "holiday", MONDAY, MONDAY)
    with acting(cast.novice) as nia:
        commands.set_my_time(nia, days=days(mon=DayTime((period("10:00", "11:00"),))), holidays_too=False)
        commands.connect_calendar(nia, address=ADDRESS)
        counts = []
        for number in (1, 52):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                queries.week_times(nia, [MONDAY + WEEK * step for step in range(number)])
            counts.append(len(asked))
        assert queries.week_times(nia, []) == {}
    assert counts == [4, 4]


@pytest.mark.requirement("N4")
def test_erasing_her_deletes_all_of_it(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        commands.set_my_time(nia, days=(), holidays_too=True)
        commands.connect_calendar(nia, address=ADDRESS)
        commands.make_plan_address(nia)
        gone = commands.erase(nia, cast.novice.pk)
        assert gone == {"own_times": 1, "calendars": 1, "plan_addresses": 1, "feed_entries": 0}
        assert not any(table.objects.exists() for table in (OwnTime, CalendarSubscription, PlanFeed, FeedEntry))


@pytest.mark.parametrize(
    "crafted",
    [
        lambda: OwnTime(days=[{"minutes": 10, "periods": []}] * 6),
        lambda: OwnTime(days=[{"minutes": "10", "periods": []}] * 7),
        lambda: OwnTime(days=[{"minutes": 10, "periods": [[600, 500]]}] * 7),
        lambda: OwnTime(days=[{"minutes": 10, "periods": [[600, 1500]]}] * 7),
        lambda: OwnTime(days="Monday"),
        lambda: CalendarSubscription(address="file:///etc/passwd"),
        lambda: CalendarSubscription(address=ADDRESS, busy=[[5, 4]]),
        lambda: CalendarSubscription(address=ADDRESS, busy=[[5, 9], [6, 12]]),
        lambda: CalendarSubscription(address=ADDRESS, busy=[["5", "9"]]),
        lambda: CalendarSubscription(address=ADDRESS, busy=[[1, 2]] * 5000),
        lambda: FeedEntry(content=["A title", "30", "link"]),
    ],
)
def test_an_archive_that_somebody_crafted_puts_no_nonsense_here(crafted: Any) -> None:
    with pytest.raises(ValidationError):
        crafted().clean()
    OwnTime(days=[{"minutes": 10, "periods": [[600, 645]]}] * 7).clean()
    CalendarSubscription(address=ADDRESS, busy=[[1, 2], [2, 5]]).clean()
    FeedEntry(content=["A title", 30, "link"]).clean()
