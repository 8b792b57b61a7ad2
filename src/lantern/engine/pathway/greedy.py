"""The plan that is there at once: musts first, the earliest due first, then whatever closes most of a gap a minute."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from lantern.engine.pathway.listing import place
from lantern.engine.pathway.numbered import Ready, ReadyMust
from lantern.engine.pathway.plan import Plan
from lantern.engine.pathway.problem import Problem
from lantern.engine.pathway.readiness import by_kind, prepare
from lantern.engine.pathway.worth import Slot, Tally, plan_of

MISSES = 40
"""After so many in a row that found no place, the weeks count as full."""


def greedy(problem: Problem) -> Plan:
    """Return a good plan in milliseconds; the same for the same problem. It may miss a must that could hold."""
    ready = prepare(problem)
    return plan_of(ready, build(ready))


def build(ready: Ready) -> dict[int, Slot]:
    """Return the greedy plan by numbers."""
    filling = Filling(ready)
    filling.musts()
    filling.fill()
    return filling.slots


class Filling:
    """A plan in the making. `due` and `pins` hold what the musts ask of those that are in."""

    def __init__(self, ready: Ready) -> None:
        self.ready = ready
        self.tally = Tally(ready)
        self.due: dict[int, int] = {}
        self.pins: dict[int, int] = {}
        self.slots: dict[int, Slot] = {}
        self.cost = 0.0
        self.used = 0

    def start_with(self, slots: dict[int, Slot], due: dict[int, int], pins: dict[int, int]) -> None:
        """Take over what is planned already, with its due weeks."""
        for number in slots:
            self._count(number)
        self.slots, self.due, self.pins = dict(slots), dict(due), dict(pins)

    def _count(self, number: int) -> None:
        self.tally.add(number)
        self.cost += self.ready.items[number].candidate.cost
        self.used += self.ready.items[number].minutes

    def _allowed(self, fresh: list[int]) -> bool:
        problem, chosen = self.ready.problem, self.tally.chosen
        if self.used + sum(self.ready.items[one].minutes for one in fresh) > self.ready.sums[-1]:
            return False
        if problem.most_items is not None and len(chosen) + len(fresh) > problem.most_items:
            return False
        cost = self.cost + sum(self.ready.items[one].candidate.cost for one in fresh)
        if problem.budget is not None and cost > problem.budget + 1e-9:
            return False
        both = chosen.union(fresh)
        return not any(peer != one and peer in both for one in fresh for peer in self.ready.items[one].peers)

    def add(self, bundle: Iterable[int], due: int | None = None, pin: int | None = None) -> bool:
        """Put these in if they find a place, the last of them by `due` or begun in week `pin`; whether they did."""
        wanted = list(bundle)
        fresh = [one for one in wanted if one not in self.tally.chosen]
        if not self._allowed(fresh):
            return False
        dues, pins = dict(self.due), dict(self.pins)
        if due is not None:
            dues[wanted[-1]] = min(due, dues.get(wanted[-1], due))
        if pin is not None:
            pins[wanted[-1]] = pin
        slots = place(self.ready, self.tally.chosen.union(fresh), dues, pins)
        if slots is None:
            return False
        self.slots, self.due, self.pins = slots, dues, pins
        for one in fresh:
            self._count(one)
        return True

    def bundle(self, number: int, depth: int = 0) -> list[int]:
        """Return an item after those it still needs, the shortest way; itself last."""
        found: dict[int, None] = {}
        self._collect(number, found, set())
        return list(found)

    def _collect(self, number: int, found: dict[int, None], path: set[int]) -> None:
        path = path | {number}
        for group in self.ready.items[number].groups:
            if any(one >= 0 and (one in self.tally.chosen or one in found) for one in group):
                continue
            ways = [one for one in group if one < 0 or one not in path]
            if not ways:
                continue
            best = min(ways, key=lambda one: (self.ready.items[one].minutes if one >= 0 else 10_000, one))
            if best >= 0:
                self._collect(best, found, path)
            else:
                self._reach(~best, found, path)
        found[number] = None

    def _reach(self, level: int, found: dict[int, None], path: set[int]) -> None:
        node = self.ready.levels[level]
        got = sum(gain for giver, gain in node.givers if giver in self.tally.chosen or giver in found)
        by_rate = sorted(node.givers, key=lambda pair: (self.ready.items[pair[0]].minutes / pair[1], pair[0]))
        for giver, gain in by_rate:
            if got >= node.need - 1e-9:
                return
            taken = self.tally.chosen.union(found)
            if giver not in taken and giver not in path and not taken.intersection(self.ready.items[giver].peers):
                self._collect(giver, found, path)
                got += gain

    def musts(self) -> None:
        """Put in what the musts ask for, pins first, then the earliest due."""
        for must in by_kind(self.ready.musts, "pin"):
            for number, _ in must.routes:
                self.add(self.bundle(number), pin=must.by)
        others = [must for must in self.ready.musts if not must.met and must.kind != "pin"]
        for must in sorted(others, key=lambda one: one.by):
            if must.kind == "credit":
                self._credit(must)
            else:
                self._duty(must)

    def _duty(self, must: ReadyMust) -> None:
        if any(one in self.slots and self.slots[one].ended <= must.by for one, _ in must.routes):
            for one, _ in must.routes:
                if one in self.slots and self.slots[one].ended <= must.by:
                    self.due[one] = min(must.by, self.due.get(one, must.by))
                    return
        ways = sorted((self.bundle(one) for one, _ in must.routes), key=lambda way: (self._minutes(way), way))
        if any(self.add(way, due=must.by) for way in ways):
            return
        any(self.add(way) for way in ways)

    def _credit(self, must: ReadyMust) -> None:
        missing = must.amount
        for one, amount in must.routes:
            if one in self.slots and self.slots[one].ended <= must.by:
                self.due[one] = min(must.by, self.due.get(one, must.by))
                missing -= amount
        tried: set[int] = set(self.tally.chosen)
        while missing > 1e-9:
            ways = [(self.bundle(one), amount) for one, amount in must.routes if one not in tried]
            if not ways:
                return
            way, amount = min(ways, key=lambda pair: ((self._minutes(pair[0]) + 1) / min(pair[1], missing), pair[0]))
            tried.add(way[-1])
            if self.add(way, due=must.by):
                missing -= amount

    def _minutes(self, way: list[int]) -> int:
        return sum(self.ready.items[one].minutes for one in way if one not in self.tally.chosen)

    def fill(self) -> None:
        """Add whatever is worth most a minute until nothing more is worth it or finds a place."""
        heap: list[tuple[float, int, int]] = []
        for number in range(len(self.ready.items)):
            if number not in self.tally.chosen:
                rate = self._rate(self.bundle(number))
                if rate > 0:
                    heap.append((-rate, number, len(self.tally.chosen)))
        for place_of_badge, badge in enumerate(self.ready.badges):
            rate = self._rate(self._badge(place_of_badge))
            if rate > 0 and badge.value > 0:
                heap.append((-rate, ~place_of_badge, len(self.tally.chosen)))
        heapq.heapify(heap)
        misses = 0
        while heap and misses < MISSES:
            _, number, stamp = heapq.heappop(heap)
            way = self.bundle(number) if number >= 0 else self._badge(~number)
            rate = self._rate(way)
            if rate <= 0:
                continue
            if stamp != len(self.tally.chosen) and heap and -rate > heap[0][0]:
                heapq.heappush(heap, (-rate, number, len(self.tally.chosen)))
                continue
            if self.used + self._minutes(way) > self.ready.sums[-1]:
                continue
            misses = 0 if self.add(way) else misses + 1

    def _rate(self, way: list[int]) -> float:
        minutes = self._minutes(way)
        return self.tally.with_all(way) / minutes if minutes else 0.0

    def _badge(self, place_of_badge: int) -> list[int]:
        badge = self.ready.badges[place_of_badge]
        found: dict[int, None] = {}
        for group in badge.required:
            if not any(one in self.tally.chosen for one in group) and group:
                self._collect(min(group, key=lambda one: self.ready.items[one].minutes), found, set())
        taken = sum(any(one in self.tally.chosen or one in found for one in group) for group in badge.electives)
        by_time = sorted((min(self.ready.items[one].minutes for one in group), group) for group in badge.electives)
        for _, group in by_time:
            if taken >= badge.choose:
                break
            if not any(one in self.tally.chosen or one in found for one in group):
                self._collect(min(group, key=lambda one: self.ready.items[one].minutes), found, set())
                taken += 1
        return list(found)
