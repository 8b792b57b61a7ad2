"""Organisations, people and roles: who may add, give, end and open accounts, and what nobody may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from lantern.domain.people import commands, queries
from lantern.domain.people.models import Account, Membership, Organisation, Person
from lantern.domain.people.types import JobKind, Role
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord
from tests.cast import Cast, acting, actor_of, make_person, make_tenant, system_of


def roles_of(person: Person) -> set[str]:
    return set(actor_of(person).roles)


def test_an_operator_adds_a_school_and_it_is_logged(cast: Cast) -> None:
    with acting(cast.operator) as actor:
        school = commands.create_organisation(actor, kind="school", name="  Elm   School ", identifier="E1")
        assert (school.name, school.parent_id, school.tenant_id) == ("Elm School", cast.district.pk, cast.district.pk)
        assert EventRecord.objects.filter(name="OrganisationCreated", data__organisation_id=str(school.pk)).exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "Alder school"}, "name"),
        ({"identifier": "x" * 81}, "identifier"),
    ],
)
def test_a_school_with_a_fault_is_refused_at_its_field(cast: Cast, fields: dict[str, str], field: str) -> None:
    with acting(cast.operator) as actor, pytest.raises(Invalid) as refused:
        commands.create_organisation(
            actor, kind="school", name=fields.get("name", "Elm"), identifier=fields.get("identifier", "")
        )
    assert field in refused.value.fields


def test_only_who_manages_adds_organisations(cast: Cast) -> None:
    for person in (cast.novice, cast.principal, cast.coach):
        with acting(person) as actor, pytest.raises(NotAllowed):
            commands.create_organisation(actor, kind="school", name="Elm")
    with acting(cast.coordinator) as actor:
        commands.create_organisation(actor, kind="school", name="Elm")
        with pytest.raises(NotAllowed):
            commands.create_organisation(actor, kind="district", name="New district")


def test_a_state_operator_adds_a_district_that_is_its_own_tenant(cast: Cast) -> None:
    with acting(make_person(cast.state, "Stan Hill", Role.OPERATOR)) as actor:
        district = commands.create_organisation(actor, kind="district", name="Lakeside")
        with pytest.raises(Invalid):
            commands.create_organisation(actor, kind="school", name="Elm")
        with pytest.raises(Invalid):
            commands.create_organisation(actor, kind="state", name="Another state")
    assert district.tenant_id == district.pk
    assert queries.tenancy_of(district.pk).above == (cast.state.pk,)


def test_a_tenant_needs_a_kind_that_can_stand_alone() -> None:
    with pytest.raises(Invalid):
        commands.create_tenant("school", "Alone")


def test_another_districts_school_does_not_exist_for_an_operator(cast: Cast) -> None:
    with acting(cast.operator) as actor:
        for organisation_id in (cast.far_school.pk, uuid4()):
            with pytest.raises(NotFound):
                commands.rename_organisation(actor, organisation_id=organisation_id, name="Mine")
        with pytest.raises(NotFound):
            commands.rename_organisation(actor, organisation_id=cast.state.pk, name="Mine")
        renamed = commands.rename_organisation(actor, organisation_id=cast.school.pk, name="Alder Academy")
        commands.rename_organisation(actor, organisation_id=cast.school.pk, name="Alder Academy")
        assert renamed.name == "Alder Academy"
        assert EventRecord.objects.filter(name="OrganisationRenamed").count() == 1


def test_a_person_is_added_with_a_role_and_without_an_account(cast: Cast) -> None:
    with acting(cast.coordinator) as actor:
        person = commands.create_person(
            actor,
            given_name="Rosa",
            family_name="Díaz",
            email="Rosa@Example.org",
            organisation_id=cast.school.pk,
            grades=("3", "4"),
            subjects=("science", " "),
        )
        assert person.account is None
        assert person.email == "rosa@example.org"
        assert person.grades == ("3", "4")
        assert person.subjects == ["science"]
        assert [row.primary for row in queries.list_memberships(actor, person.pk)] == [True]
        assert roles_of(person) == {"educator"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"given_name": "", "family_name": " "}, "family_name"),
        ({"email": "nobody"}, "email"),
        ({"given_name": "x" * 81}, "given_name"),
        ({"job_kind": "king"}, "job_kind"),
        ({"years_experience": 81}, "years_experience"),
        ({"grades": ("13",)}, "grades"),
        ({"role": "king"}, "role"),
    ],
)
def test_a_person_with_a_fault_is_refused_at_its_field_and_nothing_is_kept(
    cast: Cast, fields: dict[str, Any], field: str
) -> None:
    facts: dict[str, Any] = {"given_name": "Rosa", "family_name": "Diaz", "organisation_id": cast.school.pk}
    with acting(cast.operator) as actor:
        before = Person.objects.count()
        with pytest.raises(Invalid) as refused:
            commands.create_person(actor, **(facts | fields))
        assert field in refused.value.fields
        assert Person.objects.count() == before


def test_an_address_is_used_once_in_a_district(cast: Cast) -> None:
    with acting(cast.operator) as actor, pytest.raises(Invalid):
        commands.create_person(
            actor, given_name="A", family_name="B", email=cast.novice.email.upper(), organisation_id=cast.school.pk
        )


def test_nobody_adds_people_elsewhere(cast: Cast) -> None:
    for person, place in (
        (cast.novice, cast.school),
        (cast.principal, cast.school),
        (cast.operator, cast.far_school),
        (cast.outsider, cast.school),
    ):
        with acting(person) as actor, pytest.raises(NotAllowed):
            commands.create_person(actor, given_name="A", family_name="B", organisation_id=place.pk)


def test_a_role_holds_from_its_first_to_its_last_day(cast: Cast) -> None:
    today = clock.today()
    with acting(cast.operator) as actor:
        kept = commands.grant_role(actor, person_id=cast.novice.pk, organisation_id=cast.school.pk, role=Role.COACH)
        assert "coach" in roles_of(cast.novice)
        later = today + timedelta(days=1)
        commands.grant_role(
            actor, person_id=cast.novice.pk, organisation_id=cast.school.pk, role=Role.COACH, begins_on=later
        )
        assert "coach" not in roles_of(cast.novice)
        assert Membership.objects.filter(person=cast.novice, role=Role.COACH).count() == 1
        commands.grant_role(
            actor, person_id=cast.novice.pk, organisation_id=cast.school.pk, role=Role.COACH, ends_on=today
        )
        assert "coach" in roles_of(cast.novice)
        commands.end_role(actor, membership_id=kept.pk)
        assert "coach" not in roles_of(cast.novice)
        commands.end_role(actor, membership_id=kept.pk)
        assert EventRecord.objects.filter(name="RoleEnded").count() == 1


def test_a_role_given_today_can_be_ended_today(cast: Cast) -> None:
    with acting(cast.operator) as actor:
        row = commands.grant_role(
            actor, person_id=cast.novice.pk, organisation_id=cast.school.pk, role="coach", begins_on=clock.today()
        )
        commands.end_role(actor, membership_id=row.pk)
    assert "coach" not in roles_of(cast.novice)


def test_dates_that_cross_are_refused(cast: Cast) -> None:
    today = clock.today()
    with acting(cast.operator) as actor, pytest.raises(Invalid) as refused:
        commands.grant_role(
            actor,
            person_id=cast.novice.pk,
            organisation_id=cast.school.pk,
            role="coach",
            begins_on=today,
            ends_on=today - timedelta(days=1),
        )
    assert "ends_on" in refused.value.fields


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.COORDINATOR, Role.OFFICIAL])
def test_a_coordinator_gives_no_power_over_the_district(cast: Cast, role: str) -> None:
    with acting(cast.coordinator) as actor:
        with pytest.raises(NotAllowed):
            commands.grant_role(actor, person_id=cast.novice.pk, organisation_id=cast.district.pk, role=role)
        operator_row = Membership.objects.get(person=cast.operator)
        with pytest.raises(NotAllowed):
            commands.end_role(actor, membership_id=operator_row.pk)


def test_nobody_without_the_duty_touches_roles_and_foreign_rows_do_not_exist(cast: Cast) -> None:
    with tenancy.unscoped("test"):
        far = Membership.objects.get(person=cast.outsider)
        near = Membership.objects.get(person=cast.novice)
    for person, row in ((cast.operator, far), (cast.outsider, near), (cast.principal, near), (cast.novice, near)):
        with acting(person) as actor, pytest.raises(NotFound):
            commands.end_role(actor, membership_id=row.pk)
    with acting(cast.operator) as actor:
        for person_id, place in ((cast.outsider.pk, cast.school.pk), (cast.novice.pk, cast.far_school.pk)):
            with pytest.raises(NotFound):
                commands.grant_role(actor, person_id=person_id, organisation_id=place, role="coach")


def test_an_official_belongs_to_a_state_or_region(cast: Cast) -> None:
    with acting(cast.operator) as actor, pytest.raises(Invalid):
        commands.grant_role(actor, person_id=cast.novice.pk, organisation_id=cast.district.pk, role=Role.OFFICIAL)


def test_nobody_ends_her_own_operator_role_or_entry(cast: Cast) -> None:
    with acting(cast.operator) as actor:
        row = Membership.objects.get(person=cast.operator)
        with pytest.raises(NotAllowed):
            commands.end_role(actor, membership_id=row.pk)
        with pytest.raises(NotAllowed):
            commands.end_person(actor, person_id=cast.operator.pk)


def test_who_left_acts_no_more_and_her_rows_stay(cast: Cast) -> None:
    with acting(cast.coordinator) as actor:
        commands.end_person(actor, person_id=cast.coach.pk)
        commands.end_person(actor, person_id=cast.coach.pk)
        with pytest.raises(Conflict):
            commands.grant_role(actor, person_id=cast.coach.pk, organisation_id=cast.school.pk, role="coach")
        assert EventRecord.objects.filter(name="PersonEnded").count() == 1
    with pytest.raises(NotFound):
        actor_of(cast.coach)
    with tenancy.unscoped("test"):
        assert Membership.objects.get(person=cast.coach).ends_on == clock.today() - timedelta(days=1)


def test_a_coordinator_does_not_end_or_invite_an_operator(cast: Cast) -> None:
    with acting(cast.coordinator) as actor:
        with pytest.raises(NotAllowed):
            commands.end_person(actor, person_id=cast.operator.pk)
        with pytest.raises(NotAllowed):
            commands.invite_person(actor, person_id=cast.operator.pk)


def newcomer(cast: Cast, email: str = "rosa@example.org") -> Person:
    with acting(cast.operator) as actor:
        return commands.create_person(
            actor, given_name="Rosa", family_name="Diaz", email=email, organisation_id=cast.school.pk
        )


def test_an_invitation_opens_one_account_without_a_password(cast: Cast) -> None:
    person = newcomer(cast)
    with acting(cast.coordinator) as actor:
        account = commands.invite_person(actor, person_id=person.pk)
        assert not account.has_usable_password()
        assert commands.invite_person(actor, person_id=person.pk).pk == account.pk
        with pytest.raises(Conflict):
            commands.create_account(actor, person_id=person.pk)


def test_no_way_is_made_into_an_account_that_is_in_use(cast: Cast) -> None:
    person = newcomer(cast)
    with acting(cast.operator) as actor:
        account = commands.invite_person(actor, person_id=person.pk)
        account.last_login = clock.now()
        account.save()
        with pytest.raises(Conflict):
            commands.invite_person(actor, person_id=person.pk)
        with pytest.raises(NotAllowed):
            commands.create_account(actor, person_id=newcomer(cast, "b@example.org").pk, password="x" * 20)


def test_an_account_needs_an_address_that_no_colleague_signs_in_with(cast: Cast) -> None:
    person = newcomer(cast, "")
    with acting(cast.operator) as actor:
        for email in ("", "nobody", cast.novice.email):
            with pytest.raises(Invalid):
                commands.create_account(actor, person_id=person.pk, email=email)
        assert commands.create_account(actor, person_id=person.pk, email="New@Example.org").email == "new@example.org"


def test_an_account_shared_with_another_district_gets_no_link_here(cast: Cast) -> None:
    person = newcomer(cast, cast.outsider.email)
    Account.objects.filter(pk=cast.outsider.account_id).update(password="!x")
    with acting(cast.operator) as actor:
        commands.create_account(actor, person_id=person.pk)
        with pytest.raises(Conflict):
            commands.invite_person(actor, person_id=person.pk)


def test_the_system_sets_a_first_password(cast: Cast) -> None:
    person = newcomer(cast)
    actor = system_of(cast.district)
    with tenancy.within(actor.tenancy):
        assert commands.create_account(
            actor, person_id=person.pk, password="a long enough secret"
        ).has_usable_password()


def test_the_start_keeps_what_she_said_and_is_noted_once(cast: Cast) -> None:
    poetry = str(uuid4())
    with acting(cast.novice) as actor:
        first = commands.finish_start(
            actor,
            job_kind=JobKind.LIBRARIAN,
            grades=["1", "2"],
            subjects=["reading"],
            minutes_per_week=25,
            interests=[poetry],
        )
        again = commands.finish_start(actor, minutes_per_week=30)
        assert again.started_at == first.started_at
        assert (again.minutes_per_week, again.interests) == (30, [poetry])
        me = queries.get_me(actor)
        assert (me.job_kind, me.grades, me.subjects, me.own_facts) == ("librarian", ("1", "2"), ["reading"], True)


@pytest.mark.parametrize(
    "fields",
    [
        {"minutes_per_week": -1},
        {"minutes_per_week": 2401},
        {"minutes_per_week": "many"},
        {"interests": ["x" * 121]},
        {"strengths": [str(number) for number in range(51)]},
        {"mail_digest": "hourly"},
        {"quiet_from": "late"},
        {"draws_most": "glory"},
    ],
)
def test_a_profile_with_a_fault_is_refused_whole(cast: Cast, fields: dict[str, Any]) -> None:
    with acting(cast.novice) as actor:
        with pytest.raises(Invalid) as refused:
            commands.save_profile(actor, **({"motivations": ["career"]} | fields))
        assert set(refused.value.fields) == set(fields)
        assert queries.get_profile(actor).motivations == []


def test_a_profile_that_does_not_change_makes_no_event(cast: Cast) -> None:
    with acting(cast.novice) as actor:
        commands.save_profile(actor, minutes_per_week=50)
        commands.save_profile(actor, minutes_per_week=50)
        assert EventRecord.objects.filter(name="ProfileChanged").count() == 1
        with pytest.raises(TypeError):
            commands.save_profile(actor, salary=1)
    system = system_of(cast.district)
    with tenancy.within(system.tenancy), pytest.raises(NotAllowed):
        commands.save_profile(system, minutes_per_week=50)


def test_erasing_cuts_off_and_keeps_the_name(cast: Cast) -> None:
    with acting(cast.operator) as actor, pytest.raises(NotFound):
        commands.erase(actor, cast.novice.pk)
    with acting(cast.novice) as actor:
        counts = commands.erase(actor, cast.novice.pk)
    assert counts == {"profiles_deleted": 1, "roles_deleted": 1, "accounts_deleted": 1, "names_kept": 1}
    with tenancy.unscoped("test"):
        kept = Person.objects.get(pk=cast.novice.pk)
    assert (kept.full_name, kept.email, kept.active) == ("Nia Young", "", False)
    assert kept.account is None


def test_a_tenant_is_found_by_name_identifier_or_id(db: None) -> None:
    state = make_tenant("state", "State of Maple")
    with tenancy.unscoped("test"):
        Organisation.objects.filter(pk=state.pk).update(identifier="ME")
    assert {queries.find_tenant(text).pk for text in ("state of maple", "me", str(state.pk))} == {state.pk}
    with pytest.raises(NotFound):
        queries.find_tenant("")
    make_tenant("district", "State of Maple", state)
    with pytest.raises(Conflict):
        queries.find_tenant("State of Maple")
