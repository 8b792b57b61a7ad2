"""Goals: what is refused, what is kept, and that nobody else's hands or eyes reach them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from lantern.domain.goals import commands, queries
from lantern.domain.goals.models import Goal
from lantern.domain.initiatives import commands as initiatives
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord
from tests.cast import Cast, acting, competencies_of, system_of
from tests.grow_facts import goal_facts, in_days


@pytest.mark.requirement("B.1")
@pytest.mark.parametrize("missing", ["measure", "baseline", "target", "title"])
def test_a_goal_without_a_measure_is_refused_with_the_reason_at_its_field(cast: Cast, missing: str):
    with acting(cast.novice) as nia:
        with pytest.raises(Invalid) as refused:
            commands.set_goal(nia, **goal_facts(**{missing: "  "}))
        assert set(refused.value.fields) == {missing}
        assert not queries.my_goals(nia, state=None).exists()


def test_everything_wrong_is_said_at_once(cast: Cast):
    with acting(cast.novice) as nia, pytest.raises(Invalid) as refused:
        commands.set_goal(nia, title="", measure="", baseline="", target="x" * 121, due_on=None, target_level=3)
    assert set(refused.value.fields) == {"title", "measure", "baseline", "target", "due_on", "target_level"}


@pytest.mark.parametrize("days", [0, -1, 365 * 12])
def test_a_goal_lies_in_the_future(cast: Cast, days: int):
    with acting(cast.novice) as nia, pytest.raises(Invalid, match="due_on"):
        commands.set_goal(nia, **goal_facts(due_on=in_days(days)))


def test_a_goal_is_set_and_logged_without_its_words(cast: Cast):
    competency = competencies_of(cast.framework)[0]
    with acting(cast.novice) as nia:
        goal = commands.set_goal(nia, **goal_facts(competency_id=competency.pk, target_level=3))
        assert queries.get_goal(nia, goal.pk).competency == competency
        record = EventRecord.objects.get(name="GoalSet")
        assert record.data == {"goal_id": str(goal.pk)}


def test_a_goal_points_only_to_what_its_owner_may_see(cast: Cast):
    with acting(cast.novice) as nia:
        for tie in ("competency_id", "initiative_id"):
            with pytest.raises(NotFound):
                commands.set_goal(nia, **goal_facts(**{tie: uuid4()}))


@pytest.mark.requirement("P1.2")
@pytest.mark.parametrize("who", ["principal", "coordinator", "operator", "coach", "official", "outsider", "expert"])
def test_nobody_else_sees_changes_or_ends_a_goal(cast: Cast, who: str):
    with acting(cast.novice) as nia:
        goal = commands.set_goal(nia, **goal_facts())
        commands.check_goal(nia, goal_id=goal.pk, value="2 of 7")
    with acting(getattr(cast, who)) as other:
        assert not queries.my_goals(other, state=None).exists()
        for attempt in (
            lambda: queries.get_goal(other, goal.pk),
            lambda: commands.edit_goal(other, goal_id=goal.pk, **goal_facts(title="Theirs")),
            lambda: commands.check_goal(other, goal_id=goal.pk, value="1"),
            lambda: commands.end_goal(other, goal_id=goal.pk, state="let_go"),
            lambda: commands.reopen_goal(other, goal_id=goal.pk),
            lambda: commands.open_shared_goal(other, goal_id=goal.pk, purpose="Curiosity"),
        ):
            with pytest.raises(NotFound):
                attempt()
        assert not queries.list_checks(other, goal.pk).exists()
    with acting(cast.novice) as nia:
        assert queries.get_goal(nia, goal.pk).title == "Quiet students speak up"


def test_the_system_owns_no_goal(cast: Cast):
    with acting(cast.novice), pytest.raises(NotAllowed):
        commands.set_goal(system_of(cast.district), **goal_facts())


def test_checks_keep_the_way_of_the_measure(cast: Cast):
    with acting(cast.novice) as nia:
        goal = commands.set_goal(nia, **goal_facts())
        commands.check_goal(nia, goal_id=goal.pk, value="8 of 24", note="After number talks")
        commands.check_goal(nia, goal_id=goal.pk, value="11 of 24")
        assert [check.value for check in queries.list_checks(nia, goal.pk)] == ["8 of 24", "11 of 24"]
        for wrong in ("", "x" * 121):
            with pytest.raises(Invalid, match="value"):
                commands.check_goal(nia, goal_id=goal.pk, value=wrong)


def test_a_goal_ends_once_and_can_be_opened_again(cast: Cast):
    with acting(cast.novice) as nia:
        goal = commands.set_goal(nia, **goal_facts())
        with pytest.raises(Invalid):
            commands.end_goal(nia, goal_id=goal.pk, state="open")
        commands.end_goal(nia, goal_id=goal.pk, state="reached")
        commands.end_goal(nia, goal_id=goal.pk, state="reached")
        assert EventRecord.objects.filter(name="GoalEnded").count() == 1
        with pytest.raises(Conflict):
            commands.end_goal(nia, goal_id=goal.pk, state="let_go")
        for closed in (
            lambda: commands.edit_goal(nia, goal_id=goal.pk, **goal_facts()),
            lambda: commands.check_goal(nia, goal_id=goal.pk, value="1"),
        ):
            with pytest.raises(Conflict):
                closed()
        assert commands.reopen_goal(nia, goal_id=goal.pk).ended_at is None
        commands.edit_goal(nia, goal_id=goal.pk, **goal_facts(title="Anew"))
        assert queries.get_goal(nia, goal.pk).title == "Anew"


def test_a_day_that_has_passed_may_stay_but_not_be_chosen(cast: Cast):
    with acting(cast.novice) as nia:
        goal = commands.set_goal(nia, **goal_facts())
        Goal.objects.filter(pk=goal.pk).update(due_on=in_days(-3))
        commands.edit_goal(nia, goal_id=goal.pk, **goal_facts(due_on=in_days(-3), why="Because"))
        with pytest.raises(Invalid, match="due_on"):
            commands.edit_goal(nia, goal_id=goal.pk, **goal_facts(due_on=in_days(-2)))


@pytest.mark.requirement("P1.5")
def test_deleting_an_initiative_leaves_every_goal_intact(cast: Cast):
    with acting(cast.coordinator) as dana:
        aim = initiatives.create_initiative(
            dana, organisation_id=cast.district.pk, title="Talk", summary="", begins_on=None, ends_on=None
        )
    with acting(cast.novice) as nia:
        goal = commands.set_goal(nia, **goal_facts(initiative_id=aim.pk))
        before = {name: getattr(goal, name) for name in goal_facts()}
    with acting(cast.coordinator) as dana:
        initiatives.delete_initiative(dana, initiative_id=aim.pk)
    with acting(cast.novice) as nia:
        after = queries.get_goal(nia, goal.pk)
        assert queries.my_goals(nia).filter(initiative__isnull=True).get() == goal
        assert {name: getattr(after, name) for name in goal_facts()} == before


def test_linking_and_unlinking_is_hers(cast: Cast):
    with acting(cast.coordinator) as dana:
        aim = initiatives.create_initiative(
            dana, organisation_id=cast.district.pk, title="Talk", summary="", begins_on=None, ends_on=None
        )
    with acting(cast.novice) as nia:
        goal = commands.set_goal(nia, **goal_facts())
        linked = commands.edit_goal(nia, goal_id=goal.pk, **goal_facts(initiative_id=aim.pk))
        assert linked.linked_on == in_days(0)
        assert commands.edit_goal(nia, goal_id=goal.pk, **goal_facts()).linked_on is None


def test_export_holds_all_and_erasure_leaves_nothing(cast: Cast):
    with acting(cast.novice) as nia:
        goal = commands.set_goal(nia, **goal_facts(why="Because"))
        commands.check_goal(nia, goal_id=goal.pk, value="8", note="n")
        exported = queries.export_for(nia)["goals"]
        assert exported[0]["why"] == "Because" and exported[0]["checks"][0]["note"] == "n"
    with acting(cast.expert) as elena, pytest.raises(NotFound):
        commands.erase(elena, cast.novice.pk)
    with acting(cast.novice) as nia:
        assert commands.erase(nia, cast.novice.pk) == {"goals": 1, "goal_checks": 1}
        assert queries.export_for(nia) == {"goals": []}


def test_goals_come_with_the_next_due_first(cast: Cast):
    with acting(cast.novice) as nia:
        for days in (30, 10, 20):
            commands.set_goal(nia, **goal_facts(title=str(days), due_on=in_days(0) + timedelta(days=days)))
        assert [goal.title for goal in queries.my_goals(nia)] == ["10", "20", "30"]
