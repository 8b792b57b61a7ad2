"""Changes of a plan that a coach proposes: she takes up all, some, or her own version; nothing half, nothing lost."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from lantern.domain.coaching import commands, queries
from lantern.domain.coaching.types import Do, PlanLine
from lantern.domain.goals import commands as goals
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.domain.privacy import commands as privacy
from lantern.domain.privacy import queries as shares
from lantern.kernel import tenancy
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.cast import Cast, acting
from tests.domain.catalog_factory import make_resource
from tests.grow_facts import activity, goal_facts, monday


@pytest.fixture
def link(cast: Cast) -> Any:
    """She works with her coach and shares her plan, in which a podcast stands this week and a book in the next."""
    with acting(cast.novice) as nia:
        asked = commands.ask_coach(nia, coach_id=cast.coach.pk)
    with acting(cast.coach) as cora:
        commands.answer_link(cora, link_id=asked.pk, accept=True)
    with acting(cast.novice) as nia:
        for weeks, title in enumerate(("A podcast", "A book")):
            plans.add_to_plan(nia, activity_id=activity(nia, title).pk, monday=monday(weeks))
        commands.share_with_coach(nia, link_id=asked.pk, plan=True)
    return asked


def as_it_is(person: Any) -> dict[str, Any]:
    """Title -> week, and the weeks that are not as usual, of a person's plan."""
    with acting(person) as actor:
        view = plan_queries.my_plan(actor)
        found: dict[str, Any] = {item.title: item.monday for item in queries.plan_items(view)}
        usual = view.minutes_per_week
        return found | {
            str(week.monday): (week.available, week.quiet) for week in view.weeks if week.available != usual
        }


def item(person: Any, title: str) -> Any:
    with acting(person) as actor:
        return next(one.id for one in queries.plan_items(plan_queries.my_plan(actor)) if one.title == title)


def propose(cast: Cast, link: Any, *lines: PlanLine, note: str = "") -> Any:
    with acting(cast.coach) as cora:
        return commands.propose_plan(cora, link_id=link.pk, lines=lines, note=note)


def four_lines(cast: Cast) -> list[PlanLine]:
    """One of each kind."""
    return [
        PlanLine(Do.ADD, title="Watch my lesson", minutes=40, monday=monday(2), reason="You asked how I begin"),
        PlanLine(Do.MOVE, item_id=item(cast.novice, "A book"), monday=monday(3)),
        PlanLine(Do.REMOVE, item_id=item(cast.novice, "A podcast")),
        PlanLine(Do.WEEK, monday=monday(1), minutes=0, quiet=True),
    ]


@pytest.mark.requirement("B.4")
@pytest.mark.requirement("P1.2")
def test_nothing_changes_until_she_takes_it_up_and_then_all_of_it_does(cast: Cast, link: Any):
    before = as_it_is(cast.novice)
    proposal = propose(cast, link, *four_lines(cast), note="For your third lesson")
    assert as_it_is(cast.novice) == before
    with acting(cast.novice) as nia:
        made = commands.answer_plan_proposal(nia, proposal_id=proposal.pk)
        assert [one.outcome for one in made] == ["taken"] * 4
        with pytest.raises(Conflict):
            commands.answer_plan_proposal(nia, proposal_id=proposal.pk)
    assert as_it_is(cast.novice) == {
        "A book": monday(3), "Watch my lesson": monday(2), str(monday(1)): (0, True),
    }  # fmt: skip
    with acting(cast.novice) as nia:
        (added,) = [one for one in queries.plan_items(plan_queries.my_plan(nia)) if one.title == "Watch my lesson"]
        assert added.reason == "You asked how I begin"
        assert queries.get_proposal(nia, proposal.pk).state == "accepted"


@pytest.mark.requirement("B.4")
def test_she_takes_some_in_her_own_words_and_both_read_both_versions(cast: Cast, link: Any):
    proposal = propose(cast, link, *four_lines(cast))
    with acting(cast.novice) as nia:
        lines = queries.get_proposal(nia, proposal.pk).lines
        assert [line.do for line in lines] == ["remove", "week", "move", "add"]
        hers = {
            1: PlanLine(Do.WEEK, minutes=45),
            3: PlanLine(Do.ADD, title="See Cora teach", minutes=30, monday=monday(4), reason="I want to see it"),
        }
        commands.answer_plan_proposal(nia, proposal_id=proposal.pk, versions=hers)
    assert as_it_is(cast.novice) == {
        "A podcast": monday(), "A book": monday(1), "See Cora teach": monday(4), str(monday(1)): (45, False),
    }  # fmt: skip
    for person in (cast.novice, cast.coach):
        with acting(person) as actor:
            seen = queries.get_proposal(actor, proposal.pk)
            assert seen.state == "partly"
            assert [one.outcome for one in seen.made_lines] == ["passed", "changed", "passed", "changed"]
            assert (seen.lines[3].title, seen.made_lines[3].line.title) == ("Watch my lesson", "See Cora teach")


