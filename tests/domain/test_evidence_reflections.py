"""Reflecting on something, changing one's words, and saying how it went."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lantern.domain.courses import commands as courses
from lantern.domain.courses import queries as course_queries
from lantern.domain.evidence import commands as evidence
from lantern.domain.evidence import queries
from lantern.kernel import clock
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord
from tests.cast import acting, system_of
from tests.domain.learning_factory import logged, reflected

pytestmark = pytest.mark.django_db


def events(name: str) -> int:
    return EventRecord.objects.filter(name=name).count()


@pytest.mark.requirement("B.7")
def test_a_reflection_names_a_class_and_a_day(cast) -> None:
    day = clock.today() + timedelta(days=5)
    with acting(cast.novice) as nia:
        made = reflected(nia, logged(nia), try_class="Grade 4", try_on=day)
        kept = queries.get_reflection(nia, made.pk)
        assert (kept.try_class, kept.try_on, kept.answered_at) == ("Grade 4", day, None)
        assert queries.reflection_of(nia, kept.activity_id) == kept
        (told,) = EventRecord.objects.filter(name="ReflectionSubmitted")
        assert told.data["outside"] is True and told.data["minutes"] == 90
        assert "Wait" not in str(told.data)


def test_a_reflection_sent_twice_is_one_and_a_second_one_is_refused(cast) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
        assert reflected(nia, activity).pk == reflected(nia, activity).pk
        with pytest.raises(Conflict):
            reflected(nia, activity, takeaway="Something else.")
        assert events("ReflectionSubmitted") == 1


def test_reflecting_on_something_under_way_marks_it_as_done(cast) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia, happened_on=None)
        assert [row.pk for row in queries.activities_to_reflect_on(nia)] == []
        reflected(nia, activity, minutes=30)
        done = course_queries.get_activity(nia, activity.pk)
        assert (done.state, done.minutes_spent) == ("finished", 30)
        assert events("ActivityFinished") == 1


def test_what_was_set_aside_is_taken_up_before_reflecting(cast) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia, happened_on=None)
        courses.set_aside(nia, activity_id=activity.pk)
        with pytest.raises(Invalid):
            reflected(nia, activity)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("takeaway", "  "),
        ("takeaway", "x" * 20_001),
        ("minutes", 0),
        ("minutes", 60_001),
        ("try_class", "x" * 121),
        ("try_on", clock.today() - timedelta(days=3)),
        ("try_on", clock.today() + timedelta(days=900)),
    ],
)
def test_wrong_reflections_are_refused_field_by_field(cast, field, value) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
        with pytest.raises(Invalid) as refused:
            reflected(nia, activity, **{field: value})
        assert set(refused.value.fields) == {field}
        assert queries.reflection_of(nia, activity.pk) is None


def test_yesterday_is_still_a_day_to_try_it(cast) -> None:
    with acting(cast.novice) as nia:
        made = reflected(nia, logged(nia), try_on=clock.today() - timedelta(days=1))
        assert list(queries.reflections_to_answer(nia)) == [made]


def test_words_can_be_changed_any_time_and_minutes_stay(cast) -> None:
    day = clock.today() + timedelta(days=3)
    with acting(cast.novice) as nia:
        made = reflected(nia, logged(nia))
        changed = evidence.edit_reflection(nia, reflection_id=made.pk, takeaway="New words", try_class="5b", try_on=day)
        evidence.edit_reflection(nia, reflection_id=made.pk, takeaway="New words", try_class="5b", try_on=day)
        assert (changed.takeaway, changed.minutes, changed.try_on) == ("New words", 90, day)
        assert events("ReflectionEdited") == 1
        with pytest.raises(Invalid):
            evidence.edit_reflection(nia, reflection_id=made.pk, takeaway="")


def test_an_old_day_may_stay_when_only_the_words_change(cast, time_machine) -> None:
    day = clock.today() + timedelta(days=1)
    with acting(cast.novice) as nia:
        made = reflected(nia, logged(nia), try_on=day)
        time_machine.move_to(clock.now() + timedelta(days=30))
        assert evidence.edit_reflection(nia, reflection_id=made.pk, takeaway="More", try_on=day).takeaway == "More"


@pytest.mark.requirement("B.7")
@pytest.mark.parametrize("outcome", ["worked", "partly", "did_not_work", "not_tried"])
def test_every_answer_is_taken_also_that_it_did_not_work(cast, outcome) -> None:
    with acting(cast.novice) as nia:
        made = reflected(nia, logged(nia), try_on=clock.today() - timedelta(days=1))
        told = evidence.answer_reflection(
            nia, reflection_id=made.pk, outcome=outcome, what_happened="They talked more."
        )
        evidence.answer_reflection(nia, reflection_id=made.pk, outcome=outcome, what_happened="They talked more.")
        assert told.answered_at is not None
        assert events("ReflectionAnswered") == 1
        assert not queries.reflections_to_answer(nia).exists()


def test_not_tried_yet_with_a_new_day_waits_for_that_day(cast) -> None:
    day = clock.today() + timedelta(days=7)
    with acting(cast.novice) as nia:
        made = reflected(nia, logged(nia), try_on=clock.today() - timedelta(days=1))
        for _ in range(2):
            told = evidence.answer_reflection(nia, reflection_id=made.pk, outcome="not_tried", try_on=day)
        assert (told.answered_at, told.try_on, told.asked_at) == (None, day, None)
        assert not queries.reflections_to_answer(nia).exists()
        with pytest.raises(Invalid):
            evidence.answer_reflection(
                nia, reflection_id=made.pk, outcome="not_tried", try_on=clock.today() - timedelta(days=9)
            )


@pytest.mark.parametrize(("field", "value"), [("outcome", "brilliant"), ("what_happened", "x" * 20_001)])
def test_wrong_answers_are_refused(cast, field, value) -> None:
    with acting(cast.novice) as nia:
        made = reflected(nia, logged(nia))
        with pytest.raises(Invalid) as refused:
            evidence.answer_reflection(nia, **{"reflection_id": made.pk, "outcome": "worked", field: value})
        assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("who", ["expert", "coach", "principal", "coordinator", "operator", "official", "outsider"])
def test_reflections_of_another_person_do_not_exist(cast, who) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
        made = reflected(nia, activity)
    with acting(getattr(cast, who)) as other:
        for act in (
            lambda: queries.get_reflection(other, made.pk),
            lambda: reflected(other, activity),
            lambda: evidence.edit_reflection(other, reflection_id=made.pk, takeaway="x"),
            lambda: evidence.answer_reflection(other, reflection_id=made.pk, outcome="worked"),
        ):
            with pytest.raises(NotFound):
                act()
        assert not queries.my_reflections(other).exists()
        with pytest.raises(NotAllowed):
            queries.list_to_ask(other, clock.today())
        with pytest.raises(NotAllowed):
            evidence.mark_asked(other, reflection_id=made.pk)


def test_lantern_itself_does_not_reflect(cast) -> None:
    with acting(cast.novice) as nia:
        activity = logged(nia)
        with pytest.raises(NotAllowed):
            reflected(system_of(cast.district), activity)
