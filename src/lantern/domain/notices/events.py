"""What happened in the inbox."""

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class NoticeSent(Event):
    """Somebody was told that there is news."""

    notice_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class NoticeRead(Event):
    """She opened it."""

    notice_id: UUID
