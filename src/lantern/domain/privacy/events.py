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
class PurposeRefused(Event):
    """A person refused a purpose."""

    purpose: str


@dataclass(frozen=True, slots=True)
class PurposeAllowed(Event):
    """A person took back her refusal of a purpose."""

    purpose: str