def test_what_she_made_of_it_is_read_by_the_coach_only_while_she_shares_her_plan(cast: Cast, link: Any):
    proposal = propose(cast, link, *four_lines(cast))
    with acting(cast.novice) as nia:
        commands.answer_plan_proposal(nia, proposal_id=proposal.pk)
        (share,) = shares.my_shares(nia)
        privacy.revoke(nia, share_id=share.id)
    with acting(cast.coach) as cora:
        assert queries.get_proposal(cora, proposal.pk).made_lines == ()
        assert len(queries.get_proposal(cora, proposal.pk).lines) == 4
        with pytest.raises(NotFound):
            commands.propose_plan(cora, link_id=link.pk, lines=[PlanLine(Do.WEEK, monday=monday(), minutes=5)])


@pytest.mark.requirement("B.4")
def test_of_a_proposal_for_an_older_plan_what_fits_is_done_and_the_rest_is_named(cast: Cast, link: Any):
    """The item is out, one week is quiet and one is as proposed already: the rest still comes into her plan."""
    lines = [
        *four_lines(cast)[1:3],
        PlanLine(Do.ADD, title="Into a quiet week", minutes=20, monday=monday(4)),
        PlanLine(Do.ADD, title="Watch my lesson", minutes=40, monday=monday(2)),
        PlanLine(Do.WEEK, monday=monday(5), minutes=15),
    ]
    proposal = propose(cast, link, *lines)
    with acting(cast.novice) as nia:
        plans.remove_item(nia, item_id=item(cast.novice, "A podcast"))
        plans.set_week(nia, monday=monday(4), minutes=0, quiet=True)
        plans.set_week(nia, monday=monday(5), minutes=15)
        shown = queries.get_proposal(nia, proposal.pk)
        now = plan_queries.my_plan(nia)
        assert now.version > shown.plan_version
        names = [line.title or line.do for line in shown.lines]
        fits = dict(zip(names, queries.no_fits(nia, shown.lines, now), strict=True))
        assert fits == {
            "A podcast": "It is not in your plan any more.",
            "week": "That week is like this already.",
            "A book": "",
            "Into a quiet week": "You keep that week quiet.",
            "Watch my lesson": "",
        }
        made = commands.answer_plan_proposal(nia, proposal_id=proposal.pk)
        assert [(one.line.title, one.why) for one in made if one.outcome == "no_fit"] == [
            ("A podcast", "It is not in your plan any more."),
            ("", "That week is like this already."),
            ("Into a quiet week", "You keep that week quiet."),
        ]
    found = as_it_is(cast.novice)
    assert (found["A book"], found["Watch my lesson"]) == (monday(3), monday(2))
    assert "Into a quiet week" not in found


def test_a_line_that_she_ticks_and_that_does_not_fit_refuses_the_whole(cast: Cast, link: Any):
    proposal = propose(cast, link, *four_lines(cast))
    with acting(cast.novice) as nia:
        plans.set_week(nia, monday=monday(3), minutes=0, quiet=True)
    before = as_it_is(cast.novice)
    with acting(cast.novice) as nia:
        hers = {0: PlanLine(Do.REMOVE), 2: PlanLine(Do.MOVE, monday=monday(3))}
        with pytest.raises(Invalid) as refused:
            commands.answer_plan_proposal(nia, proposal_id=proposal.pk, versions=hers)
        assert refused.value.fields == {"line_2": "You keep that week quiet."}
        assert queries.get_proposal(nia, proposal.pk).state == "open"
        with pytest.raises(Invalid):
            commands.answer_plan_proposal(nia, proposal_id=proposal.pk, versions={})
    assert as_it_is(cast.novice) == before
    with acting(cast.novice) as nia:
        hers[2] = PlanLine(Do.MOVE, monday=monday(4))
        commands.answer_plan_proposal(nia, proposal_id=proposal.pk, versions=hers)
    assert as_it_is(cast.novice)["A book"] == monday(4)


def test_when_nothing_fits_any_more_it_says_so_and_she_can_pass_on_it(cast: Cast, link: Any):
    proposal = propose(cast, link, PlanLine(Do.REMOVE, item_id=item(cast.novice, "A podcast")))
    with acting(cast.novice) as nia:
        plans.remove_item(nia, item_id=item(cast.novice, "A podcast"))
        with pytest.raises(Invalid, match="None of this fits"):
            commands.answer_plan_proposal(nia, proposal_id=proposal.pk)
        with pytest.raises(Invalid):
            commands.answer_proposal(nia, proposal_id=proposal.pk, decision="accept")
        assert commands.answer_proposal(nia, proposal_id=proposal.pk, decision="decline").state == "declined"


