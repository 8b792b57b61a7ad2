"""What happened to organisations, people and their roles."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class OrganisationCreated(Event):
    """An organisation was added."""

    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class OrganisationRenamed(Event):
    """An organisation got another name or identifier."""

    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class PersonCreated(Event):
    """A person was added by hand."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonCorrected(Event):
    """The entry of a person who was added by hand was put right."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonEnded(Event):
    """A person left: she cannot sign in here any more, and her roles ended."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class AccountOpened(Event):
    """A person got an account to sign in with."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonInvited(Event):
    """A one-time link to choose a password was made for a person who never signed in."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class RoleGranted(Event):
    """A person got a role at an organisation, or the same role with other dates."""

    membership_id: UUID
    person_id: UUID
    organisation_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class RoleEnded(Event):
    """A role was given an end."""

    membership_id: UUID
    person_id: UUID
    organisation_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class SecondStepReset(Event):
    """The operator took a person's second step away, because it was lost; both words come from closed lists."""

    person_id: UUID
    reason: str
    checked: str


@dataclass(frozen=True, slots=True)
class StartFinished(Event):
    """An educator went through the two-minute start."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class ProfileChanged(Event):
    """An educator changed what she says about herself."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class RosterImported(Event):
    """A roster was carried out; the numbers are of people."""

    created: int
    updated: int
    deactivated: int
    rejected: int
