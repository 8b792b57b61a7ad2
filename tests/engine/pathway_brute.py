"""The planner's opponent: every set of items, every way to lay them into weeks of half hours. Only for tiny problems.

It shares nothing with the planner but the types and the checker.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from lantern.engine.pathway import Candidate, Piece, Placement, Plan, Problem, Shortfall, Worth, check

UNIT = 30
Best = tuple[float, float]
"""(shortfall, value)"""


def best(problem: Problem) -> Best:
    """The least shortfall that is possible and the most value with it."""
    found: Best = (float("inf"), 0.0)
    ids = [one.id for one in problem.candidates]
    for size in range(len(ids) + 1):
        for chosen in combinations(ids, size):
            worth = value(problem, frozenset(chosen))
            for placements in layouts(problem, chosen):
                missing = shortfalls(problem, placements)
                plan = Plan(placements, Worth(worth), missing)
                short = round(plan.shortfall, 6)
                if (short, -worth) < (found[0], -found[1]) and not check(problem, plan):
                    found = (short, worth)
    return found


def can_hold(problem: Problem) -> bool:
    return best(problem)[0] == 0


def layouts(problem: Problem, chosen: tuple[object, ...]) -> Iterator[tuple[Placement, ...]]:
    room = [week.minutes for week in problem.weeks]
    items = [one for one in problem.candidates if one.id in chosen]

    def lay(rest: list[Candidate], so_far: tuple[Placement, ...]) -> Iterator[tuple[Placement, ...]]:
        if not rest:
            yield so_far
            return
        for placement in ways(rest[0], room):
            for piece in placement.pieces:
                room[piece.week] -= piece.minutes
            yield from lay(rest[1:], (*so_far, placement))
            for piece in placement.pieces:
                room[piece.week] += piece.minutes

    yield from lay(items, ())


def ways(item: Candidate, room: list[int]) -> Iterator[Placement]:
    if item.dates:
        for place, date in enumerate(item.dates):
            minutes = (item.minutes if date.minutes is None else date.minutes) + date.travel
            if 0 <= date.week < len(room) and minutes <= room[date.week]:
                yield Placement(item.id, (Piece(date.week, minutes),), place)
        return

    def split(week: int, left: int) -> Iterator[tuple[Piece, ...]]:
        if left == 0:
            yield ()
        elif week < len(room):
            for minutes in range(0, min(left, room[week]) + 1, UNIT):
                for rest in split(week + 1, left - minutes):
                    yield ((Piece(week, minutes), *rest)) if minutes else rest

    for pieces in split(0, item.minutes):
        yield Placement(item.id, pieces)


def shortfalls(problem: Problem, placements: tuple[Placement, ...]) -> tuple[Shortfall, ...]:
    """What each must lacks; `check` would say so if this were wrong."""
    placed = {one.item: one for one in placements}
    known = {one.id: one for one in problem.candidates}
    same = {item: group for group in problem.equivalent for item in group}
    found = []
    for duty in problem.duties:
        routes = {way for item in duty.items for way in same.get(item, {item})}
        if routes & problem.done.keys() or any(i in placed and placed[i].finished <= duty.by for i in routes):
            continue
        share = 0.5 if routes & placed.keys() else 1.0
        found.append(Shortfall(duty.kind, duty.id, share, share, duty.weight))
    for rule in problem.credit_rules:
        done = [known[i].credits.get(rule.type, 0.0) for i, one in placed.items() if one.finished <= rule.by]
        missing = rule.amount - rule.have - sum(done)
        if missing > 1e-6:
            found.append(Shortfall("credit", rule.id, missing, missing / rule.amount, rule.weight))
    for pin in problem.pins:
        if pin.item not in problem.done and (pin.item not in placed or placed[pin.item].weeks[0] != pin.week):
            found.append(Shortfall("pin", pin.item, 1.0, 1.0, pin.weight))
    return tuple(found)


def value(problem: Problem, chosen: frozenset[object]) -> float:
    """What a set is worth, written down a second time from the formula."""
    items = [one for one in problem.candidates if one.id in chosen]
    total = sum(g.weight * min(g.gap, sum(i.gains.get(g.competency, 0.0) for i in items)) for g in problem.goals)
    for one in items:
        last = len(problem.weeks) - 1 if one.closes is None else min(one.closes, len(problem.weeks) - 1)
        dates = [date for date in one.dates if max(0, one.opens) <= date.week <= last]
        lengths = [((one.minutes if d.minutes is None else d.minutes) + d.travel, d.week) for d in dates]
        fitting = [minutes for minutes, week in lengths if minutes <= problem.weeks[week].minutes]
        total += one.value - problem.minute_cost * min(fitting, default=one.minutes)
        if problem.previous is not None:
            total += problem.change_cost * len(problem.previous.get(one.id, ())) or -problem.change_cost
    total += problem.variety * len({one.format for one in items} - {""})
    ended = chosen | problem.done.keys()
    for badge in problem.badges:
        same = {item: group for group in problem.equivalent for item in group}
        electives = {same.get(item, frozenset({item})) for item in badge.electives}
        if all(same.get(item, {item}) & ended for item in badge.required):
            total += badge.value * (sum(bool(group & ended) for group in electives) >= badge.choose)
    return total