def test_a_resource_is_offered_for_a_goal_that_she_shares_and_for_no_other(cast: Cast, link: Any):
    with acting(cast.coordinator) as dana:
        resource = make_resource(dana, "Number talks", minutes=30)
    with acting(cast.novice) as nia:
        shared, kept = (goals.set_goal(nia, **goal_facts(title=title)) for title in ("Shared", "Mine"))
        commands.share_with_coach(nia, link_id=link.pk, goal_ids=[shared.pk])
    with pytest.raises(NotFound):
        propose(cast, link, PlanLine(Do.ADD, resource_id=resource.pk, goal_id=kept.pk))
    proposal = propose(cast, link, PlanLine(Do.ADD, resource_id=resource.pk, goal_id=shared.pk))
    again = propose(cast, link, PlanLine(Do.ADD, resource_id=resource.pk))
    with acting(cast.novice) as nia:
        commands.answer_plan_proposal(nia, proposal_id=proposal.pk)
        (added,) = plan_queries.items_for_goal(nia, shared.pk)
        assert (added.title, added.minutes) == ("Number talks", 30)
        with pytest.raises(Invalid, match="None of this fits"):
            commands.answer_plan_proposal(nia, proposal_id=again.pk)


@pytest.mark.parametrize(
    "line",
    [
        PlanLine(Do.WEEK, monday=monday(-1), minutes=10),
        PlanLine(Do.WEEK, monday=monday(1), minutes=3001),
        PlanLine(Do.WEEK, monday=monday(60), minutes=10),
        PlanLine(Do.ADD, title="No minutes", minutes=None),
        PlanLine(Do.ADD, title=" ", minutes=10),
        PlanLine(Do.ADD, title="A", minutes=10, reason="x" * 161),
    ],
)
def test_what_cannot_be_proposed_is_refused_with_its_reason(cast: Cast, link: Any, line: PlanLine):
    with pytest.raises(Invalid):
        propose(cast, link, line)
    with acting(cast.novice) as nia:
        assert queries.my_proposals(nia) == []


def test_an_empty_proposal_and_one_against_itself_are_refused(cast: Cast, link: Any):
    with pytest.raises(Invalid):
        propose(cast, link)
    with pytest.raises(Invalid, match="Choose one of the two"):
        propose(
            cast, link, PlanLine(Do.WEEK, monday=monday(2), minutes=0, quiet=True),
            PlanLine(Do.ADD, title="A", minutes=5, monday=monday(2)),
        )  # fmt: skip
    with pytest.raises(NotFound):
        propose(cast, link, PlanLine(Do.REMOVE, item_id=uuid4()))


@pytest.mark.requirement("P1.2")
@pytest.mark.parametrize("who", ["coach", "principal", "coordinator", "operator", "official"])
def test_nobody_but_she_changes_her_plan_by_any_command(cast: Cast, link: Any, who: str):
    """An administrator's edit of a plan is refused: by id there is nothing to change, and a week set is her own."""
    proposal = propose(cast, link, PlanLine(Do.REMOVE, item_id=item(cast.novice, "A podcast")))
    hers, podcast = as_it_is(cast.novice), item(cast.novice, "A podcast")
    with acting(getattr(cast, who)) as actor:
        with pytest.raises(NotFound):
            plans.move_item(actor, item_id=podcast, monday=monday(5))
        with pytest.raises(NotFound):
            plans.remove_item(actor, item_id=podcast)
        with pytest.raises((NotFound, NotAllowed)):
            commands.answer_plan_proposal(actor, proposal_id=proposal.pk)
        if who != "official":  # whose tenant is the state
            with pytest.raises((NotFound, NotAllowed)):
                commands.propose_plan(actor, link_id=uuid4(), lines=[PlanLine(Do.REMOVE, item_id=podcast)])
        plans.set_week(actor, monday=monday(2), minutes=5)
        plans.set_plan(actor, begins_on=monday(4), weeks=2)
    assert as_it_is(cast.novice) == hers


def test_the_words_lie_sealed(cast: Cast, link: Any):
    propose(cast, link, *four_lines(cast), note="A secret note")
    with tenancy.unscoped("test"), connection.cursor() as cursor:
        cursor.execute("SELECT proposed, note FROM lantern_proposal")
        assert "Watch my lesson" not in str(rows := cursor.fetchall()) and "secret" not in str(rows)
