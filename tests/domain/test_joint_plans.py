"""Joint plans: several people with the same rights, nothing lost between them, and nothing told that is one's own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lantern.domain.courses import commands as courses
from lantern.domain.joint_plans import commands, queries
from lantern.domain.joint_plans.models import JointChange, JointPlan, JointTaken
from lantern.domain.notices.models import Notice
from lantern.domain.people.types import Role
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.domain.privacy import policy as privacy
from lantern.domain.privacy.types import Action
from lantern.flows import rights
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import Conflict, Invalid, NotFound
from tests.cast import Cast, acting, make_person
from tests.domain.catalog_factory import make_resource


def this_monday() -> date:
    return clock.week_start(clock.today())


def start(person: Any, **facts: Any) -> Any:
    with acting(person) as actor:
        return commands.start_plan(actor, **({"title": "Calmer starts", "why": "Five minutes are lost"} | facts))


def bring_in(plan: Any, by: Any, *others: Any) -> None:
    """Invite people, who say yes."""
    for other in others:
        with acting(by) as actor:
            asked = commands.invite(actor, plan_id=plan.pk, person_id=other.pk)
        with acting(other) as actor:
            commands.answer_invitation(actor, member_id=asked.pk, accept=True)


@pytest.fixture
def shared(cast: Cast) -> Any:
    """A plan that the novice started; the principal and somebody of another school's counselling take part."""
    plan = start(cast.novice)
    bring_in(plan, cast.novice, cast.principal, cast.para)
    return plan


def place_of(actor: Any, plan: Any, person: Any) -> Any:
    return next(one.id for one in queries.get_plan(actor, plan.pk).members if one.person_id == person.pk)


def inbox(person: Any) -> list[str]:
    with tenancy.unscoped("looking into an inbox"):
        return list(Notice.objects.filter(person=person).values_list("kind", flat=True))


@pytest.mark.requirement("C.7")
def test_leaders_and_teachers_of_two_departments_have_the_same_rights(cast: Cast) -> None:
    """Whoever is in edits everything, asks others, takes out what others put in and leaves: the whole list of acts for
    a novice, a principal and a counsellor of another school.
    """
    counsellor = make_person(cast.other_school, "Carla Moss", job_kind="counsellor")
    plan = start(cast.novice)
    bring_in(plan, cast.novice, cast.principal, counsellor)
    for number, person in enumerate((cast.principal, counsellor, cast.novice)):
        with acting(person) as actor:
            seen = queries.get_plan(actor, plan.pk)
            commands.change_plan(actor, plan_id=plan.pk, title=f"Version {number}", why="Ours", version=seen.version)
            step = commands.add_step(actor, plan_id=plan.pk, title="Look at one lesson", minutes=40)
            commands.change_step(actor, step_id=step.pk, title="Look at two lessons", minutes=80, version=1)
            asked = commands.invite(actor, plan_id=plan.pk, person_id=cast.expert.pk)
            commands.take_back_invitation(actor, member_id=asked.pk)
    with acting(cast.novice) as nia:
        for each in queries.get_plan(nia, plan.pk).steps:
            commands.remove_step(nia, step_id=each.id)
    with acting(counsellor) as carla:
        removed = queries.get_plan(carla, plan.pk).removed
        assert len(removed) == 3
        commands.bring_back_step(carla, step_id=removed[0].id)
        assert [step.title for step in queries.get_plan(carla, plan.pk).steps] == ["Look at two lessons"]
        assert queries.get_plan(carla, plan.pk).title == "Version 2"
        assert {one.name for one in queries.get_plan(carla, plan.pk).members} == {
            cast.novice.full_name, cast.principal.full_name, "Carla Moss",
        }  # fmt: skip


