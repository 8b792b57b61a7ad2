"""The states of an activity, and what bounds one."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

MOST_MINUTES = 60_000
"""A thousand hours: longer than any course anybody takes, shorter than a slip of the keyboard."""
MOST_YEARS_BACK = 60
"""A whole life of work: so old may be what she brings in from before."""
STARTED_PERCENT = 5
"""What "I have started" means where nobody measured it."""


class ActivityState(StrEnum):
    """From the plan to the shelf."""

    PLANNED = "planned"
    STARTED = "started"
    FINISHED = "finished"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class Moments:
    """When one activity began to be of use: taken up from the catalog, begun, finished; ids and times only."""

    resource_id: UUID | None
    competency_id: UUID | None
    taken_up_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Past:
    """Something she learned before: a resource, or something from outside by its title; `minutes` None: not said."""

    title: str
    happened_on: date
    minutes: int | None = None
    provider: str = ""
    url: str = ""
    resource_id: UUID | None = None


STATE_WORDS: dict[str, str] = {
    "planned": "Planned",
    "started": "Under way",
    "finished": "Done",
    "set_aside": "Set aside",
}
