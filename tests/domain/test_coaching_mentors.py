"""Offering help, and who comes up for whom (B.2)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from lantern.domain.coaching import commands, queries
from lantern.domain.goals import commands as goals
from lantern.domain.people.models import Profile
from lantern.domain.privacy import commands as privacy
from lantern.kernel.errors import Invalid
from tests.cast import Cast, acting, competencies_of, make_person
from tests.grow_facts import goal_facts


@pytest.fixture
def mentors(cast: Cast) -> dict[str, Any]:
    """Three who offer help, with one competency each."""
    people = {}
    for place, name in enumerate(("Ada Ant", "Bea Bee", "Cleo Cat")):
        person = make_person(cast.other_school, name)
        with acting(person) as actor:
            commands.offer_help(actor, competency_ids=[competencies_of(cast.framework)[place].pk], about="Come and see")
        people[name] = person
    return people


def know(person: Any, *strengths: str) -> None:
    """What she said she is good at."""
    profile, _ = Profile.objects.get_or_create(person=person)
    profile.strengths = list(strengths)
    profile.save()


def names(cast: Cast) -> list[str]:
    with acting(cast.novice) as nia:
        return [mentor.name for mentor in queries.find_mentors(nia)]


@pytest.mark.requirement("B.2")
def test_a_strengths_list_changes_who_comes_up_and_says_why(cast: Cast, mentors: dict[str, Any]):
    third = competencies_of(cast.framework)[2]
    assert names(cast) == ["Ada Ant", "Bea Bee", "Cleo Cat"]
    with acting(cast.novice) as nia:
        know(cast.novice, str(third.pk), "not an id")
        found = queries.find_mentors(nia)
    assert [mentor.name for mentor in found] == ["Cleo Cat", "Ada Ant", "Bea Bee"]
    assert found[0].reasons == (f"You are both good at {third.name}: you could learn together",)


def test_what_a_goal_is_about_comes_before_a_shared_strength(cast: Cast, mentors: dict[str, Any]):
    _, second, third, _ = competencies_of(cast.framework)
    with acting(cast.novice) as nia:
        know(cast.novice, str(third.pk))
        goals.set_goal(nia, **goal_facts(competency_id=second.pk))
        found = queries.find_mentors(nia)
    assert [mentor.name for mentor in found] == ["Bea Bee", "Cleo Cat", "Ada Ant"]
    assert "one of your goals" in found[0].reasons[0]


def test_who_refused_gets_them_by_name(cast: Cast, mentors: dict[str, Any]):
    with acting(cast.novice) as nia:
        goals.set_goal(nia, **goal_facts(competency_id=competencies_of(cast.framework)[2].pk))
        privacy.refuse_purpose(nia, purpose="recommendation")
        found = queries.find_mentors(nia)
    assert [mentor.name for mentor in found] == ["Ada Ant", "Bea Bee", "Cleo Cat"]
    assert all(mentor.reasons == () for mentor in found)


def test_one_does_not_come_up_for_oneself_nor_in_another_district(cast: Cast, mentors: dict[str, Any]):
    with acting(mentors["Ada Ant"]) as ada:
        assert [mentor.name for mentor in queries.find_mentors(ada)] == ["Bea Bee", "Cleo Cat"]
    with acting(cast.outsider) as uma:
        assert queries.find_mentors(uma) == []


def test_an_offer_is_replaced_and_withdrawn(cast: Cast):
    first, second, *_ = competencies_of(cast.framework)
    with acting(cast.expert) as elena:
        commands.offer_help(elena, competency_ids=[first.pk, first.pk])
        commands.offer_help(elena, competency_ids=[second.pk], most_people=5)
        offer = queries.my_offer(elena)
        assert offer is not None and offer.most_people == 5
        assert [each.competency for each in offer.strength_links.all()] == [second]
        assert queries.export_for(elena)["offer_of_help"]["with"] == [second.name]
        commands.withdraw_offer(elena)
        commands.withdraw_offer(elena)
        assert queries.my_offer(elena) is None


def test_a_wrong_offer_is_refused_by_field(cast: Cast):
    with acting(cast.expert) as elena:
        for wrong, field in (
            ({"competency_ids": []}, "competency_ids"),
            ({"competency_ids": [uuid4()]}, "competency_ids"),
            ({"competency_ids": [uuid4() for _ in range(13)]}, "competency_ids"),
            ({"about": "x" * 301}, "about"),
            ({"most_people": 0}, "most_people"),
        ):
            facts: dict[str, Any] = {"competency_ids": [competencies_of(cast.framework)[0].pk]} | wrong
            with pytest.raises(Invalid) as refused:
                commands.offer_help(elena, **facts)
            assert set(refused.value.fields) == {field}


def test_the_number_of_queries_does_not_grow_with_the_mentors(
    cast: Cast, mentors: dict[str, Any], django_assert_max_num_queries: Any
):
    with acting(cast.novice) as nia, django_assert_max_num_queries(12):
        queries.find_mentors(nia)
