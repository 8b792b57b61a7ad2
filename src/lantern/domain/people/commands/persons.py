"""Adding people by hand, their accounts, and their leaving."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Least

from lantern.domain.people import policy
from lantern.domain.people.commands.roles import grant_role
from lantern.domain.people.events import AccountOpened, PersonCorrected, PersonCreated, PersonEnded, PersonInvited
from lantern.domain.people.models import Account, Membership, Person
from lantern.domain.people.queries.identity import tenancy_of
from lantern.domain.people.queries.tenants import count_persons_of
from lantern.domain.people.types import MOST_YEARS, JobKind, Role, grades_to_mask
from lantern.kernel import clock, tenancy
from lantern.kernel.actor import Actor, system
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish


def create_person(
    actor: Actor,
    *,
    given_name: str,
    family_name: str,
    organisation_id: UUID,
    email: str = "",
    job_kind: str = JobKind.TEACHER,
    role: str = Role.EDUCATOR,
    job_title: str = "",
    years_experience: int | None = None,
    grades: tuple[str, ...] = (),
    subjects: tuple[str, ...] = (),
    source: str = "",
    sourced_id: str = "",
) -> Person:
    """Add a person with one role at an organisation. Raises NotAllowed, NotFound, Invalid (field by field)."""
    if not policy.can_manage_organisation(actor, organisation_id):
        raise NotAllowed("Your role does not cover this organisation.")
    facts = _facts(given_name, family_name, email, job_kind, job_title)
    problems = _problems(facts, years_experience, grades)
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        if facts["email"] and Person.objects.filter(email__iexact=facts["email"], active=True).exists():
            raise Invalid({"email": "Somebody here has this address already."})
        person = Person(
            **facts,
            years_experience=years_experience,
            grades_mask=grades_to_mask(grades),
            subjects=_subjects(subjects),
            source=source,
            sourced_id=sourced_id,
        )
        person.save()
        publish(actor, PersonCreated(person.pk))
        grant_role(actor, person_id=person.pk, organisation_id=organisation_id, role=role, primary=True)
    return person


def correct_person(
    actor: Actor,
    *,
    person_id: UUID,
    given_name: str,
    family_name: str,
    email: str,
    job_kind: str,
    job_title: str = "",
    years_experience: int | None = None,
    grades: tuple[str, ...] = (),
    subjects: tuple[str, ...] = (),
) -> Person:
    """Put right what the directory holds of a person added by hand; what she signs in with stays as it is.

    Raises NotFound, NotAllowed, Conflict for somebody of the roster, Invalid (field by field).
    """
    facts = _facts(given_name, family_name, email, job_kind, job_title)
    problems = _problems(facts, years_experience, grades)
    with transaction.atomic():
        person = _managed(actor, person_id)
        if person.source == "roster":
            raise Conflict("This entry comes from the roster. Put it right there; the next import brings it here.")
        others = Person.objects.filter(email__iexact=facts["email"], active=True).exclude(pk=person.pk)
        if facts["email"] and "email" not in problems and others.exists():
            problems["email"] = "Somebody here has this address already."
        if problems:
            raise Invalid(problems)
        told = {"years_experience": years_experience, "grades_mask": grades_to_mask(grades)}
        wanted = facts | told | {"subjects": _subjects(subjects)}
        changed = [name for name, value in wanted.items() if getattr(person, name) != value]
        if changed:
            for name in changed:
                setattr(person, name, wanted[name])
            person.save(update_fields=changed)
            publish(actor, PersonCorrected(person.pk))
    return person


def _facts(given_name: str, family_name: str, email: str, job_kind: str, job_title: str) -> dict[str, str]:
    return {
        "given_name": " ".join(given_name.split()),
        "family_name": " ".join(family_name.split()),
        "email": email.strip().lower(),
        "job_kind": str(job_kind),
        "job_title": " ".join(job_title.split()),
    }


def _subjects(subjects: tuple[str, ...]) -> list[str]:
    return [subject.strip()[:80] for subject in subjects if subject.strip()][:30]


def _problems(facts: dict[str, str], years: int | None, grades: tuple[str, ...]) -> dict[str, str]:
    problems: dict[str, str] = {}
    for field, longest in (("given_name", 80), ("family_name", 80), ("job_title", 120)):
        if len(facts[field]) > longest:
            problems[field] = f"Please use at most {longest} characters."
    if not facts["given_name"] and not facts["family_name"]:
        problems["family_name"] = "Please give a name."
    if facts["email"] and not is_address(facts["email"]):
        problems["email"] = "This is not an e-mail address."
    if facts["job_kind"] not in {kind.value for kind in JobKind}:
        problems["job_kind"] = "Choose one of the jobs."
    if years is not None and not 0 <= years <= MOST_YEARS:
        problems["years_experience"] = f"Years are between 0 and {MOST_YEARS}."
    try:
        grades_to_mask(grades)
    except ValueError:
        problems["grades"] = "Choose from the grades shown."
    return problems


def is_address(text: str) -> bool:
    """Tell whether this can be kept as an e-mail address."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def end_person(actor: Actor, *, person_id: UUID) -> Person:
    """Say that a person left: she cannot sign in here any more and her roles end; what she did stays.

    Raises NotFound, NotAllowed (for somebody with more power, or oneself). A repeat changes nothing.
    """
    with transaction.atomic():
        person = _managed(actor, person_id)
        if person.pk == actor.person_id:
            raise NotAllowed("You cannot end your own entry. Another operator can.")
        if not person.active:
            return person
        person.active, person.ended_on = False, clock.today()
        person.save(update_fields=["active", "ended_on"])
        end_all_roles([person.pk])
        publish(actor, PersonEnded(person.pk))
    return person


