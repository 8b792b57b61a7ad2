"""The states of an activity, and what bounds one."""

from enum import StrEnum

MOST_MINUTES = 60_000
"""A thousand hours: longer than any course anybody takes, shorter than a slip of the keyboard."""
STARTED_PERCENT = 5
"""What "I have started" means where nobody measured it."""


class ActivityState(StrEnum):
    """From the plan to the shelf."""

    PLANNED = "planned"
    STARTED = "started"
    FINISHED = "finished"
    SET_ASIDE = "set_aside"


STATE_WORDS: dict[str, str] = {
    "planned": "Planned",
    "started": "Under way",
    "finished": "Done",
    "set_aside": "Set aside",
}
