"""Why each item is in a plan and each other one is not, as named terms with their numbers; the page has the words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lantern.engine.pathway.greedy import Filling
from lantern.engine.pathway.listing import place
from lantern.engine.pathway.numbered import Ready
from lantern.engine.pathway.plan import Plan
from lantern.engine.pathway.problem import Id, Problem
from lantern.engine.pathway.readiness import prepare
from lantern.engine.pathway.worth import Slot, Tally, earned

NOTHING = 1e-9


class Here(StrEnum):
    """Why something is in the plan."""

    GOAL = "goal"
    CREDIT = "credit"
    MANDATE = "mandate"
    INITIATIVE = "initiative"
    PREREQUISITE = "prerequisite"
    PINNED = "pinned"
    BADGE = "badge"
    FORMAT = "format"
    SUGGESTED = "suggested"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Because:
    """One reason: for which competency, rule, duty, item, badge or format; and how much (levels that count towards the
    gap, credits, the week of a pin, value).
    """

    kind: Here
    about: Id
    amount: float = 0.0


class Out(StrEnum):
    """Why something is not in the plan; the first ones whatever else is chosen (`readiness.Bar`)."""

    RETIRED = "retired"
    DONE = "done"
    EQUIVALENT_DONE = "equivalent done"
    NO_MINUTES = "no minutes"
    DATE_PASSED = "date passed"
    AFTER_THE_PLAN = "after the plan"
    BLOCKED = "blocked"
    NO_TIME = "no time"
    PRACTICE_GAP = "practice gap"
    PREREQUISITE_MISSING = "prerequisite missing"
    CYCLE = "cycle"
    EQUIVALENT_CHOSEN = "equivalent chosen"
    NOTHING_TO_GAIN = "nothing to gain"
    WORTH_LESS = "worth less"
    TOO_MANY = "too many"
    TOO_DEAR = "too dear"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why one item is left out: what it is about; `more` is what the plan would be worth more with it, `instead` what
    would have to go for it and `lost` what that is worth; its minutes and those that are free.
    """

    why: Out
    about: tuple[Id, ...] = ()
    more: float = 0.0
    instead: tuple[Id, ...] = ()
    lost: float = 0.0
    minutes: int = 0
    free: int = 0


@dataclass(frozen=True, slots=True)
class Reasons:
    """For each item of the plan why it is there, and for each other candidate why not."""

    here: Mapping[Id, tuple[Because, ...]]
    left_out: Mapping[Id, WhyNot]


def explain(problem: Problem, plan: Plan) -> Reasons:
    """Return the reasons of a plan of this problem."""
    return _Explaining(prepare(problem), plan).reasons()


