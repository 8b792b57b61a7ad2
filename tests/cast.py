"""The cast of every test: a state with two districts, and the people who play in the stories.

Factories build the minimum by the tables; stories are set up through commands.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from lantern.domain.competencies.models import Competency, Framework, JobFramework
from lantern.domain.people import policy
from lantern.domain.people import queries as people
from lantern.domain.people.models import Account, Membership, Organisation, Person, Profile
from lantern.domain.people.types import JobKind, Role
from lantern.kernel import clock, tenancy
from lantern.kernel.actor import Actor, system


def make_tenant(kind: str, name: str, parent: Organisation | None = None) -> Organisation:
    """A state, region or district, which is its own tenant."""
    with tenancy.unscoped("a tenant is made before it can be acted in"):
        organisation = Organisation(kind=kind, name=name, parent=parent)
        organisation.tenant_id = organisation.pk
        organisation.save()
    return organisation


def make_school(district: Organisation, name: str) -> Organisation:
    """A school of a district."""
    with tenancy.unscoped("factory"):
        return Organisation.objects.create(kind="school", name=name, parent=district, tenant_id=district.pk)


def make_person(
    organisation: Organisation,
    name: str,
    *roles: str,
    job_kind: str = JobKind.TEACHER,
    started: bool = True,
    **facts: Any,
) -> Person:
    """A person with an account (given.family@example.org) and roles at an organisation."""
    given, _, family = name.partition(" ")
    tenant_id = organisation.tenant_id
    email = f"{given}.{family}.{str(tenant_id)[-6:]}@example.org".lower().replace(" ", "-")
    with tenancy.unscoped("factory"):
        account = Account.objects.create(email=email, password="!")
        person = Person.objects.create(
            tenant_id=tenant_id,
            account=account,
            given_name=given,
            family_name=family,
            email=email,
            job_kind=job_kind,
            **facts,
        )
        for role in roles or (Role.EDUCATOR,):
            Membership.objects.create(
                tenant_id=tenant_id, person=person, organisation=organisation, role=role, primary=True
            )
        Profile.objects.create(tenant_id=tenant_id, person=person, started_at=clock.now() if started else None)
    return person


def make_framework(
    owner: Organisation, title: str = "Teaching well", names: tuple[str, ...] = (), job_kind: str = ""
) -> Framework:
    """A framework of one area and selectable competencies named as given; tied to a kind of job when asked."""
    names = names or ("Asking good questions", "Feedback that moves learning", "Number talks", "Calm classrooms")
    with tenancy.unscoped("factory"):
        framework = Framework.objects.create(
            tenant_id=owner.tenant_id, identifier=f"fw-{title}", title=title, version="1", imported_at=clock.now()
        )
        area = Competency.objects.create(
            tenant_id=owner.tenant_id,
            framework=framework,
            identifier=f"{title}-area",
            code="A",
            name="Practice",
            statement="Practice",
        )
        for place, name in enumerate(names, start=1):
            Competency.objects.create(
                tenant_id=owner.tenant_id, framework=framework, parent=area, identifier=f"{title}-{place}",
                code=f"A.{place}",
                name=name, statement=f"{name}.", position=place, depth=1, selectable=True,
            )  # fmt: skip
        if job_kind:
            JobFramework.objects.create(tenant_id=owner.tenant_id, job_kind=job_kind, framework=framework)
    return framework


def competencies_of(framework: Framework) -> list[Competency]:
    """The selectable competencies of a framework, in order."""
    with tenancy.unscoped("factory"):
        return list(Competency.objects.filter(framework=framework, selectable=True).order_by("position"))


@dataclass(frozen=True)
class Cast:
    """Everybody. The outsider is a coordinator of the other district."""

    state: Organisation
    region: Organisation
    district: Organisation
    school: Organisation
    other_school: Organisation
    far_district: Organisation
    far_school: Organisation
    novice: Person
    expert: Person
    para: Person
    coach: Person
    principal: Person
    coordinator: Person
    official: Person
    operator: Person
    outsider: Person
    framework: Framework
    para_framework: Framework


def assemble() -> Cast:
    """Make the whole cast."""
    state = make_tenant("state", "State of Maple")
    region = make_tenant("region", "River region", state)
    district = make_tenant("district", "Riverbend", region)
    far_district = make_tenant("district", "Faraway", region)
    school = make_school(district, "Alder School")
    other_school = make_school(district, "Birch School")
    far_school = make_school(far_district, "Cedar School")
    return Cast(
        state=state,
        region=region,
        district=district,
        school=school,
        other_school=other_school,
        far_district=far_district,
        far_school=far_school,
        novice=make_person(school, "Nia Young", years_experience=1, grades_mask=1 << 4, subjects=["mathematics"]),
        expert=make_person(school, "Elena Ruiz", years_experience=22, grades_mask=1 << 4, subjects=["mathematics"]),
        para=make_person(school, "Pat Lee", job_kind=JobKind.PARAPROFESSIONAL),
        coach=make_person(school, "Cora Bell", Role.COACH, job_kind=JobKind.COACH),
        principal=make_person(school, "Paul Stone", Role.SCHOOL_LEADER, job_kind=JobKind.SCHOOL_LEADER),
        coordinator=make_person(district, "Dana Reed", Role.COORDINATOR, job_kind=JobKind.DISTRICT_STAFF),
        official=make_person(state, "Otto Grant", Role.OFFICIAL, job_kind=JobKind.DISTRICT_STAFF),
        operator=make_person(district, "Olga Frey", Role.OPERATOR, job_kind=JobKind.DISTRICT_STAFF),
        outsider=make_person(far_district, "Uma Far", Role.COORDINATOR, job_kind=JobKind.DISTRICT_STAFF),
        framework=make_framework(state, job_kind=JobKind.TEACHER),
        para_framework=make_framework(
            state, "Supporting learners", ("Helping without telling", "Small groups"), JobKind.PARAPROFESSIONAL
        ),
    )


def actor_of(person: Person) -> Actor:
    """The person as an actor, with today's roles."""
    return people.actor_for(person.pk, person.tenant_id)


def system_of(organisation: Organisation) -> Actor:
    """Lantern itself, acting in the tenant of an organisation."""
    return system(people.tenancy_of(organisation.tenant_id))


@contextmanager
def acting(person: Person) -> Iterator[Actor]:
    """Run the block as this person, in her tenancy."""
    actor = actor_of(person)
    with tenancy.within(actor.tenancy):
        yield actor


def as_(client: Client, person: Person) -> Client:
    """Sign the test client in as this person, with the second step that her role needs."""
    assert person.account is not None
    people.tenancy_of(person.tenant_id)  # asked once a process: counts of queries shall not depend on who came first
    client.force_login(person.account)
    actor = people.actor_for_account(person.account)
    if actor is None:  # she left: the gate says so
        return client
    session = client.session
    session["began"] = session["seen"] = clock.now().timestamp()
    session["roles"] = sorted(actor.roles)
    if policy.sees_others(actor):
        give_second_step(person)
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
        session["account_authentication_methods_user"] = str(person.account.pk)
    session.save()
    return client


SECRET_OF_THE_APP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""What the app of everybody with a second step holds."""


def give_second_step(person: Person) -> None:
    """Give a person a code from an app, as her role may need one."""
    assert person.account is not None
    Authenticator.objects.get_or_create(
        user=person.account, type=Authenticator.Type.TOTP, defaults={"data": {"secret": SECRET_OF_THE_APP}}
    )
