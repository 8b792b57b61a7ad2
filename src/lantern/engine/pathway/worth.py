"""What a set of items is worth: gaps closed up to the goal, badges, liked formats and variety, less the time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lantern.engine.pathway.numbered import Ready, ReadyBadge, ReadyMust
from lantern.engine.pathway.plan import Piece, Placement, Plan, Proof, Shortfall, Worth
from lantern.engine.pathway.readiness import kept_part

Slots = Mapping[int, "Slot"]


class Slot:
    """When one item is done: (week, minutes) pairs in order, and the place of its date where it is live."""

    __slots__ = ("date", "pieces")

    def __init__(self, pieces: tuple[tuple[int, int], ...], date: int | None = None) -> None:
        self.pieces, self.date = pieces, date

    @property
    def begun(self) -> int:
        """Return the week it begins in."""
        return self.pieces[0][0]

    @property
    def ended(self) -> int:
        """Return the week it is finished in."""
        return self.pieces[-1][0]


class Tally:
    """A set of items that grows and shrinks, and what it is worth; `with_all` asks without changing anything."""

    def __init__(self, ready: Ready, chosen: Iterable[int] = ()) -> None:
        self.ready = ready
        self.chosen: set[int] = set()
        self.gained = [0.0] * len(ready.goals)
        self.formats: dict[str, int] = {}
        self.linear = 0.0
        for number in chosen:
            self.add(number)

    def add(self, number: int, sign: int = 1) -> None:
        """Put an item in, or with -1 take it out."""
        item = self.ready.items[number]
        for goal, gain in item.gains:
            self.gained[goal] += sign * gain
        self.linear += sign * item.linear
        kind = item.candidate.format
        self.formats[kind] = self.formats.get(kind, 0) + sign
        (self.chosen.add if sign > 0 else self.chosen.discard)(number)

    def total(self) -> float:
        """Return what the set is worth."""
        goals = zip(self.ready.goals, self.gained, strict=True)
        closed = sum(goal.weight * min(goal.gap, gained) for goal, gained in goals)
        kinds = sum(1 for kind, count in self.formats.items() if kind and count > 0)
        badges = sum(badge.value for badge in self.ready.badges if earned(badge, self.chosen))
        return closed + self.linear + self.ready.problem.variety * kinds + badges + self.ready.earned

    def with_all(self, bundle: Iterable[int]) -> float:
        """Return how much more it would be worth with these as well."""
        fresh = [number for number in bundle if number not in self.chosen]
        more, kinds = 0.0, set()
        gains: dict[int, float] = {}
        for number in fresh:
            item = self.ready.items[number]
            more += item.linear
            for goal, gain in item.gains:
                gains[goal] = gains.get(goal, 0.0) + gain
            if item.candidate.format and not self.formats.get(item.candidate.format, 0):
                kinds.add(item.candidate.format)
        for place, gain in gains.items():
            wanted, has = self.ready.goals[place], self.gained[place]
            more += wanted.weight * (min(wanted.gap, has + gain) - min(wanted.gap, has))
        more += self.ready.problem.variety * len(kinds)
        if self.ready.badges:
            both = self.chosen.union(fresh)
            for badge in self.ready.badges:
                more += badge.value * (earned(badge, both) - earned(badge, self.chosen))
        return more

    def without(self, number: int) -> float:
        """Return what would be lost without one of them."""
        before = self.total()
        self.add(number, -1)
        after = self.total()
        self.add(number)
        return before - after


def earned(badge: ReadyBadge, chosen: set[int]) -> bool:
    """Tell whether a set of items earns a badge."""
    if not all(any(one in chosen for one in group) for group in badge.required):
        return False
    return sum(any(one in chosen for one in group) for group in badge.electives) >= badge.choose


def missing(must: ReadyMust, slots: Slots) -> float:
    """Return how much of a must is missing, in its own unit; half of a duty that is met too late."""
    if must.met:
        return 0.0
    if must.kind == "credit":
        got = sum(amount for number, amount in must.routes if number in slots and slots[number].ended <= must.by)
        return max(0.0, must.amount - got) if must.amount - got > 1e-6 else 0.0
    taken = [slots[number] for number, _ in must.routes if number in slots]
    if must.kind == "pin":
        return 0.0 if any(slot.begun == must.by for slot in taken) else 1.0
    return 0.0 if any(slot.ended <= must.by for slot in taken) else 0.5 if taken else 1.0


def shortfall(ready: Ready, slots: Slots) -> float:
    """Return the weighed sum of the shares that musts lack."""
    return sum(must.weight * missing(must, slots) / must.whole for must in ready.musts)


def plan_of(ready: Ready, slots: Slots, proof: Proof | None = None) -> Plan:
    """Return the plan in the words of the caller."""
    placements = [
        Placement(ready.items[number].candidate.id, tuple(Piece(*piece) for piece in slot.pieces), slot.date)
        for number, slot in sorted(slots.items(), key=lambda pair: (pair[1].begun, pair[1].ended, pair[0]))
    ]
    short = []
    for must in ready.musts:
        lacks = missing(must, slots)
        if lacks > 0:
            short.append(Shortfall(must.kind, must.id, lacks, lacks / must.whole, must.weight))
    return Plan(tuple(placements), worth_of(ready, list(slots)), tuple(short), proof)


def worth_of(ready: Ready, chosen: Sequence[int]) -> Worth:
    """Return what a set is worth with its parts."""
    tally, problem = Tally(ready, chosen), ready.problem
    items = [ready.items[number] for number in chosen]
    time = -problem.minute_cost * sum(item.minutes for item in items)
    kept = sum(kept_part(problem, item.candidate.id) for item in items)
    values = sum(item.candidate.value for item in items)
    kinds = sum(1 for kind, count in tally.formats.items() if kind and count > 0)
    liked = sum(problem.liked.get(item.candidate.format, 0.0) * item.candidate.minutes / 60 for item in items)
    goals: dict[int | str, float] = {}
    for goal, gained in zip(ready.goals, tally.gained, strict=True):
        goals[goal.competency] = min(goal.gap, gained)
    ids = tuple(ready.problem.badges[one.place].id for one in ready.badges if earned(one, tally.chosen))
    return Worth(tally.total(), goals, ids, values, problem.variety * kinds + liked, time, kept)
