"""What happened to needs. That somebody has a need is private, so nothing here says what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lantern.kernel.events import Event


@dataclass(frozen=True, slots=True)
class NeedAdded(Event):
    """An educator wrote down a need, or took one up again."""

    need_id: UUID


@dataclass(frozen=True, slots=True)
class NeedEnded(Event):
    """A need was met or put away."""

    need_id: UUID


@dataclass(frozen=True, slots=True)
class CompetencyRated(Event):
    """An educator said how she sees herself on some competencies."""

    ratings: int


@dataclass(frozen=True, slots=True)
class LevelEvidenceChanged(Event):
    """A source said something of an educator's level on some competencies, or she took it away."""

    competencies: int


@dataclass(frozen=True, slots=True)
class LevelEvidenceTakenAway(Event):
    """She took away what a source said of her level: which source, so that it says no more."""

    source_id: UUID


@dataclass(frozen=True, slots=True)
class GroupNeedProposed(Event):
    """A member put up a need of the group."""

    group_need_id: UUID


@dataclass(frozen=True, slots=True)
class GroupNeedVoted(Event):
    """Somebody voted or took her vote back; published as Lantern, so that the log does not know who."""

    group_need_id: UUID


@dataclass(frozen=True, slots=True)
class GroupNeedClosed(Event):
    """A need of the group was closed with a word on what comes of it."""

    group_need_id: UUID
