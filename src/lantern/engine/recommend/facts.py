"""What the ranking is told, and what it answers. Ids are any hashable; levels run from 0 (not yet) to 4 (leads
others).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Id = Any


@dataclass(frozen=True, slots=True)
class Item:
    """A resource as the ranking sees it. `competencies` are (competency, level it leads to or None); `grades_mask` 0
    means any grade; `guessed` where its competencies were judged by its words, which counts for less.
    """

    id: Id
    kind: str
    title: str
    minutes: int | None = None
    level: int | None = None
    grades_mask: int = 0
    terms: frozenset[Id] = frozenset()
    subjects: frozenset[Id] = frozenset()
    competencies: tuple[tuple[Id, int | None], ...] = ()
    initiative: Id | None = None
    prerequisites: frozenset[Id] = frozenset()
    language: str = "en"
    guessed: bool = False
    modality: str = ""
    cost_cents: int | None = None
    credit_type: str = ""
    credit_minutes: int | None = None
    evidence: str = ""
    """How well it is known to work: strong, moderate, promising, rationale, none; "" where nobody has looked."""


@dataclass(frozen=True, slots=True)
class GoalFact:
    """An open goal: its competency and the level it aims at."""

    id: Id
    title: str
    competency: Id
    target_level: int | None = None


@dataclass(frozen=True, slots=True)
class NeedFact:
    """An open need; `competency_name` is what the reason says."""

    competency: Id
    competency_name: str
    wanted_level: int | None = None


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A resource that was "not for me", with the why (`too_long`, `too_easy`, `too_hard`, `wrong_format`, `not_now`,
    `other`) and its kind.
    """

    item: Id
    why: str
    kind: str
    days_ago: int = 0


@dataclass(frozen=True, slots=True)
class PeerFact:
    """What others' choices say of one item (`collaborative.suggest`): how strongly, 0 to 1, and the finished thing of
    hers that led there, if one did.
    """

    strength: float
    after: str = ""


@dataclass(frozen=True, slots=True)
class CreditFact:
    """What her licence still needs: hundredths of hours of one credit type, the days left, and the arithmetic of the
    rule in force (minutes to an hour, whole steps, most of one activity).
    """

    credit_type: str
    missing: int
    days_left: int
    minutes_per_hour: int = 60
    step_minutes: int = 15
    most_minutes: int = 2400


@dataclass(frozen=True, slots=True)
class Learner:
    """What one educator lets the ranking know. `ratings` are her own levels by competency; `names` say competencies
    and terms in words. `sliders` say how much each factor counts for her: 0 to 2, 1 where she said nothing; the
    district's can only be turned down. `motives` (see `motives.MOTIVES`) are what draws her, `draws_most` the one she
    named first; `valued` are items she said were worth it.
    """

    job_kind: str = "teacher"
    grades_mask: int = 0
    subjects: frozenset[Id] = frozenset()
    years_experience: int | None = None
    minutes_per_week: int = 40
    ratings: Mapping[Id, int] = field(default_factory=dict)
    needs: tuple[NeedFact, ...] = ()
    goals: tuple[GoalFact, ...] = ()
    interests: frozenset[Id] = frozenset()
    strengths: frozenset[Id] = frozenset()
    liked_kinds: frozenset[str] = frozenset()
    own_competencies: frozenset[Id] = frozenset()
    finished: frozenset[Id] = frozenset()
    under_way: frozenset[Id] = frozenset()
    dismissed: tuple[Dismissed, ...] = ()
    factors_off: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset({"en"})
    names: Mapping[Id, str] = field(default_factory=dict)
    peers: Mapping[Id, PeerFact] = field(default_factory=dict)
    sliders: Mapping[str, float] = field(default_factory=dict)
    motives: tuple[str, ...] = ()
    draws_most: str = ""
    credit: CreditFact | None = None
    valued: tuple[Id, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One named part of a score: how many points, and why in words for the page."""

    factor: str
    points: float
    words: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """One item with its score, which is the sum of its parts (largest first)."""

    item: Item
    score: float
    parts: tuple[Part, ...]

    @property
    def because(self) -> str:
        """Return the words of the part that helped it most."""
        return next((part.words for part in self.parts if part.points > 0), "")
