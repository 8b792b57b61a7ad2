"""What happened to time and calendars: ids and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class OwnTimeChanged(Event):
    """Somebody said anew what time she has."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class CalendarConnected(Event):
    """Somebody gave the address of a calendar of hers."""

    subscription_id: UUID


@dataclass(frozen=True, slots=True)
class CalendarDisconnected(Event):
    """A calendar was let go, with every busy time."""

    subscription_id: UUID


@dataclass(frozen=True, slots=True)
class PlanAddressMade(Event):
    """A plan got a secret address for calendars; one made before stopped working."""

    feed_id: UUID


@dataclass(frozen=True, slots=True)
class PlanAddressRevoked(Event):
    """The secret address of a plan stopped working."""

    feed_id: UUID


@dataclass(frozen=True, slots=True)
class SchoolTimeAdded(Event):
    """A term, days off or a staff day was put into the year of an organisation."""

    school_time_id: UUID
    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class SchoolTimeChanged(Event):
    """A term, days off or a staff day was changed."""

    school_time_id: UUID
    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class SchoolTimeRemoved(Event):
    """A term, days off or a staff day was taken out of the year."""

    school_time_id: UUID
    organisation_id: UUID