class _Explaining:
    def __init__(self, ready: Ready, plan: Plan) -> None:
        self.ready, self.plan = ready, plan
        self.slots = {
            ready.number[one.item]: Slot(tuple((piece.week, piece.minutes) for piece in one.pieces), one.date)
            for one in plan.placements
            if one.item in ready.number
        }
        self.tally = Tally(ready, self.slots)
        self.free = ready.sums[-1] - sum(minutes for slot in self.slots.values() for _, minutes in slot.pieces)
        self.loss = {one: self.tally.without(one) for one in self.slots}
        self.due: dict[int, int] = {}
        self.pins: dict[int, int] = {}
        self.bound: set[int] = set()
        for must in ready.musts:
            for one, _ in must.routes:
                if one in self.slots and not must.met and must.kind == "pin":
                    self.pins[one] = self.slots[one].begun
                    self.bound.add(one)
                elif one in self.slots and not must.met and self.slots[one].ended <= must.by:
                    self.due[one] = min(must.by, self.due.get(one, must.by))
                    self.bound.add(one)
        short = {(lack.kind, lack.about) for lack in plan.shortfalls}
        self.wanted = {one for must in ready.musts if (must.kind, must.id) in short for one, _ in must.routes}
        self.needed = {one: list(self._dependents(one)) for one in self.slots}

    def reasons(self) -> Reasons:
        ready = self.ready
        here = {self._id(one): tuple(self._here(one)) for one in self.slots}
        filling = Filling(ready)
        filling.start_with(self.slots, self.due, self.pins)
        left_out = {
            candidate.id: self._why_not(candidate.id, filling)
            for candidate in ready.problem.candidates
            if candidate.id not in here
        }
        return Reasons(here, left_out)

    def _id(self, one: int) -> Id:
        return self.ready.items[one].candidate.id

    # ------------------------------------------------------------------------------------------------------------ here
    def _here(self, one: int) -> Iterator[Because]:
        ready, slot, candidate = self.ready, self.slots[one], self.ready.items[one].candidate
        for must in ready.musts:
            amount = dict(must.routes).get(one)
            if amount is None or must.met:
                continue
            if must.kind == "pin" and slot.begun == must.by:
                yield Because(Here.PINNED, must.id, must.by)
            elif must.kind == "credit" and slot.ended <= must.by:
                yield Because(Here.CREDIT, must.id, amount)
            elif must.kind not in ("pin", "credit"):
                yield Because(Here.MANDATE if must.kind == "mandate" else Here.INITIATIVE, must.id)
        for place_of_goal, gain in ready.items[one].gains:
            goal, gained = ready.goals[place_of_goal], self.tally.gained[place_of_goal]
            counts = min(goal.gap, gained) - min(goal.gap, gained - gain)
            if counts > NOTHING:
                yield Because(Here.GOAL, goal.competency, counts)
        for other in self.needed[one]:
            yield Because(Here.PREREQUISITE, self._id(other))
        for badge in ready.badges:
            if earned(badge, self.tally.chosen) and any(one in group for group in (*badge.required, *badge.electives)):
                yield Because(Here.BADGE, ready.problem.badges[badge.place].id, badge.value)
        if candidate.value > 0:
            yield Because(Here.SUGGESTED, candidate.id, candidate.value)
        alone = bool(candidate.format) and self.tally.formats.get(candidate.format) == 1
        liked = ready.problem.liked.get(candidate.format, 0.0) * candidate.minutes / 60
        if liked > 0 or (alone and ready.problem.variety > 0):
            yield Because(Here.FORMAT, candidate.format, liked + ready.problem.variety * alone)
        if ready.problem.previous is not None and candidate.id in ready.problem.previous:
            yield Because(Here.KEPT, candidate.id)

    def _dependents(self, one: int) -> Iterator[int]:
        """Return what of the plan could not be done without an item."""
        rest = self.tally.chosen - {one}
        for other in sorted(rest):
            for group in self.ready.items[other].groups:
                if self._touches(one, group) and not any(self._holds(literal, rest) for literal in group):
                    yield other
                    break

    def _touches(self, one: int, group: tuple[int, ...]) -> bool:
        return one in group or any(literal < 0 and one in dict(self.ready.levels[~literal].givers) for literal in group)

    def _holds(self, literal: int, chosen: set[int]) -> bool:
        if literal >= 0:
            return literal in chosen
        node = self.ready.levels[~literal]
        return sum(gain for giver, gain in node.givers if giver in chosen) >= node.need - NOTHING

    # --------------------------------------------------------------------------------------------------------- why not
    def _why_not(self, item: Id, filling: Filling) -> WhyNot:
        ready = self.ready
        if item in ready.barred:
            barred = ready.barred[item]
            return WhyNot(Out(barred.why.value), barred.about)
        one = ready.number[item]
        minutes, candidate = ready.items[one].minutes, ready.items[one].candidate
        if peers := [peer for peer in ready.items[one].peers if peer in self.slots]:
            return WhyNot(Out.EQUIVALENT_CHOSEN, tuple(self._id(peer) for peer in peers), minutes=minutes)
        bundle = [other for other in filling.bundle(one) if other not in self.slots]
        more = self.tally.with_all(bundle)
        whole = sum(ready.items[other].minutes for other in bundle)
        if more <= NOTHING and one not in self.wanted:
            return WhyNot(Out.NOTHING_TO_GAIN, more=more, minutes=whole, free=self.free)
        if missing := self._missing(one):
            instead, lost = self._instead(whole, bundle)
            return WhyNot(Out.PREREQUISITE_MISSING, missing, more, instead, lost, whole, self.free)
        problem = ready.problem
        if problem.most_items is not None and len(self.slots) >= problem.most_items:
            return WhyNot(Out.TOO_MANY, more=more, minutes=minutes, free=self.free)
        if problem.budget is not None and filling.cost + candidate.cost > problem.budget + NOTHING:
            return WhyNot(Out.TOO_DEAR, more=more, minutes=minutes, free=self.free)
        if minutes <= self.free:
            if after := self._waits_for_practice(one):
                return WhyNot(Out.PRACTICE_GAP, after, more, (), 0.0, minutes, self.free)
            fits = self._fits(self.tally.chosen | {one}) or self.plan.proof is None or not self.plan.proof.proven
            return WhyNot(Out.NOT_TRIED if fits else Out.NO_TIME, (), more, (), 0.0, minutes, self.free)
        instead, lost = self._instead(minutes, [one])
        why = Out.WORTH_LESS if instead and one not in self.wanted and lost >= more - NOTHING else Out.NO_TIME
        return WhyNot(why, (), more, instead, lost, minutes, self.free)

    def _missing(self, one: int) -> tuple[Id, ...]:
        """Return what it waits for that is not in the plan."""
        ready, found = self.ready, dict[Id, None]()
        for group in ready.items[one].groups:
            if not any(self._holds(literal, self.tally.chosen) for literal in group):
                for literal in group:
                    found[self._id(literal) if literal >= 0 else ready.levels[~literal].competency] = None
        return tuple(found)

    def _fits(self, chosen: set[int]) -> bool:
        """Tell whether all of these are seen to find their weeks; that they are not seen to is no proof."""
        return place(self.ready, chosen, self.due, self.pins) is not None

    def _waits_for_practice(self, one: int) -> tuple[Id, ...]:
        """Return what has to be practised before an item, where nothing but that keeps it out."""
        gaps = [gap for gap in self.ready.gaps if gap.then == one and gap.first in self.slots]
        with_it = self.tally.chosen | {one}
        if not gaps or self._fits(with_it):
            return ()
        kept, self.ready.gaps = self.ready.gaps, [gap for gap in self.ready.gaps if gap not in gaps]
        try:
            without = self._fits(with_it)
        finally:
            self.ready.gaps = kept
        return tuple(self._id(gap.first) for gap in gaps) if without else ()

    def _instead(self, minutes: int, bundle: Sequence[int]) -> tuple[tuple[Id, ...], float]:
        """Return the cheapest of the plan that would make room for these, musts and what others wait for left alone;
        nothing where they are not seen to find a week then.
        """
        free = [one for one in self.slots if one not in self.bound and not self.needed[one]]
        by_loss = sorted(free, key=lambda one: (self.loss[one] / self.ready.items[one].minutes, one))
        short, gone = minutes - self.free, list[int]()
        for one in by_loss:
            if short <= 0:
                break
            gone.append(one)
            short -= self.ready.items[one].minutes
        if short > 0:
            return (), 0.0
        for one in list(gone):
            if short + self.ready.items[one].minutes <= 0:
                gone.remove(one)
                short += self.ready.items[one].minutes
        if not self._fits(self.tally.chosen.difference(gone).union(bundle)):
            return (), 0.0
        left = Tally(self.ready, self.tally.chosen.difference(gone))
        return tuple(self._id(one) for one in gone), self.tally.total() - left.total()
