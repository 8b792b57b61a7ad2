"""What happened to an activity."""

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class ActivityTakenUp(Event):
    """An educator took something up; `resource_id` is None for what came from outside."""

    activity_id: UUID
    resource_id: UUID | None


@dataclass(frozen=True, slots=True)
class ActivityProgressed(Event):
    """She is further along, or spent more minutes."""

    activity_id: UUID
    percent: int
    minutes_spent: int


@dataclass(frozen=True, slots=True)
class ActivityFinished(Event):
    """She is done with it; published once for each activity."""

    activity_id: UUID
    resource_id: UUID | None


@dataclass(frozen=True, slots=True)
class PastBroughtIn(Event):
    """She brought in what she learned before; it earns nothing here."""

    things: int


@dataclass(frozen=True, slots=True)
class PastTakenAway(Event):
    """She took away again something that she had brought in; `resource_id` is None for what came from outside."""

    activity_id: UUID
    resource_id: UUID | None


@dataclass(frozen=True, slots=True)
class ActivitySetAside(Event):
    """She put it away without finishing it."""

    activity_id: UUID
