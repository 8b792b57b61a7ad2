"""The states of an activity."""

from enum import StrEnum


class ActivityState(StrEnum):
    """From the plan to the shelf."""

    PLANNED = "planned"
    STARTED = "started"
    FINISHED = "finished"
    SET_ASIDE = "set_aside"


STATE_WORDS: dict[str, str] = {"planned": "Planned", "started": "Under way", "finished": "Done", "set_aside": "Set aside"}