@pytest.mark.requirement("C.7")
@pytest.mark.parametrize("outside", ["expert", "coach", "coordinator", "operator", "official", "outsider"])
def test_for_everybody_else_it_does_not_exist_whatever_her_role(cast: Cast, shared: Any, outside: str) -> None:
    with acting(cast.novice) as nia:
        step = commands.add_step(nia, plan_id=shared.pk, title="One", minutes=20)
        asked = commands.invite(nia, plan_id=shared.pk, person_id=cast.coordinator.pk if outside != "coordinator"
                                else cast.expert.pk)  # fmt: skip
    step_of: dict[str, Any] = {"step_id": step.pk}
    plan_of: dict[str, Any] = {"plan_id": shared.pk}
    facts: dict[str, Any] = {"title": "Mine now", "minutes": 5}
    with acting(getattr(cast, outside)) as actor:
        for act in (
            lambda: queries.get_plan(actor, shared.pk),
            lambda: queries.get_step(actor, step.pk),
            lambda: queries.list_changes(actor, shared.pk),
            lambda: queries.find_to_ask(actor, shared.pk, "Nia"),
            lambda: commands.change_plan(actor, **plan_of, title="Mine now", version=1),
            lambda: commands.invite(actor, **plan_of, person_id=cast.para.pk),
            lambda: commands.leave_plan(actor, **plan_of),
            lambda: commands.put_into_my_weeks(actor, **plan_of),
            lambda: commands.add_step(actor, **plan_of, **facts),
            lambda: commands.change_step(actor, **step_of, **facts, version=1),
            lambda: commands.remove_step(actor, **step_of),
            lambda: commands.bring_back_step(actor, **step_of),
            lambda: commands.mark_done(actor, **step_of, done=True),
            lambda: commands.answer_invitation(actor, member_id=asked.pk, accept=True),
            lambda: commands.take_back_invitation(actor, member_id=asked.pk),
        ):
            with pytest.raises(NotFound):
                act()
        assert queries.my_plans(actor) == [] or outside == "coordinator"


def test_who_is_asked_reads_what_it_is_about_and_nothing_in_it(cast: Cast, shared: Any) -> None:
    with acting(cast.principal) as pat:
        commands.add_step(pat, plan_id=shared.pk, title="A step", minutes=20)
        asked = commands.invite(pat, plan_id=shared.pk, person_id=cast.expert.pk)
        assert commands.invite(pat, plan_id=shared.pk, person_id=cast.expert.pk).pk == asked.pk
    with acting(cast.expert) as elena:
        seen = queries.get_invitation(elena, asked.pk)
        assert (seen.title, seen.asked_by) == ("Calmer starts", cast.principal.full_name)
        assert [line.invitation_id for line in queries.my_plans(elena)] == [asked.pk]
        assert queries.my_plans(elena)[0].steps == 0
        with pytest.raises(NotFound):
            queries.get_plan(elena, shared.pk)
        assert queries.count_invitations(elena) == 1
        commands.answer_invitation(elena, member_id=asked.pk, accept=False)
        assert queries.my_plans(elena) == []
    assert inbox(cast.expert) == [], "what is answered is no news"
    with acting(cast.para) as pat:
        assert queries.list_changes(pat, shared.pk)[0].words == "cannot take part"


def test_any_member_takes_an_invitation_back_and_its_news_with_it(cast: Cast, shared: Any) -> None:
    with acting(cast.novice) as nia:
        asked = commands.invite(nia, plan_id=shared.pk, person_id=cast.expert.pk)
    assert inbox(cast.expert) == ["joint_plan_asked"]
    with acting(cast.principal) as pat:
        commands.take_back_invitation(pat, member_id=asked.pk)
        with pytest.raises(NotFound):
            commands.take_back_invitation(pat, member_id=asked.pk)
    assert inbox(cast.expert) == []
    with acting(cast.expert) as elena, pytest.raises(NotFound):
        commands.answer_invitation(elena, member_id=asked.pk, accept=True)


def test_nobody_of_another_district_or_who_left_is_asked(cast: Cast, shared: Any) -> None:
    gone = make_person(cast.school, "Gwen Hall", active=False)
    with acting(cast.novice) as nia:
        for person in (cast.outsider, gone):
            with pytest.raises(NotFound):
                commands.invite(nia, plan_id=shared.pk, person_id=person.pk)
        assert [one.pk for one in queries.find_to_ask(nia, shared.pk, "Elena")] == [cast.expert.pk]
        assert queries.find_to_ask(nia, shared.pk, cast.principal.given_name) == []


