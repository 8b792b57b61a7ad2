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


@dataclass(frozen=True, slots=True)
class PlanItemPinned(Event):
    """An item is held in its week, or may be moved again."""

    item_id: UUID
    pinned: bool


@dataclass(frozen=True, slots=True)
class PlanDraftMade(Event):
    """A plan was worked out for somebody who asked for it; nothing of hers changed."""

    draft_id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class PlanDraftDropped(Event):
    """A plan that was worked out was left aside."""

    draft_id: UUID


@dataclass(frozen=True, slots=True)
class PlanDraftTaken(Event):
    """A plan that was worked out went into her weeks: so many things came in, found another week, left."""

    draft_id: UUID
    added: int
    moved: int
    removed: int


@dataclass(frozen=True, slots=True)
class ReviewAnswered(Event):
    """She came back to something she had finished (`step`), or wants to be asked no more (`enough`)."""

    activity_id: UUID
    step: int
    enough: bool
