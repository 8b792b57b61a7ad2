"""The closed lists of needs."""

from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How far one is on a competency, in words that judge nobody."""

    NOT_YET = 0
    STARTING = 1
    BUILDING = 2
    APPLYING = 3
    LEADING = 4


LEVEL_WORDS: dict[int, str] = {0: "Not yet", 1: "Starting", 2: "Building", 3: "Applying", 4: "Leading others"}


class NeedSource(StrEnum):
    """Where a need came from; shown with it."""

    OWN_RATING = "own_rating"
    OWN_WORDS = "own_words"
    CURIOSITY = "curiosity"


class NeedState(StrEnum):
    """Open until met or put away."""

    OPEN = "open"
    MET = "met"
    PUT_AWAY = "put_away"
