"""The closed lists of item banks and checks, and what the feature hands out and takes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from lantern.engine.assess import CheckGrowth, Outcome, Placement, Rules, level_scale

if TYPE_CHECKING:
    from lantern.domain.competencies.models import Competency

SCALE = level_scale((-1.5, -0.5, 0.5, 1.5), lowest=0)
"""The five levels of every competency on the scale of its bank, in standard deviations."""

RULES = Rules()
LEAST_ITEMS = RULES.least
"""A bank with fewer published items than a check asks at least is no check yet."""

FRESH_DAYS = 180
"""What somebody answered within so many days she is not asked again, as long as other items are left."""

FEWEST_OPTIONS, MOST_OPTIONS = 2, 6
LONGEST_QUESTION, LONGEST_OPTION, LONGEST_WHY = 1200, 300, 600
LEAST_PEOPLE_SHOWN = 30
"""Below so many people nothing is said about how an item was answered, and nothing is computed from it."""


class ItemStatus(StrEnum):
    """Drafts are asked of nobody; retired items stay, for checks refer to them."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


ITEM_STATUS_WORDS: dict[str, str] = {"draft": "Draft", "published": "In use", "retired": "Retired"}


class Calibrated(StrEnum):
    """Where an item's numbers come from (engine/assess)."""

    AUTHOR = "author"
    SHRUNK = "shrunk"
    ESTIMATED = "estimated"


CALIBRATED_WORDS: dict[str, str] = {
    "author": "As its author judged it",
    "shrunk": "Its author's judgement, put right by answers",
    "estimated": "From answers",
}


@dataclass(frozen=True, slots=True)
class OptionData:
    """One answer to choose: its words, and what is said of it once the check is over."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class ItemData:
    """An item as an author or a file says it. `level` is the one that somebody just reaching it shows by a right answer
    about every second time; `difficulty`, `discrimination` and `guessing` are numbers of an earlier calibration, where
    there was one. `row` is its place in the file.
    """

    external_id: str
    competency_id: UUID
    question: str
    options: tuple[OptionData, ...]
    right: int
    level: int
    area: str = ""
    language: str = "en"
    difficulty: float | None = None
    discrimination: float | None = None
    guessing: float | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class ItemRefused:
    """Why one row was refused."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """What an import of items did, or would do."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: tuple[ItemRefused, ...] = ()


@dataclass(frozen=True, slots=True)
class BankView:
    """The bank of a competency as an author sees it: items by status, and how many want a look."""

    competency: Competency
    counts: Mapping[str, int]
    wants_a_look: int

    @property
    def is_enough(self) -> bool:
        """Tell whether a check can be made of it."""
        return self.counts.get(ItemStatus.PUBLISHED, 0) >= LEAST_ITEMS


@dataclass(frozen=True, slots=True)
class Question:
    """The question of a check that is to be answered: options as (number to send, words) in this check's own order."""

    check_id: UUID
    number: int
    most: int
    item_id: UUID
    words: str
    options: tuple[tuple[int, str], ...]
    language: str


@dataclass(frozen=True, slots=True)
class Answered:
    """One answered question, told once the check is over. Where the question was changed since, its words are those of
    now, and what she chose then is not told: it was chosen among other words.
    """

    words: str
    chosen: str
    right_answer: str
    right: bool
    why: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What a finished check says to the one who took it."""

    outcome: Outcome
    placement: Placement
    answered: tuple[Answered, ...]
    growth: CheckGrowth | None = None
    earlier_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CheckView:
    """One of my checks in a list."""

    id: UUID
    competency: Competency
    started_at: datetime
    finished_at: datetime | None
    answers: int
    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A competency that I can take a check on: how many questions at most, and a check of mine under way."""

    competency: Competency
    most: int
    under_way: UUID | None = None
