"""What suggestions hand out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from lantern.domain.catalog.types import KIND_WORDS
from lantern.engine.recommend import FACTORS


class Why(StrEnum):
    """Why something is "not for me"; each answer teaches the ranking a little."""

    TOO_LONG = "too_long"
    TOO_EASY = "too_easy"
    TOO_HARD = "too_hard"
    WRONG_FORMAT = "wrong_format"
    NOT_NOW = "not_now"
    OTHER = "other"


WHY_WORDS: dict[str, str] = {
    "too_long": "Too long for me now",
    "too_easy": "I know this already",
    "too_hard": "Too far ahead for me",
    "wrong_format": "Not a format I like",
    "not_now": "Not this term",
    "other": "Another reason",
}


PEERS = "peers"
"""What others went on to: a part that is there only where it was worked out and helps (`queries.switches`)."""

SWITCHES: dict[str, str] = {key: words for key, words in FACTORS.items() if key not in {"feedback", PEERS}}
"""The parts of the match that everybody can weigh or switch off, in the words of the page. What she said was not for
her always counts, and she can take each back."""

DISTRICT = "initiative"
"""The district's part, which can only be turned down."""

SLIDERS: dict[str, str] = {"0.5": "half", "1": "as usual", "1.5": "more", "2": "double"}
"""How much a part may count, as a form sends it and as the page says it; off is a switch of its own."""


class PeersOutcome(StrEnum):
    """What came of working out what others went on to."""

    ON = "on"
    TOO_FEW = "too_few"
    NO_BETTER = "no_better"


@dataclass(frozen=True, slots=True)
class PeersView:
    """How it stands with what others went on to: whether it counts here, and that in words for the page."""

    on: bool
    words: str


@dataclass(frozen=True, slots=True)
class PartView:
    """One named part of a score, in points and words."""

    factor: str
    name: str
    points: float
    words: str


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """One suggestion as a page shows it; the parts add up to the score."""

    resource_id: UUID
    title: str
    summary: str
    kind: str
    minutes: int | None
    level: int | None
    because: str
    score: float
    parts: tuple[PartView, ...]

    @property
    def kind_words(self) -> str:
        """Return the kind as a page says it."""
        return KIND_WORDS.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is about a goal and is not suggested, with the reason they share, in words."""

    words: str
    what: tuple[SuggestionView, ...]


@dataclass(frozen=True, slots=True)
class GoalSteps:
    """The first step towards a goal, why it is the first for her, and what else serves it. Where there is nothing to
    suggest: what is about it all the same, why it is not suggested, and how many more are `behind` her level.
    """

    first: SuggestionView | None = None
    why_first: str = ""
    others: tuple[SuggestionView, ...] = ()
    taken: tuple[Taken, ...] = ()
    behind: int = 0
    level_words: str = ""

    @property
    def all(self) -> tuple[SuggestionView, ...]:
        """Return everything, the first step first."""
        return (self.first, *self.others) if self.first else ()


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a resource is not on the short list: in a sentence, with its place (0: it cannot be suggested) and its
    parts.
    """

    title: str
    resource_id: UUID
    words: str
    place: int = 0
    of: int = 0
    score: float = 0.0
    parts: tuple[PartView, ...] = ()
    loses: tuple[str, ...] = ()
    """Where it loses most against the last of the short list, in words."""
    changes: tuple[str, ...] = ()
    """What would bring it onto the short list, each alone, smallest first, in words."""
