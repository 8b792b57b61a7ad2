"""What happened with announcements."""

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class AnnouncementPublished(Event):
    """An organisation told its people something."""

    announcement_id: UUID
    organisation_id: UUID
