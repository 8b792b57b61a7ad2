"""What happened to shares and purposes. Ids only: that something was shared is itself private."""

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ItemShared(Event):
    """An owner opened one item to one person."""

    share_id: UUID


@dataclass(frozen=True, slots=True)
class ShareRevoked(Event):
    """A share ended before its date."""

    share_id: UUID


@dataclass(frozen=True, slots=True)
class ItemOpened(Event):
    """Somebody read an item that was shared with her."""

    look_id: UUID


@dataclass(frozen=True, slots=True)
class EmergencyAsked(Event):
    """An operator asked a second one for emergency access."""

    access_id: UUID


@dataclass(frozen=True, slots=True)
class EmergencyAgreed(Event):
    """A second operator agreed; the person is to be told, unless a legal hold forbids it for now."""

    access_id: UUID
    person_id: UUID
    told: bool


@dataclass(frozen=True, slots=True)
class EmergencyHoldEnded(Event):
    """A legal hold is over: the person is to be told, and told that she could not be before."""

    access_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class RecordsBroughtBack(Event):
    """A person read her own records back from an export."""

    records: int


@dataclass(frozen=True, slots=True)
class PersonErased(Event):
    """A person's rows were erased."""

    tombstone_id: UUID


@dataclass(frozen=True, slots=True)
class PurposeRefused(Event):
    """A person refused a purpose."""

    purpose: str


@dataclass(frozen=True, slots=True)
class PurposeAllowed(Event):
    """A person took back her refusal of a purpose."""

    purpose: str