@pytest.mark.requirement("C.7")
def test_two_who_edit_at_the_same_time_lose_nothing(cast: Cast, shared: Any) -> None:
    with acting(cast.novice) as nia:
        step = commands.add_step(nia, plan_id=shared.pk, title="Watch a lesson", minutes=40)
    facts: dict[str, Any] = {"step_id": step.pk, "version": 1}
    with acting(cast.principal) as pat:
        commands.change_step(pat, **facts, title="Watch a lesson", minutes=60)
        commands.change_plan(pat, plan_id=shared.pk, title="Calm starts", why="", version=1)
    with acting(cast.novice) as nia:
        with pytest.raises(Conflict):
            commands.change_step(nia, **facts, title="Watch two", minutes=40)
        with pytest.raises(Conflict):
            commands.change_plan(nia, plan_id=shared.pk, title="Mine", why="", version=1)
        plan, now = queries.get_step(nia, step.pk)
        assert (now.title, now.minutes, now.version, plan.title) == ("Watch a lesson", 60, 2, "Calm starts")
        commands.change_step(nia, step_id=step.pk, title="Watch two", minutes=60, version=now.version)
        first = queries.list_changes(nia, shared.pk)[0]
        assert (first.who, first.words) == (nia.name, "changed “Watch two”")
        assert first.values == (("Title", "Watch a lesson", "Watch two"),)


def test_the_same_words_again_change_nothing(cast: Cast, shared: Any) -> None:
    with acting(cast.novice) as nia:
        step = commands.add_step(nia, plan_id=shared.pk, title="Watch a lesson", minutes=40, monday=this_monday())
        before = len(queries.list_changes(nia, shared.pk))
        again: dict[str, Any] = {
            "step_id": step.pk,
            "title": "Watch  a lesson ",
            "minutes": 40,
            "monday": this_monday(),
            "version": 1,
        }
        assert commands.change_step(nia, **again).version == 1
        commands.bring_back_step(nia, step_id=step.pk)
        commands.mark_done(nia, step_id=step.pk, done=False)
        plan = queries.get_plan(nia, shared.pk)
        commands.change_plan(nia, plan_id=shared.pk, title=plan.title, why=plan.why, version=plan.version)
        assert len(queries.list_changes(nia, shared.pk)) == before


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 3001}, "minutes"),
        ({"minutes": None}, "minutes"),
        ({"monday": date(2020, 1, 6)}, "monday"),
        ({"monday": date(2999, 1, 7)}, "monday"),
        ({"monday": clock.week_start(clock.today()) + timedelta(days=15)}, "monday"),
        ({"member_ids": [uuid4()]}, "member_ids"),
    ],
)
def test_a_step_that_cannot_be_is_refused_with_its_reason(
    cast: Cast, shared: Any, facts: dict[str, Any], field: str
) -> None:
    given: dict[str, Any] = {"title": "A", "minutes": 5} | facts
    with acting(cast.novice) as nia:
        with pytest.raises(Invalid) as refused:
            commands.add_step(nia, plan_id=shared.pk, **given)
        assert list(refused.value.fields) == [field]
        assert queries.get_plan(nia, shared.pk).steps == ()


@pytest.mark.parametrize("facts", [{"title": ""}, {"title": "x" * 121}, {"title": "A", "why": "x" * 1001}])
def test_a_plan_without_a_name_or_too_long_is_refused(cast: Cast, facts: dict[str, Any]) -> None:
    with acting(cast.novice) as nia:
        with pytest.raises(Invalid):
            commands.start_plan(nia, **facts)
        assert queries.my_plans(nia) == []


def test_a_step_is_for_all_or_for_some_and_only_those_mark_it(cast: Cast, shared: Any) -> None:
    with acting(cast.novice) as nia:
        some = [place_of(nia, shared, cast.novice)]
        step = commands.add_step(nia, plan_id=shared.pk, title="Only mine", minutes=20, member_ids=some)
        for_all = commands.add_step(nia, plan_id=shared.pk, title="All of us", minutes=20)
        commands.mark_done(nia, step_id=step.pk, done=True)
    with acting(cast.principal) as pat:
        commands.mark_done(pat, step_id=for_all.pk, done=True)
        with pytest.raises(Invalid):
            commands.mark_done(pat, step_id=step.pk, done=True)
        _, seen = queries.get_step(pat, step.pk)
        assert (seen.people, seen.done_by, seen.mine) == ((cast.novice.full_name,), (cast.novice.full_name,), False)
        _, seen = queries.get_step(pat, for_all.pk)
        assert (seen.everybody, seen.done_by, seen.done_by_me) == (True, (cast.principal.full_name,), True)
        commands.mark_done(pat, step_id=for_all.pk, done=False)
        assert queries.get_step(pat, for_all.pk)[1].done_by == ()


