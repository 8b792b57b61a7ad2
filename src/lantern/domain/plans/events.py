"""What happened to plans: ids and numbers."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class PlanItemAdded(Event):
    """An activity came into a plan; no Monday means that it is in no week yet."""

    item_id: UUID
    activity_id: UUID
    monday: date | None


@dataclass(frozen=True, slots=True)
class PlanItemMoved(Event):
    """An item changed its week or its place in it."""

    item_id: UUID
    monday: date | None
    position: int


@dataclass(frozen=True, slots=True)
class PlanItemRemoved(Event):
    """An activity left the plan; the activity itself stays."""

    item_id: UUID
    activity_id: UUID


@dataclass(frozen=True, slots=True)
class PlanWeekChanged(Event):
    """The minutes of a week changed; `moved` items left it because it became quiet."""

    monday: date
    minutes: int
    quiet: bool
    moved: int


@dataclass(frozen=True, slots=True)
class PlanChanged(Event):
    """The plan got another first week or length."""

    begins_on: date
    weeks: int
