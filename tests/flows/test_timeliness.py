"""From a stated need to a first useful thing: told to her alone, and to the district only through a release."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lantern.domain.courses import commands as courses
from lantern.domain.courses.models import Activity
from lantern.domain.insights.models import ReleasedLine
from lantern.domain.insights.types import Metric, Way
from lantern.domain.needs import commands as needs
from lantern.domain.needs.models import Need
from lantern.domain.people.models import Person
from lantern.domain.privacy import commands as privacy
from lantern.engine.timeliness import Stated, Useful, answered_at, share_in_time, words
from lantern.flows import timeliness
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import NotAllowed
from tests.cast import Cast, acting, as_, competencies_of, system_of
from tests.offers import offers
from tests.release_factory import explore, moment, release, staff, term

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NEED = Stated("n", "talk", NOON)


def useful(*days: float, about: str = "talk") -> Useful:
    return Useful(frozenset({about}), tuple(NOON + timedelta(days=day) for day in days))


def test_the_first_useful_moment_is_one_about_the_need_and_not_before_it() -> None:
    assert answered_at(NEED, []) is None
    assert answered_at(NEED, [useful(1, about="calm"), useful(-5)]) is None
    assert answered_at(NEED, [useful(-5, 9), useful(3, 2)]) == NOON + timedelta(days=2)
    assert answered_at(NEED, [useful(0)]) == NOON


def test_the_share_counts_needs_answered_within_two_weeks() -> None:
    assert share_in_time([], [useful(1)]) is None
    other = Stated("o", "calm", NOON)
    assert share_in_time([NEED, other], [useful(14)]) == Fraction(1, 2)
    assert share_in_time([NEED], [useful(14.001)]) == 0
    assert share_in_time([NEED, other], [useful(1), useful(2, about="calm")]) == 1


def test_it_is_said_in_days() -> None:
    assert [words(days)[27:] for days in (0, 1, 2)] == [
        "on the day you said it.",
        "1 day after you said it.",
        "2 days after you said it.",
    ]


@pytest.mark.requirement("G.3")
def test_she_is_told_how_long_it_took_and_nobody_else(cast: Cast, client: Client) -> None:
    talk = offers(cast)["Your first number talk"]
    competency = competencies_of(cast.framework)[2]
    now = clock.now()
    with clock.standing_at(now - timedelta(days=2)), acting(cast.novice) as actor:
        needs.add_need(actor, competency_id=competency.pk, source="curiosity")
        needs.add_need(actor, competency_id=competencies_of(cast.framework)[0].pk, source="curiosity")
    with acting(cast.novice) as actor:
        assert timeliness.mine(actor) == []
        courses.take_up(actor, resource_id=talk.pk)
        (told,) = timeliness.mine(actor)
        assert (told.days, told.need.competency_id) == (2, competency.pk)
    here = reverse("grow:overview")
    said = "Number talks: You found something useful 2 days after you said it."
    assert said in as_(client, cast.novice).get(here).content.decode()
    for person in (cast.expert, cast.coach, cast.principal, cast.coordinator, cast.operator):
        assert "You found something useful" not in as_(client, person).get(here).content.decode()


def test_the_next_day_is_the_next_day_though_it_is_less_than_24_hours_later(cast: Cast, settings: Any) -> None:
    """Said an hour before midnight where the school is, found an hour after: not on the day she said it."""
    settings.TIME_ZONE = "America/Chicago"
    talk = offers(cast)["Your first number talk"]
    with acting(cast.novice) as actor:
        with clock.standing_at(datetime(2026, 3, 3, 5, tzinfo=UTC)):
            needs.add_need(actor, competency_id=competencies_of(cast.framework)[2].pk, source="curiosity")
        with clock.standing_at(datetime(2026, 3, 3, 7, tzinfo=UTC)):
            courses.take_up(actor, resource_id=talk.pk)
        (told,) = timeliness.mine(actor)
    assert (told.days, told.words) == (1, "You found something useful 1 day after you said it.")


def test_what_was_set_aside_is_not_useful_and_what_is_outside_counts_when_begun(cast: Cast) -> None:
    talk = offers(cast)["Your first number talk"]
    competency = competencies_of(cast.framework)[2]
    with acting(cast.novice) as actor:
        needs.add_need(actor, competency_id=competency.pk, source="curiosity")
        activity = courses.take_up(actor, resource_id=talk.pk)
        courses.set_aside(actor, activity_id=activity.pk)
        assert timeliness.mine(actor) == []
        outside = courses.add_outside(actor, title="A webinar", kind="video", minutes=30, competency_id=competency.pk)
        assert timeliness.mine(actor) == []
        courses.set_progress(actor, activity_id=outside.pk, percent=50)
        (told,) = timeliness.mine(actor)
        assert told.days == 0


def act(person: Person, competency: Any, days: int) -> None:
    """Let somebody begin something about a competency on a day of the term."""
    at = moment(days)
    with tenancy.unscoped("factory"):
        Activity.objects.create(
            tenant_id=person.tenant_id, person=person, title="canary", kind="video", minutes=30, percent=20,
            state="started", competency=competency, started_at=at, created_at=at, updated_at=at,
        )  # fmt: skip


def shown(tenant: Any) -> Any:
    """The district's line of the metric."""
    with tenancy.unscoped("test"):
        return ReleasedLine.objects.get(
            tenant_id=tenant.pk, node=str(tenant.pk), metric=Metric.TIMELY_NEEDS, way=Way.PLACE
        )


@pytest.mark.requirement("G.3")
def test_the_district_sees_a_range_of_a_closed_term_and_no_need(cast: Cast) -> None:
    competency = competencies_of(cast.framework)[0]
    people = staff(cast.school, 20)
    for number, person in enumerate(people[:14]):
        explore(person, competency, days=30)
        act(person, competency, days=35 if number < 10 else 60)
    release(cast)
    line = shown(cast.district)
    assert (line.low, line.high, line.why) == (40, 50, "")  # 10 of the 20 and three of the cast


@pytest.mark.requirement("G.3")
def test_who_refuses_to_be_counted_and_what_had_no_time_left_is_in_no_share(cast: Cast) -> None:
    competency = competencies_of(cast.framework)[0]
    one, other, late = staff(cast.school, 3)
    for person in (one, other):
        explore(person, competency, days=30)
        act(person, competency, days=31)
    days = (term().ends_before - term().begins_on).days
    explore(late, competency, days=days - 5)
    act(late, competency, days=days - 4)
    begins, ends = moment(0).replace(hour=0), moment(days).replace(hour=0)
    district = system_of(cast.district)
    with tenancy.within(district.tenancy):
        found = timeliness.shares(district, begins, ends, {one.pk, late.pk})
        assert found == {one.pk: Fraction(1)}
    with acting(cast.coordinator) as dana, pytest.raises(NotAllowed):
        timeliness.shares(dana, begins, ends, {one.pk})
    with tenancy.unscoped("test"):
        Person.objects.filter(pk=one.pk).update(active=False)
    with tenancy.within(district.tenancy):
        assert timeliness.shares(district, begins, ends, {one.pk}) == {}


def test_refusing_the_release_leaves_her_out_of_the_figure(cast: Cast) -> None:
    competency = competencies_of(cast.framework)[0]
    people = staff(cast.school, 20)
    for person in people[:12]:
        explore(person, competency, days=30)
        act(person, competency, days=31)
        with acting(person) as actor:
            privacy.refuse_purpose(actor, purpose="release")
    with tenancy.unscoped("test"):
        assert Need.objects.count() == 12
    release(cast)
    assert shown(cast.district).low in (None, 0)

