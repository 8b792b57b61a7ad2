"""Which items to choose: the selection model of intelligence.md C1, without their weeks.

An item is chosen or not (`x`), and done by a due week or not (`d`, only for items that matter for it). Time counts by
sums of weeks, so a choice may still clash inside them; `timing` finds that out and adds a cut. SCIP and GLOP through
MathOpt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from lantern.engine.pathway.numbered import Ready, ReadyBadge, ReadyMust
from lantern.engine.pathway.problem import Limit

TOLERANCE = 5e-5
"""Relative; plans closer than twice this count as equal."""

Literal = tuple[str, int, int]
"""("x", item, 0), ("d", item, due week) or ("p", item, 0) for a pin that is honoured."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Not all of these, unless one of `unless` is chosen."""

    literals: frozenset[Literal]
    unless: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: what is chosen, by when some have to be done, honoured pins, what is missing of which must."""

    chosen: frozenset[int]
    due: Mapping[int, int]
    pins: Mapping[int, int]
    missing: Mapping[int, float]
    value: float


@dataclass(frozen=True, slots=True)
class Found:
    """What the solver says: the best choice it found, the bound, whether it is finished, whether there is none."""

    choice: Choice | None
    bound: float
    finished: bool
    infeasible: bool


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The linear relaxation: its value, and for each item its share and its reduced cost (0 or below for a loss)."""

    value: float
    share: Mapping[int, float] = field(default_factory=dict)
    reduced: Mapping[int, float] = field(default_factory=dict)
    infeasible: bool = False


