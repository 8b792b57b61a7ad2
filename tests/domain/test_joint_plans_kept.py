"""What a joint plan says of people stays true: of what they said, of who is left, and of what is in their weeks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lantern.domain.joint_plans import commands, queries
from lantern.domain.joint_plans.commands import steps
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.flows import rights
from lantern.kernel.errors import Invalid
from tests.cast import Cast, acting, as_
from tests.domain.test_joint_plans import bring_in, place_of, shared, this_monday
from tests.web.test_together_joint import send, words_of

__all__ = ["shared"]


def titles_in_weeks(actor: Any) -> list[str]:
    return [item.title for item in plan_queries.my_plan(actor).items]


@pytest.mark.requirement("C.7")
def test_nobody_is_said_to_have_added_or_done_what_was_worded_later(cast: Cast, shared: Any) -> None:
    with acting(cast.novice) as nia:
        step = commands.add_step(nia, plan_id=shared.pk, title="Look at one lesson", minutes=20)
        commands.mark_done(nia, step_id=step.pk, done=True)
    with acting(cast.principal) as pat:
        commands.change_step(pat, step_id=step.pk, title="Look at one lesson", minutes=30, version=1)
        assert queries.get_plan(pat, shared.pk).steps[0].done_by == (cast.novice.full_name,)
        commands.change_step(pat, step_id=step.pk, title="Hand in a report", minutes=30, version=2)
        told = queries.list_changes(pat, shared.pk)
        assert queries.get_plan(pat, shared.pk).steps[0].done_by == ()
        assert ("Marked as done", "by 1", "by nobody yet") in told[0].values
        said = [one.words for one in told if one.who == cast.novice.full_name]
        assert said[:2] == ["marked “Look at one lesson” as done for their part", "added “Look at one lesson”"]


@pytest.mark.requirement("C.7")
def test_a_quiet_week_far_ahead_does_not_keep_the_rest_out_of_her_weeks(cast: Cast, shared: Any) -> None:
    far = this_monday() + timedelta(weeks=20)
    with acting(cast.para) as pat:
        plans.set_week(pat, monday=far, minutes=0, quiet=True)
        commands.add_step(pat, plan_id=shared.pk, title="Soon", minutes=20)
        commands.add_step(pat, plan_id=shared.pk, title="Far", minutes=20, monday=far)
        commands.put_into_my_weeks(pat, plan_id=shared.pk)
        items = {item.title: item.monday for item in plan_queries.my_plan(pat).items}
        assert set(items) == {"Soon", "Far"} and items["Far"] != far


@pytest.mark.requirement("C.7")
def test_what_she_took_out_of_her_weeks_is_not_there_and_comes_back_as_the_same(cast: Cast, shared: Any) -> None:
    with acting(cast.novice) as nia:
        commands.add_step(nia, plan_id=shared.pk, title="Soon", minutes=20, monday=this_monday())
        commands.put_into_my_weeks(nia, plan_id=shared.pk)
        (item,) = plan_queries.my_plan(nia).items
        assert queries.get_plan(nia, shared.pk).steps[0].in_my_weeks
        plans.remove_item(nia, item_id=item.id)
        assert not queries.get_plan(nia, shared.pk).steps[0].in_my_weeks
        assert commands.put_into_my_weeks(nia, plan_id=shared.pk).placed == 1
        (again,) = plan_queries.my_plan(nia).items
        assert again.activity_id == item.activity_id


@pytest.mark.requirement("C.7")
def test_who_comes_back_does_not_find_a_step_twice_in_her_weeks(cast: Cast, shared: Any) -> None:
    with acting(cast.novice) as nia:
        commands.add_step(nia, plan_id=shared.pk, title="Soon", minutes=20)
    with acting(cast.para) as pat:
        commands.put_into_my_weeks(pat, plan_id=shared.pk)
        commands.leave_plan(pat, plan_id=shared.pk)
        assert [each["step"] for each in queries.export_for(pat)["put_into_my_weeks"]] == ["Soon"]
    bring_in(shared, cast.novice, cast.para)
    with acting(cast.para) as pat:
        commands.put_into_my_weeks(pat, plan_id=shared.pk)
        assert titles_in_weeks(pat) == ["Soon"]


@pytest.mark.requirement("C.7")
def test_a_step_whose_only_person_left_becomes_everybodys_only_when_somebody_says_so(cast: Cast, shared: Any) -> None:
    with acting(cast.novice) as nia:
        his = [place_of(nia, shared, cast.para)]
        step = commands.add_step(nia, plan_id=shared.pk, title="His", minutes=20, member_ids=his)
    with acting(cast.para) as pat:
        commands.leave_plan(pat, plan_id=shared.pk)
    client, here = as_(Client(), cast.novice), reverse("together:joint_step", args=[step.pk])
    assert "It is for everybody now" in words_of(client.get(here))
    assert send(client, here, title="His", minutes="20", monday="", version="1").status_code == 303
    with acting(cast.novice) as nia:
        (now,) = queries.get_plan(nia, shared.pk).steps
        assert (now.everybody, now.people, now.version) == (False, (), 1), "saved as it was, it is as it was"
    assert send(client, here, title="His", minutes="20", version="1", everybody="on").status_code == 303
    with acting(cast.novice) as nia:
        assert queries.get_plan(nia, shared.pk).steps[0].everybody
        assert queries.list_changes(nia, shared.pk)[0].values == (("Who takes part", "Nobody", "Everybody"),)


@pytest.mark.requirement("N4")
def test_the_history_does_not_say_everybody_for_who_is_erased(
    cast: Cast, shared: Any, settings: Any, tmp_path: Any
) -> None:
    settings.LANTERN_DATA, settings.LANTERN_FILES = tmp_path, tmp_path / "files"
    with acting(cast.novice) as nia:
        his, hers = ([place_of(nia, shared, each)] for each in (cast.para, cast.novice))
        step = commands.add_step(nia, plan_id=shared.pk, title="x", minutes=20, member_ids=his)
        commands.change_step(nia, step_id=step.pk, title="x", minutes=20, version=1, member_ids=hers)
    with acting(cast.para) as pat:
        rights.erase_me(pat)
    with acting(cast.novice) as nia:
        changed = next(one for one in queries.list_changes(nia, shared.pk) if one.values)
        assert changed.values == (
            ("Who takes part", "Somebody who is not here any more", cast.novice.full_name),
        )  # fmt: skip


def test_bringing_back_keeps_to_as_many_steps_as_a_plan_holds(cast: Cast, shared: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(steps, "MOST_STEPS", 1)
    with acting(cast.novice) as nia:
        first = commands.add_step(nia, plan_id=shared.pk, title="First", minutes=20)
        commands.remove_step(nia, step_id=first.pk)
        commands.add_step(nia, plan_id=shared.pk, title="Second", minutes=20)
        with pytest.raises(Invalid):
            commands.bring_back_step(nia, step_id=first.pk)
        assert [step.title for step in queries.get_plan(nia, shared.pk).steps] == ["Second"]


@pytest.mark.requirement("C.7")
def test_the_first_change_stays_readable_on_a_later_page(cast: Cast, shared: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("lantern.web.together.views.joint_plans._ON_A_PAGE", 3)
    here, client = reverse("together:joint_history", args=[shared.pk]), as_(Client(), cast.principal)
    assert "started this plan" not in words_of(client.get(here))
    assert "started this plan" in words_of(client.get(here, {"page": "2"}))
