"""What suggestions hand out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from lantern.domain.catalog.types import KIND_WORDS


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
