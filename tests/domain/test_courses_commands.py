"""Taking something up, saying how far one is, and adding what comes from anywhere else."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from lantern.domain.courses import commands as courses
from lantern.domain.courses import queries
from lantern.domain.courses.types import ActivityState
from lantern.kernel import clock
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord
from tests.cast import acting, competencies_of, system_of
from tests.domain.learning_factory import logged, offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def resource(cast):
    with acting(cast.coordinator) as dana:
        return offer(dana, minutes=40)


def events(name: str) -> int:
    return EventRecord.objects.filter(name=name).count()


def test_taking_up_copies_what_the_resource_says_and_is_done_once(cast, resource) -> None:
    with acting(cast.novice) as nia:
        first = courses.take_up(nia, resource_id=resource.pk)
        assert (first.title, first.minutes, first.state) == ("Number talks", 40, "planned")
        assert courses.take_up(nia, resource_id=resource.pk).pk == first.pk
        assert events("ActivityTakenUp") == 1
        assert queries.activity_for_resource(nia, resource.pk) == first


def test_what_was_set_aside_is_taken_up_again_where_it_was_left(cast, resource) -> None:
    with acting(cast.novice) as nia:
        first = courses.take_up(nia, resource_id=resource.pk)
        courses.set_progress(nia, activity_id=first.pk, percent=30)
        courses.set_aside(nia, activity_id=first.pk)
        courses.set_aside(nia, activity_id=first.pk)
        assert events("ActivitySetAside") == 1
        assert list(queries.my_activities(nia)) == []
        with pytest.raises(Conflict):
            courses.set_progress(nia, activity_id=first.pk, percent=40)
        again = courses.take_up(nia, resource_id=resource.pk)
        assert (again.pk, again.state, again.percent) == (first.pk, "started", 30)
        own = logged(nia, happened_on=None)
        courses.set_aside(nia, activity_id=own.pk)
        assert courses.resume(nia, activity_id=own.pk).state == "planned"
        assert courses.resume(nia, activity_id=own.pk).state == "planned"
        courses.set_aside(nia, activity_id=again.pk)
        assert courses.resume(nia, activity_id=again.pk).state == "started"


def test_what_is_not_offered_or_out_of_sight_cannot_be_taken_up(cast, resource) -> None:
    from lantern.domain.catalog import commands as catalog

    with acting(cast.coordinator) as dana:
        catalog.set_status(dana, resource_id=resource.pk, status="retired")
    with acting(cast.novice) as nia:
        with pytest.raises((Invalid, NotFound)):
            courses.take_up(nia, resource_id=resource.pk)
        with pytest.raises(NotFound):
            courses.take_up(nia, resource_id=uuid4())
    with acting(cast.outsider) as uma, pytest.raises(NotFound):
        courses.take_up(uma, resource_id=resource.pk)


def test_finishing_is_told_once_and_lasts(cast, resource) -> None:
    with acting(cast.novice) as nia:
        activity = courses.take_up(nia, resource_id=resource.pk)
        assert courses.set_progress(nia, activity_id=activity.pk, percent=50, minutes_spent=20).state == "started"
        assert list(queries.my_activities(nia, ("started",))) == [activity]
        done = courses.set_progress(nia, activity_id=activity.pk, percent=100, minutes_spent=45)
        assert (done.state, done.learned_on) == ("finished", clock.today())
        courses.set_progress(nia, activity_id=activity.pk, percent=100, minutes_spent=45)
        later = courses.set_progress(nia, activity_id=activity.pk, percent=10, minutes_spent=50)
        assert (later.state, later.percent, later.minutes_spent) == ("finished", 100, 50)
        assert events("ActivityFinished") == 1
        assert events("ActivityProgressed") == 3
        assert queries.finished_resource_ids(nia) == {resource.pk}
        assert not queries.my_activities(nia, ("started",)).exists()
        with pytest.raises(Conflict):
            courses.set_aside(nia, activity_id=activity.pk)


@pytest.mark.parametrize(("percent", "minutes"), [(101, None), (-1, None), (50, -1), (50, 60_001)])
def test_numbers_out_of_range_are_refused(cast, resource, percent, minutes) -> None:
    with acting(cast.novice) as nia:
        activity = courses.take_up(nia, resource_id=resource.pk)
        with pytest.raises(Invalid):
            courses.set_progress(nia, activity_id=activity.pk, percent=percent, minutes_spent=minutes)
        assert queries.get_activity(nia, activity.pk).percent == 0


def test_something_from_outside_is_to_come_or_done(cast) -> None:
    with acting(cast.novice) as nia:
        to_come = courses.add_outside(
            nia, title=" A  podcast ", kind="podcast", minutes=30, url="https://example.org/1"
        )
        assert (to_come.title, to_come.state, to_come.is_outside) == ("A podcast", "planned", True)
        done = logged(nia)
        assert (done.state, done.percent, done.minutes_spent) == ("finished", 100, 90)
        assert done.learned_on == done.happened_on
        assert events("ActivityFinished") == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "   "),
        ("title", "x" * 301),
        ("kind", "seance"),
        ("minutes", 0),
        ("minutes", 60_001),
        ("url", "javascript:alert(1)"),
        ("url", "example.org"),
        ("url", "https://[broken"),
        ("url", "https://example.org/" + "x" * 500),
        ("provider", "x" * 161),
        ("happened_on", clock.today() + timedelta(days=2)),
        ("happened_on", clock.today().replace(year=1900, day=1)),
    ],
)
def test_wrong_facts_about_outside_learning_are_named(cast, field, value) -> None:
    said = {"title": "A podcast", "kind": "podcast", "minutes": 30, field: value}
    with acting(cast.novice) as nia:
        with pytest.raises(Invalid) as refused:
            courses.add_outside(nia, **said)
        assert set(refused.value.fields) == {field}
        assert not queries.my_activities(nia).exists()


def test_outside_learning_can_name_a_competency_in_sight(cast) -> None:
    competency = competencies_of(cast.framework)[0]
    with acting(cast.novice) as nia:
        made = courses.add_outside(nia, title="A podcast", kind="podcast", minutes=30, competency_id=competency.pk)
        assert queries.get_activity(nia, made.pk).competency == competency
        with pytest.raises(NotFound):
            courses.add_outside(nia, title="A podcast", kind="podcast", minutes=30, competency_id=uuid4())


@pytest.mark.parametrize("who", ["expert", "coach", "principal", "coordinator", "operator", "official", "outsider"])
def test_activities_of_another_person_do_not_exist(cast, resource, who) -> None:
    with acting(cast.novice) as nia:
        activity = courses.take_up(nia, resource_id=resource.pk)
    with acting(getattr(cast, who)) as other:
        for act in (
            lambda: queries.get_activity(other, activity.pk),
            lambda: courses.set_progress(other, activity_id=activity.pk, percent=100),
            lambda: courses.set_aside(other, activity_id=activity.pk),
            lambda: courses.resume(other, activity_id=activity.pk),
        ):
            with pytest.raises(NotFound):
                act()
        assert not queries.my_activities(other).exists()
        with pytest.raises(NotFound):
            courses.erase(other, cast.novice.pk)


def test_lantern_itself_learns_nothing(cast, resource) -> None:
    with acting(cast.novice), pytest.raises(NotAllowed):
        courses.take_up(system_of(cast.district), resource_id=resource.pk)


def test_export_and_erase_hold_everything_of_one_person(cast, resource) -> None:
    with acting(cast.novice) as nia:
        courses.take_up(nia, resource_id=resource.pk)
        logged(nia)
        assert {row["title"] for row in queries.export_for(nia)["activities"]} == {"Number talks", "A Sunday webinar"}
    with acting(cast.expert) as elena:
        kept = courses.take_up(elena, resource_id=resource.pk)
    with acting(cast.novice) as nia:
        assert courses.erase(nia, cast.novice.pk) == {"activities deleted": 2}
        assert queries.export_for(nia) == {"activities": []}
    with acting(cast.expert) as elena:
        assert queries.get_activity(elena, kept.pk).state == ActivityState.PLANNED
