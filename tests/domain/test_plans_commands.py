"""The plan: room is found, quiet stays quiet, order has no gaps, and nobody but its owner changes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from lantern.domain.courses import commands as courses
from lantern.domain.goals import commands as goals
from lantern.domain.people.models import Profile
from lantern.domain.plans import commands, queries
from lantern.domain.plans.models import Plan, PlanItem
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord
from tests.cast import Cast, acting, system_of
from tests.grow_facts import activity, goal_facts, monday


def titles(actor: Actor) -> list[list[str]]:
    """The titles in each week shown."""
    return [[item.title for item in week.items] for week in queries.my_plan(actor).weeks]


def test_an_empty_plan_shows_the_coming_weeks_and_writes_nothing(cast: Cast):
    with acting(cast.novice) as nia:
        view = queries.my_plan(nia)
        assert view.is_empty and len(view.weeks) == 8
        assert view.weeks[0].monday == monday() and view.weeks[0].available == 40
        assert view.total_available == 320 and view.total_planned == 0
        assert not Plan.objects.exists()


def test_the_minutes_of_a_week_are_those_one_said_one_has(cast: Cast):
    with acting(cast.novice) as nia:
        Profile.objects.filter(person=cast.novice).update(minutes_per_week=75)
        assert {week.available for week in queries.my_plan(nia).weeks} == {75}
        assert queries.this_week(nia).available == 75


def test_the_weeks_to_choose_from_are_those_of_the_plan(cast: Cast):
    with acting(cast.novice) as nia:

        def facts(weeks: Any) -> list[tuple[Any, ...]]:
            return [(week.monday, week.available, week.planned, week.quiet, week.note) for week in weeks]

        assert facts(queries.my_weeks(nia)) == facts(queries.my_plan(nia).weeks)
        for weeks, minutes in ((0, 30), (0, 5), (3, 20), (11, 10)):
            commands.add_to_plan(nia, activity_id=activity(nia, f"In {weeks}", minutes).pk, monday=monday(weeks))
        gone = activity(nia, "Set aside", 25)
        commands.add_to_plan(nia, activity_id=gone.pk, monday=monday(2))
        courses.set_aside(nia, activity_id=gone.pk)
        commands.set_week(nia, monday=monday(1), minutes=15, quiet=True, note="Conferences")
        assert facts(queries.my_weeks(nia)) == facts(queries.my_plan(nia).weeks)
        assert [week.planned for week in queries.my_weeks(nia)][:4] == [35, 0, 0, 20]


@pytest.mark.requirement("C.2")
def test_things_go_into_the_first_week_with_room_and_anywhere_she_likes(cast: Cast):
    with acting(cast.novice) as nia:
        first = commands.add_to_plan(nia, activity_id=activity(nia, "A", 30).pk)
        second = commands.add_to_plan(nia, activity_id=activity(nia, "B", 30).pk)
        small = commands.add_to_plan(nia, activity_id=activity(nia, "C", 10).pk)
        chosen = commands.add_to_plan(nia, activity_id=activity(nia, "D", 10).pk, monday=monday(5))
        assert [item.monday for item in (first, second, small, chosen)] == [monday(), monday(1), monday(), monday(5)]
        assert titles(nia)[0] == ["A", "C"]
        commands.move_item(nia, item_id=chosen.pk, monday=monday(2))
        assert titles(nia)[2] == ["D"]


def test_what_is_longer_than_a_week_takes_an_empty_one_and_is_called_over(cast: Cast):
    with acting(cast.novice) as nia:
        commands.add_to_plan(nia, activity_id=activity(nia, "Short", 10).pk)
        long = commands.add_to_plan(nia, activity_id=activity(nia, "Long", 100).pk)
        assert long.monday == monday(1)
        assert queries.my_plan(nia).weeks[1].over == 60


def test_without_room_anywhere_it_waits_in_no_week(cast: Cast):
    with acting(cast.novice) as nia:
        commands.set_plan(nia, begins_on=monday(), weeks=1)
        commands.add_to_plan(nia, activity_id=activity(nia, "A", 40).pk)
        waiting = commands.add_to_plan(nia, activity_id=activity(nia, "B", 40).pk)
        assert waiting.monday is None
        assert [item.title for item in queries.my_plan(nia).unplaced] == ["B"]


@pytest.mark.requirement("A.11")
def test_a_quiet_week_has_no_minutes_and_takes_nothing(cast: Cast):
    with acting(cast.novice) as nia:
        held = commands.add_to_plan(nia, activity_id=activity(nia, "A", 40).pk, monday=monday(1))
        commands.set_week(nia, monday=monday(), minutes=90, quiet=True, note="Report cards")
        quiet = queries.my_plan(nia).weeks[0]
        assert quiet.quiet and quiet.available == 0 and quiet.note == "Report cards"
        with pytest.raises(Invalid, match="quiet"):
            commands.move_item(nia, item_id=held.pk, monday=monday())
        with pytest.raises(Invalid, match="quiet"):
            commands.add_to_plan(nia, activity_id=activity(nia, "B", 10).pk, monday=monday())
        assert commands.add_to_plan(nia, activity_id=activity(nia, "C", 10).pk).monday == monday(2)
        assert queries.this_week(nia).items == ()


@pytest.mark.requirement("A.11")
def test_a_week_that_becomes_quiet_lets_go_of_what_is_not_done(cast: Cast):
    with acting(cast.novice) as nia:
        done, open_one = activity(nia, "Done", 10), activity(nia, "Open", 10)
        commands.add_to_plan(nia, activity_id=done.pk, monday=monday())
        commands.add_to_plan(nia, activity_id=open_one.pk, monday=monday())
        courses.set_progress(nia, activity_id=done.pk, percent=100)
        commands.set_week(nia, monday=monday(), minutes=0, quiet=True)
        view = queries.my_plan(nia)
        assert [item.title for item in view.unplaced] == ["Open"]
        assert [item.title for item in view.weeks[0].items] == ["Done"]
        assert EventRecord.objects.get(name="PlanWeekChanged").data["moved"] == 1
        commands.set_week(nia, monday=monday(), minutes=30)
        commands.move_item(nia, item_id=view.unplaced[0].id, monday=monday())
        assert titles(nia)[0] == ["Done", "Open"]


def test_adding_twice_changes_nothing_but_may_place_what_waits(cast: Cast):
    with acting(cast.novice) as nia:
        thing = activity(nia)
        item = commands.add_to_plan(nia, activity_id=thing.pk)
        assert commands.add_to_plan(nia, activity_id=thing.pk, monday=monday(3)).monday == item.monday
        commands.move_item(nia, item_id=item.pk, monday=None)
        assert commands.add_to_plan(nia, activity_id=thing.pk, monday=monday(3)).monday == monday(3)
        assert PlanItem.objects.count() == 1


def test_positions_have_no_gaps_whatever_moves(cast: Cast):
    with acting(cast.novice) as nia:
        items = {
            name: commands.add_to_plan(nia, activity_id=activity(nia, name, 5).pk, monday=monday()).pk
            for name in "ABCD"
        }
        commands.move_item(nia, item_id=items["D"], monday=monday(), position=1)
        assert titles(nia)[0] == ["A", "D", "B", "C"]
        commands.move_item(nia, item_id=items["A"], monday=monday(), position=99)
        assert titles(nia)[0] == ["D", "B", "C", "A"]
        commands.move_item(nia, item_id=items["B"], monday=monday(1), position=0)
        commands.remove_item(nia, item_id=items["C"])
        assert titles(nia)[:2] == [["D", "A"], ["B"]]
        rows = PlanItem.objects.filter(monday=monday()).order_by("position")
        assert [row.position for row in rows] == [0, 1]


def test_each_change_counts_the_version_and_an_old_window_is_told(cast: Cast):
    with acting(cast.novice) as nia:
        item = commands.add_to_plan(nia, activity_id=activity(nia).pk)
        seen = queries.my_plan(nia).version
        commands.move_item(nia, item_id=item.pk, monday=monday(1))
        assert queries.my_plan(nia).version == seen + 1
        with pytest.raises(Conflict):
            commands.set_plan(nia, begins_on=monday(), weeks=3, version=seen)
        with pytest.raises(Conflict):
            commands.set_week(nia, monday=monday(), minutes=3, version=seen)
        commands.set_plan(nia, begins_on=monday(), weeks=3, version=seen + 1)
        assert len(queries.my_plan(nia).weeks) == 3


@pytest.mark.parametrize("weeks", [-1, 53])
def test_only_this_week_and_the_coming_year_can_be_planned(cast: Cast, weeks: int):
    with acting(cast.novice) as nia:
        thing = activity(nia)
        with pytest.raises(Invalid, match="monday"):
            commands.add_to_plan(nia, activity_id=thing.pk, monday=monday(weeks))
        with pytest.raises(Invalid, match="monday"):
            commands.set_week(nia, monday=monday(weeks), minutes=10)
        with pytest.raises(Invalid, match="Monday"):
            commands.add_to_plan(nia, activity_id=thing.pk, monday=monday(1) + timedelta(days=1))


def test_wrong_numbers_are_refused_by_field(cast: Cast):
    with acting(cast.novice) as nia:
        with pytest.raises(Invalid) as refused:
            commands.set_week(nia, monday=monday(), minutes=-1, note="x" * 81)
        assert set(refused.value.fields) == {"minutes", "note"}
        for wrong in ({"weeks": 0}, {"weeks": 53}, {"begins_on": monday(60), "weeks": 4}):
            with pytest.raises(Invalid):
                commands.set_plan(nia, **({"begins_on": monday(), "weeks": 4} | wrong))  # type: ignore[arg-type]


@pytest.mark.requirement("P1.2")
@pytest.mark.parametrize("who", ["principal", "coordinator", "operator", "coach", "official", "outsider"])
def test_an_administrators_edit_of_a_plan_is_refused(cast: Cast, who: str):
    with acting(cast.novice) as nia:
        thing = activity(nia)
        item = commands.add_to_plan(nia, activity_id=thing.pk)
        plan_id = queries.my_plan_id(nia)
        assert plan_id is not None
    with acting(getattr(cast, who)) as other:
        assert queries.my_plan(other).is_empty
        assert queries.my_plan_id(other) is None
        assert queries.item_for_activity(other, thing.pk) is None
        for attempt in (
            lambda: queries.get_item(other, item.pk),
            lambda: commands.move_item(other, item_id=item.pk, monday=None),
            lambda: commands.remove_item(other, item_id=item.pk),
            lambda: commands.add_to_plan(other, activity_id=thing.pk),
            lambda: commands.open_shared_plan(other, plan_id=plan_id, purpose="Curiosity"),
        ):
            with pytest.raises(NotFound):
                attempt()
        commands.set_week(other, monday=monday(), minutes=5, quiet=False)
        commands.set_plan(other, begins_on=monday(), weeks=2)
    with acting(cast.novice) as nia:
        view = queries.my_plan(nia)
        assert view.weeks[0].items[0].id == item.pk and view.weeks[0].available == 40 and len(view.weeks) == 8


def test_the_system_has_no_plan(cast: Cast):
    with acting(cast.novice) as nia:
        thing = activity(nia)
        with pytest.raises((NotAllowed, NotFound)):
            commands.add_to_plan(system_of(cast.district), activity_id=thing.pk)


def test_a_goal_of_somebody_else_cannot_be_served(cast: Cast):
    with acting(cast.expert) as elena:
        theirs = goals.set_goal(elena, **goal_facts())
    with acting(cast.novice) as nia:
        thing = activity(nia)
        for goal_id in (theirs.pk, uuid4()):
            with pytest.raises(NotFound):
                commands.add_to_plan(nia, activity_id=thing.pk, goal_id=goal_id)
        mine = goals.set_goal(nia, **goal_facts())
        commands.add_to_plan(nia, activity_id=thing.pk, goal_id=mine.pk, reason="For the quiet ones")
        assert queries.items_for_goal(nia, mine.pk)[0].reason == "For the quiet ones"


def test_what_was_left_in_a_week_that_is_over_is_shown_and_can_move_on(cast: Cast):
    with acting(cast.novice) as nia:
        item = commands.add_to_plan(nia, activity_id=activity(nia, "Left", 10).pk)
        PlanItem.objects.filter(pk=item.pk).update(monday=monday(-2))
        assert [each.title for each in queries.my_plan(nia).earlier] == ["Left"]
        commands.move_item(nia, item_id=item.pk, monday=monday())
        assert titles(nia)[0] == ["Left"] and not queries.my_plan(nia).earlier


def test_a_later_first_week_hides_nothing(cast: Cast):
    with acting(cast.novice) as nia:
        commands.add_to_plan(nia, activity_id=activity(nia, "Now", 10).pk)
        commands.add_to_plan(nia, activity_id=activity(nia, "Far", 10).pk, monday=monday(20))
        commands.set_plan(nia, begins_on=monday(2), weeks=2)
        view = queries.my_plan(nia)
        assert view.weeks[0].monday == monday() and view.weeks[-1].monday == monday(20)
        assert commands.add_to_plan(nia, activity_id=activity(nia, "Next", 10).pk).monday == monday(2)


def test_set_aside_leaves_the_plan_and_removal_keeps_the_activity(cast: Cast):
    with acting(cast.novice) as nia:
        thing, other = activity(nia, "A", 10), activity(nia, "B", 10)
        commands.add_to_plan(nia, activity_id=thing.pk)
        item = commands.add_to_plan(nia, activity_id=other.pk)
        courses.set_aside(nia, activity_id=thing.pk)
        assert titles(nia)[0] == ["B"]
        commands.remove_item(nia, item_id=item.pk)
        with pytest.raises(NotFound):
            commands.remove_item(nia, item_id=item.pk)
        assert queries.item_for_activity(nia, other.pk) is None


def test_export_holds_all_and_erasure_leaves_nothing(cast: Cast):
    with acting(cast.novice) as nia:
        assert queries.export_for(nia) == {"plan": None, "draft": None, "reviews": []}
        commands.add_to_plan(nia, activity_id=activity(nia).pk, reason="Because")
        commands.set_week(nia, monday=monday(1), minutes=5)
        exported = queries.export_for(nia)["plan"]
        assert exported["items"][0]["reason"] == "Because" and exported["weeks_of_their_own"][0]["minutes"] == 5
        assert commands.erase(nia, cast.novice.pk) == {
            "plans": 1, "plan_weeks": 1, "plan_items": 1, "plan_drafts": 0, "reviews": 0,
        }  # fmt: skip
    with acting(cast.expert) as elena, pytest.raises(NotFound):
        commands.erase(elena, cast.novice.pk)
