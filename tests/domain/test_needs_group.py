"""What a group asks for together: members put up and vote, planners see counts, nobody sees who."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from lantern.domain.needs import commands, queries
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord
from tests.cast import Cast, acting


def put_up(person: Any, organisation: Any, title: str) -> Any:
    with acting(person) as actor:
        return commands.propose_group_need(actor, organisation_id=organisation.pk, title=title)


def votes_of(person: Any, group_need: Any) -> int:
    with acting(person) as actor:
        return queries.get_group_need(actor, group_need.pk).votes


@pytest.mark.requirement("P1.2")
def test_the_top_voted_need_of_a_school_reaches_those_who_plan_its_days(cast: Cast) -> None:
    put_up(cast.expert, cast.school, "Shared planning time")
    calm = put_up(cast.novice, cast.school, "Calmer starts")
    for person in (cast.coach, cast.para):
        with acting(person) as actor:
            assert commands.vote(actor, group_need_id=calm.pk) is True
    for person in (cast.principal, cast.coordinator):
        with acting(person) as actor:
            (group,) = queries.top_group_needs(actor)
            assert [(ask.title, ask.votes) for ask in group.asks] == [("Calmer starts", 3), ("Shared planning time", 1)]
            assert group.organisation_name == "Alder School"
            assert queries.top_group_needs(actor, organisation_id=cast.school.pk) == [group]
            assert queries.top_group_needs(actor, organisation_id=cast.other_school.pk) == []
    for person in (cast.outsider, cast.official, cast.novice):
        with acting(person) as actor:
            assert queries.top_group_needs(actor) == []


def test_a_vote_counts_once_can_be_taken_back_and_names_nobody(cast: Cast) -> None:
    calm = put_up(cast.novice, cast.school, "Calmer starts")
    with acting(cast.expert) as actor:
        for _ in range(2):
            assert commands.vote(actor, group_need_id=calm.pk, wanted=True) is True
        assert votes_of(cast.expert, calm) == 2
        assert commands.vote(actor, group_need_id=calm.pk) is False
        assert commands.vote(actor, group_need_id=calm.pk, wanted=False) is False
        rows = EventRecord.objects.filter(name="GroupNeedVoted")
        assert [(str(row.actor_id), row.request_id) for row in rows] == [("None", ""), ("None", "")]
    assert votes_of(cast.principal, calm) == 1
    with acting(cast.expert) as actor:
        (view,) = queries.list_group_needs(actor)
        assert not view.voted and not view.put_up_by_me
        assert str(cast.novice.pk) not in repr(view) and "Nia" not in repr(view)


def test_only_members_put_up_and_vote(cast: Cast) -> None:
    calm = put_up(cast.novice, cast.school, "Calmer starts")
    for person in (cast.outsider, cast.official):
        with acting(person) as actor:
            for refused in (
                lambda: commands.vote(actor, group_need_id=calm.pk),
                lambda: commands.propose_group_need(actor, organisation_id=cast.school.pk, title="x"),
                lambda: commands.close_group_need(actor, group_need_id=calm.pk, answer="x"),
                lambda: queries.get_group_need(actor, calm.pk),
            ):
                with pytest.raises(NotFound):
                    refused()
            assert queries.list_group_needs(actor) == []
    with acting(cast.coordinator) as actor:
        with pytest.raises(NotAllowed):
            commands.vote(actor, group_need_id=calm.pk)
        with pytest.raises(NotFound):
            commands.propose_group_need(actor, organisation_id=cast.school.pk, title="x")
        assert queries.list_group_needs(actor) == []
    with acting(cast.novice) as actor, pytest.raises(NotFound):
        commands.vote(actor, group_need_id=uuid4())
    assert votes_of(cast.novice, calm) == 1


def test_the_same_need_is_not_put_up_twice(cast: Cast) -> None:
    put_up(cast.novice, cast.school, "Calmer starts")
    for bad in ("calmer  STARTS", "", "x" * 161):
        with acting(cast.expert) as actor, pytest.raises(Invalid) as caught:
            commands.propose_group_need(actor, organisation_id=cast.school.pk, title=bad)
        assert set(caught.value.fields) == {"title"}
    with acting(cast.expert) as actor, pytest.raises(NotFound):
        commands.propose_group_need(actor, organisation_id=cast.school.pk, title="x", competency_id=uuid4())


def test_closing_leaves_a_word_for_those_who_asked(cast: Cast) -> None:
    calm = put_up(cast.novice, cast.school, "Calmer starts")
    with acting(cast.expert) as actor, pytest.raises(NotAllowed):
        commands.close_group_need(actor, group_need_id=calm.pk, answer="Done")
    with acting(cast.principal) as actor:
        for bad in (" ", "x" * 301):
            with pytest.raises(Invalid):
                commands.close_group_need(actor, group_need_id=calm.pk, answer=bad)
        for answer in ("On our day in March", "Something else"):
            commands.close_group_need(actor, group_need_id=calm.pk, answer=answer)
        assert queries.top_group_needs(actor) == []
        assert [row.answer for row in queries.list_answered(actor)] == ["On our day in March"]
    with acting(cast.expert) as actor:
        assert queries.list_group_needs(actor) == []
        (row,) = queries.list_group_needs(actor, cast.school.pk, also_closed=True)
        assert row.answer == "On our day in March"
        with pytest.raises(Conflict):
            commands.vote(actor, group_need_id=calm.pk)
    again = put_up(cast.expert, cast.school, "Calmer starts")
    with acting(cast.expert) as actor:
        commands.close_group_need(actor, group_need_id=again.pk, answer="We found a way ourselves")
