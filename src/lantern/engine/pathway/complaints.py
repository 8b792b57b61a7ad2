"""What is wrong with a problem, named. The planner plans all the same, without what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lantern.engine.pathway.numbered import Bar, Ready
from lantern.engine.pathway.problem import CreditRule, Duty, Id, ItemDone, Pin, Problem
from lantern.engine.pathway.readiness import prepare


class Trouble(StrEnum):
    """What may be wrong."""

    NO_WEEKS = "no weeks"
    NO_TIME_AT_ALL = "no time at all"
    NAMED_TWICE = "named twice"
    NO_MINUTES = "no minutes"
    UNKNOWN_ITEM = "unknown item"
    RETIRED = "retired"
    CYCLE = "cycle"
    DATE_PASSED = "date passed"
    DEADLINE_PASSED = "deadline passed"
    BLOCKED = "blocked"
    NO_ROUTE = "no route"
    TOO_FEW_CREDITS = "too few credits"
    MORE_THAN_THERE_ARE = "more than there are"
    BELOW_NOTHING = "below nothing"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong: what, with which item or must, and the others it has to do with."""

    trouble: Trouble
    about: Id
    others: tuple[Id, ...] = ()
    detail: str = ""


def complaints(problem: Problem) -> list[Complaint]:
    """Return everything that is wrong with a problem, each thing once; never raises."""
    ready = prepare(problem)
    found = [*_calendar(problem), *_items(problem, ready), *_names(problem), *_musts(ready)]
    return list(dict.fromkeys(found))


def _calendar(problem: Problem) -> Iterator[Complaint]:
    if not problem.weeks:
        yield Complaint(Trouble.NO_WEEKS, "weeks")
    elif not any(week.minutes > 0 for week in problem.weeks):
        yield Complaint(Trouble.NO_TIME_AT_ALL, "weeks", (), f"{len(problem.weeks)} weeks, none with a minute")


def _items(problem: Problem, ready: Ready) -> Iterator[Complaint]:
    for item, count in Counter(one.id for one in problem.candidates).items():
        if count > 1:
            yield Complaint(Trouble.NAMED_TWICE, item, (), f"{count} times; the first counts")
    for competency, count in Counter(goal.competency for goal in problem.goals).items():
        if count > 1:
            yield Complaint(Trouble.NAMED_TWICE, competency, (), f"{count} goals; each counts")
    kinds = {Duty: "duties", CreditRule: "credit rules", Pin: "pins"}
    for (kind, must), count in Counter((type(one), one.id) for one in problem.musts).items():
        if count > 1:
            yield Complaint(Trouble.NAMED_TWICE, must, (), f"{count} {kinds[kind]}")
    if problem.budget is not None and problem.budget < 0:
        yield Complaint(Trouble.BELOW_NOTHING, "budget", (), f"{problem.budget:g}")
    for one in problem.candidates:
        if one.cost < 0 or any(amount < 0 for amount in one.credits.values()):
            yield Complaint(Trouble.BELOW_NOTHING, one.id, (), "its cost or its credits")
    named = {Bar.NO_MINUTES: Trouble.NO_MINUTES, Bar.CYCLE: Trouble.CYCLE, Bar.DATE_PASSED: Trouble.DATE_PASSED}
    for candidate in problem.candidates:
        barred = ready.barred.get(candidate.id)
        if barred and barred.why in named:
            yield Complaint(named[barred.why], candidate.id, barred.about)
    for badge in problem.badges:
        if badge.choose > len(badge.electives):
            detail = f"{badge.choose} of {len(badge.electives)}"
            yield Complaint(Trouble.MORE_THAN_THERE_ARE, badge.id, (), detail)


def _names(problem: Problem) -> Iterator[Complaint]:
    """Names that are neither among the candidates nor done, by who names them."""
    known = {one.id for one in problem.candidates} | problem.done.keys()
    named: list[tuple[Id, Id]] = []
    for one in problem.candidates:
        named += [(one.id, need.item) for group in one.needs for need in group if isinstance(need, ItemDone)]
    named += [(duty.id, item) for duty in problem.duties for item in duty.items]
    named += [(pin.item, pin.item) for pin in problem.pins]
    named += [(gap.then, item) for gap in problem.gaps for item in (gap.first, gap.then)]
    named += [(badge.id, item) for badge in problem.badges for item in badge.required | badge.electives]
    for who, item in sorted(named, key=str):
        if item not in known:
            yield Complaint(Trouble.UNKNOWN_ITEM, who, (item,))


def _musts(ready: Ready) -> Iterator[Complaint]:
    problem = ready.problem
    retired = {one.id for one in problem.candidates if one.retired}
    for must, made in zip(problem.musts, ready.musts, strict=True):
        if made.met:
            continue
        if isinstance(must, Duty):
            if gone := sorted(must.items & retired, key=str):
                yield Complaint(Trouble.RETIRED, must.id, tuple(gone))
            if must.by < 0:
                yield Complaint(Trouble.DEADLINE_PASSED, must.id, (), f"week {must.by}")
            elif all(ready.items[one].end > must.by for one, _ in made.routes):
                yield Complaint(Trouble.NO_ROUTE, must.id, tuple(sorted(must.items, key=str)), f"by week {must.by}")
        elif isinstance(must, CreditRule):
            yield from _credit(ready, must)
        elif isinstance(must, Pin):
            if must.item in retired:
                yield Complaint(Trouble.RETIRED, must.item)
            elif not 0 <= must.week < ready.count:
                yield Complaint(Trouble.DATE_PASSED if must.week < 0 else Trouble.NO_ROUTE, must.item, (), "pinned")
            elif ready.minutes[must.week] <= 0:
                yield Complaint(Trouble.BLOCKED, must.item, (), f"pinned in week {must.week}")


def _credit(ready: Ready, rule: CreditRule) -> Iterator[Complaint]:
    if rule.by < 0:
        yield Complaint(Trouble.DEADLINE_PASSED, rule.id, (), f"week {rule.by}")
        return
    within = [item for item in ready.items if item.end <= rule.by]
    most = rule.have + sum(max(0.0, item.candidate.credits.get(rule.type, 0.0)) for item in within)
    if most < rule.amount - 1e-6:
        yield Complaint(Trouble.TOO_FEW_CREDITS, rule.id, (), f"{most:g} of {rule.amount:g} by week {rule.by}")
