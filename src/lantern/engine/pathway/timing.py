"""Whether a chosen set fits into the weeks, exactly; and where it does not, a smallest part of it that clashes.

CP-SAT through MathOpt: its own Python interface would bring pandas into every process that plans (decision 0055).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import gcd
from typing import Any

from lantern.engine.pathway.listing import place
from lantern.engine.pathway.numbered import Ready
from lantern.engine.pathway.problem import Limit
from lantern.engine.pathway.worth import Slot

EFFORT = 4.0
"""CP-SAT's deterministic seconds for one question; more than any set met so far has needed."""
POLISH = 0.3
"""The same for finding the order that moves least."""
FINE = 1_000_000
"""CP-SAT counts in whole numbers: gains and credits in millionths."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A set to be timed: by when some are due, which are pinned, and how much may be missing of each must (place in
    `Ready.musts` → its own unit); without `allowed`, only `due` counts.
    """

    chosen: frozenset[int]
    due: Mapping[int, int] = field(default_factory=dict)
    pins: Mapping[int, int] = field(default_factory=dict)
    allowed: Mapping[int, float] | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """The slots, or None; `sure` where no slots means that there are none."""

    slots: dict[int, Slot] | None
    sure: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """These cannot all be done in time unless one of `unless` is done as well."""

    items: frozenset[int]
    unless: frozenset[int]


def time_set(ready: Ready, asked: Asked, limit: Limit, seed: int = 0) -> Timed:
    """Return when each of a set is done, by the fast way if that finds one, exactly otherwise."""
    if ready.problem.previous is None:
        slots = place(ready, asked.chosen, asked.due, asked.pins)
        if slots is not None:
            return Timed(slots, True)
        return _Timing(ready, asked, asked.chosen).solve(limit, seed, polish=False)
    return _Timing(ready, asked, asked.chosen).solve(limit, seed)


