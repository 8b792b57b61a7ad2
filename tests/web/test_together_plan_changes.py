"""Proposing changes beside a shared plan, and taking them up line by line."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lantern import models as tables
from lantern.domain.calendars import commands as calendars
from lantern.domain.calendars.types import DayTime
from lantern.domain.coaching import commands, queries
from lantern.domain.coaching.types import Do, PlanLine
from lantern.domain.goals import commands as goals
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.domain.privacy import queries as privacy
from tests.cast import Cast, acting, as_
from tests.domain.catalog_factory import make_resource
from tests.domain.test_coaching_plan_changes import as_it_is, item, link, propose
from tests.grow_facts import goal_facts, monday
from tests.web.test_together_joint import send, words_of

__all__ = ["link"]


def at(name: str, *ids: Any) -> str:
    return reverse(f"together:{name}", args=ids)


def offered(cast: Cast, coach: Client, link: Any) -> Any:
    """The coach proposes one thing of each kind by the page; return the proposal."""
    sent = {
        f"item_{item(cast.novice, 'A book')}": monday(3).isoformat(),
        f"item_{item(cast.novice, 'A podcast')}": "out",
        f"minutes_{monday(1)}": "0", f"quiet_{monday(1)}": "on",
        "title_0": "Watch my lesson", "lasts_0": "40", "into_0": monday(2).isoformat(), "reason_0": "You asked",
        "note": "For your third lesson",
    }  # fmt: skip
    assert send(coach, at("plan_propose", link.pk), **sent).status_code == 303
    with acting(cast.novice) as nia:
        return queries.my_proposals(nia)[0]


@pytest.mark.requirement("B.4")
def test_a_coach_proposes_beside_her_plan_and_she_takes_up_what_she_likes(cast: Cast, link: Any):
    coach, nia = as_(Client(), cast.coach), as_(Client(), cast.novice)
    assert "Propose changes to the plan" in words_of(coach.get(at("link", link.pk)))
    page = words_of(coach.get(at("plan_propose", link.pk)))
    assert "A podcast" in page and "A book" in page
    with acting(cast.novice) as actor:
        assert privacy.my_looks(actor).count() == 1, "she sees that he opened it"
    before, proposal = as_it_is(cast.novice), offered(cast, coach, link)
    assert as_it_is(cast.novice) == before
    here = at("proposal", proposal.id)
    assert "Your plan" in words_of(nia.get(at("overview")))
    page = words_of(nia.get(here))
    for words in (
        "Take “A podcast” out", "It is in the week of", "Move “A book” into the week of", "quiet", "Watch my lesson",
        "For your third lesson", "Nothing in your plan changes until you say so",
    ):  # fmt: skip
        assert words in page
    sent = {
        "take_2": "on", "into_2": monday(4).isoformat(),
        "take_3": "on", "title_3": "See Cora teach", "into_3": monday(5).isoformat(), "minutes_3": "30",
    }  # fmt: skip
    assert send(nia, here, decision="choose", **sent).status_code == 303
    assert as_it_is(cast.novice) == {"A podcast": monday(), "A book": monday(4), "See Cora teach": monday(5)}
    for client in (nia, coach):
        page = words_of(client.get(here))
        assert "Watch my lesson" in page and "See Cora teach" in page and "Not taken up" in page
        assert "Taken up in part" in page
    assert nia.post(here, {"decision": "accept"}).status_code == 409


@pytest.mark.requirement("B.4")
def test_all_of_it_with_one_press_or_none(cast: Cast, link: Any):
    coach, nia = as_(Client(), cast.coach), as_(Client(), cast.novice)
    here = at("proposal", offered(cast, coach, link).id)
    with acting(cast.novice) as actor:
        plans.remove_item(actor, item_id=item(cast.novice, "A podcast"))
    page = words_of(nia.get(here))
    assert "Your plan changed since this was proposed" in page and "It is not in your plan any more." in page
    answer = nia.post(here, {"decision": "accept"}, follow=True)
    assert "Left out, since it does not fit any more: Take “A podcast” out." in words_of(answer)
    assert as_it_is(cast.novice)["A book"] == monday(3)
    assert "It did not fit the plan any more" in words_of(coach.get(here))


def test_what_does_not_fit_or_says_nothing_is_refused_and_nothing_changes(cast: Cast, link: Any):
    coach, nia = as_(Client(), cast.coach), as_(Client(), cast.novice)
    here = at("proposal", offered(cast, coach, link).id)
    with acting(cast.novice) as actor:
        plans.remove_item(actor, item_id=item(cast.novice, "A podcast"))
    before = as_it_is(cast.novice)
    refused = send(nia, here, decision="choose", take_0="on", take_3="on", title_3="A", minutes_3="5")
    assert refused.status_code == 422
    assert "Take “A podcast” out: It is not in your plan any more." in words_of(refused)
    assert send(nia, here, decision="choose").status_code == 422
    assert send(nia, here, decision="choose", take_3="on", minutes_3="-5").status_code == 422
    assert send(nia, here, decision="nonsense").status_code == 422
    assert as_it_is(cast.novice) == before
    assert send(nia, here, decision="decline").status_code == 303
    assert "Not taken up" in words_of(nia.get(here)) and as_it_is(cast.novice) == before


def test_a_resource_and_a_shared_goal_can_be_chosen(cast: Cast, link: Any):
    with acting(cast.coordinator) as dana:
        resource = make_resource(dana, "Number talks", minutes=30)
    with acting(cast.novice) as nia:
        goal = goals.set_goal(nia, **goal_facts(title="A goal of hers"))
        goals.set_goal(nia, **goal_facts(title="Another goal"))
        commands.share_with_coach(nia, link_id=link.pk, goal_ids=[goal.pk])
    coach = as_(Client(), cast.coach)
    found = coach.get(at("plan_propose", link.pk), {"q": "number talks"}).content.decode()
    assert f"?add={resource.pk}" in found
    page = coach.get(at("plan_propose", link.pk), {"add": str(resource.pk)}).content.decode()
    assert 'value="Number talks"' in page and "A goal of hers" in page and "Another goal" not in page
    sent = {"resource_0": str(resource.pk), "title_0": "Number talks", "goal_0": str(goal.pk)}
    assert send(coach, at("plan_propose", link.pk), **sent).status_code == 303
    with acting(cast.novice) as nia:
        proposal = queries.my_proposals(nia)[0]
    (line,) = (line for line in proposal.lines if line.do == "add")
    assert (line.resource_id, line.goal_id) == (resource.pk, goal.pk)
    page = words_of(as_(Client(), cast.novice).get(at("proposal", proposal.id)))
    assert "For your goal: A goal of hers" in page


def test_an_empty_form_proposes_nothing(cast: Cast, link: Any):
    coach = as_(Client(), cast.coach)
    with acting(cast.coach) as cora:
        plan_id = queries.shared_plan_id(cora, cast.novice.pk)
        assert plan_id is not None
        weeks = plans.open_shared_plan(cora, plan_id=plan_id, purpose="test").weeks
    untouched = {f"minutes_{week.monday}": str(week.available) for week in weeks}
    refused = send(coach, at("plan_propose", link.pk), **untouched)
    assert refused.status_code == 422 and "Change at least one thing" in words_of(refused)
    assert send(coach, at("plan_propose", link.pk), **{f"minutes_{monday()}": "many"}).status_code == 422


@pytest.mark.requirement("P1.2")
@pytest.mark.parametrize("who", ["novice", "expert", "principal", "coordinator", "operator", "outsider"])
def test_only_the_coach_of_a_shared_plan_comes_here(cast: Cast, link: Any, who: str):
    """An administrator's attempt to change a plan is refused at each page: there is no such plan, and no such item."""
    client, podcast = as_(Client(), getattr(cast, who)), item(cast.novice, "A podcast")
    assert client.get(at("plan_propose", link.pk)).status_code == 404
    assert send(client, at("plan_propose", link.pk), title_0="A", lasts_0="5").status_code == 404
    if who != "novice":
        before = as_it_is(cast.novice)
        for name in ("grow:plan_move", "grow:plan_remove"):
            answers = [
                client.post(reverse(name, args=[pk]), {"week": monday(4).isoformat()}) for pk in (podcast, uuid4())
            ]
            assert [each.status_code for each in answers] == [404, 404]
        assert as_it_is(cast.novice) == before


