"""Puts a set of items into weeks, fast: dates first, then the work around them, what is due first before the rest.

It may fail where another order would do; `timing` is exact and asks this first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lantern.engine.pathway.numbered import NEVER, Ready
from lantern.engine.pathway.worth import Slot

TRIES = 8


def place(
    ready: Ready, chosen: Iterable[int], due: Mapping[int, int] | None = None, pins: Mapping[int, int] | None = None
) -> dict[int, Slot] | None:
    """Return when each of the chosen is done, each by its due week and begun in the week it is pinned to; None where
    this found no way.
    """
    listing = _Listing(ready, list(chosen), due or {}, pins or {})
    for _ in range(TRIES):
        if not listing.fix_dates():
            return None
        late = listing.run()
        if late is None:
            return listing.slots
        if late < 0 or not listing.options[late]:
            return None
        listing.options[late].pop(0)
    return None


class _Listing:
    def __init__(self, ready: Ready, chosen: list[int], due: Mapping[int, int], pins: Mapping[int, int]) -> None:
        self.ready, self.chosen, self.pins = ready, sorted(set(chosen)), pins
        self.inside = set(self.chosen)
        self.last = {one: min(ready.items[one].closes, due.get(one, NEVER), ready.count - 1) for one in self.chosen}
        self.options = {
            one: [
                o
                for o in ready.items[one].options
                if ready.items[one].start <= o.week <= self.last[one] and pins.get(one, o.week) == o.week
            ]
            for one in self.chosen
            if ready.items[one].live
        }
        self.waits = {
            one: [[p for p in group if p < 0 or p in self.inside] for group in ready.items[one].groups]
            for one in self.chosen
        }
        self.gaps = [gap for gap in ready.gaps if gap.first in self.inside and gap.then in self.inside]
        self.slots: dict[int, Slot] = {}

    def fix_dates(self) -> bool:
        """Give each live item its first date that has room, those with few dates first; false where one has none."""
        self.room = list(self.ready.minutes)
        self.dates: dict[int, tuple[int, int, int]] = {}
        for one in sorted(self.options, key=lambda one: (len(self.options[one]), self.last[one], one)):
            found = next((o for o in self.options[one] if o.minutes <= self.room[o.week]), None)
            if found is None:
                return False
            self.room[found.week] -= found.minutes
            self.dates[one] = (found.week, found.minutes, found.date)
        return True

    def run(self) -> int | None:
        """Fill the weeks; None when all is placed, the live item whose prerequisites come too late, -1 for failure."""
        self._hand_down()
        self.slots = {}
        self.pieces: dict[int, list[tuple[int, int]]] = {one: [] for one in self.chosen}
        self.left = {one: self.ready.items[one].minutes for one in self.chosen}
        waiting = sorted(self.chosen, key=lambda one: (self.until[one], one))
        for week in range(self.ready.count):
            moved = True
            while moved and waiting:
                moved = False
                for one in waiting:
                    if self._work(one, week):
                        moved = True
                        if one in self.slots:
                            waiting.remove(one)
                        break
            for one in waiting:
                if self.dates.get(one, (NEVER,))[0] == week:
                    return one
                unbegun = self.pins.get(one) == week and not self.pieces[one]
                if one not in self.dates and (unbegun or self.last[one] <= week):
                    return -1
            if not waiting:
                return None
        return -1

    def _hand_down(self) -> None:
        """A prerequisite that has no alternative among the chosen is due when what needs it is."""
        self.until = {one: self.dates[one][0] if one in self.dates else self.last[one] for one in self.chosen}
        for one, week in self.pins.items():
            if one in self.until:
                self.until[one] = min(self.until[one], week)
        for _ in range(len(self.chosen)):
            changed = False
            for one in self.chosen:
                for group in self.waits[one]:
                    if len(group) == 1 and group[0] >= 0 and self.until[group[0]] > self.until[one]:
                        self.until[group[0]] = self.until[one]
                        changed = True
            if not changed:
                return

    def _work(self, one: int, week: int) -> bool:
        """Do what can be done of an item in a week; whether anything was."""
        item = self.ready.items[one]
        if one in self.dates:
            date = self.dates[one]
            if date[0] != week or not self._may_begin(one, week):
                return False
            self.slots[one] = Slot(((week, date[1]),), date[2])
            return True
        pieces = self.pieces[one]
        if pieces and pieces[-1][0] == week:
            return False
        if not pieces and (week < max(item.opens, self.pins.get(one, 0)) or not self._may_begin(one, week)):
            return False
        minutes = self._piece(one, week)
        if not minutes:
            return False
        pieces.append((week, minutes))
        self.left[one] -= minutes
        self.room[week] -= minutes
        if not self.left[one]:
            self.slots[one] = Slot(tuple(pieces))
        return True

    def _piece(self, one: int, week: int) -> int:
        """Return how many minutes fit, no piece smaller than allowed, nor what is left for later; 0 for none."""
        whole, left = self.ready.items[one].minutes, self.left[one]
        small = min(self.ready.problem.smallest_piece, whole)
        least = max(1, min(small, self.ready.minutes[week]))
        minutes = min(left, self.room[week])
        if 0 < left - minutes < small:
            minutes = left - small
        return minutes if minutes >= least else 0

    def _may_begin(self, one: int, week: int) -> bool:
        for group in self.waits[one]:
            if not any(self._holds(p, week) for p in group):
                return False
        for gap in self.gaps:
            if gap.then == one:
                first = self.slots.get(gap.first)
                if first is None or self.ready.after(first.ended, gap.apart, gap.in_class) > week:
                    return False
        return True

    def _holds(self, literal: int, week: int) -> bool:
        if literal >= 0:
            slot = self.slots.get(literal)
            return slot is not None and slot.ended <= week
        node = self.ready.levels[~literal]
        gained = sum(gain for giver, gain in node.givers if giver in self.slots and self.slots[giver].ended <= week)
        return gained >= node.need - 1e-9
