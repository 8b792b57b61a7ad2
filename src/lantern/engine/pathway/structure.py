"""Pathways as data: steps in sets that nest — all, all in order, any k, at least so many minutes (P7.1, P7.3).

One completion satisfies every equivalent step: one outcome, several formats, one rule (C.8). What is open now and how
far somebody has come is worked out from what is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lantern.engine.pathway.equivalents import classes
from lantern.engine.pathway.problem import Id


class Rule(StrEnum):
    """When a set is complete."""

    ALL = "all"
    IN_ORDER = "all in order"
    ANY = "any"
    MINUTES = "at least minutes"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to finish."""

    item: Id


@dataclass(frozen=True, slots=True)
class Group:
    """A set of steps and sets. `least` is how many parts of ANY, how many minutes of MINUTES; others leave it at 0."""

    rule: Rule
    parts: tuple[Step | Group, ...]
    least: int = 0
    name: str = ""


Part = Step | Group


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the items: their minutes, what each needs before it (all groups, one of each), equivalents."""

    minutes: Mapping[Id, int]
    needs: Mapping[Id, tuple[frozenset[Id], ...]] = field(default_factory=dict)
    equivalent: tuple[frozenset[Id], ...] = ()


class Flaw(StrEnum):
    """What may be wrong with a structure."""

    EMPTY = "empty"
    TOO_MANY_ASKED = "more asked than there are"
    NOTHING_ASKED = "nothing asked"
    UNKNOWN_ITEM = "unknown item"
    TWICE = "twice in one set"
    CYCLE = "cycle"
    ORDER = "order against prerequisites"


@dataclass(frozen=True, slots=True)
class Fault:
    """One flaw: where (the places of parts from the top; () is the whole), what it is about."""

    flaw: Flaw
    where: tuple[int, ...]
    about: tuple[Id, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one part is: `got` of `needed` (parts, or minutes), and the same of its parts; `share` is 0 to 1."""

    complete: bool
    got: int
    needed: int
    share: float
    parts: tuple[Progress, ...] = ()


@dataclass(frozen=True, slots=True)
class Swap:
    """Whether a step may stand for another; `reason` is equivalent, same, different outcome, not in the pathway or
    unknown.
    """

    allowed: bool
    reason: str


def faults(top: Part, facts: Facts) -> list[Fault]:
    """Return everything wrong with a structure; never raises."""
    found = list(_faults(top, facts, ()))
    found += [Fault(Flaw.CYCLE, (), cycle) for cycle in cycles(facts.needs)]
    return found


def _faults(part: Part, facts: Facts, where: tuple[int, ...]) -> Iterator[Fault]:
    if isinstance(part, Step):
        if part.item not in facts.minutes:
            yield Fault(Flaw.UNKNOWN_ITEM, where, (part.item,))
        return
    if not part.parts:
        yield Fault(Flaw.EMPTY, where)
    items = [one.item for one in part.parts if isinstance(one, Step)]
    if twice := sorted({one for one in items if items.count(one) > 1}, key=str):
        yield Fault(Flaw.TWICE, where, tuple(twice))
    if part.rule in (Rule.ANY, Rule.MINUTES):
        there = len(part.parts) if part.rule is Rule.ANY else sum(facts.minutes.get(one, 0) for one in items_of(part))
        if part.least < 1:
            yield Fault(Flaw.NOTHING_ASKED, where)
        elif part.parts and part.least > there:
            yield Fault(Flaw.TOO_MANY_ASKED, where, (), f"{part.least} of {there}")
    if part.rule is Rule.IN_ORDER:
        yield from _against_order(part, facts, where)
    for place, one in enumerate(part.parts):
        yield from _faults(one, facts, (*where, place))


def _against_order(part: Group, facts: Facts, where: tuple[int, ...]) -> Iterator[Fault]:
    """An item that needs one which only comes after it in the order can never be done."""
    same = classes(facts.equivalent)
    for place, one in enumerate(part.parts):
        later = {item for other in part.parts[place + 1 :] for item in items_of(other)} - set(items_of(one))
        for item in items_of(one):
            for group in facts.needs.get(item, ()):
                ways = {one for way in group for one in same.get(way, {way}) if one in facts.minutes}
                if ways and ways <= later:
                    yield Fault(Flaw.ORDER, (*where, place), (item, *sorted(group, key=str)))


def items_of(part: Part) -> tuple[Id, ...]:
    """Return the items of a part in their order, each once."""
    if isinstance(part, Step):
        return (part.item,)
    return tuple(dict.fromkeys(item for one in part.parts for item in items_of(one)))


def cycles(needs: Mapping[Id, tuple[frozenset[Id], ...]]) -> list[tuple[Id, ...]]:
    """Return items that can never be begun because they wait for each other, round by round; nothing else is named."""
    free = {item for groups in needs.values() for group in groups for item in group} - needs.keys()
    while fresh := {one for one, groups in needs.items() if one not in free and all(g & free for g in groups)}:
        free |= fresh
    stuck = {one: {w for g in groups if not g & free for w in g} for one, groups in needs.items() if one not in free}
    found: list[tuple[Id, ...]] = []
    seen: set[Id] = set()
    for start in sorted(stuck, key=str):
        path: list[Id] = []
        one: Id | None = start
        while one is not None and one not in path and one not in seen:
            path.append(one)
            one = min((way for way in stuck[one] if way in stuck), key=str, default=None)
        if one is not None and one in path:
            found.append(tuple(path[path.index(one) :]))
        seen.update(path)
    return found


