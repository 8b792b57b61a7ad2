"""Whether a plan keeps every rule, judged without the planner: it shares no code with what makes plans."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from lantern.engine.pathway.plan import Placement, Plan
from lantern.engine.pathway.problem import LONG_AGO, Candidate, CreditRule, Id, ItemDone, Pin, Problem, Requirement

TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule by name, what it is about, and how."""

    rule: str
    about: Id
    detail: str


def check(problem: Problem, plan: Plan) -> list[Violation]:
    """Return every rule the plan breaks; an empty list for a plan that can be lived."""
    return list(_Check(problem, plan).violations())


class _Check:
    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.known = {one.id: one for one in problem.candidates}
        self.placed = {one.item: one for one in plan.placements if one.item in self.known and one.pieces}
        self.same: dict[Id, set[Id]] = {}
        for group in problem.equivalent:
            merged = set(group).union(*(self.same.get(item, set()) for item in group))
            for item in merged:
                self.same[item] = merged
        self.ends: dict[Id, int] = {item: one.finished for item, one in self.placed.items()} | dict(problem.done)

    def violations(self) -> Iterator[Violation]:
        for item, count in Counter(one.item for one in self.plan.placements).items():
            if item not in self.known:
                yield Violation("unknown item", item, "is not among the candidates")
            elif count > 1:
                yield Violation("planned twice", item, f"{count} times")
        for one in self.plan.placements:
            if not one.pieces:
                yield Violation("no time given", one.item, "has no piece")
        for item, placement in self.placed.items():
            yield from self._one(self.known[item], placement)
            yield from self._needs(self.known[item], placement)
        yield from self._weeks()
        yield from self._together()
        yield from self._gaps()
        yield from self._musts()
        yield from self._worth()

    def _one(self, item: Candidate, placement: Placement) -> Iterator[Violation]:
        if item.retired:
            yield Violation("retired", item.id, "is no longer offered")
        if item.id in self.problem.done:
            yield Violation("done already", item.id, "was finished before")
        weeks = placement.weeks
        if list(weeks) != sorted(set(weeks)) or weeks[0] < 0 or weeks[-1] >= len(self.problem.weeks):
            yield Violation("no such week", item.id, f"weeks {weeks}")
            return
        if weeks[0] < item.opens:
            yield Violation("before it opens", item.id, f"week {weeks[0]} before {item.opens}")
        if item.closes is not None and weeks[-1] > item.closes:
            yield Violation("after it closes", item.id, f"week {weeks[-1]} after {item.closes}")
        if item.dates:
            yield from self._live(item, placement)
            return
        total = sum(piece.minutes for piece in placement.pieces)
        if total != item.minutes:
            yield Violation("minutes", item.id, f"{total} planned of {item.minutes}")
        for piece in placement.pieces:
            least = min(self.problem.smallest_piece, item.minutes, self.problem.weeks[piece.week].minutes)
            if piece.minutes < max(least, 1):
                yield Violation("too small a piece", item.id, f"{piece.minutes} minutes in week {piece.week}")

    def _live(self, item: Candidate, placement: Placement) -> Iterator[Violation]:
        if placement.date is None or not 0 <= placement.date < len(item.dates) or len(placement.pieces) != 1:
            yield Violation("no date", item.id, "is live and attended on one of its dates")
            return
        date, piece = item.dates[placement.date], placement.pieces[0]
        minutes = (item.minutes if date.minutes is None else date.minutes) + date.travel
        if (piece.week, piece.minutes) != (date.week, minutes):
            yield Violation("no date", item.id, f"is {minutes} minutes in week {date.week}")

    def _holds(self, one: Requirement, week: int, but: Id) -> bool:
        """Whether a requirement holds by the end of a week, without the item that asks for it."""
        if isinstance(one, ItemDone):
            same = self.same.get(one.item, {one.item})
            return any(self.ends.get(item, week + 1) <= week for item in same if item != but)
        level = self.problem.levels.get(one.competency, 0.0)
        for item, placement in self.placed.items():
            if item != but and placement.finished <= week:
                level += self.known[item].gains.get(one.competency, 0.0)
        return level >= one.level - TINY

    def _needs(self, item: Candidate, placement: Placement) -> Iterator[Violation]:
        for group in item.needs:
            if not any(self._holds(one, placement.weeks[0], item.id) for one in group):
                names = " or ".join(str(one.item if isinstance(one, ItemDone) else one) for one in group)
                yield Violation("prerequisite", item.id, f"needs {names} by week {placement.weeks[0]}")

    def _weeks(self) -> Iterator[Violation]:
        used: dict[int, int] = defaultdict(int)
        for placement in self.placed.values():
            for piece in placement.pieces:
                used[piece.week] += piece.minutes
        for week, minutes in sorted(used.items()):
            has = self.problem.weeks[week].minutes if 0 <= week < len(self.problem.weeks) else 0
            if has == 0:
                yield Violation("blocked week", week, f"{minutes} minutes in it")
            elif minutes > has:
                yield Violation("too much in a week", week, f"{minutes} of {has} minutes")
        yield from self._order_inside_weeks()

    def _order_inside_weeks(self) -> Iterator[Violation]:
        """What is begun in the week its prerequisite ends in comes after it; all of a week must have such an order."""
        for week in {one.weeks[0] for one in self.placed.values()}:
            waiting = {item for item, one in self.placed.items() if one.weeks[0] == week}
            begun = {item for item, one in self.placed.items() if one.weeks[0] < week}
            while fresh := {item for item in waiting if self._ready(self.known[item], week, begun)}:
                waiting -= fresh
                begun |= fresh
            for item in waiting:
                yield Violation("prerequisite", item, f"waits for itself in week {week}")

    def _ready(self, item: Candidate, week: int, begun: set[Id]) -> bool:
        ended = {one for one in begun if self.placed[one].finished <= week} | set(self.problem.done)
        for group in item.needs:
            for one in group:
                if isinstance(one, ItemDone):
                    if self.same.get(one.item, {one.item}) & ended:
                        break
                    continue
                gained = sum(self.known[i].gains.get(one.competency, 0.0) for i in ended if i in self.placed)
                if self.problem.levels.get(one.competency, 0.0) + gained >= one.level - TINY:
                    break
            else:
                return False
        return True

    def _together(self) -> Iterator[Violation]:
        seen: set[frozenset[Id]] = set()
        for group in map(frozenset, self.same.values()):
            if group not in seen:
                seen.add(group)
                taken = [item for item in group if item in self.ends]
                if len(taken) > 1 and any(item in self.placed for item in taken):
                    yield Violation("equivalent", taken[0], "equivalent to " + ", ".join(map(str, taken[1:])))
        cost = sum(self.known[item].cost for item in self.placed)
        if self.problem.budget is not None and cost > self.problem.budget + TINY:
            yield Violation("budget", "cost", f"{cost} of {self.problem.budget}")
        if self.problem.most_items is not None and len(self.placed) > self.problem.most_items:
            yield Violation("too many items", "items", f"{len(self.placed)} of {self.problem.most_items}")

    def _gaps(self) -> Iterator[Violation]:
        for gap in self.problem.gaps:
            then = self.placed.get(gap.then)
            if then is None or gap.first not in self.ends or gap.first == gap.then:
                continue
            end, start = max(self.ends[gap.first], LONG_AGO), then.weeks[0]
            if start < end:
                yield Violation("practice gap", gap.then, f"begins before {gap.first} ends")
                continue
            between = range(end + 1, start + 1)
            weeks = self.problem.weeks
            counted = sum(not gap.in_class or not 0 <= week < len(weeks) or weeks[week].teaching for week in between)
            if counted < gap.apart:
                yield Violation("practice gap", gap.then, f"{counted} of {gap.apart} weeks after {gap.first}")

    def _met(self, must: object) -> float:
        """The share of a must that is missing."""
        if isinstance(must, CreditRule):
            got = must.have + sum(
                self.known[item].credits.get(must.type, 0.0)
                for item, one in self.placed.items()
                if one.finished <= must.by
            )
            return max(0.0, must.amount - got) / must.amount if must.amount > 0 else 0.0
        if isinstance(must, Pin):
            if must.item in self.problem.done:
                return 0.0
            return 0.0 if must.item in self.placed and self.placed[must.item].weeks[0] == must.week else 1.0
        routes: set[Id] = set()
        for item in must.items:  # type: ignore[attr-defined]
            routes |= self.same.get(item, {item})
        ends = [self.ends[item] for item in routes if item in self.ends]
        in_time = any(end <= must.by for end in ends) or any(item in self.problem.done for item in routes)  # type: ignore[attr-defined]
        return 0.0 if in_time else 0.5 if ends else 1.0

    def _musts(self) -> Iterator[Violation]:
        told = {(one.kind, one.about): one.share for one in self.plan.shortfalls}
        for must in self.problem.musts:
            kind = "credit" if isinstance(must, CreditRule) else "pin" if isinstance(must, Pin) else must.kind
            missing = self._met(must)
            if abs(missing - told.pop((kind, must.id), 0.0)) > 1e-4:
                yield Violation("shortfall not told", must.id, f"{kind} lacks {missing:.2f}")
        for kind, about in told:
            yield Violation("shortfall not told", about, f"{kind} is no must")

    def _worth(self) -> Iterator[Violation]:
        problem, total = self.problem, 0.0
        for goal in problem.goals:
            gained = sum(self.known[item].gains.get(goal.competency, 0.0) for item in self.placed)
            total += goal.weight * max(0.0, min(goal.gap, gained))
        formats = set()
        for item in self.placed:
            one = self.known[item]
            last = len(problem.weeks) - 1 if one.closes is None else min(one.closes, len(problem.weeks) - 1)
            here = [d for d in one.dates if max(0, one.opens) <= d.week <= last]
            open_dates = [d for d in here if self._minutes(one, d) <= problem.weeks[d.week].minutes]
            minutes = min((self._minutes(one, d) for d in open_dates), default=one.minutes)
            total += one.value + problem.liked.get(one.format, 0.0) * one.minutes / 60 - problem.minute_cost * minutes
            formats.add(one.format)
            if problem.previous is not None:
                before = problem.previous.get(item)
                total += problem.change_cost * (-1 if before is None else sum(week >= 0 for week in before))
        total += problem.variety * len(formats - {""})
        for badge in problem.badges:
            required = all(self.same.get(item, {item}) & self.ends.keys() for item in badge.required)
            classes = {frozenset(self.same.get(item, {item})) for item in badge.electives}
            if required and sum(bool(one & self.ends.keys()) for one in classes) >= badge.choose:
                total += badge.value
        if abs(total - self.plan.worth.total) > 1e-4 * max(1.0, abs(total)):
            yield Violation("worth", "total", f"{self.plan.worth.total:.4f} told, {total:.4f} counted")

    @staticmethod
    def _minutes(item: Candidate, date: object) -> int:
        own = date.minutes  # type: ignore[attr-defined]
        return (item.minutes if own is None else own) + date.travel  # type: ignore[attr-defined,no-any-return]
