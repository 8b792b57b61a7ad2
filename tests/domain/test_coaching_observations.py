"""What a coach saw: read by two people, worth nothing before it is taken up, gone for the coach when the link ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from lantern import models as tables
from lantern.domain.coaching import commands, queries
from lantern.domain.needs import queries as needs
from lantern.domain.notices import queries as notices
from lantern.domain.people.models import Person
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.cast import Cast, acting, competencies_of


@pytest.fixture
def link(cast: Cast) -> UUID:
    """Nia works with Cora."""
    with acting(cast.novice) as nia:
        link_id = commands.ask_coach(nia, coach_id=cast.coach.pk).pk
    with acting(cast.coach) as cora:
        commands.answer_link(cora, link_id=link_id, accept=True)
    return link_id


def write(cast: Cast, link_id: UUID, who: Person | None = None, **more: Any) -> UUID:
    """Write down what was seen."""
    facts: dict[str, Any] = {
        "saw": "You asked, and waited for ten seconds. Six hands went up.",
        "on": clock.today() - timedelta(days=2),
        "competency_id": competencies_of(cast.framework)[0].pk,
        "level": 3,
    }
    with acting(who or cast.coach) as actor:
        return commands.write_observation(actor, link_id=link_id, **(facts | more)).pk


def level_of(cast: Cast) -> list[Any]:
    with acting(cast.novice) as nia:
        return needs.what_was_said(nia)


def test_she_reads_it_is_told_and_nothing_counts_before_she_takes_it_up(cast: Cast, link: UUID) -> None:
    seen = write(cast, link)
    with acting(cast.novice) as nia:
        (found,) = queries.my_observations(nia)
        assert (found.id, found.level, found.state, found.mine_to_answer) == (seen, 3, "open", True)
        assert next(each.kind for each in notices.my_notices(nia)) == "observation_made"
        assert not needs.my_needs(nia).exists() and needs.my_standings(nia) == {}
    with acting(cast.coach) as cora:
        (theirs,) = queries.observations_on(cora, link)
        assert (theirs.state, theirs.mine_to_answer, theirs.mine_to_withdraw) == ("", False, True)


def test_taken_up_it_is_a_need_and_evidence_by_its_coach_of_its_day(cast: Cast, link: UUID) -> None:
    seen = write(cast, link)
    with acting(cast.novice) as nia:
        commands.answer_observation(nia, observation_id=seen, as_need=True, as_evidence=True)
        (need,) = needs.my_needs(nia)
        assert need.source == "coach_observation" and need.words.startswith("You asked")
        (said,) = needs.what_was_said(nia)
        assert (said.evidence.kind, said.evidence.level, said.evidence.giver) == (
            "coach_observation", 3.0, str(cast.coach.pk),
        )  # fmt: skip
        assert clock.today() - said.at.date() == timedelta(days=2)
        assert queries.my_observations(nia) == []
        with pytest.raises(Conflict):
            commands.answer_observation(nia, observation_id=seen)


@pytest.mark.parametrize(("need", "evidence"), [(True, False), (False, True)])
def test_each_of_the_two_by_itself(cast: Cast, link: UUID, need: bool, evidence: bool) -> None:
    seen = write(cast, link)
    with acting(cast.novice) as nia:
        commands.answer_observation(nia, observation_id=seen, as_need=need, as_evidence=evidence)
        assert needs.my_needs(nia).exists() is need
    assert bool(level_of(cast)) is evidence


def test_set_aside_it_counts_for_nothing_and_can_be_taken_up_later(cast: Cast, link: UUID) -> None:
    seen = write(cast, link)
    with acting(cast.novice) as nia:
        assert commands.answer_observation(nia, observation_id=seen).state == "set_aside"
        assert not needs.my_needs(nia).exists() and needs.what_was_said(nia) == []
        (found,) = queries.my_observations(nia, state=None)
        assert found.mine_to_answer
        assert commands.answer_observation(nia, observation_id=seen, as_evidence=True).state == "taken_up"
    assert len(level_of(cast)) == 1


def test_the_coach_never_learns_what_became_of_it(cast: Cast, link: UUID) -> None:
    taken, aside = write(cast, link), write(cast, link)
    with acting(cast.novice) as nia:
        commands.answer_observation(nia, observation_id=taken, as_need=True)
        commands.answer_observation(nia, observation_id=aside)
    with acting(cast.coach) as cora:
        told = [(each.state, each.mine_to_withdraw) for each in queries.observations_on(cora, link)]
        assert told == [("", False)] * 2
        assert [each.kind for each in notices.my_notices(cora)] == ["coach_asked"]
        mine = queries.export_for(cora)["what_i_saw_as_a_coach"]
        assert mine[0] == mine[1], "the two cannot be told apart"


def test_two_coaches_are_two_pairs_of_eyes(cast: Cast, link: UUID) -> None:
    first = write(cast, link)
    with acting(cast.expert) as elena:
        commands.offer_help(elena, competency_ids=[competencies_of(cast.framework)[0].pk])
    with acting(cast.novice) as nia:
        other = commands.ask_coach(nia, coach_id=cast.expert.pk).pk
    with acting(cast.expert) as elena:
        commands.answer_link(elena, link_id=other, accept=True)
    second = write(cast, other, cast.expert, level=1)
    with acting(cast.novice) as nia:
        for seen in (first, second):
            commands.answer_observation(nia, observation_id=seen, as_evidence=True)
        (standing,) = needs.my_standings(nia).values()
        assert len(standing.contributions) == 2 and standing.level == pytest.approx(2, abs=0.1)


def test_when_the_link_ends_the_coach_sees_it_no_more_and_the_educator_keeps_it(cast: Cast, link: UUID) -> None:
    seen = write(cast, link)
    with acting(cast.novice) as nia:
        commands.end_link(nia, link_id=link)
        assert queries.get_observation(nia, seen).saw.startswith("You asked")
        commands.answer_observation(nia, observation_id=seen, as_need=True)
    with acting(cast.coach) as cora:
        assert queries.observations_on(cora, link) == [] and queries.export_for(cora)["what_i_saw_as_a_coach"] == []
        with pytest.raises(NotFound):
            queries.get_observation(cora, seen)
        with pytest.raises(NotFound):
            commands.withdraw_observation(cora, observation_id=seen)


@pytest.mark.parametrize("who", ["principal", "coordinator", "official", "operator", "expert", "outsider"])
def test_nobody_else_can_read_answer_or_withdraw_it(cast: Cast, link: UUID, who: str) -> None:
    seen = write(cast, link)
    with acting(getattr(cast, who)) as actor:
        for act in (
            lambda: queries.get_observation(actor, seen),
            lambda: commands.answer_observation(actor, observation_id=seen, as_need=True),
            lambda: commands.withdraw_observation(actor, observation_id=seen),
            lambda: commands.write_observation(actor, link_id=link, saw="x", on=clock.today()),
        ):
            with pytest.raises(NotFound):
                act()


def test_each_of_the_two_does_only_her_part(cast: Cast, link: UUID) -> None:
    seen = write(cast, link)
    with acting(cast.coach) as cora, pytest.raises(NotAllowed):
        commands.answer_observation(cora, observation_id=seen, as_need=True)
    with acting(cast.novice) as nia:
        with pytest.raises(NotAllowed):
            commands.withdraw_observation(nia, observation_id=seen)
        with pytest.raises(NotAllowed):
            commands.write_observation(nia, link_id=link, saw="x", on=clock.today())
    with acting(cast.coach) as cora:
        assert commands.withdraw_observation(cora, observation_id=seen) == link
    with acting(cast.novice) as nia:
        assert queries.my_observations(nia, state=None) == []
    answered = write(cast, link)
    with acting(cast.novice) as nia:
        commands.answer_observation(nia, observation_id=answered)
    with acting(cast.coach) as cora, pytest.raises(Conflict):
        commands.withdraw_observation(cora, observation_id=answered)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"saw": "  "}, "saw"),
        ({"saw": "x" * 2001}, "saw"),
        ({"on": timedelta(days=1)}, "on"),
        ({"on": timedelta(days=-500)}, "on"),
        ({"level": 5}, "level"),
        ({"level": -1}, "level"),
        ({"level": 2, "competency_id": None}, "level"),
    ],
)
def test_what_cannot_be_written_says_why(cast: Cast, link: UUID, facts: dict[str, Any], field: str) -> None:
    if isinstance(facts.get("on"), timedelta):
        facts = facts | {"on": clock.today() + facts["on"]}
    with pytest.raises(Invalid) as caught:
        write(cast, link, **facts)
    assert set(caught.value.fields) == {field}


def test_without_a_level_it_can_only_be_a_need(cast: Cast, link: UUID) -> None:
    seen = write(cast, link, competency_id=None, level=None)
    with acting(cast.novice) as nia:
        with pytest.raises(Invalid):
            commands.answer_observation(nia, observation_id=seen, as_evidence=True)
        commands.answer_observation(nia, observation_id=seen, as_need=True)
        (need,) = needs.my_needs(nia)
        assert need.competency_id is None


def test_it_lies_sealed_with_her_key_and_goes_with_either_of_them(cast: Cast, link: UUID) -> None:
    from django.db import connection

    from lantern.flows import rights

    write(cast, link)
    with tenancy.unscoped("test"), connection.cursor() as cursor:
        cursor.execute("SELECT saw FROM lantern_observation")
        assert "Six hands" not in str(cursor.fetchall())
    with acting(cast.coach) as cora:
        assert rights.erase_me(cora)["observations"] == 1
    with tenancy.unscoped("test"):
        assert not tables.Observation.objects.exists()
