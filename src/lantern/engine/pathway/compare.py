"""What differs between two plans: for "what if", and for what a new plan changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lantern.engine.pathway.plan import Plan, Shortfall
from lantern.engine.pathway.problem import Id, Problem


@dataclass(frozen=True, slots=True)
class Moved:
    """An item that is in both plans, in other weeks."""

    item: Id
    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """From one plan to another: what comes in, goes, moves; how much more worth, levels, credits and minutes (below 0:
    less); which musts hold now, and which no longer.
    """

    added: tuple[Id, ...]
    dropped: tuple[Id, ...]
    moved: tuple[Moved, ...]
    worth: float
    goals: Mapping[Id, float]
    credits: Mapping[str, float]
    minutes: int
    now_met: tuple[Shortfall, ...]
    now_missed: tuple[Shortfall, ...]

    @property
    def changed_weeks(self) -> int:
        """Return how many weeks of items differ: each week given up and each new one counts."""
        return sum(len(set(one.before) ^ set(one.after)) for one in self.moved)


def compare(problem: Problem, before: Plan, after: Plan) -> PlanDifference:
    """Return what differs; `problem` names the credits of both plans' items (the union, where they come of two)."""
    old = {one.item: one for one in before.placements}
    new = {one.item: one for one in after.placements}
    moved = (Moved(item, old[item].weeks, new[item].weeks) for item in new if item in old)
    goals = before.worth.goals.keys() | after.worth.goals.keys()
    gained = {one: after.worth.goals.get(one, 0.0) - before.worth.goals.get(one, 0.0) for one in goals}
    missed = {(one.kind, one.about): one for one in before.shortfalls}
    misses = {(one.kind, one.about): one for one in after.shortfalls}
    return PlanDifference(
        added=tuple(item for item in new if item not in old),
        dropped=tuple(item for item in old if item not in new),
        moved=tuple(one for one in moved if one.before != one.after),
        worth=after.worth.total - before.worth.total,
        goals={one: gained[one] for one in sorted(gained, key=str) if abs(gained[one]) > 1e-9},
        credits=_credits(problem, before, after),
        minutes=_minutes(after) - _minutes(before),
        now_met=tuple(one for key, one in missed.items() if key not in misses),
        now_missed=tuple(one for key, one in misses.items() if key not in missed),
    )


def _minutes(plan: Plan) -> int:
    return sum(piece.minutes for one in plan.placements for piece in one.pieces)


def _credits(problem: Problem, before: Plan, after: Plan) -> dict[str, float]:
    found: dict[str, float] = {}
    given = {one.id: one.credits for one in problem.candidates}
    for plan, sign in ((before, -1), (after, 1)):
        for item in plan.items:
            for kind, amount in given.get(item, {}).items():
                found[kind] = found.get(kind, 0.0) + sign * amount
    return {kind: amount for kind, amount in sorted(found.items()) if abs(amount) > 1e-9}
