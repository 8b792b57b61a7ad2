"""Where somebody is in a pathway: what is done, what is open, what is locked and why, what comes next (P7.2, P4.5).

A step is done once any of its routes is. What the catalog does not offer any more, in no route, is not asked of
anybody who has not done it: it counts neither as done nor as missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from lantern.engine.pathway import structure
from lantern.engine.pathway.outline import Entry, Section, Written, entries, structure_of, walk
from lantern.engine.pathway.structure import Facts, Progress, Rule

WEEK = timedelta(weeks=1)
_FAR = 520
_NOTHING = Progress(True, 0, 0, 1.0)


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalog says of a resource: its name, minutes, whether it is offered, what it builds on, its kind."""

    title: str
    minutes: int | None = None
    offered: bool = True
    needs: frozenset[str] = frozenset()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Her:
    """What is known of her: the day she finished each resource, her levels, the day she last looked at a competency,
    what she chose; `closed` are the Mondays of weeks that are no practice in class. What is in `once` was finished here
    and cannot be done again, so it counts even where only what is finished after the start does.
    """

    done: Mapping[str, date | None] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    looked: Mapping[str, date] = field(default_factory=dict)
    started: date | None = None
    chosen: frozenset[str] = frozenset()
    swaps: Mapping[str, str] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()
    once: frozenset[str] = frozenset()


class State(StrEnum):
    """How a step is for her: SPARE is one that her set needs no more, GONE one that is offered no more."""

    DONE = "done"
    OPEN = "open"
    LOCKED = "locked"
    SPARE = "spare"
    GONE = "gone"


class Why(StrEnum):
    """What a locked step waits for."""

    ITEM = "item"
    LEVEL = "level"
    TURN = "turn"
    PRACTICE = "practice"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Lock:
    """One thing that a step waits for: `about` is a resource, a competency, or the key of a part."""

    why: Why
    about: str
    level: int = 0
    weeks: int = 0
    in_class: bool = False
    opens: date | None = None


@dataclass(frozen=True, slots=True)
class StepNow:
    """One step: the route that is hers, its state and what it waits for; `done_by` is the route that she finished."""

    entry: Entry
    route: str
    state: State
    locks: tuple[Lock, ...] = ()
    done_by: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class SetNow:
    """One set: how far it is, and whether she has still to choose `to_choose` of its parts, or parts of so many
    `minutes_to_choose` more.
    """

    section: Section
    progress: Progress
    parts: tuple[StepNow | SetNow, ...]
    to_choose: int = 0
    chosen: bool = False
    locked: bool = False
    minutes_to_choose: int = 0


@dataclass(frozen=True, slots=True)
class Now:
    """The whole, its next step (or the set in which to choose next), how many steps are done of those asked, the keys
    of the shortest way that is left, and its minutes.
    """

    top: SetNow
    next_step: StepNow | None
    choose_in: SetNow | None
    done: int
    asked: int
    way: tuple[str, ...]
    minutes_left: int


def now(top: Section, known: Mapping[str, Known], her: Her, today: date) -> Now:
    """Return where she is in a pathway on a day."""
    return _Reader(top, known, her, today).now()


def flattened(part: SetNow | StepNow) -> Iterator[StepNow]:
    """Yield the steps in their order."""
    if isinstance(part, StepNow):
        yield part
        return
    for one in part.parts:
        yield from flattened(one)


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def after_practice(done: date, weeks: int, in_class: bool, closed: frozenset[date]) -> date:
    """Return the Monday of the first week that lies so many weeks after the one of a day; in class only weeks count in
    which there is one.
    """
    at = monday(done)
    left = weeks
    for _ in range(_FAR):
        if left <= 0:
            break
        at += WEEK
        left -= not (in_class and at in closed)
    return at


def route_of(entry: Entry, known: Mapping[str, Known], swaps: Mapping[str, str]) -> str:
    """Return the route that is hers: what she swapped to, else the first; another that is offered where it is not."""
    wanted = swaps.get(entry.key, "")
    first = sorted(entry.routes, key=lambda one: one != wanted)
    return next((one for one in first if one in known and known[one].offered), first[0])


