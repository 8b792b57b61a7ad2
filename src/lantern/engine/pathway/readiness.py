"""A problem made ready to solve: what can be planned at all, from when, and why the rest cannot.

Equivalents stand for one another from here on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lantern.engine.pathway.numbered import (
    NEVER,
    Bar,
    Barred,
    Item,
    LevelNode,
    Option,
    Ready,
    ReadyBadge,
    ReadyGap,
    ReadyMust,
)
from lantern.engine.pathway.problem import (
    LONG_AGO,
    Candidate,
    CreditRule,
    Duty,
    Gap,
    Id,
    ItemDone,
    LevelReached,
    Pin,
    Problem,
    Requirement,
)


def prepare(problem: Problem) -> Ready:
    """Return the problem by numbers. Never raises: what cannot be used is in `barred`, with the reason."""
    ready = Ready(problem)
    _admit(ready)
    _connect(ready)
    _bar_unreachable(ready)
    _describe(ready)
    return ready


def _admit(ready: Ready) -> None:
    """Number what could be planned were there no prerequisites."""
    problem = ready.problem
    for candidate in problem.candidates:
        if candidate.id in ready.number or candidate.id in ready.barred:
            continue
        options = tuple(_options(ready, candidate))
        barred = _bar(ready, candidate, options)
        if barred:
            ready.barred[candidate.id] = barred
            continue
        minutes = min((one.minutes for one in options), default=candidate.minutes)
        closes = ready.count - 1 if candidate.closes is None else min(candidate.closes, ready.count - 1)
        ready.number[candidate.id] = len(ready.items)
        ready.items.append(Item(candidate, minutes, options, opens=max(0, candidate.opens), closes=closes))


def _options(ready: Ready, candidate: Candidate) -> Iterable[Option]:
    last = ready.count - 1 if candidate.closes is None else min(candidate.closes, ready.count - 1)
    for place, date in sorted(enumerate(candidate.dates), key=lambda pair: (pair[1].week, pair[0])):
        minutes = (candidate.minutes if date.minutes is None else date.minutes) + date.travel
        if max(0, candidate.opens) <= date.week <= last and 0 < minutes <= ready.minutes[date.week]:
            yield Option(date.week, minutes, place)


def _bar(ready: Ready, candidate: Candidate, options: Sequence[Option]) -> Barred | None:
    problem = ready.problem
    if candidate.id in problem.done:
        return Barred(Bar.DONE)
    if others := ready.same.get(candidate.id, frozenset()) & problem.done.keys():
        return Barred(Bar.EQUIVALENT_DONE, tuple(sorted(others, key=str)))
    if candidate.retired:
        return Barred(Bar.RETIRED)
    if candidate.minutes <= 0:
        return Barred(Bar.NO_MINUTES)
    last = ready.count - 1 if candidate.closes is None else min(candidate.closes, ready.count - 1)
    first = max(0, candidate.opens)
    if (candidate.closes is not None and candidate.closes < 0) or (
        candidate.dates and all(date.week < 0 for date in candidate.dates)
    ):
        return Barred(Bar.DATE_PASSED)
    if candidate.dates and not options:
        inside = any(first <= date.week <= last for date in candidate.dates)
        return Barred(Bar.BLOCKED if inside else Bar.AFTER_THE_PLAN)
    if first > last:
        return Barred(Bar.AFTER_THE_PLAN)
    if not candidate.dates:
        if not any(ready.minutes[first : last + 1]):
            return Barred(Bar.BLOCKED)
        if sum(ready.minutes[first : last + 1]) < candidate.minutes:
            return Barred(Bar.NO_TIME)
    return None


def _connect(ready: Ready) -> None:
    """Turn prerequisites into groups of numbers; a group that holds already is left out, an empty one cannot hold."""
    nodes: dict[tuple[Id, float, int], int] = {}
    for number, item in enumerate(ready.items):
        groups = []
        for group in item.candidate.needs:
            literals = _literals(ready, nodes, number, group)
            if literals is not None:
                groups.append(tuple(literals))
        item.groups = tuple(groups)
        peers = ready.same.get(item.candidate.id, frozenset())
        item.peers = tuple(sorted(ready.number[peer] for peer in peers if peer in ready.number))
    for gap in ready.problem.gaps:
        _connect_gap(ready, gap)
    for number, part in enumerate(_parts(ready)):
        if number < len(ready.items):
            ready.items[number].part = part


def _literals(
    ready: Ready, nodes: dict[tuple[Id, float, int], int], number: int, group: Sequence[Requirement]
) -> list[int] | None:
    """Return the numbers of which one is needed; None where the group holds already."""
    found: dict[int, None] = {}
    for one in group:
        if isinstance(one, ItemDone):
            same = ready.same.get(one.item, frozenset({one.item}))
            if same & ready.problem.done.keys():
                return None
            others = same - {_id(ready, number)}
            found |= dict.fromkeys(sorted(ready.number[other] for other in others if other in ready.number))
            continue
        need = one.level - ready.problem.levels.get(one.competency, 0.0)
        if need <= 1e-9:
            return None
        if (literal := _level(ready, nodes, number, one, need)) is not None:
            found[literal] = None
    return list(found)


def _id(ready: Ready, number: int) -> Id:
    return ready.items[number].candidate.id


def _level(
    ready: Ready, nodes: dict[tuple[Id, float, int], int], number: int, one: LevelReached, need: float
) -> int | None:
    """Return the literal of a level to be reached without the item that asks for it; None where nothing reaches it."""
    gives_itself = ready.items[number].candidate.gains.get(one.competency, 0.0) > 0
    key = (one.competency, need, number if gives_itself else -1)
    if key not in nodes:
        givers = tuple(
            (giver, item.candidate.gains[one.competency])
            for giver, item in enumerate(ready.items)
            if giver != key[2] and item.candidate.gains.get(one.competency, 0.0) > 0
        )
        if sum(gain for _, gain in givers) < need - 1e-9:
            return None
        nodes[key] = len(ready.levels)
        ready.levels.append(LevelNode(one.competency, need, givers))
    return ~nodes[key]


def _connect_gap(ready: Ready, gap: Gap) -> None:
    then = ready.number.get(gap.then)
    if then is None or gap.first == gap.then:
        return
    if gap.first in ready.problem.done:
        ended = max(ready.problem.done[gap.first], LONG_AGO)
        ready.items[then].opens = max(ready.items[then].opens, ready.after(ended, gap.apart, gap.in_class))
    elif gap.first in ready.number:
        ready.gaps.append(ReadyGap(ready.number[gap.first], then, gap.apart, gap.in_class))


def _edges(ready: Ready, node: int) -> list[int]:
    """Return what a node waits for, levels numbered after the items."""
    count = len(ready.items)
    if node >= count:
        return [giver for giver, _ in ready.levels[node - count].givers]
    return [one if one >= 0 else count + ~one for group in ready.items[node].groups for one in group]


def _parts(ready: Ready) -> list[int]:
    """Return the strongly connected part of each node (Tarjan, without recursion): where things can wait for each
    other in a circle, `timing` has to see that in one week nothing waits for itself.
    """
    count = len(ready.items) + len(ready.levels)
    index, low, part = [-1] * count, [0] * count, [-1] * count
    stack: list[int] = []
    clock = parts = 0
    for root in range(count):
        if index[root] >= 0:
            continue
        work = [(root, iter(_edges(ready, root)))]
        index[root] = low[root] = clock
        clock += 1
        stack.append(root)
        while work:
            node, edges = work[-1]
            for other in edges:
                if index[other] < 0:
                    index[other] = low[other] = clock
                    clock += 1
                    stack.append(other)
                    work.append((other, iter(_edges(ready, other))))
                    break
                if part[other] < 0:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    while part[node] < 0:
                        part[stack.pop()] = parts
                    parts += 1
    return part


def _bar_unreachable(ready: Ready) -> None:
    """Work out from when each item can be done, and take out what never can, with the reason; numbers are renewed."""
    ends = _earliest(ready)
    lost = [number for number, item in enumerate(ready.items) if ends[number] > item.closes]
    if not lost:
        return
    for number in lost:
        ready.barred[_id(ready, number)] = _why_lost(ready, number, ends)
    kept = [item.candidate for number, item in enumerate(ready.items) if number not in set(lost)]
    ready.items, ready.number, ready.levels, ready.gaps = [], {}, [], []
    before = dict(ready.barred)
    for candidate in kept:
        ready.number[candidate.id] = len(ready.items)
        options = tuple(_options(ready, candidate))
        closes = ready.count - 1 if candidate.closes is None else min(candidate.closes, ready.count - 1)
        minutes = min((one.minutes for one in options), default=candidate.minutes)
        ready.items.append(Item(candidate, minutes, options, opens=max(0, candidate.opens), closes=closes))
    ready.barred = before
    _connect(ready)
    _bar_unreachable(ready)


def _earliest(ready: Ready) -> list[int]:
    """Return the first week each item could be finished in, its prerequisites before it; fills in start and end."""
    ends = [NEVER] * len(ready.items)
    changed = True
    while changed:
        changed = False
        reached = [_reached(node, ends) for node in ready.levels]
        for number, item in enumerate(ready.items):
            start = item.opens
            for group in item.groups:
                start = max(start, min((_known(one, ends, reached) for one in group), default=NEVER))
            if start >= ready.count:
                continue
            end = ready.finish(number, start)
            if end < ends[number]:
                ends[number], item.start, item.end = end, start, end
                changed = True
    return ends


def _reached(node: LevelNode, ends: Sequence[int]) -> int:
    total = 0.0
    for giver, gain in sorted(node.givers, key=lambda pair: ends[pair[0]]):
        total += gain
        if total >= node.need - 1e-9:
            return ends[giver]
    return NEVER


def _known(literal: int, ends: Sequence[int], reached: Sequence[int]) -> int:
    if literal < 0:
        return reached[~literal]
    return ends[literal]


def _why_lost(ready: Ready, number: int, ends: Sequence[int]) -> Barred:
    item = ready.items[number]
    reached = [_reached(node, ends) for node in ready.levels]
    for place, group in enumerate(item.groups):
        if min((_known(one, ends, reached) for one in group), default=NEVER) < NEVER:
            continue
        in_part = [one for one in group if one >= 0 and ready.items[one].part == item.part]
        if in_part:
            return Barred(Bar.CYCLE, tuple(_id(ready, one) for one in in_part))
        unmet = [group for group in item.candidate.needs if _literals(ready, {}, number, group) is not None]
        names = (one.item if isinstance(one, ItemDone) else one.competency for one in unmet[place])
        return Barred(Bar.PREREQUISITE_MISSING, tuple(dict.fromkeys(names)))
    return Barred(Bar.NO_TIME)


def _describe(ready: Ready) -> None:
    """Fill in what each item is worth by itself, the musts and the badges."""
    problem = ready.problem
    for item in ready.items:
        one = item.candidate
        item.gains = tuple(
            (place, min(goal.gap, one.gains[goal.competency]))
            for place, goal in enumerate(ready.goals)
            if one.gains.get(goal.competency, 0.0) > 0
        )
        item.linear = one.value + problem.liked.get(one.format, 0.0) * one.minutes / 60 + kept_part(problem, one.id)
        item.linear -= problem.minute_cost * item.minutes
    for must in problem.musts:
        ready.musts.append(_must(ready, must))
    for place, badge in enumerate(problem.badges):
        required = _open_classes(ready, badge.required)
        electives = _open_classes(ready, badge.electives)
        choose = max(0, badge.choose - len(_classes_of(ready, badge.electives)) + len(electives))
        electives = [one for one in electives if one]
        if not required and choose == 0:
            ready.earned += badge.value
        elif all(required) and len(electives) >= choose:
            ready.badges.append(
                ReadyBadge(place, badge.value, tuple(required), tuple(electives) if choose else (), choose)
            )


def kept_part(problem: Problem, item: Id) -> float:
    """Return what choosing an item is worth because of an earlier plan: it was in it, or would be new."""
    if problem.previous is None:
        return 0.0
    weeks = problem.previous.get(item)
    return problem.change_cost * (-1 if weeks is None else sum(week >= 0 for week in weeks))


def _classes_of(ready: Ready, items: Iterable[Id]) -> list[frozenset[Id]]:
    found = (ready.same.get(item, frozenset({item})) for item in sorted(items, key=str))
    return list(dict.fromkeys(found))


def _open_classes(ready: Ready, items: Iterable[Id]) -> list[tuple[int, ...]]:
    """Return the numbers of each class that is not done yet; an empty one can never be."""
    return [
        tuple(sorted(ready.number[item] for item in one if item in ready.number))
        for one in _classes_of(ready, items)
        if not one & ready.problem.done.keys()
    ]


def _must(ready: Ready, must: Duty | CreditRule | Pin) -> ReadyMust:
    last = ready.count - 1
    if isinstance(must, CreditRule):
        routes = tuple(
            (number, item.candidate.credits[must.type])
            for number, item in enumerate(ready.items)
            if item.candidate.credits.get(must.type, 0.0) > 0
        )
        left = must.amount - must.have
        by = min(must.by, last)
        return ReadyMust("credit", must.id, routes, left, max(must.amount, 1e-9), by, must.weight, left <= 1e-9)
    if isinstance(must, Pin):
        found = ready.number.get(must.item)
        routes = () if found is None else ((found, 1.0),)
        return ReadyMust("pin", must.id, routes, 1.0, 1.0, must.week, must.weight, must.item in ready.problem.done)
    names: set[Id] = set()
    for item in must.items:
        names |= ready.same.get(item, frozenset({item}))
    routes = tuple((number, 1.0) for number in sorted(ready.number[name] for name in names if name in ready.number))
    met = bool(names & ready.problem.done.keys())
    return ReadyMust(must.kind, must.id, routes, 1.0, 1.0, min(must.by, last), must.weight, met)


def by_kind(musts: Sequence[ReadyMust], kind: str) -> list[ReadyMust]:
    """Return the musts of one kind that do not hold yet."""
    return [must for must in musts if must.kind == kind and not must.met]
