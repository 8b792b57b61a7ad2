"""Who may, feature by feature: each rule asked of everybody, by role and by place, with the whole answer."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Q

from lantern.domain.announcements import policy as announcements
from lantern.domain.calendars import policy as calendars
from lantern.domain.catalog import policy as catalog
from lantern.domain.coaching import policy as coaching
from lantern.domain.coaching.models import CoachLink, Proposal
from lantern.domain.coaching.types import LinkState, ProposalState
from lantern.domain.competencies import policy as competencies
from lantern.domain.courses import policy as courses
from lantern.domain.credits import policy as credit
from lantern.domain.evidence import policy as evidence
from lantern.domain.evidence.types import SHAREABLE_STUDENTS, SHOWN_TYPES, Students
from lantern.domain.goals import policy as goals
from lantern.domain.initiatives import policy as initiatives
from lantern.domain.needs import policy as needs
from lantern.domain.notices import policy as notices
from lantern.domain.people import policy as people
from lantern.domain.people.types import OrganisationKind, Role
from lantern.domain.plans import policy as plans
from lantern.domain.recommendations import policy as recommendations
from lantern.kernel.actor import Actor, RoleGrant, system
from lantern.kernel.tenancy import Tenancy

STATE, DISTRICT, SCHOOL, OTHER_SCHOOL, AWAY, ME, OTHER = (UUID(int=number) for number in range(1, 8))
HERE = Tenancy(DISTRICT, (STATE,))
WHOLE_DISTRICT = frozenset({DISTRICT, SCHOOL, OTHER_SCHOOL})


def holding(*roles: Role, at: UUID = DISTRICT) -> Actor:
    """Me with roles at the district, which cover its schools, or at one school."""
    covers = WHOLE_DISTRICT if at == DISTRICT else frozenset({at})
    grants = tuple(RoleGrant(role, at, covers) for role in roles)
    return Actor(ME, HERE, grants, roles=frozenset(roles), job_kind="teacher")


LANTERN = system(HERE)


def who(may: Callable[[Actor], bool]) -> set[str]:
    """For whom a rule says yes: roles at the district, roles at the school (with a mark), and Lantern."""
    found = {role.value for role in Role if may(holding(role))}
    found |= {f"{role.value} of the school" for role in Role if may(holding(role, at=SCHOOL))}
    return found | ({"lantern"} if may(LANTERN) else set())


def both(*roles: str) -> set[str]:
    return {*roles, *(f"{role} of the school" for role in roles)}


RULES: dict[str, tuple[Callable[[Actor], bool], set[str]]] = {
    "announce anything": (announcements.can_publish, both("coordinator", "school_leader", "official")),
    "announce to the district": (
        lambda actor: announcements.can_publish(actor, DISTRICT), {"coordinator", "school_leader", "official"},
    ),
    "announce to the school": (
        lambda actor: announcements.can_publish(actor, SCHOOL), both("coordinator", "school_leader", "official"),
    ),
    "announce to another school": (
        lambda actor: announcements.can_publish(actor, OTHER_SCHOOL), {"coordinator", "school_leader", "official"},
    ),
    "manage the catalog": (catalog.can_manage, {"operator", "coordinator", "lantern"}),
    "edit a resource of the district": (
        lambda actor: catalog.can_edit(actor, DISTRICT), {"operator", "coordinator", "lantern"},
    ),
    "edit a resource of the state": (lambda actor: catalog.can_edit(actor, STATE), set()),
    "bring in frameworks": (competencies.can_import, {"operator", "coordinator", "official", "lantern"}),
    "assign frameworks": (competencies.can_assign, {"operator", "coordinator", "official", "lantern"}),
    "set the school year of the school": (
        lambda actor: calendars.can_write(actor, SCHOOL), both("operator", "coordinator") | {"lantern"},
    ),
    "set the school year of the district": (
        lambda actor: calendars.can_write(actor, DISTRICT), {"operator", "coordinator", "lantern"},
    ),
    "set the school year of the state": (lambda actor: calendars.can_write(actor, STATE), {"lantern"}),
    "read everybody's calendar": (calendars.can_read_all, {"lantern"}),
    "award hours": (credit.can_award, {"lantern"}),
    "take hours back": (credit.can_reverse, {"coordinator", "lantern"}),
    "set a rule of credit": (credit.can_set_rule, {"coordinator", "operator", "lantern"}),
    "ask how it went": (evidence.can_ask, {"lantern"}),
    "end videos": (evidence.can_end_videos, {"lantern"}),
    "count goals over people": (goals.can_count, {"lantern"}),
    "go over the needs of everybody": (needs.can_count, {"lantern"}),
    "write an aim of the school": (
        lambda actor: initiatives.can_write(actor, SCHOOL),
        both("school_leader", "coordinator", "official") | {"lantern"},
    ),
    "write an aim of the district": (
        lambda actor: initiatives.can_write(actor, DISTRICT), {"school_leader", "coordinator", "official", "lantern"},
    ),
    "take part in the school's needs": (
        lambda actor: needs.can_take_part(actor, SCHOOL), {f"{role.value} of the school" for role in Role},
    ),
    "see others": (people.sees_others, both(*(role.value for role in Role if role is not Role.EDUCATOR))),
    "take a second step away": (people.can_reset_second_step, {"lantern"}),
    "manage people anywhere": (people.can_manage, both("operator", "coordinator") | {"lantern"}),
    "manage the whole tenant": (people.can_manage_tenant, {"operator", "coordinator", "lantern"}),
    "manage people of the school": (
        lambda actor: people.can_manage_organisation(actor, SCHOOL), both("operator", "coordinator") | {"lantern"},
    ),
    "manage people of another school": (
        lambda actor: people.can_manage_organisation(actor, OTHER_SCHOOL), {"operator", "coordinator", "lantern"},
    ),
    "make somebody a coach of the school": (
        lambda actor: people.can_grant(actor, Role.COACH, SCHOOL), both("operator", "coordinator") | {"lantern"},
    ),
    "make somebody an operator of the school": (
        lambda actor: people.can_grant(actor, Role.OPERATOR, SCHOOL), both("operator") | {"lantern"},
    ),
    "make somebody a coach of another school": (
        lambda actor: people.can_grant(actor, Role.COACH, OTHER_SCHOOL), {"operator", "coordinator", "lantern"},
    ),
    "change somebody without a role": (
        lambda actor: people.can_manage_person(actor, []), {"operator", "coordinator", "lantern"},
    ),
    "change an educator of the school": (
        lambda actor: people.can_manage_person(actor, [(Role.EDUCATOR, SCHOOL)]),
        both("operator", "coordinator") | {"lantern"},
    ),
    "change an educator who is also an operator": (
        lambda actor: people.can_manage_person(actor, [(Role.EDUCATOR, SCHOOL), (Role.OPERATOR, DISTRICT)]),
        {"operator", "lantern"},
    ),
}  # fmt: skip
"""What is asked -> the rule, and for whom it says yes, written by hand."""


@pytest.mark.parametrize("asked", sorted(RULES))
def test_a_rule_says_yes_to_these_and_to_nobody_else(asked: str) -> None:
    may, expected = RULES[asked]
    assert who(may) == expected


def test_a_coordinator_gives_only_roles_without_power_over_the_district() -> None:
    given = {role for role in Role if people.can_grant(holding(Role.COORDINATOR), role, SCHOOL)}
    assert given == {Role.EDUCATOR, Role.COACH, Role.SCHOOL_LEADER}


@pytest.mark.parametrize(
    ("kind", "parent", "expected"),
    [
        (OrganisationKind.SCHOOL, SimpleNamespace(pk=DISTRICT, tenant_id=DISTRICT), {"operator", "coordinator"}),
        (OrganisationKind.DISTRICT, SimpleNamespace(pk=DISTRICT, tenant_id=DISTRICT), {"operator"}),
        (OrganisationKind.SCHOOL, SimpleNamespace(pk=DISTRICT, tenant_id=AWAY), set()),
        (OrganisationKind.SCHOOL, None, set()),
    ],
)
def test_organisations_are_added_below_ones_own(kind: str, parent: Any, expected: set[str]) -> None:
    assert who(lambda actor: people.can_create_organisation(actor, kind, parent)) == expected | {"lantern"}


def test_who_manages_a_school_manages_its_people_only() -> None:
    assert people.managed(holding(Role.EDUCATOR)) is None
    assert people.managed(holding(Role.COORDINATOR)) == Q(tenant_id=DISTRICT) == people.managed(LANTERN)
    of_the_school = people.managed(holding(Role.COORDINATOR, at=SCHOOL))
    assert of_the_school == Q(tenant_id=DISTRICT) & Q(memberships__organisation_id__in=frozenset({SCHOOL}))


# -------------------------------------------------------------------------------- between two people
def link(state: str, coach: UUID = OTHER, educator: UUID = OTHER) -> CoachLink:
    return CoachLink(coach_id=coach, educator_id=educator, state=state)


def test_only_who_was_asked_answers_only_the_educator_shares_only_the_coach_proposes_while_it_holds() -> None:
    me = holding(Role.COACH)
    for state in LinkState:
        active = state == LinkState.ACTIVE
        assert coaching.can_answer_link(me, link(state, coach=ME))
        assert not coaching.can_answer_link(me, link(state, educator=ME))
        assert coaching.can_share_with(me, link(state, educator=ME)) is active
        assert not coaching.can_share_with(me, link(state, coach=ME))
        assert coaching.can_propose(me, link(state, coach=ME)) is active
        assert not coaching.can_propose(me, link(state, educator=ME))


def test_a_proposal_is_answered_by_the_educator_and_taken_back_by_the_coach_while_it_waits() -> None:
    me = holding(Role.COACH)
    for state in ProposalState:
        to_me = Proposal(educator_id=ME, state=state, link=link(LinkState.ACTIVE, educator=ME))
        from_me = Proposal(educator_id=OTHER, state=state, link=link(LinkState.ACTIVE, coach=ME))
        assert coaching.can_answer_proposal(me, to_me) and not coaching.can_answer_proposal(me, from_me)
        assert not coaching.can_withdraw_proposal(me, to_me)
        assert coaching.can_withdraw_proposal(me, from_me) is (state == ProposalState.OPEN)


def test_an_offer_and_a_video_are_their_makers() -> None:
    rules: list[Callable[[Actor, Any], bool]] = [coaching.can_withdraw_offer, evidence.can_prepare]
    for rule in rules:
        assert rule(holding(Role.EDUCATOR), SimpleNamespace(person_id=ME))
        assert not rule(holding(Role.OPERATOR), SimpleNamespace(person_id=OTHER))


def test_what_shows_a_student_without_a_release_is_not_shared_nor_what_is_not_ready_or_no_picture() -> None:
    def may(ready: bool, media_type: str, students: str) -> bool:
        row: Any = SimpleNamespace(is_ready=ready, file=SimpleNamespace(media_type=media_type), students=students)
        return evidence.can_be_shared(row)

    shown = next(iter(SHOWN_TYPES))
    for students in Students:
        assert may(True, shown, students) is (students in SHAREABLE_STUDENTS)
    fine = next(iter(SHAREABLE_STUDENTS))
    assert not may(False, shown, fine) and not may(True, "application/pdf", fine)


# -------------------------------------------------------------------------------- groups
def test_a_group_need_is_closed_by_who_put_it_up_or_plans_that_groups_days() -> None:
    def close(actor: Actor, by: UUID | None) -> bool:
        row: Any = SimpleNamespace(proposed_by_id=by, organisation_id=SCHOOL)
        return needs.can_close(actor, row)

    assert who(lambda actor: close(actor, OTHER)) == both("school_leader", "coordinator")
    assert close(holding(Role.EDUCATOR, at=SCHOOL), ME)
    assert not close(LANTERN, None), "what nobody put up any more is not Lantern's"


def test_group_needs_are_seen_by_members_and_by_who_plans_the_groups_days() -> None:
    assert needs.visible_group_needs(holding(Role.EDUCATOR, at=SCHOOL)) == Q(organisation_id__in=frozenset({SCHOOL}))
    assert needs.visible_group_needs(holding(Role.COORDINATOR)) == Q(organisation_id__in=WHOLE_DISTRICT)
    assert needs.visible_group_needs(holding(Role.OPERATOR)) == Q(organisation_id__in=frozenset({DISTRICT}))


def test_announcements_come_from_where_one_works_and_from_above() -> None:
    actor = holding(Role.EDUCATOR, at=SCHOOL)
    assert set(announcements.places_of(actor)) == {STATE, DISTRICT, SCHOOL}
    assert announcements.visible(LANTERN) == Q()
    assert announcements.visible(holding(Role.SCHOOL_LEADER, at=SCHOOL)) != announcements.visible(actor)


# ----------------------------------------------------------------------------------------------------------- one's own
OWN: list[tuple[Callable[[Actor], Q], str]] = [
    (catalog.visible_kept, "person_id"),
    (catalog.visible_searches, "person_id"),
    (courses.visible, "person_id"),
    (credit.visible, "person_id"),
    (evidence.visible, "person_id"),
    (goals.visible, "person_id"),
    (goals.visible_checks, "goal__person_id"),
    (needs.visible, "person_id"),
    (needs.visible_ratings, "person_id"),
    (needs.visible_votes, "person_id"),
    (needs.put_up_by, "proposed_by_id"),
    (notices.visible, "person_id"),
    (plans.visible, "person_id"),
    (plans.visible_items, "plan__person_id"),
    (recommendations.visible, "person_id"),
]


@pytest.mark.parametrize(("rows", "owner"), OWN, ids=lambda each: getattr(each, "__qualname__", ""))
def test_ones_own_rows_are_ones_own_whatever_the_role_and_lantern_has_none(
    rows: Callable[[Actor], Q], owner: str
) -> None:
    for role in Role:
        assert rows(holding(role)) == Q(**{owner: ME})
    assert rows(LANTERN) == Q(pk__in=())
