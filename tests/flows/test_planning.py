"""A plan worked out: hers alone, in her words, better by the minute, taken whole or left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from lantern import models as tables
from lantern.domain.catalog import commands as catalog
from lantern.domain.courses import commands as courses
from lantern.domain.credits import commands as credits
from lantern.domain.goals import commands as goals
from lantern.domain.needs import commands as needs
from lantern.domain.people import commands as people
from lantern.domain.plans import commands, queries
from lantern.domain.plans.types import Draft, DraftState, DraftWish
from lantern.domain.privacy import commands as privacy
from lantern.domain.privacy.types import Purpose
from lantern.flows import planning, weeks_that_slipped
from lantern.flows.planning import IMPROVE, improve_draft
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import Conflict, NotAllowed, NotFound
from lantern.kernel.jobs import Progress
from lantern.kernel.jobs.models import Job
from tests.cast import Cast, acting, competencies_of, system_of
from tests.domain.learning_factory import make_rule
from tests.grow_facts import activity, goal_facts, monday
from tests.offers import offer


@pytest.fixture
def shelf(cast: Cast) -> list[Any]:
    """Six things on the first competency: three that lead to level 1, two to level 2, one long one to level 3."""
    skill = competencies_of(cast.framework)[0]
    facts = [(1, 30), (1, 40), (1, 60), (2, 40), (2, 45), (3, 200)]
    return [leading_to(cast, f"Talk {level}: {minutes} min", skill, level, minutes) for level, minutes in facts]


def leading_to(cast: Cast, title: str, skill: Any, level: int, minutes: int) -> Any:
    return offer(cast, title, minutes=minutes, level=level, leads_to=[(skill, level)])


@pytest.fixture
def goal(cast: Cast) -> Any:
    skill = competencies_of(cast.framework)[0]
    with acting(cast.novice) as nia:
        needs.rate(nia, competency_id=skill.pk, level=0)
        return goals.set_goal(nia, **goal_facts(competency_id=skill.pk, target_level=2))


def worked_out(actor: Any, **wish: Any) -> Draft:
    planning.work_out(actor, wish=DraftWish(**wish))
    found = queries.my_draft(actor)
    assert found is not None
    return found.found


def take(actor: Any) -> Any:
    held = queries.my_draft(actor)
    return commands.take_draft(actor, number=held.number if held else 1, seen=held.found.mark if held else None)


def run_job(actor: Any) -> dict[str, Any]:
    job = Job.objects.filter(name=IMPROVE).latest("created_at")
    return improve_draft(actor, Progress(job), **job.arguments) or {}


def in_weeks(actor: Any) -> list[list[str]]:
    return [[item.title for item in week.items] for week in queries.my_plan(actor).weeks]


@pytest.mark.requirement("N3")
def test_the_first_answer_stands_at_once_and_changes_nothing_of_hers(cast: Cast, shelf: list[Any], goal: Any) -> None:
    with acting(cast.novice) as nia:
        found = worked_out(nia)
        assert {item.title[:6] for item in found.items} == {"Talk 1", "Talk 2"}
        levels = [item.title[5] for item in found.items]
        assert levels == sorted(levels), "level 1 before level 2"
        assert all(item.is_new and f"for your goal “{goal.title}”" in item.why[0] for item in found.items)
        assert found.aims[0].share == 1.0 and found.aims[0].title == goal.title
        assert all(sum(m for item in found.items for w, m in item.pieces if w == week) <= 40 for week in range(8))
        assert queries.my_plan(nia).is_empty and queries.my_plan(nia).version == 0


@pytest.mark.requirement("N3")
def test_the_job_makes_it_better_and_says_that_nothing_better_is_possible(
    cast: Cast, shelf: list[Any], goal: Any
) -> None:
    with acting(cast.novice) as nia:
        first = worked_out(nia)
        assert not first.proven
        assert run_job(nia) == {"proven": True}
        held = queries.my_draft(nia)
        assert held is not None and held.state is DraftState.DONE and held.found.proven
        assert held.found.worth >= first.worth - 1e-9
        assert run_job(nia) == {"proven": True}, "a repeat is harmless"


@pytest.mark.requirement("N3")
def test_each_thing_left_out_says_why(cast: Cast, shelf: list[Any], goal: Any) -> None:
    with acting(cast.novice) as nia:
        worked_out(nia)
        run_job(nia)
        found = queries.my_draft(nia).found  # type: ignore[union-attr]
        inside = {item.title for item in found.items}
        words = {line.title: line.words for line in found.out}
        assert inside | words.keys() == {row.title for row in shelf} - {"Talk 3: 200 min"}
        assert not inside & words.keys() and all(words.values())


@pytest.mark.requirement("N3")
def test_taking_it_puts_everything_into_its_weeks_over_several_where_it_is_long(cast: Cast, goal: Any) -> None:
    skill = competencies_of(cast.framework)[0]
    leading_to(cast, "A long course", skill, 1, 100)
    with acting(cast.novice) as nia:
        found = worked_out(nia)
        held = queries.my_draft(nia)
        assert held is not None
        taken = commands.take_draft(nia, number=held.number)
        assert (taken.added, taken.moved, taken.removed, taken.gone) == (1, 0, 0, ())
        view = queries.my_plan(nia)
        assert [week.planned for week in view.weeks[:3]] == [40, 40, 20]
        parts = [(item.part, item.parts, item.here) for week in view.weeks for item in week.items]
        assert parts == [(1, 3, 40), (2, 3, 40), (3, 3, 20)]
        assert view.items[0].goal_id == goal.pk and view.items[0].reason == found.items[0].why[0]
        assert queries.my_draft(nia) is None
        assert [week.planned for week in queries.my_weeks(nia)[:3]] == [40, 40, 20]
        assert queries.this_week(nia).planned == 40
        later = clock.now() + timedelta(days=7)
        with clock.standing_at(later):
            assert queries.this_week(nia).planned == 40 and queries.my_plan(nia).earlier == ()
        with clock.standing_at(later + timedelta(days=14)):
            assert [item.title for item in queries.my_plan(nia).earlier] == ["A long course"]
        with pytest.raises(NotFound):
            commands.take_draft(nia, number=held.number)


@pytest.mark.requirement("N3")
def test_moving_a_long_thing_moves_all_of_it_past_quiet_weeks(cast: Cast, goal: Any) -> None:
    leading_to(cast, "A long course", competencies_of(cast.framework)[0], 1, 100)
    with acting(cast.novice) as nia:
        worked_out(nia)
        take(nia)
        item = queries.my_plan(nia).items[0]
        commands.set_week(nia, monday=monday(1), minutes=0, quiet=True)
        assert [week.planned for week in queries.my_plan(nia).weeks[:4]] == [40, 0, 40, 20]
        commands.move_item(nia, item_id=item.id, monday=monday(2))
        commands.set_week(nia, monday=monday(3), minutes=0, quiet=True)
        assert [week.planned for week in queries.my_plan(nia).weeks[:6]] == [0, 0, 40, 0, 40, 20]
        commands.set_week(nia, monday=monday(2), minutes=0, quiet=True)
        view = queries.my_plan(nia)
        assert [one.title for one in view.unplaced] == ["A long course"] and view.total_planned == 0


@pytest.mark.requirement("N3")
def test_a_plan_that_changed_meanwhile_is_not_overwritten(cast: Cast, shelf: list[Any], goal: Any) -> None:
    with acting(cast.novice) as nia:
        worked_out(nia)
        commands.add_to_plan(nia, activity_id=activity(nia, "My own", 20).pk)
        held = queries.my_draft(nia)
        assert held is not None and not held.current
        with pytest.raises(Conflict, match="changed since"):
            commands.take_draft(nia, number=held.number)
        assert in_weeks(nia)[0] == ["My own"]
        assert run_job(nia) == {"left": True}
        worked_out(nia)
        with pytest.raises(Conflict):
            commands.take_draft(nia, number=held.number)
        with clock.standing_at(clock.now() + timedelta(days=7)), pytest.raises(Conflict):
            commands.take_draft(nia, number=held.number + 1)


@pytest.mark.requirement("N3")
def test_what_stands_in_the_plan_keeps_its_week_and_what_slipped_finds_one(
    cast: Cast, shelf: list[Any], goal: Any
) -> None:
    with acting(cast.novice) as nia:
        for title, week in (("Stays", 1), ("Slips", 0), ("Held", 2)):
            item = commands.add_to_plan(nia, activity_id=activity(nia, title, 30).pk, monday=monday(week))
        commands.pin_item(nia, item_id=item.pk, pinned=True)
        with clock.standing_at(clock.now() + timedelta(days=7)):
            found = worked_out(nia, repair=True)
            where = {one.title: one.pieces for one in found.items}
            assert where["Stays"] == ((0, 30),) and where["Held"] == ((1, 30),) and len(where) == 3
            assert where["Slips"][0][0] not in (0, 1), "those weeks have ten minutes left"
            taken = take(nia)
            assert (taken.added, taken.moved) == (0, 1) and queries.my_plan(nia).earlier == ()


@pytest.mark.requirement("N3")
def test_what_cannot_hold_is_said_with_the_least_that_helps(cast: Cast, goal: Any) -> None:
    make_rule(cast.district)
    skill = competencies_of(cast.framework)[0]
    for number in range(8):
        leading_to(cast, f"Course {number}", skill, 1, 60)
    with acting(cast.novice) as nia:
        today = clock.today()
        credits.set_licence(
            nia, name="Licence", credit_type="Professional learning", hours_needed=7,
            counts_from=today - timedelta(days=300), renews_on=monday(8),
        )  # fmt: skip
        worked_out(nia)
        run_job(nia)
        found = queries.my_draft(nia).found  # type: ignore[union-attr]
        assert len(found.short) == 1 and "2 hours of 7 hours missing" in found.short[0]
        assert ("Give each week 15 minutes more",) in found.help
        again = worked_out(nia, more=15)
        run_job(nia)
        again = queries.my_draft(nia).found  # type: ignore[union-attr]
        assert again.short == () and again.weeks == (55,) * 8
        less = worked_out(nia, more=10)
        run_job(nia)
        less = queries.my_draft(nia).found  # type: ignore[union-attr]
        assert less.short, "five minutes fewer do not do"
        assert take(nia).added > 0
        assert {week.available for week in queries.my_plan(nia).weeks} == {50}, "the minutes she asked for are hers now"


@pytest.mark.requirement("N3")
def test_what_if_stands_beside_the_first_and_either_can_be_taken(cast: Cast, shelf: list[Any], goal: Any) -> None:
    with acting(cast.novice) as nia:
        worked_out(nia)
        planning.work_out(nia, wish=DraftWish(without=(str(goal.pk),)), beside=True)
        run_job(nia)
        held = queries.my_draft(nia)
        assert held is not None and held.other is not None and held.found.aims and not held.other.aims
        assert held.other_wish == DraftWish(without=(str(goal.pk),)) and held.wish == DraftWish()
        planning.work_out(nia, wish=DraftWish(start=3), beside=True)
        held = queries.my_draft(nia)
        assert held is not None and held.other is not None
        assert {week for item in held.other.items for week, _ in item.pieces} <= set(range(3, 8))
        commands.take_draft(nia, number=held.other_number)
        assert all(not week.items for week in queries.my_plan(nia).weeks[:3])
        with pytest.raises(NotFound):
            planning.work_out(nia, wish=DraftWish(), beside=True)


def test_what_is_offered_no_more_is_named_and_the_rest_comes_in(cast: Cast, shelf: list[Any], goal: Any) -> None:
    with acting(cast.novice) as nia:
        found = worked_out(nia)
    gone = found.items[0]
    with acting(cast.coordinator) as cora:
        catalog.set_status(cora, resource_id=UUID(gone.resource_id), status="retired")
    with acting(cast.novice) as nia:
        taken = take(nia)
        assert taken.gone == (gone.title,) and taken.added == len(found.items) - 1


@pytest.mark.requirement("N3")
def test_what_she_is_past_leaves_when_she_takes_the_plan(cast: Cast, shelf: list[Any], goal: Any) -> None:
    skill = competencies_of(cast.framework)[0]
    with acting(cast.novice) as nia:
        kept = commands.plan_resource(nia, resource_id=shelf[0].pk)
        needs.rate(nia, competency_id=skill.pk, level=1)
        found = worked_out(nia)
        assert [line.title for line in found.behind] == [shelf[0].title]
        taken = take(nia)
        assert taken.removed == 1 and kept.activity_id not in {item.activity_id for item in queries.my_plan(nia).items}


def test_who_keeps_her_words_out_of_suggestions_is_planned_by_her_work_alone(
    cast: Cast, shelf: list[Any], goal: Any
) -> None:
    with acting(cast.novice) as nia:
        privacy.refuse_purpose(nia, purpose=Purpose.RECOMMENDATION)
        found = worked_out(nia)
        assert found.aims == () and "out of suggestions" in found.notes[0]


def test_no_minutes_at_all_is_said_and_nothing_is_planned(cast: Cast, shelf: list[Any], goal: Any) -> None:
    with acting(cast.novice) as nia:
        people.save_profile(nia, minutes_per_week=0)
        found = worked_out(nia)
        assert found.items == () and any("None of these weeks has a minute" in note for note in found.notes)


def test_nobody_else_has_it_and_a_crafted_one_is_none(cast: Cast, shelf: list[Any], goal: Any) -> None:
    with acting(cast.novice) as nia:
        worked_out(nia)
        row = tables.PlanDraft.objects.get()
    with acting(cast.expert) as elena:
        assert queries.my_draft(elena) is None
        commands.drop_draft(elena)
        assert not commands.improve_draft(elena, number=1, found=Draft(monday(), (40,)), state=DraftState.DONE)
    with acting(cast.novice) as nia:
        assert queries.my_draft(nia) is not None
        for crafted in ({}, {"first": "never"}, {**row.found, "items": [{"id": 3}]}, {**row.found, "weeks": "x"}):
            row.found = crafted
            row.save()
            assert queries.my_draft(nia) is None
        with pytest.raises((NotFound, Conflict)):
            take(nia)
        commands.drop_draft(nia)
        assert not tables.PlanDraft.objects.exists()


def test_what_she_put_in_and_finds_no_room_is_named(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        for number in range(3):
            commands.add_to_plan(nia, activity_id=activity(nia, f"Book {number}", 150).pk, monday=monday(number))
        worked_out(nia, repair=True)
        run_job(nia)
        found = queries.my_draft(nia).found  # type: ignore[union-attr]
        assert len(found.short) == 1 and "finds no room in these weeks" in found.short[0]
        assert ("Let your plan look further ahead, which may be enough",) in found.help
        assert any("Give each week" in change for changes in found.help for change in changes)


def test_a_finished_or_unknown_thing_is_left_where_it_is(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        done = activity(nia, "Done", 30)
        unknown = courses.take_up(nia, resource_id=offer(cast, "No minutes").pk)
        for one in (done, unknown):
            commands.add_to_plan(nia, activity_id=one.pk, monday=monday())
        courses.set_progress(nia, activity_id=done.pk, percent=100, minutes_spent=30)
        found = worked_out(nia)
        assert found.items == ()
        take(nia)
        assert in_weeks(nia)[0] == ["Done", "No minutes"]


def test_a_goal_of_somebody_else_cannot_be_named(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        assert queries.own_goal(nia, str(uuid4())) is None and queries.own_goal(nia, "no id") is None


@pytest.mark.requirement("N3")
def test_what_slipped_gets_weeks_overnight_and_nothing_moves_by_itself(cast: Cast) -> None:
    with acting(cast.novice) as nia:
        for title in ("One", "Two"):
            commands.add_to_plan(
                nia, activity_id=activity(nia, title, 40).pk, monday=monday(0 if title == "One" else 1)
            )
    with acting(cast.expert) as elena:
        commands.add_to_plan(elena, activity_id=activity(elena, "In time", 40).pk, monday=monday(1))
    with clock.standing_at(clock.now() + timedelta(days=7)):
        lantern = system_of(cast.district)
        with tenancy.within(lantern.tenancy):
            assert weeks_that_slipped.prepare_all(lantern, Progress(Job())) == {"educators": 1}
            with pytest.raises(NotAllowed):
                queries.people_who_slipped(nia)
            assert {job.actor_id for job in Job.objects.filter(name=weeks_that_slipped.PREPARE)} == {cast.novice.pk}
        with acting(cast.novice) as nia:
            before = queries.my_plan(nia)
            assert weeks_that_slipped.prepare(nia, Progress(Job())) == {"moved": 1}
            held = queries.my_draft(nia)
            assert held is not None and held.state is DraftState.DONE and held.wish.repair
            where = {item.title: item.pieces for item in held.found.items}
            assert where == {"Two": ((0, 40),), "One": ((1, 40),)}, "what has its week keeps it"
            assert queries.my_plan(nia) == before
            assert weeks_that_slipped.prepare(nia, Progress(Job())) == {"left": True}
            commands.take_draft(nia, number=held.number)
            assert queries.my_plan(nia).earlier == ()
        with tenancy.within(lantern.tenancy):
            assert queries.people_who_slipped(lantern) == []