@pytest.mark.requirement("C.7")
@pytest.mark.requirement("P2.6")
def test_what_one_does_in_her_own_weeks_stays_hers(cast: Cast, shared: Any) -> None:
    """She puts her part into her weeks and finishes it: for the others nothing changes until she marks it herself."""
    with acting(cast.coordinator) as dana:
        resource = make_resource(dana, "Number talks", minutes=30)
    next_week = this_monday() + timedelta(weeks=1)
    with acting(cast.principal) as pat:
        commands.add_step(pat, plan_id=shared.pk, resource_id=resource.pk, minutes=None, monday=next_week)
        commands.add_step(pat, plan_id=shared.pk, title="Try it in class", minutes=30)
        his = [place_of(pat, shared, cast.principal)]
        commands.add_step(pat, plan_id=shared.pk, title="Only his", minutes=30, member_ids=his)
        before = (queries.get_plan(pat, shared.pk), queries.list_changes(pat, shared.pk), queries.my_plans(pat))
    with acting(cast.novice) as nia:
        put = commands.put_into_my_weeks(nia, plan_id=shared.pk)
        assert (put.placed, put.not_offered) == (2, ())
        assert commands.put_into_my_weeks(nia, plan_id=shared.pk).placed == 0, "a second press adds nothing"
        items = [item for week in plan_queries.my_plan(nia).weeks for item in week.items]
        assert {item.title for item in items} == {"Number talks", "Try it in class"}
        assert next(item.monday for item in items if item.title == "Number talks") == next_week
        assert all(item.reason == "From your joint plan “Calmer starts”" for item in items)
        assert queries.get_plan(nia, shared.pk).to_take == 0
        for item in items:
            courses.set_progress(nia, activity_id=item.activity_id, percent=100, minutes_spent=30)
    with acting(cast.principal) as pat:
        assert (queries.get_plan(pat, shared.pk), queries.list_changes(pat, shared.pk), queries.my_plans(pat)) == before
        assert plan_queries.my_plan(pat).is_empty
        assert not privacy.scope(pat, JointTaken).exists()


def test_a_week_that_is_quiet_is_passed_over_and_what_is_not_offered_is_named(cast: Cast, shared: Any) -> None:
    with acting(cast.coordinator) as dana:
        resource = make_resource(dana, "Number talks", minutes=30)
    with acting(cast.novice) as nia:
        plans.set_week(nia, monday=this_monday(), minutes=0, quiet=True)
        commands.add_step(nia, plan_id=shared.pk, title="Try it", minutes=30, monday=this_monday())
        commands.add_step(nia, plan_id=shared.pk, resource_id=resource.pk, minutes=None)
    with tenancy.unscoped("factory"):
        type(resource).objects.filter(pk=resource.pk).update(status="retired")
    with acting(cast.novice) as nia:
        put = commands.put_into_my_weeks(nia, plan_id=shared.pk)
        assert (put.placed, put.waiting, put.not_offered) == (1, 0, ("Number talks",))
        (item,) = [item for week in plan_queries.my_plan(nia).weeks for item in week.items]
        assert item.monday == this_monday() + timedelta(weeks=1)


@pytest.mark.requirement("C.7")
def test_who_leaves_is_out_and_the_plan_stays_until_nobody_is_left(cast: Cast, shared: Any) -> None:
    with acting(cast.novice) as nia:
        assert commands.leave_plan(nia, plan_id=shared.pk) is True
        with pytest.raises(NotFound):
            queries.get_plan(nia, shared.pk)
    with acting(cast.principal) as pat:
        assert cast.novice.full_name in {one.who for one in queries.list_changes(pat, shared.pk)}
        asked = commands.invite(pat, plan_id=shared.pk, person_id=cast.expert.pk)
        commands.leave_plan(pat, plan_id=shared.pk)
    with acting(cast.para) as pat:
        assert [one.name for one in queries.get_plan(pat, shared.pk).members] == [cast.para.full_name]
        assert commands.leave_plan(pat, plan_id=shared.pk) is False
    with tenancy.unscoped("test"):
        assert not JointPlan.objects.exists() and not JointChange.objects.exists()
    assert inbox(cast.expert) == []
    with acting(cast.expert) as elena, pytest.raises(NotFound):
        commands.answer_invitation(elena, member_id=asked.pk, accept=True)


