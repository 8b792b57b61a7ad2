"""Coaching: asked, answered, shared, proposed, taken up or not; both versions kept, nothing seen beyond the shared."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from lantern.domain.coaching import commands, queries
from lantern.domain.courses import queries as courses
from lantern.domain.goals import commands as goals
from lantern.domain.goals import queries as goal_queries
from lantern.domain.notices.models import Notice
from lantern.domain.people.types import Role
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.domain.privacy import queries as privacy
from lantern.kernel import tenancy
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.cast import Cast, acting, competencies_of, make_person
from tests.grow_facts import activity, goal_facts, in_days


def proposed_goal(**other: str) -> dict[str, str]:
    return {
        "title": "Number talks twice a week",
        "measure": "Lessons with a number talk",
        "baseline": "0",
        "target": "2 a week",
        "due_on": in_days(90).isoformat(),
    } | other


@pytest.fixture
def link(cast: Cast) -> Any:
    with acting(cast.novice) as nia:
        asked = commands.ask_coach(nia, coach_id=cast.coach.pk, message="Would you?")
    with acting(cast.coach) as cora:
        return commands.answer_link(cora, link_id=asked.pk, accept=True)


def propose(cast: Cast, link: Any, what: str = "goal", **fields: Any) -> Any:
    with acting(cast.coach) as cora:
        return commands.propose(
            cora, link_id=link.pk, kind=what, fields=fields or proposed_goal(), note="What about this?"
        )


def kinds_told(person: Any) -> list[str]:
    with tenancy.unscoped("looking into an inbox"):
        return list(Notice.objects.filter(person=person).order_by("at").values_list("kind", flat=True))


def test_she_asks_and_the_coach_says_yes(cast: Cast):
    with acting(cast.novice) as nia:
        asked = commands.ask_coach(nia, coach_id=cast.coach.pk, message="Would you?")
        assert commands.ask_coach(nia, coach_id=cast.coach.pk).pk == asked.pk
        with pytest.raises(NotAllowed):
            commands.answer_link(nia, link_id=asked.pk, accept=True)
    with acting(cast.coach) as cora:
        assert [each.educator for each in queries.links_to_me(cora)] == [cast.novice]
        commands.answer_link(cora, link_id=asked.pk, accept=True)
        commands.answer_link(cora, link_id=asked.pk, accept=True)
        with pytest.raises(Conflict):
            commands.answer_link(cora, link_id=asked.pk, accept=False)
    with acting(cast.novice) as nia:
        assert [each.state for each in queries.my_links(nia)] == ["active"]
    assert kinds_told(cast.coach) == ["coach_asked"]
    assert kinds_told(cast.novice) == ["coach_accepted"]


def test_a_no_leaves_the_coach_without_the_link(cast: Cast):
    with acting(cast.novice) as nia:
        asked = commands.ask_coach(nia, coach_id=cast.coach.pk)
    with acting(cast.coach) as cora:
        commands.answer_link(cora, link_id=asked.pk, accept=False)
        with pytest.raises(NotFound):
            queries.get_link(cora, asked.pk)
    with acting(cast.novice) as nia:
        assert commands.ask_coach(nia, coach_id=cast.coach.pk).pk != asked.pk
    assert kinds_told(cast.novice) == ["coach_declined"]


def test_only_who_coaches_or_offers_help_can_be_asked(cast: Cast):
    with acting(cast.novice) as nia:
        for nobody in (cast.expert.pk, cast.outsider.pk, uuid4()):
            with pytest.raises(NotFound):
                commands.ask_coach(nia, coach_id=nobody)
        with pytest.raises(Invalid):
            commands.ask_coach(nia, coach_id=cast.novice.pk)
        with pytest.raises(Invalid):
            commands.ask_coach(nia, coach_id=cast.coach.pk, message="x" * 2001)


def test_a_mentor_with_all_places_taken_cannot_be_asked(cast: Cast):
    about = competencies_of(cast.framework)[0].pk
    with acting(cast.expert) as elena:
        commands.offer_help(elena, competency_ids=[about], most_people=1)
    with acting(cast.novice) as nia:
        asked = commands.ask_coach(nia, coach_id=cast.expert.pk)
    with acting(cast.expert) as elena:
        commands.answer_link(elena, link_id=asked.pk, accept=True)
    with acting(cast.para) as pat, pytest.raises(Conflict, match="Elena Ruiz"):
        commands.ask_coach(pat, coach_id=cast.expert.pk)


@pytest.mark.parametrize("who", ["principal", "coordinator", "operator", "expert", "official", "outsider"])
def test_nobody_else_knows_of_a_link_or_a_proposal(cast: Cast, link: Any, who: str):
    proposal = propose(cast, link)
    with acting(getattr(cast, who)) as other:
        for attempt in (
            lambda: queries.get_link(other, link.pk),
            lambda: commands.end_link(other, link_id=link.pk),
            lambda: commands.answer_link(other, link_id=link.pk, accept=True),
            lambda: commands.share_with_coach(other, link_id=link.pk, plan=True),
            lambda: commands.propose(other, link_id=link.pk, kind="goal", fields=proposed_goal()),
            lambda: queries.get_proposal(other, proposal.pk),
            lambda: commands.answer_proposal(other, proposal_id=proposal.pk, decision="accept"),
            lambda: commands.withdraw_proposal(other, proposal_id=proposal.pk),
        ):
            with pytest.raises(NotFound):
                attempt()


@pytest.mark.requirement("B.4")
def test_the_coach_sees_what_is_shared_and_nothing_after_the_end(cast: Cast, link: Any):
    with acting(cast.novice) as nia:
        goal, hidden = goals.set_goal(nia, **goal_facts()), goals.set_goal(nia, **goal_facts())
        plans.add_to_plan(nia, activity_id=activity(nia, "A podcast").pk)
        plan_id = plan_queries.my_plan_id(nia)
        assert plan_id is not None
        assert commands.share_with_coach(nia, link_id=link.pk, goal_ids=[goal.pk], plan=True) == 2
        assert privacy.shared_by_me(nia, cast.coach.pk) == [("goal", goal.pk), ("plan", plan_id)]
    with acting(cast.coach) as cora:
        assert goals.open_shared_goal(cora, goal_id=goal.pk, purpose="Coaching") == goal
        shown = plans.open_shared_plan(cora, plan_id=plan_id, purpose="Coaching")
        assert shown.weeks[0].items[0].title == "A podcast"
        with pytest.raises(NotFound):
            goals.open_shared_goal(cora, goal_id=hidden.pk, purpose="Coaching")
        commands.end_link(cora, link_id=link.pk)
        commands_after = (
            lambda: goals.open_shared_goal(cora, goal_id=goal.pk, purpose="Coaching"),
            lambda: plans.open_shared_plan(cora, plan_id=plan_id, purpose="Coaching"),
            lambda: queries.get_link(cora, link.pk),
            lambda: commands.propose(cora, link_id=link.pk, kind="goal", fields=proposed_goal()),
        )
        for attempt in commands_after:
            with pytest.raises(NotFound):
                attempt()
    with acting(cast.novice) as nia:
        assert privacy.my_shares(nia) == []
        assert privacy.my_looks(nia).count() == 2
        assert commands.end_link(nia, link_id=link.pk).state == "ended"


def test_only_her_own_things_can_be_shared_and_only_once_the_coach_agreed(cast: Cast, link: Any):
    with acting(cast.expert) as elena:
        theirs = goals.set_goal(elena, **goal_facts())
        asked = commands.ask_coach(elena, coach_id=cast.coach.pk)
        with pytest.raises(NotAllowed):
            commands.share_with_coach(elena, link_id=asked.pk, goal_ids=[theirs.pk])
    with acting(cast.novice) as nia:
        with pytest.raises(NotFound):
            commands.share_with_coach(nia, link_id=link.pk, goal_ids=[theirs.pk])
        with pytest.raises(Invalid, match="at least one"):
            commands.share_with_coach(nia, link_id=link.pk)
        assert privacy.my_shares(nia) == []
    with acting(cast.coach) as cora, pytest.raises(NotAllowed):
        commands.share_with_coach(cora, link_id=link.pk, plan=True)


@pytest.mark.requirement("B.4")
def test_a_coach_who_leads_her_school_is_named_and_needs_a_second_yes(cast: Cast):
    both = make_person(cast.school, "Bo Both", Role.COACH, Role.SCHOOL_LEADER)
    elsewhere = make_person(cast.other_school, "Else Where", Role.COACH, Role.SCHOOL_LEADER)
    with acting(cast.novice) as nia:
        goal = goals.set_goal(nia, **goal_facts())
        asked = [commands.ask_coach(nia, coach_id=each.pk) for each in (both, elsewhere)]
    for person, each in zip((both, elsewhere), asked, strict=True):
        with acting(person) as coach:
            commands.answer_link(coach, link_id=each.pk, accept=True)
    with acting(cast.novice) as nia:
        assert queries.leads_me(nia, both.pk) and not queries.leads_me(nia, elsewhere.pk)
        with pytest.raises(Invalid) as refused:
            commands.share_with_coach(nia, link_id=asked[0].pk, goal_ids=[goal.pk])
        assert set(refused.value.fields) == {"confirmed"} and privacy.my_shares(nia) == []
        commands.share_with_coach(nia, link_id=asked[0].pk, goal_ids=[goal.pk], confirmed=True)
        commands.share_with_coach(nia, link_id=asked[1].pk, goal_ids=[goal.pk])
        assert len(privacy.my_shares(nia)) == 2


@pytest.mark.requirement("B.4")
def test_accepting_a_goal_makes_it_hers_and_keeps_both_versions(cast: Cast, link: Any):
    proposal = propose(cast, link)
    with acting(cast.novice) as nia:
        assert not goal_queries.my_goals(nia).exists()
        commands.answer_proposal(nia, proposal_id=proposal.pk, decision="accept")
        view = queries.get_proposal(nia, proposal.pk)
        assert view.state == "accepted" and view.made == view.proposed
        assert goal_queries.my_goals(nia).get().title == "Number talks twice a week"
        with pytest.raises(Conflict):
            commands.answer_proposal(nia, proposal_id=proposal.pk, decision="decline")
    with acting(cast.coach) as cora:
        seen = queries.get_proposal(cora, proposal.pk)
        assert seen.state == "accepted" and seen.made == {} and seen.made_id is None
        with pytest.raises(NotFound):
            goals.edit_goal(cora, goal_id=view.made_id or uuid4(), **goal_facts())
    assert kinds_told(cast.novice) == ["coach_accepted", "proposal_made"]
    assert kinds_told(cast.coach) == ["coach_asked", "proposal_answered"]


@pytest.mark.requirement("B.4")
def test_she_rewrites_a_proposal_and_both_versions_are_kept(cast: Cast, link: Any):
    competency = competencies_of(cast.framework)[2]
    proposal = propose(cast, link, **proposed_goal(competency_id=str(competency.pk), target_level="2"))
    with acting(cast.novice) as nia:
        mine = {"title": "A number talk on Tuesdays", "target": "1 a week", "competency_id": str(competency.pk)}
        commands.answer_proposal(nia, proposal_id=proposal.pk, decision="rewrite", fields=mine)
        view = queries.get_proposal(nia, proposal.pk)
        assert view.state == "rewritten"
        assert (view.proposed["title"], view.made["title"]) == (
            "Number talks twice a week",
            "A number talk on Tuesdays",
        )
        goal = goal_queries.my_goals(nia).get()
        assert (goal.title, goal.target, goal.competency) == ("A number talk on Tuesdays", "1 a week", competency)
        assert [each.id for each in queries.proposals_behind(nia, goal.pk)] == [proposal.pk]


def test_what_a_proposed_goal_lacks_is_asked_for_when_it_is_accepted(cast: Cast, link: Any):
    proposal = propose(cast, link, title="A goal", measure="Something to count")
    with acting(cast.novice) as nia:
        with pytest.raises(Invalid) as refused:
            commands.answer_proposal(nia, proposal_id=proposal.pk, decision="accept")
        assert set(refused.value.fields) == {"baseline", "target", "due_on"}
        assert queries.get_proposal(nia, proposal.pk).state == "open"
        rest = {"baseline": "0", "target": "3", "due_on": in_days(30).isoformat()}
        commands.answer_proposal(nia, proposal_id=proposal.pk, decision="rewrite", fields=rest)
        assert goal_queries.my_goals(nia).get().measure == "Something to count"


def test_declining_changes_nothing_of_hers(cast: Cast, link: Any):
    proposal = propose(cast, link)
    with acting(cast.novice) as nia:
        commands.answer_proposal(nia, proposal_id=proposal.pk, decision="decline")
        assert not goal_queries.my_goals(nia, state=None).exists()
        assert queries.my_proposals(nia) == [] and len(queries.my_proposals(nia, state=None)) == 1
        with pytest.raises(Invalid):
            commands.answer_proposal(nia, proposal_id=propose(cast, link).pk, decision="maybe")


@pytest.mark.requirement("B.4")
def test_an_activity_that_was_proposed_goes_into_her_plan(cast: Cast, link: Any):
    fields = {"title": "A visit next door", "minutes": 45, "kind": "coaching", "url": ""}
    as_is, anew = propose(cast, link, "activity", **fields), propose(cast, link, "activity", **fields)
    with acting(cast.novice) as nia:
        commands.answer_proposal(nia, proposal_id=as_is.pk, decision="accept")
        mine = {"title": "A short visit next door", "minutes": 20}
        commands.answer_proposal(nia, proposal_id=anew.pk, decision="rewrite", fields=mine)
        items = [item for week in plan_queries.my_plan(nia).weeks for item in week.items]
        assert {(item.title, item.minutes) for item in items} == {
            ("A visit next door", 45),
            ("A short visit next door", 20),
        }
        assert all("Your coach proposed it" in item.reason for item in items)
        view = queries.get_proposal(nia, anew.pk)
        assert (view.proposed["minutes"], view.made["minutes"], view.state) == ("45", "20", "rewritten")


def test_a_resource_of_the_catalog_can_be_proposed(cast: Cast, link: Any):
    from lantern.domain.catalog.models import Resource
    from lantern.kernel import clock

    with tenancy.unscoped("factory"):
        resource = Resource.objects.create(
            tenant_id=cast.district.pk, kind="video", modality="self_paced", title="Number talks", minutes=30,
            created_at=clock.now(), updated_at=clock.now(),
        )  # fmt: skip
    proposal = propose(cast, link, "activity", resource_id=str(resource.pk), title="ignored")
    assert proposal.proposed["title"] == "Number talks"
    with acting(cast.novice) as nia:
        commands.answer_proposal(nia, proposal_id=proposal.pk, decision="accept")
        taken = courses.activity_for_resource(nia, resource.pk)
        assert taken is not None and plan_queries.item_for_activity(nia, taken.pk) is not None


def test_a_proposal_that_lacks_the_least_is_refused(cast: Cast, link: Any):
    wrong: list[tuple[str, dict[str, Any], str]] = [
        ("goal", {"title": "", "measure": "m"}, "title"),
        ("goal", {"title": "t", "measure": ""}, "measure"),
        ("goal", proposed_goal(due_on="soon"), "due_on"),
        ("goal", proposed_goal(target_level="9"), "target_level"),
        ("goal", proposed_goal(competency_id="x"), "competency_id"),
        ("activity", {"title": "", "minutes": "20"}, "title"),
        ("activity", {"title": "t", "minutes": "many"}, "minutes"),
        ("activity", {"title": "t", "minutes": "20", "kind": "magic"}, "kind"),
        ("activity", {"title": "t", "minutes": "20", "url": "javascript:alert(1)"}, "url"),
        ("activity", {"resource_id": "x"}, "resource_id"),
        ("plan", {}, "kind"),
    ]
    for kind, fields, field in wrong:
        with acting(cast.coach) as cora, pytest.raises(Invalid) as refused:
            commands.propose(cora, link_id=link.pk, kind=kind, fields=fields)
        assert field in refused.value.fields
    with acting(cast.coach) as cora:
        for unknown in ({"resource_id": str(uuid4())},):
            with pytest.raises(NotFound):
                commands.propose(cora, link_id=link.pk, kind="activity", fields=unknown)
        with pytest.raises(NotFound):
            commands.propose(cora, link_id=link.pk, kind="goal", fields=proposed_goal(competency_id=str(uuid4())))
    with acting(cast.novice) as nia, pytest.raises(NotAllowed):
        commands.propose(nia, link_id=link.pk, kind="goal", fields=proposed_goal())


def test_the_coach_takes_back_only_what_waits(cast: Cast, link: Any):
    first, second = propose(cast, link), propose(cast, link)
    with acting(cast.novice) as nia:
        commands.answer_proposal(nia, proposal_id=first.pk, decision="decline")
        with pytest.raises(NotAllowed):
            commands.withdraw_proposal(nia, proposal_id=second.pk)
    with acting(cast.coach) as cora:
        with pytest.raises(Conflict):
            commands.withdraw_proposal(cora, proposal_id=first.pk)
        with pytest.raises(NotAllowed):
            commands.answer_proposal(cora, proposal_id=second.pk, decision="accept")
        commands.withdraw_proposal(cora, proposal_id=second.pk)
        commands.withdraw_proposal(cora, proposal_id=second.pk)
    with acting(cast.novice) as nia, pytest.raises(Conflict):
        commands.answer_proposal(nia, proposal_id=second.pk, decision="accept")


def test_export_and_erasure_cover_both_sides(cast: Cast, link: Any):
    propose(cast, link)
    with acting(cast.novice) as nia:
        exported = queries.export_for(nia)
        assert exported["coaches"][0]["coach"] == "Cora Bell"
        assert exported["proposals_to_me"][0]["proposed"]["title"] == "Number talks twice a week"
    with acting(cast.coach) as cora:
        exported = queries.export_for(cora)
        assert exported["people_i_coach"][0]["educator"] == "Nia Young" and len(exported["proposals_by_me"]) == 1
        with pytest.raises(NotFound):
            commands.erase(cora, cast.novice.pk)
    with acting(cast.novice) as nia:
        assert commands.erase(nia, cast.novice.pk) == {
            "proposals": 1, "observations": 0, "coach_links": 1, "mentor_offers": 0,
        }  # fmt: skip
