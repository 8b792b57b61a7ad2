"""What comes out: what lies in which week, what that is worth, which must fails by how much, and how good it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lantern.engine.pathway.problem import Id


@dataclass(frozen=True, slots=True)
class Piece:
    """Minutes of one item in one week; of something live they include the way."""

    week: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Placement:
    """One item's pieces in the order of weeks; `date` is the place of the date in its candidate's `dates`."""

    item: Id
    pieces: tuple[Piece, ...]
    date: int | None = None

    @property
    def weeks(self) -> tuple[int, ...]:
        """Return the weeks it is worked on."""
        return tuple(piece.week for piece in self.pieces)

    @property
    def finished(self) -> int:
        """Return the week it is finished in."""
        return self.pieces[-1].week


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A must that fails: `kind` is mandate, initiative, credit or pin; `missing` in its own unit (credit: amounts;
    else 1, or 0.5 for what is in the plan, but late); `share` is that of the whole, 0 to 1.
    """

    kind: str
    about: Id
    missing: float
    share: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Worth:
    """What a set of items is worth: `total` and its parts; what each goal gains and which badges come of it."""

    total: float
    goals: Mapping[Id, float] = field(default_factory=dict)
    badges: tuple[Id, ...] = ()
    values: float = 0.0
    formats: float = 0.0
    time: float = 0.0
    kept: float = 0.0


@dataclass(frozen=True, slots=True)
class Proof:
    """How good a plan is at most: no plan with so small a shortfall is worth more than `bound`; `gap` is the part of
    it that is missing. `proven`: the plan is the best there is (to one in ten thousand), and its shortfall the least.
    """

    bound: float
    gap: float
    shortfall_bound: float
    proven: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Placements in the order of weeks, their worth, the musts that fail, and the proof where one was made."""

    placements: tuple[Placement, ...]
    worth: Worth
    shortfalls: tuple[Shortfall, ...] = ()
    proof: Proof | None = None

    @property
    def shortfall(self) -> float:
        """Return the weighed sum of the shares that musts lack; 0 where all hold."""
        return sum(one.share * one.weight for one in self.shortfalls)

    @property
    def items(self) -> frozenset[Id]:
        """Return what is in it."""
        return frozenset(one.item for one in self.placements)
