"""The closed lists of needs, and what the feature hands out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from lantern.engine.mastery import Evidence, Growth, Standing

if TYPE_CHECKING:
    from lantern.domain.competencies.models import Competency


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
    EVALUATION = "evaluation"
    CHECK = "check"
    CLASS_RESULTS = "class_results"
    COACH_OBSERVATION = "coach_observation"


class EvidenceKind(StrEnum):
    """What may say something of a level beside her own rating; `engine/mastery` weighs each kind."""

    CHECK = "check"
    QUIZ = "quiz"
    EVALUATION = "evaluation"
    COACH_OBSERVATION = "coach_observation"
    CLASS_RESULTS = "class_results"
    COMPLETED = "completed"
    MICRO_CREDENTIAL = "micro_credential"


class NeedState(StrEnum):
    """Open until met or put away."""

    OPEN = "open"
    MET = "met"
    PUT_AWAY = "put_away"


SOURCE_WORDS: dict[str, str] = {
    "own_rating": "Your own rating",
    "own_words": "Your own words",
    "curiosity": "You were curious",
    "evaluation": "Your own evaluation, brought in by you",
    "check": "A short check you took",
    "class_results": "Your class's results, brought in by you",
    "coach_observation": "What your coach saw and you took up",
    "quiz": "Quizzes you answered",
    "completed": "What you learned and finished",
    "micro_credential": "A micro-credential you earned",
}


@dataclass(frozen=True, slots=True)
class Noted:
    """What was taken up at once: how many needs it became, and how many of these had no room left for the words."""

    needs: int
    without_words: int

    @property
    def about_words(self) -> str:
        """Say that words were left out, where some were."""
        if not self.without_words:
            return ""
        which = "One need holds" if self.without_words == 1 else f"{self.without_words} needs hold"
        return f" {which} as many words as fit already, so the new words were left out there."


def sources_in_words(source: str, also: Iterable[str]) -> str:
    """Return everything that a need came from, the first one first."""
    first, *others = (SOURCE_WORDS.get(each, "") for each in (source, *also))
    return ". Also: ".join(filter(None, [first, "; ".join(filter(None, others))]))


STATE_WORDS: dict[str, str] = {"open": "Open", "met": "Met", "put_away": "Put away"}


@dataclass(frozen=True, slots=True)
class MapRow:
    """Where I stand on a competency: level and likely range (None: nothing said yet), the level I want, and why."""

    competency: Competency
    level: float | None
    low: float
    high: float
    wanted: int | None
    sources: tuple[str, ...]
    needed: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a source said of a level: enough to show it, to weigh it and to take it away."""

    id: UUID
    competency_id: UUID
    evidence: Evidence
    words: str
    at: datetime

    @property
    def source(self) -> str:
        """Return the source in the words of a page."""
        return SOURCE_WORDS.get(self.evidence.kind, self.evidence.kind)


@dataclass(frozen=True, slots=True)
class StandingView:
    """All that speaks for one level: where I probably am, everything that was said (newest first), the same on earlier
    days (oldest first), and what the same sources say was gained in sixty days.
    """

    standing: Standing
    said: tuple[Said, ...]
    points: tuple[tuple[datetime, Standing], ...]
    growth: Growth | None


@dataclass(frozen=True, slots=True)
class GroupNeedView:
    """A group need as a member sees it: how many voted, whether I did, never who."""

    id: UUID
    title: str
    organisation_id: UUID
    organisation_name: str
    competency_id: UUID | None
    competency_name: str
    votes: int
    voted: bool
    put_up_by_me: bool
    created_at: datetime
    closed_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class GroupAsks:
    """What the staff of one organisation ask for, most votes first."""

    organisation_id: UUID
    organisation_name: str
    asks: tuple[GroupNeedView, ...]
