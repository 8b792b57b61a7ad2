"""The pages of together: finding, asking, sharing, proposing, and what a coach never sees."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.catalog.models import Resource
from lantern.domain.coaching import commands, queries
from lantern.domain.goals import commands as goals
from lantern.domain.goals import queries as goal_queries
from lantern.domain.people.types import Role
from lantern.domain.plans import commands as plans
from lantern.domain.privacy import queries as privacy
from lantern.kernel import clock, tenancy
from tests.cast import Cast, acting, as_, competencies_of, make_person
from tests.grow_facts import activity, goal_facts, in_days

PROPOSED = {"title": "Number talks", "measure": "Lessons with one", "baseline": "0", "target": "2 a week"}


@pytest.fixture
def link(cast: Cast) -> Any:
    with acting(cast.novice) as nia:
        asked = commands.ask_coach(nia, coach_id=cast.coach.pk)
    with acting(cast.coach) as cora:
        return commands.answer_link(cora, link_id=asked.pk, accept=True)


@pytest.fixture
def resource(cast: Cast) -> Any:
    with tenancy.unscoped("factory"):
        return Resource.objects.create(
            tenant_id=cast.district.pk, kind="community", modality="live_online", title="Fractions circle", minutes=30,
            created_at=clock.now(), updated_at=clock.now(),
        )  # fmt: skip


def url(name: str, *args: Any) -> str:
    return reverse(f"together:{name}", args=args)


def test_the_empty_pages_say_how_to_begin(cast: Cast, client: Client):
    as_(client, cast.novice)
    assert "No coach yet" in client.get(url("overview")).content.decode()
    assert "Nobody offers help yet" in client.get(url("mentors")).content.decode()
    assert "No community is listed yet" in client.get(url("communities")).content.decode()


def test_communities_are_listed(cast: Cast, client: Client, resource: Any):
    assert "Fractions circle" in as_(client, cast.novice).get(url("communities")).content.decode()


@pytest.mark.requirement("B.4")
def test_asking_and_saying_yes(cast: Cast, client: Client):
    as_(client, cast.novice)
    assert "Cora Bell" in client.get(url("mentors")).content.decode()
    assert "Ask Cora Bell" in client.get(url("mentors_ask", cast.coach.pk)).content.decode()
    assert client.post(url("mentors_ask", cast.coach.pk), {"message": "x" * 2001}).status_code == 422
    asked = client.post(url("mentors_ask", cast.coach.pk), {"message": "Would you?"})
    assert "There is no answer yet" in client.get(asked["Location"]).content.decode()
    assert "You asked" in client.get(url("mentors")).content.decode()
    as_(client, cast.coach)
    assert "Would you?" in client.get(url("overview")).content.decode()
    link_id = asked["Location"].split("/")[-2]
    assert "Yes, gladly" in client.get(asked["Location"]).content.decode()
    assert client.post(url("links_answer", link_id), {"answer": "perhaps"}).status_code == 422
    assert client.post(url("links_answer", link_id), {"answer": "yes"}).status_code == 303
    assert "People you coach" in client.get(url("overview")).content.decode()


@pytest.mark.requirement("B.4")
def test_sharing_reading_and_stopping(cast: Cast, client: Client, link: Any):
    with acting(cast.novice) as nia:
        goal, hidden = (
            goals.set_goal(nia, **goal_facts(title="Open one")),
            goals.set_goal(nia, **goal_facts(title="Kept")),
        )
        plans.add_to_plan(nia, activity_id=activity(nia, "A podcast").pk)
    as_(client, cast.novice)
    assert "Open one" in client.get(url("links_share", link.pk)).content.decode()
    assert client.post(url("links_share", link.pk), {"days": "90"}).status_code == 422
    sent = {"goal_ids": [str(goal.pk)], "plan": "on", "days": "90"}
    assert client.post(url("links_share", link.pk), sent).status_code == 303
    page = client.get(url("link", link.pk)).content.decode()
    assert "Open one" in page and "Stop sharing" in page
    assert "Shared with Cora Bell" in client.get(reverse("grow:goal", args=[goal.pk])).content.decode()
    assert "Nobody else can read it" in client.get(reverse("grow:goal", args=[hidden.pk])).content.decode()
    coach = as_(Client(), cast.coach)
    page = coach.get(url("link", link.pk)).content.decode()
    item = url("links_item", link.pk, "goal", goal.pk)
    assert item in page and "Kept" not in page
    assert "Students who speak in a discussion" in coach.get(item).content.decode()
    with acting(cast.novice) as nia:
        plan_id = plans.begin_plan(nia).pk
    assert "A podcast" in coach.get(url("links_item", link.pk, "plan", plan_id)).content.decode()
    for kind, pk in (("goal", hidden.pk), ("goal", uuid4()), ("plan", goal.pk), ("need", goal.pk)):
        assert coach.get(url("links_item", link.pk, kind, pk)).status_code == 404
    looked = client.get(reverse("account:privacy")).content.decode()
    assert "Cora Bell" in looked and "Open one" in looked
    assert "This is just what Cora Bell sees" in client.get(item).content.decode()
    assert client.get(url("links_item", link.pk, "goal", uuid4())).status_code == 404
    with acting(cast.novice) as nia:
        assert privacy.my_looks(nia).count() == 2
    assert client.post(url("links_end", link.pk)).status_code == 303
    for gone in (item, url("link", link.pk), url("proposals_propose", link.pk, "goal")):
        assert coach.get(gone).status_code == 404
    assert "This has ended" in client.get(url("link", link.pk)).content.decode()


def test_a_coach_who_leads_is_flagged_before_sharing(cast: Cast, client: Client):
    both = make_person(cast.school, "Bo Both", Role.COACH, Role.SCHOOL_LEADER)
    with acting(cast.novice) as nia:
        goal = goals.set_goal(nia, **goal_facts())
        asked = commands.ask_coach(nia, coach_id=both.pk)
    with acting(both) as coach:
        commands.answer_link(coach, link_id=asked.pk, accept=True)
    as_(client, cast.novice)
    assert "also leads your school or district" in client.get(url("links_share", asked.pk)).content.decode()
    sent = {"goal_ids": [str(goal.pk)], "days": "30"}
    refused = client.post(url("links_share", asked.pk), sent)
    assert refused.status_code == 422 and "Please confirm" in refused.content.decode()
    assert client.post(url("links_share", asked.pk), sent | {"confirmed": "on"}).status_code == 303


@pytest.mark.requirement("B.4")
def test_a_proposal_is_made_rewritten_and_shown_side_by_side(cast: Cast, client: Client, link: Any):
    coach = as_(Client(), cast.coach)
    assert "Propose a goal" in coach.get(url("proposals_propose", link.pk, "goal")).content.decode()
    assert coach.post(url("proposals_propose", link.pk, "goal"), PROPOSED | {"measure": ""}).status_code == 422
    assert coach.post(url("proposals_propose", link.pk, "goal"), PROPOSED | {"note": "Try it"}).status_code == 303
    with acting(cast.novice) as nia:
        proposal = queries.my_proposals(nia)[0]
    here = url("proposal", proposal.id)
    as_(client, cast.novice)
    assert "Number talks" in client.get(url("overview")).content.decode()
    page = client.get(here).content.decode()
    assert "Try it" in page and "Accept it as it is" in page
    lacking = client.post(here, {"decision": "accept"})
    assert lacking.status_code == 422 and "Choose a day by which" in lacking.content.decode()
    assert 'value="Number talks"' in client.get(here + "?rewrite=1").content.decode()
    mine = PROPOSED | {"title": "One on Tuesdays", "due_on": in_days(30).isoformat(), "decision": "rewrite"}
    assert client.post(here, mine | {"title": ""}).status_code == 422
    assert client.post(here, mine).status_code == 303
    page = client.get(here).content.decode()
    assert "Number talks" in page and "One on Tuesdays" in page and "As you took it up" in page
    with acting(cast.novice) as nia:
        goal = goal_queries.my_goals(nia).get()
    history = client.get(reverse("grow:goal", args=[goal.pk])).content.decode()
    assert "Cora Bell proposed it" in history and "Number talks" in history
    seen = coach.get(here).content.decode()
    assert "One on Tuesdays" not in seen and "Accepted in her own words" in seen
    assert coach.post(here, {"decision": "decline"}).status_code == 403
    assert client.post(here, {"decision": "decline"}).status_code == 409


def test_an_activity_from_the_catalog_or_by_hand(cast: Cast, client: Client, link: Any, resource: Any):
    coach = as_(Client(), cast.coach)
    form = url("proposals_propose", link.pk, "activity")
    assert "Nothing in the catalog fits" in coach.get(form + "?q=zzzzqqq").content.decode()
    assert 'value="Fractions circle"' in coach.get(form + f"?resource={resource.pk}").content.decode()
    assert coach.get(form + "?resource=x").status_code == 404
    sent = {"resource_id": str(resource.pk), "title": "Fractions circle", "kind": "community", "minutes": "30"}
    assert coach.post(form, sent).status_code == 303
    assert coach.post(form, {"title": "A visit", "kind": "coaching", "minutes": "x"}).status_code == 422
    with acting(cast.novice) as nia:
        proposal = queries.my_proposals(nia)[0]
    as_(client, cast.novice)
    assert client.post(url("proposal", proposal.id), {"decision": "accept"}).status_code == 303
    assert "Fractions circle" in client.get(reverse("grow:plan")).content.decode()
    assert "Open it among what you learn" in client.get(url("proposal", proposal.id)).content.decode()


def test_declining_and_taking_back(cast: Cast, client: Client, link: Any):
    with acting(cast.coach) as cora:
        first, second = (commands.propose(cora, link_id=link.pk, kind="goal", fields=PROPOSED) for _ in range(2))
    as_(client, cast.novice)
    assert client.post(url("proposal", first.pk), {"decision": "decline"}).status_code == 303
    assert client.post(url("proposal", second.pk), {"decision": "maybe"}).status_code == 422
    coach = as_(Client(), cast.coach)
    assert "Take it back" in coach.get(url("proposal", second.pk)).content.decode()
    assert coach.post(url("proposals_withdraw", second.pk)).status_code == 303
    assert coach.post(url("proposals_withdraw", first.pk)).status_code == 409


@pytest.mark.parametrize("who", ["principal", "coordinator", "operator", "expert", "official", "outsider"])
def test_for_others_there_is_nothing(cast: Cast, client: Client, link: Any, who: str):
    with acting(cast.coach) as cora:
        proposal = commands.propose(cora, link_id=link.pk, kind="goal", fields=PROPOSED)
    as_(client, getattr(cast, who))
    for name, pk in (("link", link.pk), ("links_share", link.pk), ("proposal", proposal.pk)):
        for each in (pk, uuid4()):
            assert client.get(url(name, each)).status_code == 404
    for name, pk in (("links_answer", link.pk), ("links_end", link.pk), ("proposals_withdraw", proposal.pk)):
        for each in (pk, uuid4()):
            assert client.post(url(name, each), {"answer": "yes"}).status_code == 404
    assert client.get(url("proposals_propose", link.pk, "goal")).status_code == 404
    assert client.get(url("mentors_ask", uuid4())).status_code == 404


@pytest.mark.requirement("B.2")
def test_offering_help_and_coming_up_for_a_colleague(cast: Cast, client: Client):
    about = competencies_of(cast.framework)[2]
    expert = as_(Client(), cast.expert)
    assert about.name in expert.get(url("mentors_offer")).content.decode()
    assert expert.post(url("mentors_offer"), {"most_people": "3"}).status_code == 422
    sent = {"competency_ids": [str(about.pk)], "about": "Any Tuesday", "most_people": "3"}
    assert expert.post(url("mentors_offer"), sent).status_code == 303
    with acting(cast.novice) as nia:
        goals.set_goal(nia, **goal_facts(competency_id=about.pk))
    page = as_(client, cast.novice).get(url("mentors")).content.decode()
    assert "Elena Ruiz" in page and "Any Tuesday" in page and "one of your goals is about" in page
    assert expert.post(url("mentors_offer"), {"stop": "yes"}).status_code == 303
    assert "Elena Ruiz" not in client.get(url("mentors")).content.decode()


def test_queries_do_not_grow_with_links_and_proposals(cast: Cast, client: Client, link: Any):
    as_(client, cast.coach)
    counts = []
    for number in range(2):
        with acting(cast.coach) as cora:
            for _ in range(1 + number):
                commands.propose(cora, link_id=link.pk, kind="goal", fields=PROPOSED)
        for person in (cast.expert, cast.para) if number else ():
            with acting(person) as actor:
                commands.ask_coach(actor, coach_id=cast.coach.pk)
        seen = 0
        for page in (url("overview"), url("link", link.pk)):
            client.get(page)
            with CaptureQueriesContext(connection) as context:
                client.get(page)
            seen += len(context)
        counts.append(seen)
    assert counts[0] == counts[1]