def test_what_goes_over_several_weeks_is_moved_where_it_begins(cast: Cast, link: Any):
    long = item(cast.novice, "A book")
    with acting(cast.novice):
        tables.PlanItem.objects.filter(pk=long).update(spread=[40, 40, 10])
    page = as_(Client(), cast.coach).get(at("plan_propose", link.pk)).content.decode()
    assert page.count(f'name="item_{long}"') == 1


@pytest.mark.requirement("B.4")
def test_a_line_into_a_week_that_another_line_opens_goes_there(cast: Cast, link: Any):
    with acting(cast.novice) as actor:
        plans.set_week(actor, monday=monday(3), minutes=0, quiet=True)
    opens = PlanLine(Do.WEEK, monday=monday(3), minutes=60)
    proposal = propose(cast, link, opens, PlanLine(Do.MOVE, item_id=item(cast.novice, "A book"), monday=monday(3)))
    nia, here = as_(Client(), cast.novice), at("proposal", proposal.pk)
    fields = nia.get(here).context["form"].fields
    sent = {name: each.initial for name, each in fields.items() if each.initial not in (None, False)}
    assert send(nia, here, decision="choose", **sent).status_code == 303
    assert as_it_is(cast.novice)["A book"] == monday(3)


@pytest.mark.requirement("B.4")
def test_the_fullest_weeks_do_not_refuse_a_proposal(cast: Cast, link: Any):
    with acting(cast.novice) as actor:
        calendars.set_my_time(actor, days=[DayTime((), 500)] * 7, holidays_too=False)
    coach, here = as_(Client(), cast.coach), at("plan_propose", link.pk)
    fields = coach.get(here).context["form"].fields
    sent = {name: each.initial for name, each in fields.items() if each.initial not in (None, False)}
    assert sent[f"minutes_{monday(1)}"] == 3000, "no week has more, whatever her days say"
    assert send(coach, here, **(sent | {"title_0": "Watch me", "lasts_0": "5"})).status_code == 303
    with acting(cast.novice) as actor:
        assert [line.title for line in queries.my_proposals(actor)[0].lines] == ["Watch me"]
        commands.answer_plan_proposal(actor, proposal_id=queries.my_proposals(actor)[0].id)
        reasons = {one.title: one.reason for one in plan_queries.my_plan(actor).items}
        assert reasons["Watch me"] == "Your coach proposed it, and you took it up", "no name to stay behind"


@pytest.mark.parametrize("day", ["9999-12-27", "0001-01-01"])
def test_a_week_at_the_end_of_time_is_no_week(cast: Cast, day: str):
    assert as_(Client(), cast.novice).get(reverse("grow:plan_week", args=[day])).status_code == 404