class _Reader:
    def __init__(self, top: Section, known: Mapping[str, Known], her: Her, today: date) -> None:
        self.top, self.known, self.her, self.today = top, known, her, today
        self.steps = {entry.key: entry for entry in entries(top)}
        self.done_by = {key: by for key, entry in self.steps.items() if (by := self._done_by(entry))}
        self.gone = {
            key
            for key, entry in self.steps.items()
            if key not in self.done_by and not any(one in known and known[one].offered for one in entry.routes)
        }
        self.routes = {key: route_of(entry, known, her.swaps) for key, entry in self.steps.items()}
        self.minutes = {key: self._minutes(entry) for key, entry in self.steps.items()}
        self.asked = _pruned(top, self.gone, self.minutes)
        self.left = {one.key: one for one in walk(self.asked)}
        self.facts = Facts(dict(self.minutes.items()))
        self.spare = self._spare()
        self.holding: dict[str, list[str]] = {}
        for key, entry in self.steps.items():
            for route in entry.routes:
                self.holding.setdefault(route, []).append(key)
        self.locks = {key: self._locks(entry) for key, entry in self.steps.items() if key not in self.done_by}

    def _done_by(self, entry: Entry) -> str:
        for route in sorted(entry.routes, key=lambda one: one != self.her.swaps.get(entry.key)):
            if route not in self.her.done:
                continue
            day = self.her.done[route]
            after_start = self.her.started and day is not None and day >= self.her.started
            if entry.counts_before or after_start or route in self.her.once:
                return route
        return ""

    def _minutes(self, entry: Entry) -> int:
        found = self.known.get(self.done_by.get(entry.key, self.routes[entry.key]))
        return (found.minutes if found else None) or entry.minutes or 0

    def _spare(self) -> set[str]:
        """Return the steps that her sets need no more: nothing waits for practice after what she need not do."""
        free = (one for one in walk(self.top) if isinstance(one, Section) and one.rule in (Rule.ANY, Rule.MINUTES))
        found = {entry.key for one in free if self._progress(one).complete for entry in entries(one)}
        return found - self.done_by.keys()

    def _locks(self, entry: Entry) -> tuple[Lock, ...]:
        """Everything but its turn that a step waits for."""
        found: list[Lock] = []
        needs = self.known[self.routes[entry.key]].needs if self.routes[entry.key] in self.known else frozenset()
        for item in sorted(needs):
            same = self.holding.get(item, [])
            open_by = item in self.her.done or any(key in self.done_by or key in self.gone for key in same)
            if not open_by and entry.key not in same:
                found.append(Lock(Why.ITEM, item))
        for one in entry.levels:
            if self.her.levels.get(one.competency, 0) < one.level:
                found.append(Lock(Why.LEVEL, one.competency, one.level))
        found += self._practice(entry)
        if entry.check and not self._looked(entry):
            found.append(Lock(Why.LOOK, entry.check))
        return tuple(found)

    def _practice(self, entry: Entry) -> list[Lock]:
        gap = entry.practice
        if gap is None or gap.after not in self.steps or gap.after == entry.key:
            return []
        if gap.after in self.gone or gap.after in self.spare:
            return []
        if gap.after not in self.done_by:
            return [Lock(Why.PRACTICE, gap.after, 0, gap.weeks, gap.in_class)]
        day = self.her.done[self.done_by[gap.after]]
        opens = after_practice(day, gap.weeks, gap.in_class, self.her.closed) if day else None
        if opens is None or opens <= self.today:
            return []
        return [Lock(Why.PRACTICE, gap.after, 0, gap.weeks, gap.in_class, opens)]

    def _looked(self, entry: Entry) -> bool:
        """She looked at it since she started, and after the last step before this one that asked the same."""
        day = self.her.looked.get(entry.check)
        if day is None or (self.her.started is not None and day < self.her.started):
            return False
        for other in entries(self.top):
            if other.key == entry.key:
                break
            ended = self.her.done.get(self.done_by.get(other.key, ""))
            if other.check == entry.check and ended is not None and day <= ended:
                return False
        return True

    def now(self) -> Now:
        top = self._set(self.top, ())
        if not self.done_by:  # nothing is asked, or nothing of it is left: that is not to have done it
            top = replace(top, progress=replace(top.progress, complete=False, share=0.0))
        next_step, choose_in = self._next(top)
        left = tuple(map(str, structure.shortest(structure_of(self.asked), self.facts, self.done_by)))
        done = len(self.done_by)
        return Now(top, next_step, choose_in, done, done + len(left), left, sum(self.minutes[key] for key in left))

    def _progress(self, section: Section) -> Progress:
        found = self.left.get(section.key)
        if not isinstance(found, Section):
            return _NOTHING
        return structure.progress(structure_of(found), self.facts, self.done_by)

    def _set(self, section: Section, turn: tuple[str, ...], spare: bool = False, chosen: bool = False) -> SetNow:
        """Read a set; `turn` are the parts that come before it in an order and are not complete."""
        progress = self._progress(section)
        spare = spare or (progress.complete and section.rule in (Rule.ANY, Rule.MINUTES))
        parts: list[StepNow | SetNow] = []
        waits = turn
        for part in section.parts:
            picked = part.key in self.her.chosen
            if isinstance(part, Section):
                inside = self._set(part, waits, spare, picked)
                complete = inside.progress.complete
                parts.append(inside)
            else:
                step = self._step(part, waits, spare, picked)
                complete = step.state in (State.DONE, State.GONE)
                parts.append(step)
            if section.rule is Rule.IN_ORDER and not complete and waits == turn:
                waits = (*turn, part.key)
        to_choose = 0 if spare or section.rule is not Rule.ANY else self._to_choose(section, progress)
        minutes = 0 if spare or section.rule is not Rule.MINUTES else self._minutes_to_choose(section, progress)
        return SetNow(section, progress, tuple(parts), to_choose, chosen, bool(turn), minutes)

    def _to_choose(self, section: Section, progress: Progress) -> int:
        """Return how many parts she has still to choose, or to have done without choosing; none that is gone."""
        here = [one for one in section.parts if one.key in self.left]
        meant = sum(one.key in self.her.chosen or self._complete(one) for one in here)
        return max(0, progress.needed - meant)

    def _minutes_to_choose(self, section: Section, progress: Progress) -> int:
        """Return how many minutes lie neither in what she did of a set nor in what she chose of it."""
        chosen = (one for one in section.parts if one.key in self.her.chosen)
        ahead = {entry.key for one in chosen for entry in entries(one)} - self.done_by.keys() - self.gone
        return max(0, progress.needed - progress.got - sum(self.minutes[key] for key in ahead))

    def _complete(self, part: Written) -> bool:
        return self._progress(part).complete if isinstance(part, Section) else part.key in self.done_by

    def _step(self, entry: Entry, turn: tuple[str, ...], spare: bool, chosen: bool) -> StepNow:
        route, by = self.routes[entry.key], self.done_by.get(entry.key, "")
        if by:
            return StepNow(entry, route, State.DONE, (), by, chosen)
        if entry.key in self.gone:
            return StepNow(entry, route, State.GONE, (), "", chosen)
        if spare:
            return StepNow(entry, route, State.SPARE, (), "", chosen)
        locks = (*(Lock(Why.TURN, key) for key in turn[-1:]), *self.locks[entry.key])
        return StepNow(entry, route, State.LOCKED if locks else State.OPEN, locks, "", chosen)

    def _next(self, part: SetNow | StepNow) -> tuple[StepNow | None, SetNow | None]:
        """Return the first open step that she chose or that is everybody's, or the first set in which to choose."""
        if isinstance(part, StepNow):
            return (part if part.state is State.OPEN else None), None
        if part.progress.complete or (part.locked and not any(one.state is State.OPEN for one in flattened(part))):
            return None, None
        free = part.section.rule in (Rule.ANY, Rule.MINUTES)
        for one in part.parts:
            if free and not one.chosen:
                continue
            step, choose = self._next(one)
            if step or choose:
                return step, choose
        if free and any(one.state is State.OPEN for one in flattened(part)):
            return None, part
        return None, None


def _pruned(part: Section, gone: set[str], minutes: Mapping[str, int]) -> Section:
    """Return a set without what is offered no more; a choice asks for no more than what is left."""
    inside = tuple(_pruned(one, gone, minutes) if isinstance(one, Section) else one for one in part.parts)
    left = tuple(one for one in inside if one.key not in gone and not (isinstance(one, Section) and not one.parts))
    if sum(len(entries(one)) for one in left) == len(entries(part)) and len(left) == len(part.parts):
        return replace(part, parts=left)
    there = len(left) if part.rule is Rule.ANY else sum(minutes[one.key] for each in left for one in entries(each))
    return replace(part, parts=left, least=min(part.least, there))