def progress(part: Part, facts: Facts, done: Iterable[Id]) -> Progress:
    """Return how far a part is, done what is done or equivalent to it."""
    return _progress(part, facts, _satisfied(facts, done))


def _satisfied(facts: Facts, done: Iterable[Id]) -> frozenset[Id]:
    same = classes(facts.equivalent)
    return frozenset[Id]().union(*(same.get(item, frozenset({item})) for item in done))


def _progress(part: Part, facts: Facts, satisfied: frozenset[Id]) -> Progress:
    if isinstance(part, Step):
        has = part.item in satisfied
        return Progress(has, int(has), 1, float(has))
    parts = tuple(_progress(one, facts, satisfied) for one in part.parts)
    if part.rule is Rule.MINUTES:
        same = classes(facts.equivalent)
        counted = {same.get(one, frozenset({one})): one for one in reversed(items_of(part)) if one in satisfied}
        got, needed = sum(facts.minutes.get(one, 0) for one in counted.values()), part.least
        return Progress(got >= needed, got, needed, min(1.0, got / needed) if needed > 0 else 1.0, parts)
    needed = part.least if part.rule is Rule.ANY else len(parts)
    got = sum(one.complete for one in parts)
    best = sorted((one.share for one in parts), reverse=True)[:needed]
    return Progress(got >= needed, got, needed, sum(best) / needed if needed > 0 else 1.0, parts)


def open_now(part: Part, facts: Facts, done: Iterable[Id]) -> frozenset[Id]:
    """Return what can be begun now and still counts: not done, prerequisites done, its turn where there is an order,
    and in no set that is complete.
    """
    satisfied = _satisfied(facts, done)
    return frozenset(item for item in _open(part, facts, satisfied) if _ready(item, facts, satisfied))


def _open(part: Part, facts: Facts, satisfied: frozenset[Id]) -> Iterator[Id]:
    if isinstance(part, Step):
        if part.item not in satisfied:
            yield part.item
        return
    if _progress(part, facts, satisfied).complete:
        return
    for one in part.parts:
        if _progress(one, facts, satisfied).complete:
            continue
        yield from _open(one, facts, satisfied)
        if part.rule is Rule.IN_ORDER:
            return


def _ready(item: Id, facts: Facts, satisfied: frozenset[Id]) -> bool:
    return all(group & satisfied for group in facts.needs.get(item, ()))


def minutes_left(part: Part, facts: Facts, done: Iterable[Id]) -> int:
    """Return the fewest minutes that complete a part, set by set; prerequisites from outside are not counted."""
    return sum(facts.minutes.get(item, 0) for item in shortest(part, facts, done))


def shortest(part: Part, facts: Facts, done: Iterable[Id]) -> tuple[Id, ...]:
    """Return what completes a part in few minutes: the parts of ANY with the fewest, for MINUTES the longest items. It
    is the shortest where no item is in two sets.
    """
    return tuple(dict.fromkeys(_shortest(part, facts, _satisfied(facts, done))))


def _shortest(part: Part, facts: Facts, satisfied: frozenset[Id]) -> tuple[Id, ...]:
    if isinstance(part, Step):
        return () if part.item in satisfied else (part.item,)
    now = _progress(part, facts, satisfied)
    if now.complete:
        return ()
    if part.rule is Rule.MINUTES:
        return _fill(part, facts, satisfied, part.least - now.got)
    ways = [_shortest(one, facts, satisfied) for one in part.parts]
    if part.rule is Rule.ANY:
        ways = sorted(ways, key=lambda way: sum(facts.minutes.get(one, 0) for one in way))[: part.least]
    return tuple(item for way in ways for item in way)


def _fill(part: Group, facts: Facts, satisfied: frozenset[Id], missing: int) -> tuple[Id, ...]:
    """Return the items that reach so many minutes with the fewest over: exact, by sums reached."""
    same = classes(facts.equivalent)
    sums: dict[int, tuple[Id, ...]] = {0: ()}
    counted: set[frozenset[Id]] = set()
    for item in items_of(part):
        kind = same.get(item, frozenset({item}))
        if item in satisfied or kind in counted:
            continue
        counted.add(kind)
        for total, way in list(sums.items()):
            if total < missing:
                sums.setdefault(total + facts.minutes.get(item, 0), (*way, item))
    enough = [total for total in sums if total >= missing]
    return sums[min(enough)] if enough else sums[max(sums)]


def swap(top: Part, facts: Facts, old: Id, new: Id) -> Swap:
    """Return whether `new` may be done instead of `old` so that the requirement is still met (P7.3)."""
    if old not in items_of(top):
        return Swap(False, "not in the pathway")
    if new not in facts.minutes:
        return Swap(False, "unknown")
    if old == new:
        return Swap(True, "same")
    if new in classes(facts.equivalent).get(old, frozenset()):
        return Swap(True, "equivalent")
    return Swap(False, "different outcome")


def swapped(part: Part, old: Id, new: Id) -> Part:
    """Return the part with one step in the place of another."""
    if isinstance(part, Step):
        return Step(new) if part.item == old else part
    return Group(part.rule, tuple(swapped(one, old, new) for one in part.parts), part.least, part.name)