@pytest.mark.requirement("N4")
def test_who_is_erased_leaves_no_name_and_the_plan_to_the_others(
    cast: Cast, shared: Any, settings: Any, tmp_path: Any
) -> None:
    settings.LANTERN_DATA, settings.LANTERN_FILES = tmp_path, tmp_path / "files"
    hers, name = str(cast.novice.pk), cast.novice.full_name
    alone = start(cast.novice, title="Mine alone")
    with acting(cast.novice) as nia:
        some = [place_of(nia, shared, cast.novice), place_of(nia, shared, cast.para)]
        step = commands.add_step(nia, plan_id=shared.pk, title="Ours", minutes=20, member_ids=some)
        commands.mark_done(nia, step_id=step.pk, done=True)
        commands.put_into_my_weeks(nia, plan_id=shared.pk)
        commands.invite(nia, plan_id=shared.pk, person_id=cast.expert.pk)
    with acting(cast.novice) as nia:
        rights.erase_me(nia)
    with acting(cast.principal) as pat:
        seen = queries.get_plan(pat, shared.pk)
        assert [one.title for one in seen.steps] == ["Ours"]
        assert (seen.steps[0].people, seen.steps[0].done_by) == ((cast.para.full_name,), ())
        told = queries.list_changes(pat, shared.pk)
        assert name not in str((seen, told)) and "Somebody who is not here any more" in {one.who for one in told}
    with tenancy.unscoped("test"):
        assert not JointPlan.objects.filter(pk=alone.pk).exists()
        assert hers not in str(list(JointChange.objects.values()))
    with acting(cast.expert) as elena:
        (asked,) = queries.my_plans(elena)
        assert asked.invitation_id is not None
        assert queries.get_invitation(elena, asked.invitation_id).asked_by == "Somebody who is not here any more"


def test_the_matrix_knows_equals_and_nobody_above_them(cast: Cast, shared: Any) -> None:
    """The principal who takes part may as much as the novice who started it; who leads both from outside, nothing."""
    with acting(cast.coordinator) as actor:
        asked = privacy.decide(actor, Action.READ, privacy.item_of(shared))
        assert not asked.allowed and Role.COORDINATOR in actor.roles
    for person in (cast.novice, cast.principal):
        with acting(person) as actor:
            item = privacy.item_of(JointPlan.objects.get(pk=shared.pk))
            allowed = {action for action in Action if privacy.decide(actor, action, item).allowed}
            assert allowed == {Action.READ, Action.CHANGE}


def test_what_she_takes_along_holds_her_joint_plans(cast: Cast, shared: Any) -> None:
    with acting(cast.para) as pat:
        commands.add_step(pat, plan_id=shared.pk, title="Ours", minutes=20)
        taken = queries.export_for(pat)
        assert taken["joint_plans"][0]["title"] == "Calmer starts"
        assert [each["kind"] for each in taken["what_i_did_in_them"]] == ["joined", "step_added"]


def test_questions_do_not_grow_with_what_is_in_it(cast: Cast) -> None:
    def asked() -> int:
        with acting(cast.novice) as nia, CaptureQueriesContext(connection) as seen:
            for line in queries.my_plans(nia)[:1]:
                queries.get_plan(nia, line.id)
                queries.list_changes(nia, line.id)
        return len(seen)

    plan = start(cast.novice)
    bring_in(plan, cast.novice, cast.para)
    with acting(cast.novice) as nia:
        some = [place_of(nia, plan, cast.para)]
        commands.add_step(nia, plan_id=plan.pk, title="One", minutes=20, member_ids=some)
    few = asked()
    bring_in(plan, cast.novice, cast.principal, cast.expert)
    with acting(cast.novice) as nia:
        for number in range(5):
            commands.add_step(nia, plan_id=plan.pk, title=str(number), minutes=20, member_ids=some)
    start(cast.novice, title="Another")
    with acting(cast.novice) as nia:
        commands.change_plan(nia, plan_id=plan.pk, title="Newest", version=1)
    assert asked() == few