class Selection:
    """The model over some of the items, all musts within a shortfall of `cap`."""

    def __init__(
        self, ready: Ready, items: Iterable[int], cuts: Sequence[Cut], cap: float | None, relaxed: bool = False
    ) -> None:
        from ortools.math_opt.python import mathopt  # noqa: PLC0415 - only who plans pays for it (decision 0055)

        self.mathopt = mathopt
        self.ready, self.relaxed = ready, relaxed
        self.inside = set(items)
        self.model = mathopt.Model()
        self.gain: dict[Any, float] = {}
        self.x = {one: self._binary() for one in sorted(self.inside)}
        self.d: dict[tuple[int, int], Any] = {}
        self.p: dict[int, Any] = {}
        self.short: dict[int, Any] = {}
        self.levels: dict[tuple[int, int], Any] = {}
        self.dates: dict[tuple[int, int], Any] = {}
        self._attended()
        self._due_weeks()
        self._prerequisites()
        self._time()
        self._limits()
        self._musts(cap)
        self._value()
        for cut in cuts:
            self._cut(cut)

    # ---------------------------------------------------------------------------------------------------------- pieces
    def _binary(self) -> Any:
        return self.model.add_variable(lb=0, ub=1, is_integer=not self.relaxed)

    def _part(self, high: float = 1.0) -> Any:
        return self.model.add_variable(lb=0, ub=high)

    def _row(self, terms: Iterable[tuple[Any, float]], low: float | None = None, high: float | None = None) -> None:
        infinity = float("inf")
        low, high = -infinity if low is None else low, infinity if high is None else high
        row = self.model.add_linear_constraint(lb=low, ub=high)
        for variable, factor in terms:
            row.set_coefficient(variable, factor)

    def _attended(self) -> None:
        """Something live is chosen with one of its dates, and the dates of a week fit into it."""
        weeks: dict[int, list[tuple[Any, float]]] = {}
        for one, x in self.x.items():
            item = self.ready.items[one]
            options = [option for option in item.options if option.week >= item.start]
            if len(options) > 1:
                for option in options:
                    self.dates[one, option.date] = self._binary()
                self._row([(x, 1.0), *((self.dates[one, option.date], -1.0) for option in options)], 0, 0)
            for option in options:
                weeks.setdefault(option.week, []).append((self.dates.get((one, option.date), x), option.minutes))
        for week, terms in weeks.items():
            if sum(minutes for _, minutes in terms) > self.ready.minutes[week]:
                self._row(terms, high=self.ready.minutes[week])

    def _minutes(self, one: int) -> list[tuple[Any, float]]:
        """Return what an item takes, date by date where it has several."""
        item = self.ready.items[one]
        dated = [(self.dates[one, o.date], float(o.minutes)) for o in item.options if (one, o.date) in self.dates]
        if dated:
            return dated
        options = [option.minutes for option in item.options if option.week >= item.start]
        return [(self.x[one], float(min(options, default=item.minutes)))]

    def done_by(self, one: int, week: int) -> Any:
        """Return the variable that says whether an item is done by a week; None where it cannot be."""
        if self.ready.items[one].end > week or one not in self.inside:
            return None
        return self.x[one] if week >= self.ready.count - 1 else self.d.get((one, week))

    def _due_weeks(self) -> None:
        last = self.ready.count - 1
        weeks: dict[int, set[int]] = {}
        for must in self.ready.musts:
            if not must.met and must.kind != "pin" and 0 <= must.by < last:
                weeks.setdefault(must.by, set()).update(one for one, _ in must.routes)
        before: dict[int, Any] = {}
        for week, matter in sorted(weeks.items()):
            for one in sorted(self._closure(matter & self.inside)):
                if self.ready.items[one].end <= week:
                    variable = self.d[one, week] = self._binary()
                    self._row([(variable, 1.0), *self._by(one, week)], high=0)
                    if one in before:
                        self._row([(before[one], 1.0), (variable, -1.0)], high=0)
                    before[one] = variable

    def _by(self, one: int, week: int) -> list[tuple[Any, float]]:
        """Return what has to be chosen for an item to be done by a week: one of its dates until then."""
        dated = [o for o in self.ready.items[one].options if (one, o.date) in self.dates]
        return [(self.dates[one, o.date], -1.0) for o in dated if o.week <= week] if dated else [(self.x[one], -1.0)]

    def _closure(self, items: set[int]) -> set[int]:
        found, work = set(items), list(items)
        while work:
            for group in self.ready.items[work.pop()].groups:
                for literal in group:
                    more = [literal] if literal >= 0 else [giver for giver, _ in self.ready.levels[~literal].givers]
                    fresh = [one for one in more if one in self.inside and one not in found]
                    found.update(fresh)
                    work += fresh
        return found

    def _prerequisites(self) -> None:
        last = self.ready.count - 1
        for one, variable in self.x.items():
            for group in self.ready.items[one].groups:
                self._waits(variable, group, last)
        for (one, week), variable in self.d.items():
            for group in self.ready.items[one].groups:
                self._waits(variable, group, week)

    def _waits(self, variable: Any, group: Iterable[int], week: int) -> None:
        terms: dict[Any, float] = {variable: 1.0}
        for literal in group:
            other = self.done_by(literal, week) if literal >= 0 else self._level(~literal, week)
            if other is not None:
                terms[other] = -1.0
        self._row(terms.items(), high=0)

    def _level(self, level: int, week: int) -> Any:
        if (level, week) not in self.levels:
            node = self.ready.levels[level]
            reached = self.levels[level, week] = self._binary()
            terms = [(reached, node.need)]
            for giver, gain in node.givers:
                done = self.done_by(giver, week)
                if done is not None:
                    terms.append((done, -min(gain, node.need)))
            self._row(terms, high=1e-9)
        return self.levels[level, week]

    def _last(self, one: int) -> int:
        item = self.ready.items[one]
        return item.options[-1].week if item.live else item.closes

    def _time(self) -> None:
        """What has to lie between two weeks fits between them: from the start to each week, and from each week to
        the end."""
        sums, last = self.ready.sums, self.ready.count - 1
        items = [(one, self.ready.items[one].start, self._last(one), self.ready.items[one].minutes) for one in self.x]
        seen: set[tuple[int, ...]] = set()
        due_weeks: dict[int, list[int]] = {}
        for one, week in self.d:
            due_weeks.setdefault(one, []).append(week)
        windows = [(0, last), *((0, w) for w in range(last)), *((w, last) for w in range(1, last + 1))]
        for first, end in windows:
            terms: dict[Any, float] = {}
            for one, start, latest, minutes in items:
                if start >= first and latest <= end:
                    terms |= dict(self._minutes(one))
                elif first == 0 and (week := max((w for w in due_weeks.get(one, ()) if w <= end), default=-1)) >= 0:
                    terms[self.d[one, week]] = minutes  # done by an earlier due week, so done by this one
            room = sums[end + 1] - sums[first]
            key = (room, *sorted(variable.id for variable in terms))
            if sum(terms.values()) > room and key not in seen:
                seen.add(key)
                self._row(terms.items(), high=room)

    def _limits(self) -> None:
        problem, items = self.ready.problem, self.ready.items
        if problem.budget is not None:
            self._row([(x, items[one].candidate.cost) for one, x in self.x.items()], high=problem.budget)
        if problem.most_items is not None:
            self._row([(x, 1.0) for x in self.x.values()], high=problem.most_items)
        for peers in sorted({items[one].peers for one in self.x if len(items[one].peers) > 1}):
            self._row([(self.x[one], 1.0) for one in peers if one in self.inside], high=1)

    # ----------------------------------------------------------------------------------------------------------- musts
    def _musts(self, cap: float | None) -> None:
        total: list[tuple[Any, float]] = []
        for place, must in enumerate(self.ready.musts):
            if must.met:
                continue
            missing = self.short[place] = self._part(max(0.0, must.amount))
            total.append((missing, must.weight / must.whole))
            if must.kind == "credit":
                self._credit(must, missing)
            elif must.kind == "pin":
                self._pin(must, missing)
            else:
                self._duty(must, missing)
        if cap is not None and total:
            self._row(total, high=cap + 1e-7)
        self.total_short = total

    def _credit(self, must: ReadyMust, missing: Any) -> None:
        terms = [(missing, 1.0)]
        for one, amount in must.routes:
            done = self.done_by(one, must.by)
            if done is not None:
                terms.append((done, min(amount, must.amount)))
        self._row(terms, low=must.amount)

    def _duty(self, must: ReadyMust, missing: Any) -> None:
        in_time, at_all = self._part(), self._part()
        done = [self.done_by(one, must.by) for one, _ in must.routes]
        self._row([(in_time, 1.0), *((variable, -1.0) for variable in done if variable is not None)], high=0)
        chosen = [self.x[one] for one, _ in must.routes if one in self.inside]
        self._row([(at_all, 1.0), *((variable, -1.0) for variable in chosen)], high=0)
        self._row([(missing, 1.0), (in_time, 0.5), (at_all, 0.5)], low=1)

    def _pin(self, must: ReadyMust, missing: Any) -> None:
        one = must.routes[0][0] if must.routes else -1
        if one not in self.inside or not self._can_begin(one, must.by):
            self._row([(missing, 1.0)], low=1)
            return
        self.p[one] = self._binary()
        self._row([(self.p[one], 1.0), (self.x[one], -1.0)], high=0)
        self._row([(missing, 1.0), (self.p[one], 1.0)], low=1)

    def _can_begin(self, one: int, week: int) -> bool:
        item = self.ready.items[one]
        if item.live:
            return any(option.week == week and option.week >= item.start for option in item.options)
        return item.start <= week <= item.closes and self.ready.minutes[week] > 0

    # ----------------------------------------------------------------------------------------------------------- value
    def _value(self) -> None:
        ready, gain = self.ready, self.gain
        kinds: dict[str, list[Any]] = {}
        by_goal: list[list[tuple[Any, float]]] = [[] for _ in ready.goals]
        for one, x in self.x.items():
            item = ready.items[one]
            gain[x] = item.linear
            if item.candidate.format:
                kinds.setdefault(item.candidate.format, []).append(x)
            for goal, amount in item.gains:
                by_goal[goal].append((x, amount))
        for wanted, terms in zip(ready.goals, by_goal, strict=True):
            closed = self._part(wanted.gap)
            gain[closed] = wanted.weight
            self._row([(closed, 1.0), *((x, -amount) for x, amount in terms)], high=0)
        if ready.problem.variety > 0:
            for variables in kinds.values():
                has = self._part()
                gain[has] = ready.problem.variety
                self._row([(has, 1.0), *((x, -1.0) for x in variables)], high=0)
        for badge in ready.badges:
            self._badge(badge)

    def _badge(self, badge: ReadyBadge) -> None:
        if badge.value <= 0:
            return
        earned = self._binary()
        self.gain[earned] = badge.value
        for group in badge.required:
            self._row([(earned, 1.0), *((self.x[one], -1.0) for one in group if one in self.inside)], high=0)
        if not badge.choose:
            return
        for left_out in (None, *badge.electives):
            others = [one for group in badge.electives if group is not left_out for one in group if one in self.inside]
            needed = badge.choose - (left_out is not None)
            if needed > 0:
                self._row([(earned, float(needed)), *((self.x[one], -1.0) for one in others)], high=0)

    def _cut(self, cut: Cut) -> None:
        terms: dict[Any, float] = {}
        for kind, one, week in cut.literals:
            variable = {"x": self.x.get(one), "p": self.p.get(one), "d": self.d.get((one, week))}[kind]
            if variable is None:
                return
            terms[variable] = 1.0
        for one in cut.unless:
            if one in self.x:
                terms[self.x[one]] = terms.get(self.x[one], 0.0) - 1.0
        self._row(terms.items(), high=len(cut.literals) - 1)

    # ----------------------------------------------------------------------------------------------------------- solve
    def relax(self) -> Relaxed:
        """Return the linear relaxation (a model built with `relaxed`)."""
        mathopt = self.mathopt
        self.model.maximize(mathopt.LinearSum(value * variable for variable, value in self.gain.items()))
        result = mathopt.solve(self.model, mathopt.SolverType.GLOP)
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return Relaxed(float("inf"), infeasible=True)
        values, reduced = result.variable_values(), result.reduced_costs()
        share = {one: values[x] for one, x in self.x.items()}
        return Relaxed(
            result.objective_value() + self.ready.earned, share, {one: reduced[x] for one, x in self.x.items()}
        )

    def best(self, limit: Limit, seed: int, hint: Iterable[int] = (), tolerance: float = TOLERANCE) -> Found:
        """Return the choice that is worth most within the cap."""
        mathopt = self.mathopt
        self.model.maximize(mathopt.LinearSum(value * variable for variable, value in self.gain.items()))
        return self._solve(limit, seed, hint, self.ready.earned, tolerance)

    def least_shortfall(self, limit: Limit, seed: int) -> Found:
        """Return a choice whose musts lack as little as possible, and of these one that takes little time, so that it
        is about the musts alone; its value and bound are the shortfall.
        """
        sum_of = self.mathopt.LinearSum
        self.model.minimize(sum_of(weight * variable for variable, weight in self.total_short))
        least = self._solve(limit, seed, (), 0.0, TOLERANCE, TOLERANCE)
        if least.choice is None:
            return least
        self._row(self.total_short, high=least.choice.value + 1e-6)
        self.model.minimize(sum_of(self.ready.items[one].minutes * x for one, x in self.x.items()))
        short = self._solve(limit, seed, (), 0.0, 0.02)
        choice = least.choice if short.choice is None else replace(short.choice, value=least.choice.value)
        return replace(least, choice=choice)

    def _solve(
        self,
        limit: Limit,
        seed: int,
        hint: Iterable[int],
        constant: float,
        tolerance: float,
        absolute: float = 1e-7,
    ) -> Found:
        mathopt = self.mathopt
        parameters = mathopt.SolveParameters(
            time_limit=timedelta(seconds=max(0.01, limit.left())),
            threads=1,
            random_seed=seed % 2**31,
            relative_gap_tolerance=tolerance,
            absolute_gap_tolerance=absolute,
            presolve=mathopt.Emphasis.LOW,  # half the time of the default on generated problems: it restarts less
        )
        inside = set(hint)
        hints = []
        if inside:
            values = {x: float(one in inside) for one, x in self.x.items()}
            hints = [mathopt.SolutionHint(variable_values=values)]
        result = mathopt.solve(
            self.model,
            mathopt.SolverType.GSCIP,
            params=parameters,
            model_params=mathopt.ModelSolveParameters(solution_hints=hints),
        )
        reason, reasons = result.termination.reason, mathopt.TerminationReason
        if reason in (reasons.INFEASIBLE, reasons.INFEASIBLE_OR_UNBOUNDED):
            return Found(None, float("-inf"), True, True)
        bound = result.best_objective_bound() + constant
        if not result.has_primal_feasible_solution():
            return Found(None, bound, False, False)
        choice = self._read(result.variable_values(), result.objective_value() + constant)
        return Found(choice, bound, reason == reasons.OPTIMAL, False)

    def _read(self, values: Mapping[Any, float], value: float) -> Choice:
        chosen = frozenset(one for one, x in self.x.items() if values[x] > 0.5)
        missing = {place: max(0.0, values[variable]) for place, variable in self.short.items()}
        pins = {one: self.ready.musts[place].by for place, one in self._pinned() if values[self.p[one]] > 0.5}
        due: dict[int, int] = {}
        for place, lacks in missing.items():
            must = self.ready.musts[place]
            if must.kind == "pin":
                continue
            wanted = must.amount - lacks if must.kind == "credit" else 1.0 if lacks < 0.25 else 0.0
            for one, amount in sorted(must.routes, key=lambda pair: (pair[0] not in due, -pair[1], pair[0])):
                if wanted <= 1e-6:
                    break
                done = self.done_by(one, must.by)
                if done is not None and values[done] > 0.5:
                    due[one] = min(must.by, due.get(one, must.by))
                    wanted -= amount
        return Choice(chosen, due, pins, missing, value)

    def _pinned(self) -> list[tuple[int, int]]:
        pins = [(place, self.ready.musts[place]) for place in self.short if self.ready.musts[place].kind == "pin"]
        return [(place, must.routes[0][0]) for place, must in pins if must.routes and must.routes[0][0] in self.p]
