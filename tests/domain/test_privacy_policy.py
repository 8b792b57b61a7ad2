"""The table of privacy: every cell, and that the filter agrees with the decision."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from lantern.domain.goals import commands as goals
from lantern.domain.goals.models import Goal
from lantern.domain.privacy import policy
from lantern.domain.privacy.types import Action, DataClass, Item, Privacy, Relation
from lantern.kernel import tenancy
from lantern.kernel.actor import Actor, RoleGrant, system
from lantern.kernel.errors import NotAllowed, NotFound
from lantern.kernel.tenancy import Tenancy
from tests.cast import Cast, acting, actor_of
from tests.grow_facts import goal_facts

HERE, STATE, AWAY, SCHOOL, ME, OTHER = (UUID(int=number) for number in range(1, 7))
READ, ALL, KEEP = {"read"}, {"read", "change", "share", "erase"}, {"read", "change", "erase"}

EXPECTED: dict[str, dict[str, set[str]]] = {
    "private": {"owner": ALL},
    "consented": {"owner": ALL, "grantee": READ},
    "team": {"owner": KEEP, "team": READ, "peer": {"read", "change"}, "asked": READ},
    "official": {"owner": READ, "official_reader": READ, "system": {"read", "change"}},
    "aggregate": {
        "member": READ,
        "owner": READ,
        "grantee": READ,
        "team": READ,
        "peer": READ,
        "asked": READ,
        "official_reader": READ,
        "system": READ,
    },
    "public": {relation.value: READ for relation in Relation},
}
"""Written by hand from trust.md 3.2, not read from the code. Who stands nearer is a member too."""


def actor(*roles: str, tenant: UUID = HERE) -> Actor:
    grants = tuple(RoleGrant(role, SCHOOL, frozenset({SCHOOL})) for role in roles)
    return Actor(ME, Tenancy(tenant, (STATE,)), grants, roles=frozenset(roles))


def placed(relation: str, data_class: DataClass) -> tuple[Actor, Item]:
    """An actor and a row that stand in this relation."""
    item = Item(data_class, OTHER, HERE)
    match relation:
        case "owner":
            return actor(), replace(item, owner_id=ME)
        case "grantee":
            return actor(), replace(item, shared_with=frozenset({ME}))
        case "peer":
            return actor(), replace(item, peers=frozenset({ME}))
        case "asked":
            return actor(), replace(item, asked=frozenset({ME}))
        case "team":
            return actor("educator"), replace(item, organisation_id=SCHOOL)
        case "official_reader":
            above = replace(actor("operator"), grants=(RoleGrant("operator", uuid4(), frozenset({SCHOOL})),))
            return above, replace(item, organisation_id=SCHOOL, official_readers=frozenset({"operator"}))
        case "inheritor":
            return actor(), replace(item, tenant_id=STATE)
        case "system":
            return system(Tenancy(HERE)), item
        case "stranger":
            return actor("operator", "official"), replace(
                item, tenant_id=AWAY, owner_id=ME, shared_with=frozenset({ME})
            )
    return actor(), item


@pytest.mark.requirement("P1.2")
@pytest.mark.parametrize(
    ("data_class", "relation", "action"), list(itertools.product(DataClass, Relation, [*Action, "unheard_of"]))
)
def test_every_cell(data_class: DataClass, relation: Relation, action: str):
    who, item = placed(relation, data_class)
    wanted = str(action) in EXPECTED[data_class].get(relation, set())
    decision = policy.decide(who, action, item)
    assert decision.allowed is wanted
    assert decision.reason.endswith(".")
    assert relation in policy.relations(who, item)
    if relation in (Relation.INHERITOR, Relation.STRANGER):
        assert policy.relations(who, item) == {relation}, "a row of another tenant knows no owner and no grantee"


@pytest.mark.parametrize(
    "role", ["coach", "school_leader", "coordinator", "official", "operator", "system", "superuser"]
)
def test_no_role_opens_what_is_private(role: str):
    who = actor(role)
    item = Item(DataClass.PRIVATE, OTHER, HERE, organisation_id=SCHOOL, official_readers=frozenset({"coach"}))
    assert not any(policy.decide(who, action, item).allowed for action in Action)


def test_an_unknown_class_is_refused():
    item = Item("secret", ME, HERE)  # type: ignore[arg-type]
    assert not policy.decide(actor(), "read", item).allowed


def test_an_office_reaches_only_its_organisation():
    item = Item(DataClass.OFFICIAL, OTHER, HERE, organisation_id=AWAY, official_readers=frozenset({"operator"}))
    assert not policy.decide(actor("operator"), "read", item).allowed


def test_a_team_row_of_the_whole_district_is_for_everybody_in_it_and_one_of_a_school_is_not():
    def of(place: UUID) -> Item:
        return Item(DataClass.TEAM, OTHER, HERE, organisation_id=place)

    assert policy.decide(actor(), "read", of(HERE)).allowed
    assert not policy.decide(actor(), "read", of(SCHOOL)).allowed
    assert not policy.decide(system(Tenancy(HERE)), "read", of(HERE)).allowed


def test_the_nearest_reason_is_the_one_that_is_given():
    mine, shared = Item(DataClass.PUBLIC, ME, HERE), Item(DataClass.PUBLIC, OTHER, HERE, shared_with=frozenset({ME}))
    assert policy.decide(actor(), "read", mine).reason == "It is yours."
    assert policy.decide(actor(), "read", shared).reason == "Its owner shared it with you."
    above, away = replace(shared, tenant_id=STATE), replace(shared, tenant_id=AWAY)
    assert policy.decide(actor(), "read", above).reason == "It is published to everyone here."
    assert policy.decide(actor(), "read", away).reason == "It is public."


def test_the_filter_agrees_with_the_decision(cast: Cast):
    people = [cast.novice, cast.expert, cast.principal, cast.operator, cast.outsider]
    for person in people:
        with acting(person) as who:
            goals.set_goal(who, **goal_facts())
    with tenancy.unscoped("all rows of all tenants"):
        rows = list(Goal.objects.all())
    for person in people:
        who = actor_of(person)
        with tenancy.within(who.tenancy):
            seen = set(Goal.objects.filter(policy.visible(who, Goal.privacy)).values_list("pk", flat=True))
        allowed = {
            row.pk
            for row in rows
            if policy.decide(who, "read", Item(Goal.privacy.data_class, row.person_id, row.tenant_id)).allowed
        }
        assert seen == allowed and len(seen) == 1


def test_the_filter_of_the_system_and_of_what_belongs_to_nobody_is_empty(cast: Cast):
    with acting(cast.novice) as nia:
        goals.set_goal(nia, **goal_facts())
        assert not Goal.objects.filter(policy.visible(system(nia.tenancy), Goal.privacy)).exists()
        assert not Goal.objects.filter(policy.visible(nia, Privacy(DataClass.TEAM))).exists()
        assert Goal.objects.filter(policy.visible(nia, Privacy(DataClass.PUBLIC))).count() == 1
        assert Goal.objects.filter(policy.visible(nia, Privacy(DataClass.AGGREGATE))).count() == 1
        nobodys = policy.visible(system(nia.tenancy), Privacy(DataClass.PRIVATE, owner="competency"))
        goals.set_goal(nia, **goal_facts(competency_id=None))
        assert not Goal.objects.filter(nobodys).exists(), "the system is not the owner of what has no owner any more"


def test_who_may_end_shares_release_and_erase():
    lantern = system(Tenancy(HERE))
    assert policy.can_end_shares(actor(), ME) and policy.can_end_shares(lantern, OTHER)
    assert not policy.can_end_shares(actor("operator"), OTHER)
    assert policy.can_release(lantern) and not policy.can_release(actor("official"))
    assert policy.can_erase(actor(), ME) and not policy.can_erase(actor("operator"), uuid4())
    with pytest.raises(NotAllowed):
        policy.acting_person(lantern)
    policy.allow_erasure(actor(), ME)
    policy.allow_erasure(lantern, OTHER)
    with pytest.raises(NotFound):
        policy.allow_erasure(actor("operator"), OTHER)
    assert policy.can_tell_wording(lantern) and not policy.can_tell_wording(actor("operator"))


def test_emergency_access_is_for_two_operators_of_the_whole_tenant_within_the_hour():
    def operator(role: str = "operator", covers: UUID = HERE, me: UUID = ME) -> Actor:
        return Actor(me, Tenancy(HERE), (RoleGrant(role, covers, frozenset({covers})),), roles=frozenset({role}))

    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    both = frozenset({ME, OTHER})
    assert policy.can_ask_emergency(operator())
    for other in (operator("coordinator"), operator(covers=SCHOOL), actor(), system(Tenancy(HERE))):
        assert not policy.can_ask_emergency(other)
        assert not policy.can_agree_emergency(other, OTHER)
        assert not policy.can_read_emergency(other, both, noon + timedelta(hours=1), noon)
    assert policy.can_agree_emergency(operator(), OTHER) and not policy.can_agree_emergency(operator(), ME)
    assert policy.can_read_emergency(operator(), both, noon + timedelta(seconds=1), noon)
    assert not policy.can_read_emergency(operator(), both, noon, noon), "the hour is over when it is over"
    assert not policy.can_read_emergency(operator(), both, None, noon), "nobody agreed yet"
    assert not policy.can_read_emergency(operator(me=AWAY), both, noon + timedelta(seconds=1), noon)


def test_a_row_as_the_decision_sees_it(cast: Cast):
    with acting(cast.novice) as nia:
        goal = goals.set_goal(nia, **goal_facts())
        alone, shared = policy.item_of(goal), policy.item_of(goal, frozenset({cast.coach.pk}))
        assert alone == Item(DataClass.PRIVATE, cast.novice.pk, cast.district.pk)
        assert shared == Item(
            DataClass.CONSENTED, cast.novice.pk, cast.district.pk, shared_with=frozenset({cast.coach.pk})
        )
        assert policy.item_of(cast.novice).owner_id == cast.novice.pk, "a person's own row is hers"
        assert policy.item_of(cast.school).owner_id is None, "a school belongs to nobody"
        named = policy.item_of(cast.school, frozenset({cast.coach.pk}))
        assert named.data_class is DataClass.PUBLIC, "only what is private becomes consented by a share"


def test_who_is_here_is_an_active_person_of_this_tenant(cast: Cast):
    with tenancy.unscoped("factory"):
        type(cast.expert).objects.filter(pk=cast.expert.pk).update(active=False)
    with acting(cast.novice):
        assert policy.is_here(cast.coach.pk) and policy.was_here(cast.coach.pk)
        assert not policy.is_here(cast.expert.pk) and policy.was_here(cast.expert.pk)
        assert not policy.is_here(cast.outsider.pk) and not policy.was_here(cast.outsider.pk)