def clash(ready: Ready, asked: Asked, limit: Limit, seed: int = 0) -> Clash | None:
    """Return a smallest clashing part of a set that cannot be timed (deletion filter), or one as small as time allows;
    None where the set, as `due` has it, can be timed after all or that is not clear.
    """

    asked = Asked(asked.chosen, asked.due, asked.pins)  # the musts need the whole set; what is due stands for them

    def clashes(part: Sequence[int]) -> bool:
        inside = frozenset(part)
        timing = _Timing(ready, asked, inside)
        if place(ready, inside, _only(asked.due, inside), _only(asked.pins, inside)) is not None:
            return False
        timed = timing.solve(limit, seed, polish=False)
        return timed.slots is None and timed.sure

    items = ready.items
    part = sorted(asked.chosen, key=lambda one: (one in asked.due, items[one].live, -items[one].minutes, one))
    if not clashes(part):
        return None
    size = max(1, len(part) // 2)
    while not limit.over:
        at = 0
        while at < len(part) and not limit.over:
            rest = part[:at] + part[at + size :]
            if rest and clashes(rest):
                part = rest
            else:
                at += size
        if size == 1:
            break
        size = max(1, size // 2)
    inside = frozenset(part)
    return Clash(inside, frozenset(_Timing(ready, asked, inside).alternatives()))


def _only(weeks: Mapping[int, int], inside: frozenset[int]) -> dict[int, int]:
    return {one: week for one, week in weeks.items() if one in inside}


class _Timing:
    """The question for one part of a set. A prerequisite is asked for only if all of the set that may satisfy it is in
    the part; so a clash of the part is one of the whole, unless an alternative from outside the set comes in.
    """

    def __init__(self, ready: Ready, asked: Asked, part: frozenset[int]) -> None:
        self.ready, self.asked, self.part = ready, asked, sorted(part)
        self.inside = part
        self.waits = {one: [g for g in ready.items[one].groups if self._kept(g)] for one in self.part}

    def _satisfiers(self, group: Iterable[int]) -> Iterable[int]:
        for literal in group:
            if literal >= 0:
                yield literal
            else:
                yield from (giver for giver, _ in self.ready.levels[~literal].givers)

    def _kept(self, group: tuple[int, ...]) -> bool:
        found = [one for one in self._satisfiers(group) if one in self.asked.chosen]
        return all(one in self.inside for one in found) and (bool(found) or self.inside == self.asked.chosen)

    def alternatives(self) -> set[int]:
        """Return what outside the set could satisfy a prerequisite that is asked for."""
        groups = [group for one in self.part for group in self.waits[one]]
        return {one for group in groups for one in self._satisfiers(group) if one not in self.asked.chosen}

    def solve(self, limit: Limit, seed: int, polish: bool = True) -> Timed:
        """Return the slots, those of an earlier plan kept where possible, early rather than late."""
        from ortools.math_opt.python import mathopt  # noqa: PLC0415 - only who plans pays for it (decision 0055)

        self.model, self.polish = mathopt.Model(), polish
        if not self._build():
            return Timed(None, True)
        if polish:
            self._prefer()
        parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=max(0.01, limit.left())))
        parameters.cp_sat.num_workers = 1
        parameters.cp_sat.random_seed = seed % 2**31
        parameters.cp_sat.max_deterministic_time = POLISH if polish else EFFORT
        result = mathopt.solve(self.model, mathopt.SolverType.CP_SAT, params=parameters)
        reasons = mathopt.TerminationReason
        if result.termination.reason in (reasons.OPTIMAL, reasons.FEASIBLE):
            return Timed(self._read(result.variable_values()), True)
        return Timed(None, result.termination.reason == reasons.INFEASIBLE)

    def _row(self, terms: Iterable[tuple[Any, float]], low: float | None = None, high: float | None = None) -> None:
        infinity = float("inf")
        low, high = -infinity if low is None else low, infinity if high is None else high
        row = self.model.add_linear_constraint(lb=low, ub=high)
        total: dict[Any, float] = {}
        for variable, factor in terms:
            total[variable] = total.get(variable, 0.0) + factor
        for variable, factor in total.items():
            row.set_coefficient(variable, factor)

    def _build(self) -> bool:
        """Write the model; false where an item has no week left."""
        ready = self.ready
        self.works: dict[tuple[int, int], Any] = {}
        self.effort: dict[tuple[int, int], Any] = {}
        self.ended: dict[tuple[int, int], Any] = {}
        self.dates: dict[tuple[int, int], Any] = {}
        self.load: dict[int, list[tuple[Any, float]]] = {}
        self.pieces: dict[int, list[tuple[int, list[tuple[Any, float]]]]] = {}
        self.order: dict[int, Any] = {}
        self.before: dict[tuple[int, int], Any] = {}
        asking = {gap.then for gap in ready.gaps} | self.asked.pins.keys()
        self.asking = {one for one in self.part if self.polish or self.waits[one] or one in asking}
        amounts = [ready.items[one].minutes for one in self.part if not ready.items[one].live]
        amounts += [option.minutes for one in self.part for option in ready.items[one].options]
        self.unit = gcd(*amounts, *ready.minutes)
        if self.asked.pins:  # what is pinned may be begun with the smallest piece, whatever divides all minutes
            self.unit = gcd(self.unit, max(1, ready.problem.smallest_piece))
        for one in self.part:
            if not (self._live(one) if ready.items[one].live else self._split(one)):
                return False
        for week, terms in self.load.items():
            self._row(terms, high=ready.minutes[week] // self.unit)
        for one in self.part:
            for group in self.waits[one]:
                self._after(one, group)
        for gap in ready.gaps:
            if gap.first in self.inside and gap.then in self.inside:
                for week in range(ready.count):
                    if (gap.then, week) in self.works:
                        latest = [w for w in range(week + 1) if ready.after(w, gap.apart, gap.in_class) <= week]
                        ended = [(self._end(gap.first, latest[-1]), -1.0)] if latest else []
                        self._row([(self.works[gap.then, week], 1.0), *[e for e in ended if e[0] is not None]], high=0)
        self._musts()
        return True

    def _window(self, one: int) -> range:
        item = self.ready.items[one]
        last = min(item.closes, self.asked.due.get(one, item.closes))
        return range(max(item.start, self.asked.pins.get(one, 0)), last + 1)

    def _live(self, one: int) -> bool:
        window, pin = self._window(one), self.asked.pins.get(one)
        options = [o for o in self.ready.items[one].options if o.week in window and pin in (None, o.week)]
        by_week: dict[int, list[tuple[Any, float]]] = {}
        for option in options:
            taken = self.model.add_binary_variable()
            self.dates[one, option.date] = taken
            self.load.setdefault(option.week, []).append((taken, option.minutes // self.unit))
            by_week.setdefault(option.week, []).append((taken, 1.0))
        self._row([pair for pairs in by_week.values() for pair in pairs], 1, 1)
        for week, pairs in by_week.items():
            self.works[one, week] = self.model.add_binary_variable()
            self._row([(self.works[one, week], -1.0), *pairs], 0, 0)
        self.pieces[one] = [(week, [(self.works[one, week], 1.0)]) for week in sorted(by_week)]
        return bool(options)

    def _split(self, one: int) -> bool:
        item, window, unit = self.ready.items[one], self._window(one), self.unit
        pieces: list[tuple[int, list[tuple[Any, float]]]] = []
        for week in window:
            has = min(item.minutes, self.ready.minutes[week])
            if has <= 0:
                continue
            effort = self.effort[one, week] = self.model.add_integer_variable(lb=0, ub=has // unit)
            least = max(1, min(self.ready.problem.smallest_piece, has))
            if one in self.asking or least > unit:
                works = self.works[one, week] = self.model.add_binary_variable()
                self._row([(effort, float(unit)), (works, -has)], high=0)
                self._row([(effort, float(unit)), (works, -least)], low=0)
            self.load.setdefault(week, []).append((effort, 1.0))
            pieces.append((week, [(effort, 1.0)]))
        if sum(min(item.minutes, self.ready.minutes[week]) for week, _ in pieces) < item.minutes:
            return False
        self._row([pair for _, terms in pieces for pair in terms], item.minutes // unit, item.minutes // unit)
        pin = self.asked.pins.get(one)
        if pin is not None:
            if (one, pin) not in self.works:
                return False
            self._row([(self.works[one, pin], 1.0)], low=1)
        self.pieces[one] = pieces
        return True

    def _end(self, one: int, week: int) -> Any:
        """Return a variable that may be 1 only if all of an item is done by a week; None where it cannot be."""
        item = self.ready.items[one]
        until = [(w, terms) for w, terms in self.pieces[one] if w <= week]
        room = sum(min(item.minutes, self.ready.minutes[w]) for w, _ in until)
        if not until or (not item.live and room < item.minutes):
            return None
        key = (one, until[-1][0])
        if key not in self.ended:
            whole = 1 if item.live else item.minutes // self.unit
            ended = self.ended[key] = self.model.add_binary_variable()
            self._row([(ended, float(whole)), *((v, -factor) for _, terms in until for v, factor in terms)], high=0)
        return self.ended[key]

    def _after(self, one: int, group: tuple[int, ...]) -> None:
        for week in range(self.ready.count):
            works = self.works.get((one, week))
            if works is None:
                continue
            terms = [(works, 1.0)]
            for literal in group:
                held = self._held(literal, week, one)
                if held is not None:
                    terms.append((held, -1.0))
            self._row(terms, high=0)

    def _ended_before(self, first: int, then: int, week: int) -> Any:
        """Return a variable that may be 1 only if `first` has ended when `then` begins in a week. Where they could wait
        for each other in a circle, all of the circle has an order inside the week.
        """
        by_now = self._end(first, week)
        if by_now is None or self.ready.items[first].part != self.ready.items[then].part:
            return by_now
        many = float(len(self.part))
        for one in (first, then):
            if one not in self.order:
                self.order[one] = self.model.add_integer_variable(lb=0, ub=many)
        if (first, then) not in self.before:
            before = self.before[first, then] = self.model.add_binary_variable()
            self._row([(self.order[then], 1.0), (self.order[first], -1.0), (before, -many - 1)], low=-many)
        holds = self.model.add_binary_variable()
        earlier = self._end(first, week - 1)
        sooner = [] if earlier is None else [(earlier, -1.0)]
        self._row([(holds, 1.0), (by_now, -1.0)], high=0)
        self._row([(holds, 1.0), (self.before[first, then], -1.0), *sooner], high=0)
        return holds

    def _held(self, literal: int, week: int, one: int) -> Any:
        if literal >= 0:
            return self._ended_before(literal, one, week) if literal in self.inside else None
        node = self.ready.levels[~literal]
        ends = [(self._ended_before(giver, one, week), gain) for giver, gain in node.givers if giver in self.inside]
        known = [(-float(round(gain * FINE)), ended) for ended, gain in ends if ended is not None]
        if not known:
            return None
        reached = self.model.add_binary_variable()
        need = float(round(node.need * FINE) - len(known))
        self._row([(reached, need), *((ended, gain) for gain, ended in known)], high=0)
        return reached

    def _musts(self) -> None:
        """The musts themselves, for the whole set."""
        for place_of_must, missing in (self.asked.allowed or {}).items():
            must = self.ready.musts[place_of_must]
            if must.met or must.kind == "pin":
                continue
            whole = FINE if must.kind == "credit" else 1
            wanted = round((must.amount - missing) * whole) if must.kind == "credit" else int(missing < 0.25)
            if wanted <= 0:
                continue
            ends = [(self._end(one, must.by), amount) for one, amount in must.routes if one in self.inside]
            terms = [(ended, float(round(amount * whole))) for ended, amount in ends if ended is not None]
            self._row(terms, low=wanted - (len(terms) if whole > 1 else 0))

    def _prefer(self) -> None:
        """An earlier plan's weeks first, then few pieces, then early."""
        previous = self.ready.problem.previous
        terms: dict[Any, float] = {}
        for (one, week), works in self.works.items():
            terms[works] = terms.get(works, 0.0) + 1 + week
            weeks = None if previous is None else previous.get(self.ready.items[one].candidate.id)
            if weeks is not None:
                terms[works] += 2000.0 if week not in weeks else -2000.0
        self.model.minimize(sum(factor * variable for variable, factor in terms.items()))

    def _read(self, values: Mapping[Any, float]) -> dict[int, Slot]:
        slots: dict[int, Slot] = {}
        for one in self.part:
            item = self.ready.items[one]
            if item.live:
                dated = [option for option in item.options if (one, option.date) in self.dates]
                option = next(option for option in dated if values[self.dates[one, option.date]] > 0.5)
                slots[one] = Slot(((option.week, option.minutes),), option.date)
            else:
                pieces = ((week, round(values[e]) * self.unit) for (who, week), e in self.effort.items() if who == one)
                slots[one] = Slot(tuple(sorted(piece for piece in pieces if piece[1] > 0)))
        return slots
