"""From the greedy plan to a better one to a proven one: selection and timing in turn (intelligence.md C1).

First a kernel: what the linear relaxation uses and what comes next by reduced cost. Then only what could still be part
of a better plan, by reduced cost and the value in hand; when that is solved, the plan is proven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from lantern.engine.pathway.greedy import Filling, build
from lantern.engine.pathway.listing import place
from lantern.engine.pathway.numbered import Ready
from lantern.engine.pathway.plan import Plan, Proof
from lantern.engine.pathway.problem import Clock, Limit, Problem
from lantern.engine.pathway.readiness import prepare
from lantern.engine.pathway.selection import TOLERANCE, Choice, Cut, Found, Literal, Relaxed, Selection
from lantern.engine.pathway.timing import Asked, clash, time_set
from lantern.engine.pathway.worth import Slot, Tally, missing, plan_of, shortfall

KERNEL = 120
ROUGH = 1e-2
"""The tolerance of the first round: good soon before best later."""
TO_TIME = 0.4
"""Seconds kept back from choosing, to put what was chosen into weeks."""
TO_CUT = 1.0
"""Seconds for making one clash small; a larger one cuts off less, but is as true."""
SHORT = 1e-5
"""Shortfalls closer than this count as equal."""

Told = Callable[[Plan], None]


def improve(
    problem: Problem,
    seconds: float,
    *,
    clock: Clock,
    seed: int = 0,
    start: Plan | None = None,
    told: Told | None = None,
) -> Plan:
    """Return the best plan found within so many seconds of `clock`, with its bound; proven if that was reached.

    Never worse than the greedy plan or than `start`. The same seed gives the same plan unless time cuts it short;
    `told` hears every better plan on the way.
    """
    return _Search(prepare(problem), Limit(clock, clock() + seconds), seed, told).run(start)


def prove(
    problem: Problem,
    seconds: float | None = None,
    *,
    clock: Clock | None = None,
    seed: int = 0,
    start: Plan | None = None,
    told: Told | None = None,
) -> Plan:
    """Return the best plan there is, with the proof; if time ran out, the best found and the gap that remains.

    Without `seconds` it takes the time it takes: for jobs, not for requests.
    """
    limit = Limit(clock, clock() + seconds) if clock is not None and seconds is not None else Limit()
    return _Search(prepare(problem), limit, seed, told).run(start)


class _Search:
    def __init__(self, ready: Ready, limit: Limit, seed: int, told: Told | None = None) -> None:
        self.ready, self.limit, self.seed, self.told = ready, limit, seed, told
        self.everything = frozenset(range(len(ready.items)))
        self.cuts: list[Cut] = []
        self.slots: dict[int, Slot] = {}
        self.short, self.value = shortfall(ready, {}), Tally(ready).total()
        self.least_short = 0.0
        self.bound = float("inf")
        self.sure = True

    # --------------------------------------------------------------------------------------------------------- results
    def offer(self, slots: dict[int, Slot]) -> bool:
        """Keep these slots if they are better than what there is; whether they were."""
        short, value = shortfall(self.ready, slots), Tally(self.ready, slots).total()
        better = short < self.short - SHORT or (short < self.short + SHORT and value > self.value + 1e-9)
        if better or not self.slots:
            self.slots, self.short, self.value = slots, short, value
            if self.told:
                self.told(self.plan())
        return better

    def plan(self) -> Plan:
        """Return the best so far with what is proven of it."""
        met = self.short <= self.least_short + SHORT
        bound = max(self.bound, self.value)
        gap = (bound - self.value) / max(abs(bound), 1e-9) if met and bound < float("inf") else float("inf")
        return plan_of(self.ready, self.slots, Proof(bound, gap, self.least_short, self.plan_is_proven()))

    def plan_is_proven(self) -> bool:
        """Tell whether nothing is left to find."""
        met = self.short <= self.least_short + SHORT
        return met and self.sure and self.bound - self.value <= 2 * TOLERANCE * max(1.0, abs(self.value))

    def start(self, plan: Plan) -> None:
        """Take a plan over as a first one, if it still fits."""
        numbers = self.ready.number
        if all(one.item in numbers for one in plan.placements):
            slots = {
                numbers[one.item]: Slot(tuple((piece.week, piece.minutes) for piece in one.pieces), one.date)
                for one in plan.placements
            }
            self.offer(slots)

    # ------------------------------------------------------------------------------------------------------------- run
    def run(self, start: Plan | None) -> Plan:
        self.offer(build(self.ready))
        if start is not None:
            self.start(start)
        if not self.everything:
            self.least_short, self.bound = self.short, self.value
            return self.plan()
        if self.short > self.least_short + SHORT:
            self._find_least_shortfall()  # musts come before any value
        relaxed = self._relaxed()
        items, tolerance = self._kernel(relaxed), ROUGH
        while not self.limit.over:
            found = self._solve(items, tolerance)
            if found is None:
                break
            if found.infeasible:
                if items == self.everything:
                    before = self.least_short
                    self._find_least_shortfall()
                    if self.least_short <= before:
                        self.sure = False
                        break
                    relaxed = self._relaxed()
                    items = self._kernel(relaxed)
                else:
                    items = self.everything
                continue
            self._lower(max(found.bound, self._outside(relaxed, items)))
            kept = self._worth_keeping(relaxed)
            if kept <= items and (tolerance == TOLERANCE or not found.finished or self.plan_is_proven()):
                break
            items, tolerance = kept | self.slots.keys(), TOLERANCE
        self._settle()
        return self.plan()

    def _settle(self) -> None:
        """Where there was an earlier plan, leave as much as can be in its weeks."""
        if self.ready.problem.previous is None or not self.slots:
            return
        musts = list(enumerate(self.ready.musts))
        pinned = [must for _, must in musts if must.kind == "pin" and not must.met and not missing(must, self.slots)]
        pins = {one: must.by for must in pinned for one, _ in must.routes}
        allowed = {number: missing(must, self.slots) for number, must in musts}
        timed = time_set(self.ready, Asked(frozenset(self.slots), {}, pins, allowed), self.limit, self.seed)
        if timed.slots is not None and shortfall(self.ready, timed.slots) <= self.short + SHORT:
            self.slots = timed.slots

    def _lower(self, bound: float) -> None:
        if self.short <= self.least_short + SHORT:
            self.bound = min(self.bound, max(bound, self.value))

    def _relaxed(self) -> Relaxed:
        """The relaxation over everything; if even that cannot meet the musts, within the least shortfall."""
        relaxed = Selection(self.ready, self.everything, self.cuts, self.least_short, relaxed=True).relax()
        if relaxed.infeasible:
            self._find_least_shortfall()
            relaxed = Selection(self.ready, self.everything, self.cuts, self.least_short, relaxed=True).relax()
        self.bound = min(self.bound, relaxed.value)
        return relaxed

    def _kernel(self, relaxed: Relaxed) -> frozenset[int]:
        """Return what the relaxation uses, the best of the rest, and what these and the plan in hand wait for."""
        if len(self.everything) <= KERNEL or relaxed.infeasible:
            return self.everything
        used = {one for one, share in relaxed.share.items() if share > 1e-6}
        rest = sorted(self.everything - used, key=lambda one: (-relaxed.reduced[one], one))
        used.update(self.slots, rest[: max(0, KERNEL - len(used))])
        work = list(used)
        while work:
            for group in self.ready.items[work.pop()].groups:
                members = [one for one in group if one >= 0]
                if members and not used.intersection(members):
                    best = max(members, key=lambda one: (relaxed.reduced[one], -one))
                    used.add(best)
                    work.append(best)
        return frozenset(used)

    def _worth_keeping(self, relaxed: Relaxed) -> frozenset[int]:
        """Return what could be in a better plan than the one in hand."""
        if self.short > self.least_short + SHORT or relaxed.infeasible:
            return self.everything
        floor = self.value + TOLERANCE * max(1.0, abs(self.value))
        return frozenset(one for one in self.everything if relaxed.value + min(0.0, relaxed.reduced[one]) > floor)

    def _outside(self, relaxed: Relaxed, items: Iterable[int]) -> float:
        """Return the bound for any plan that holds something not among these."""
        others = self.everything.difference(items)
        return max((relaxed.value + min(0.0, relaxed.reduced[one]) for one in others), default=float("-inf"))

    # ----------------------------------------------------------------------------------------------------------- solve
    def _solve(self, items: frozenset[int], tolerance: float) -> Found | None:
        """Choose among these and time the choice, with a cut for each clash, until a choice fits; None without time."""
        cap = self.least_short
        limit = self.limit.at_most(max(self.limit.left() - TO_TIME, 0.8 * self.limit.left()))
        while not self.limit.over:
            hint = self.slots if self.short <= cap + SHORT else ()
            found = Selection(self.ready, items, self.cuts, cap).best(limit, self.seed, hint, tolerance)
            if found.choice is None:
                return found
            if found.choice.value <= self.value + 1e-9 and self.short <= cap + SHORT:
                return found
            if self._time(found.choice):
                return found
        return None

    def _time(self, choice: Choice) -> bool:
        """Offer the choice if it fits; otherwise add cuts for its clashes, and offer what is left without them."""
        allowed = {must: lacks + 1e-6 for must, lacks in choice.missing.items()}
        asked = Asked(choice.chosen, choice.due, choice.pins, allowed)
        far = self.value < choice.value - ROUGH * abs(choice.value) or self.short > self.least_short + SHORT
        if far and place(self.ready, choice.chosen, choice.due, choice.pins) is None:
            self._shrink(choice)  # exact timing may take a while: have something good before
        timed = time_set(self.ready, asked, self.limit, self.seed)
        if timed.slots is not None:
            self._offer_filled(timed.slots, choice)
            return True
        if self.limit.over:
            return False
        found = clash(self.ready, asked, self.limit.at_most(TO_CUT), self.seed) if timed.sure else None
        if found is None:
            self.sure = self.sure and self.limit.over
            self.cuts.append(Cut(self._literals(choice, choice.chosen)))
        else:
            self.cuts.append(Cut(self._literals(choice, found.items), found.unless))
        self._repair(choice, found.items if found else choice.chosen)
        return False

    def _literals(self, choice: Choice, items: Iterable[int]) -> frozenset[Literal]:
        found: set[Literal] = set()
        for one in items:
            due = choice.due.get(one, self.ready.count - 1)
            found.add(("d", one, due) if due < self.ready.count - 1 else ("x", one, 0))
            if one in choice.pins:
                found.add(("p", one, 0))
        return frozenset(found)

    def _offer_filled(self, slots: dict[int, Slot], choice: Choice) -> None:
        self.offer(slots)
        if self.ready.problem.previous is None:
            filling = Filling(self.ready)
            filling.start_with(slots, dict(choice.due), dict(choice.pins))
            filling.fill()
            self.offer(filling.slots)

    def _repair(self, choice: Choice, clashing: Iterable[int]) -> None:
        """Offer the choice without the least valuable of the clashing, and without what waits for it."""
        tally = Tally(self.ready, choice.chosen)
        free = [one for one in sorted(clashing) if one not in choice.due and one not in choice.pins]
        for one in sorted(free, key=lambda one: (tally.without(one), one))[:3]:
            left = _standing(self.ready, set(choice.chosen) - {one})
            due = {who: week for who, week in choice.due.items() if who in left}
            asked = Asked(frozenset(left), due, {who: week for who, week in choice.pins.items() if who in left})
            timed = time_set(self.ready, asked, self.limit.at_most(0.5), self.seed)
            if timed.slots is not None:
                self._offer_filled(timed.slots, replace(choice, due=due, pins=dict(asked.pins)))
                return

    def _shrink(self, choice: Choice) -> None:
        """Offer the choice without the few that are worth least, as many as it takes for the rest to find a place."""
        tally = Tally(self.ready, choice.chosen)
        loss = {one: tally.without(one) for one in choice.chosen}
        left = set(choice.chosen)
        for one in sorted(choice.chosen.difference(choice.due, choice.pins), key=lambda one: (loss[one], one)):
            left = _standing(self.ready, left - {one})
            due = {who: week for who, week in choice.due.items() if who in left}
            pins = {who: week for who, week in choice.pins.items() if who in left}
            slots = place(self.ready, left, due, pins)
            if slots is not None:
                self._offer_filled(slots, replace(choice, due=due, pins=pins))
                return

    # ------------------------------------------------------------------------------------------------------- shortfall
    def _find_least_shortfall(self) -> None:
        """Find out how little the musts have to lack; that is the cap from then on."""
        while not self.limit.over:
            found = Selection(self.ready, self.everything, self.cuts, None).least_shortfall(self.limit, self.seed)
            if found.choice is None or not found.finished:
                self.least_short = max(self.least_short, found.bound if found.bound > float("-inf") else 0.0)
                self.sure = False
                return
            self.least_short = max(self.least_short, found.choice.value)
            if self.short <= self.least_short + SHORT or self._time(found.choice):
                return


def _standing(ready: Ready, chosen: set[int]) -> set[int]:
    """Return what is left when all is taken out whose prerequisites are not there."""
    while True:
        groups = {one: ready.items[one].groups for one in chosen}
        lost = {one for one in chosen if not all(any(_has(ready, p, chosen) for p in group) for group in groups[one])}
        if not lost:
            return chosen
        chosen -= lost


def _has(ready: Ready, literal: int, chosen: set[int]) -> bool:
    if literal >= 0:
        return literal in chosen
    node = ready.levels[~literal]
    return sum(gain for giver, gain in node.givers if giver in chosen) >= node.need - 1e-9


def can_hold(problem: Problem, limit: Limit, seed: int = 0) -> bool | None:
    """Tell whether all musts can hold together; None if time ran out before it was clear."""
    search = _Search(prepare(problem), limit, seed)
    search.offer(build(search.ready))
    if search.short > SHORT and search.everything:
        search._find_least_shortfall()
    if search.short <= SHORT:
        return True
    return False if search.least_short > SHORT or not search.everything else None
