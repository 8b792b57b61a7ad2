"""Who sees whom: the directory of one's own tenant, the manager's list, the levels above and below."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from lantern.domain.people import commands, queries
from lantern.domain.people.models import Membership
from lantern.domain.people.types import Role
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import NotAllowed, NotFound
from tests.cast import Cast, acting, make_person, make_school, system_of


def names(rows: Any) -> list[str]:
    return [row.full_name for row in rows]


def held_by(rows: Any) -> list[Any]:
    return [row.held for row in rows]


@pytest.mark.requirement("C.14")
def test_each_level_sees_its_own_people_and_no_others(cast: Cast) -> None:
    """State, district and school each list their own; another district's person does not exist for any of them."""
    with acting(cast.operator) as actor:
        assert "Uma Far" not in names(queries.list_people(actor))
        assert "Otto Grant" not in names(queries.list_people(actor))
        assert "Nia Young" in names(queries.list_people(actor))
    with acting(make_person(cast.state, "Stan Hill", Role.OPERATOR)) as actor:
        assert names(queries.list_people(actor)) == ["Otto Grant", "Stan Hill"]
    with acting(make_person(cast.other_school, "Sam Birch", Role.COORDINATOR)) as actor:
        assert names(queries.list_people(actor)) == ["Sam Birch"]
        with pytest.raises(NotFound):
            queries.get_managed_person(actor, cast.novice.pk)
    for person in (cast.novice, cast.official, cast.outsider):
        with acting(person) as actor:
            for person_id in ({cast.novice.pk, cast.official.pk, cast.outsider.pk} - {person.pk}) | {uuid4()}:
                with pytest.raises(NotFound):
                    queries.get_person(actor, person_id)


@pytest.mark.requirement("C.14")
def test_an_official_sees_the_districts_below_as_names_and_counts(cast: Cast) -> None:
    with acting(cast.official) as actor:
        below = {view.name: view for view in queries.list_districts_below(actor)}
        assert set(below) == {"River region", "Riverbend", "Faraway"}
        assert (below["Riverbend"].schools, below["Riverbend"].educators) == (2, 7)
        assert below["Faraway"].parent_name == "River region"
    for person in (cast.novice, cast.coordinator, cast.operator):
        with acting(person) as actor:
            assert queries.list_districts_below(actor) == []


@pytest.mark.requirement("C.14")
def test_the_tree_shows_the_line_above_and_ones_own_schools(cast: Cast) -> None:
    with acting(cast.novice) as actor:
        nodes = queries.list_organisations(actor)
        assert [(node.name, node.depth, node.own) for node in nodes] == [
            ("State of Maple", 0, False),
            ("River region", 1, False),
            ("Riverbend", 2, True),
            ("Alder School", 3, True),
            ("Birch School", 3, True),
        ]
        assert {node.name: node.people for node in nodes}["Alder School"] == 5
        with pytest.raises(NotFound):
            queries.get_organisation(actor, cast.far_school.pk)
        assert queries.get_organisation(actor, cast.state.pk).name == "State of Maple"


@pytest.mark.parametrize("who", ["novice", "coach", "principal", "official"])
def test_the_list_of_people_is_for_managers(cast: Cast, who: str) -> None:
    with acting(getattr(cast, who)) as actor:
        with pytest.raises(NotAllowed):
            queries.list_people(actor)
        with pytest.raises(NotFound):
            queries.get_managed_person(actor, cast.expert.pk)
        with pytest.raises(NotAllowed):
            queries.list_official_acts(actor)
        with pytest.raises(NotAllowed):
            queries.list_import_runs(actor)
        with pytest.raises(NotAllowed):
            queries.count_people(actor)


def test_people_are_found_by_words_school_and_role(cast: Cast) -> None:
    with acting(cast.operator) as actor:
        assert names(queries.list_people(actor, q="nia yo")) == ["Nia Young"]
        assert names(queries.list_people(actor, q="young nia")) == ["Nia Young"]
        assert names(queries.list_people(actor, q=cast.coach.email[:8])) == ["Cora Bell"]
        assert names(queries.list_people(actor, role="coach")) == ["Cora Bell"]
        assert names(queries.list_people(actor, organisation_id=cast.other_school.pk)) == []
        assert names(queries.list_people(actor, organisation_id=cast.school.pk, role="school_leader")) == ["Paul Stone"]
        commands.end_person(actor, person_id=cast.coach.pk)
        assert names(queries.list_people(actor, role="coach")) == []
        assert names(queries.list_people(actor, state="left")) == ["Cora Bell"]
        assert queries.count_people(actor) == {"people": 6, "accounts": 6, "schools": 2}


def test_listing_costs_the_same_for_one_and_for_many(cast: Cast, django_assert_num_queries: Any) -> None:
    with acting(cast.operator) as actor:
        with django_assert_num_queries(2):
            assert held_by(queries.list_people(actor)[:1])
        with django_assert_num_queries(2):
            assert held_by(queries.list_people(actor))
        make_school(cast.district, "Cedar")
        with django_assert_num_queries(2):
            assert len(queries.list_organisations(actor)) == 6