def end_all_roles(person_ids: list[UUID]) -> int:
    """End every open role of these people as of yesterday, so that none holds from this moment; return how many."""
    last = clock.today() - timedelta(days=1)
    still_open = Membership.objects.filter(person_id__in=person_ids).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=last)
    )
    count = still_open.filter(begins_on__isnull=False).update(begins_on=Least(F("begins_on"), last), ends_on=last)
    return count + still_open.update(ends_on=last)


def create_account(actor: Actor, *, person_id: UUID, email: str = "", password: str | None = None) -> Account:
    """Open an account for a person: by her address, without a password unless one is given (setting up, demonstration).

    An address that has an account already is only tied when that account belongs to nobody of this tenant; two
    districts may share one person's account. Raises NotFound, NotAllowed, Invalid, Conflict when she has one.
    """
    with transaction.atomic():
        person = _managed(actor, person_id)
        if person.account is not None:
            raise Conflict("This person has an account already.")
        if password is not None and not actor.is_system:
            raise NotAllowed("Nobody sets another person's password.")
        if not person.active:
            raise Conflict("This person is not here any more.")
        address = (email or person.email).strip().lower()
        if not is_address(address):
            raise Invalid({"email": "An account needs an e-mail address."})
        if Person.objects.filter(account__email=address).exists():
            raise Invalid({"email": "Another person here signs in with this address."})
        existing = Account.objects.select_for_update().filter(email=address).first()
        account = existing or Account.objects.create_user(address, password)
        person.account = account
        person.email = person.email or address
        person.save(update_fields=["account", "email"])
        publish(actor, AccountOpened(person.pk))
    return account


def account_for_sign_on(address: str) -> Account | None:
    """Return the account of who has this address, which her district's sign-on vouches for; open it on the first day.

    None for a stranger, for an account that was closed, and where two people are known by this address.
    """
    address = address.strip().lower()
    with transaction.atomic():
        held = Account.objects.filter(email=address).first()
        if held is not None:
            return held if held.is_active else None
        with tenancy.unscoped("who signs in decides the tenant"):
            known = list(Person.objects.filter(email__iexact=address, active=True, account=None).order_by("pk")[:2])
        if len(known) != 1:
            return None
        scope = tenancy_of(known[0].tenant_id)
        with tenancy.within(scope):
            return create_account(system(scope), person_id=known[0].pk)


def invite_person(actor: Actor, *, person_id: UUID) -> Account:
    """Return the account for which a one-time link may be made, opening it if need be.

    Only for who never signed in and has no password: nobody can make a way into an account that is in use. Raises
    NotFound, NotAllowed, Invalid, Conflict.
    """
    with transaction.atomic():
        person = _managed(actor, person_id)
        account = person.account or create_account(actor, person_id=person_id)
        if account.last_login is not None or account.has_usable_password():
            raise Conflict("This account is in use. She can ask for a new password on the sign-in page.")
        if count_persons_of(account.pk) > 1:
            raise Conflict("This account also belongs to another district, which invites her.")
        publish(actor, PersonInvited(person.pk))
    return account


def _managed(actor: Actor, person_id: UUID) -> Person:
    """Load and lock a person whom the actor manages and who holds no more power than he can give."""
    scope = policy.visible(actor) if actor.is_system else policy.managed(actor)
    person = Person.objects.filter(scope, pk=person_id).distinct().first() if scope is not None else None
    if person is None:
        raise NotFound("There is no such person.")
    today = clock.today()
    held = Membership.objects.filter(person=person).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    if not policy.can_manage_person(actor, held.values_list("role", "organisation_id")):
        raise NotAllowed("This person holds a role that only an operator may change.")
    return Person.objects.select_for_update().get(pk=person.pk)
