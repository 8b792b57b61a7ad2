"""What of a pathway goes into somebody's weeks, and in which order: what is asked of everybody and what she chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lantern.engine.pathway.outline import Practice
from lantern.engine.pathway.standing import Known, Now, SetNow, State, StepNow, Why
from lantern.engine.pathway.structure import Rule


class Held(StrEnum):
    """Why a step is not put into weeks yet."""

    LEVEL = "level"
    CHOICE = "choice"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class Placing:
    """A step to put into a week that is not before those of the steps it comes `behind`, and after its practice."""

    key: str
    route: str
    outcome: str
    behind: frozenset[str] = frozenset()
    practice: Practice | None = None


@dataclass(frozen=True, slots=True)
class ToPlace:
    """What goes in, in order; what is held back, with the reason; the sets in which she has not chosen; and what each
    of both comes behind.
    """

    steps: tuple[Placing, ...]
    held: Mapping[str, Held]
    undecided: tuple[SetNow, ...]
    behind: Mapping[str, frozenset[str]] = field(default_factory=dict)


def to_place(here: Now, known: Mapping[str, Known]) -> ToPlace:
    """Return what goes into weeks: nothing that is done, spare or gone, of a choice only what she chose.

    What waits for a level of hers, or comes behind a choice she has not made, is held back with all behind it.
    """
    return _Reader(here, known).read()


class _Reader:
    def __init__(self, here: Now, known: Mapping[str, Known]) -> None:
        self.here, self.known = here, known
        self.found: list[tuple[StepNow, frozenset[str], bool]] = []
        self.undecided: list[SetNow] = []

    def read(self) -> ToPlace:
        self._set(self.here.top, frozenset(), False)
        by_route = {route: one.entry.key for one, _, _ in self.found for route in one.entry.routes}
        behind: dict[str, frozenset[str]] = {}
        held: dict[str, Held] = {}
        for one, before, after_choice in self.found:
            entry = one.entry
            needs = self.known[one.route].needs if one.route in self.known else frozenset()
            waits = before | {by_route[item] for item in needs if item in by_route}
            waits |= {entry.practice.after} if entry.practice else set()
            behind[entry.key] = waits - {entry.key}
            if any(lock.why is Why.LEVEL for lock in one.locks):
                held[entry.key] = Held.LEVEL
            elif after_choice:
                held[entry.key] = Held.CHOICE
        while more := [key for key, waits in behind.items() if key not in held and waits & held.keys()]:
            held |= dict.fromkeys(more, Held.BEHIND)
        steps = {one.entry.key: one for one, _, _ in self.found if one.entry.key not in held}
        placings = [
            Placing(key, steps[key].route, steps[key].entry.outcome, behind[key], steps[key].entry.practice)
            for key in _in_turn(list(steps), behind)
        ]
        return ToPlace(tuple(placings), held, tuple(self.undecided), behind)

    def _set(self, part: SetNow, before: frozenset[str], after_choice: bool) -> tuple[frozenset[str], bool]:
        """Gather the steps of a set that goes in; return their keys, and whether a choice in it is not made."""
        if part.progress.complete:
            return frozenset(), False
        free = part.section.rule in (Rule.ANY, Rule.MINUTES)
        taken = [one for one in part.parts if not free or one.chosen]
        short = part.to_choose > 0 or part.minutes_to_choose > 0
        open_choice = free and (short or not any(_is_left(one) for one in taken))
        if open_choice:
            self.undecided.append(part)
        keys: frozenset[str] = frozenset()
        ordered = part.section.rule is Rule.IN_ORDER
        for one in taken:
            ahead = before | keys if ordered else before
            behind_choice = after_choice or (ordered and open_choice)
            if isinstance(one, StepNow):
                if _is_left(one):
                    self.found.append((one, ahead, behind_choice))
                    keys |= {one.entry.key}
                continue
            inside, undecided = self._set(one, ahead, behind_choice)
            keys, open_choice = keys | inside, open_choice or undecided
        return keys, open_choice


def _is_left(one: StepNow | SetNow) -> bool:
    if isinstance(one, StepNow):
        return one.state in (State.OPEN, State.LOCKED)
    return any(_is_left(part) for part in one.parts)


def _in_turn(keys: list[str], behind: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the keys so that each follows what it comes behind; what waits in a circle goes last."""
    here, placed = set(keys), list[str]()
    while left := [key for key in keys if key not in placed]:
        ready = next((key for key in left if not (behind[key] & here) - set(placed)), None)
        if ready is None:
            return placed + left
        placed.append(ready)
    return placed