def test_colleagues_are_those_of_the_same_school_today(cast: Cast) -> None:
    there = make_person(cast.other_school, "Tom Away")
    with acting(cast.novice) as actor:
        assert names(queries.list_colleagues(actor)) == ["Cora Bell", "Pat Lee", "Elena Ruiz", "Paul Stone"]
        assert [place.name for place in queries.my_organisations(actor)] == ["Alder School"]
    with acting(cast.operator) as actor:
        commands.grant_role(actor, person_id=there.pk, organisation_id=cast.school.pk, role="educator")
    with acting(cast.novice) as actor:
        assert "Tom Away" in names(queries.list_colleagues(actor))


def test_people_with_a_duty_can_be_named_but_not_everybody(cast: Cast) -> None:
    with acting(cast.novice) as actor:
        assert names(queries.list_people_with_role(actor, "coach")) == ["Cora Bell"]
        with pytest.raises(NotAllowed):
            queries.list_people_with_role(actor, "educator")


def test_an_actor_has_the_roles_of_today_and_of_the_person_she_acts_as(cast: Cast) -> None:
    """One account may serve a person in two districts; a role that is over or has not begun gives nothing."""
    person, account, today = cast.novice, cast.novice.account, clock.today()
    assert account is not None
    with tenancy.unscoped("the test looks at two districts"):
        elsewhere = make_person(cast.far_school, "Nia Elsewhere", Role.COORDINATOR)
        type(elsewhere).objects.filter(pk=elsewhere.pk).update(account=account)
        over, coming = today - timedelta(days=1), today + timedelta(days=1)
        for role, begins, ends in ((Role.COACH, None, over), (Role.SCHOOL_LEADER, coming, None)):
            place = {"tenant_id": person.tenant_id, "organisation": cast.school}
            Membership.objects.create(person=person, role=role, begins_on=begins, ends_on=ends, **place)
    here = queries.actor_for_account(account, person.pk)
    there = queries.actor_for_account(account, elsewhere.pk)
    assert here is not None and there is not None
    assert (here.person_id, here.tenancy.own) == (person.pk, person.tenant_id)
    assert here.roles == {Role.EDUCATOR} and {grant.organisation_id for grant in here.grants} == {cast.school.pk}
    assert (there.person_id, there.tenancy.own) == (elsewhere.pk, elsewhere.tenant_id)
    assert there.roles == {Role.EDUCATOR, Role.COORDINATOR}
    with tenancy.unscoped("the test takes all roles away"):
        Membership.objects.filter(person=person).delete()
    none = queries.actor_for_account(account, person.pk)
    assert none is not None and none.grants == () and none.roles == {Role.EDUCATOR}


def test_a_colleague_sees_only_the_roles_that_hold(cast: Cast) -> None:
    with acting(cast.operator) as actor:
        row = Membership.objects.get(person=cast.coach)
        commands.end_role(actor, membership_id=row.pk)
        assert len(queries.list_memberships(actor, cast.coach.pk)) == 1
    with acting(cast.novice) as actor:
        assert queries.list_memberships(actor, cast.coach.pk) == []
    with acting(cast.coach) as actor:
        assert len(queries.list_memberships(actor, cast.coach.pk)) == 1
    with acting(cast.outsider) as actor, pytest.raises(NotFound):
        queries.list_memberships(actor, cast.coach.pk)


def test_a_profile_is_only_ever_ones_own(cast: Cast) -> None:
    with acting(cast.novice) as actor:
        assert queries.get_profile(actor).person_id == cast.novice.pk
        assert "minutes_per_week" in queries.export_for(actor)["profile"]
    bare = make_person(cast.school, "Ben Bare")
    with acting(bare) as actor:
        queries.get_profile(actor).delete()
        assert queries.get_profile(actor)._state.adding
    system = system_of(cast.district)
    with tenancy.within(system.tenancy), pytest.raises(NotFound):
        queries.get_profile(system)


def test_the_audit_list_has_official_acts_and_nothing_private(cast: Cast) -> None:
    with acting(cast.novice) as actor:
        commands.save_profile(actor, minutes_per_week=55)
    with acting(cast.operator) as actor:
        commands.grant_role(actor, person_id=cast.novice.pk, organisation_id=cast.school.pk, role="coach")
        acts = queries.described(list(queries.list_official_acts(actor)))
        assert [(act.who, act.words, act.about) for act in acts] == [
            ("Olga Frey", "gave a role", "Nia Young, Alder School, coach")
        ]
        assert list(queries.list_official_acts(actor, "ProfileChanged")) == list(queries.list_official_acts(actor))
    with acting(cast.outsider) as actor:
        assert list(queries.list_official_acts(actor)) == []
