"""When the musts cannot all hold: which of them clash, and the smallest changes that make them hold.

Every answer is minimal and was tried: of a clash any one fewer holds together; of a remedy nothing can be left out, and
no smaller amount does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from lantern.engine.pathway.equivalents import classes
from lantern.engine.pathway.problem import (
    Candidate,
    CreditRule,
    Duty,
    Id,
    ItemDone,
    LevelReached,
    Limit,
    Must,
    Pin,
    Problem,
    Week,
)
from lantern.engine.pathway.search import can_hold


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be changed: up to so many minutes more in each open week, in steps; weeks before the first (the last one
    lies just before it); blocked weeks that could be opened, with their minutes; by how many weeks a must or a pin may
    move; whether musts may be dropped.
    """

    more_minutes: int = 120
    step: int = 5
    earlier: tuple[Week, ...] = ()
    could_open: Mapping[int, int] = field(default_factory=dict)
    later: int = 8
    drop: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `kind` is minutes (`amount` more in each open week), earlier (begin `amount` weeks sooner), open
    (week `about`, with `amount` minutes), later (must `about` `amount` weeks later), week (pin `about` to week
    `amount`) or drop (must `about`). `must` is mandate, initiative, credit or pin where `about` is one.
    """

    kind: str
    about: Id = ""
    amount: int = 0
    must: str = ""


@dataclass(frozen=True, slots=True)
class Remedies:
    """The musts of a smallest clash (none: all can hold), the smallest sets of changes that help, and whether the
    search came to its end in time.
    """

    clash: tuple[Must, ...] = ()
    helps: tuple[tuple[Change, ...], ...] = ()
    finished: bool = True


class _OutOfTime(Exception):
    """The limit was reached before an answer was clear."""


def smallest_clash(problem: Problem, limit: Limit = Limit(), seed: int = 0) -> Remedies:  # noqa: B008 - frozen
    """Return musts that cannot all hold, of which any one fewer can; none where all can."""
    try:
        return Remedies(_clash(_Trying(problem, limit, seed)))
    except _OutOfTime:
        return Remedies(finished=False)


def smallest_changes(
    problem: Problem,
    offer: Offer = Offer(),
    limit: Limit = Limit(),  # noqa: B008 - frozen
    seed: int = 0,
    most: int = 2,
) -> Remedies:
    """Return a smallest clash and every smallest set of changes that makes all musts hold: single ones if any does,
    else pairs, up to `most` together; if none of these does, musts to drop, none of them for nothing.
    """
    trying = _Trying(problem, limit, seed)
    clash: tuple[Must, ...] = ()
    found: list[tuple[Change, ...]] = []
    try:
        clash = _clash(trying)
        if not clash:
            return Remedies()
        strongest = list(_strongest(problem, offer, clash))
        for size in range(1, most + 1):
            for chosen in combinations(strongest, size):
                if trying.holds(apply(problem, offer, chosen)):
                    found.append(_weakened(trying, offer, chosen))
            if found:
                return Remedies(clash, tuple(dict.fromkeys(found)))
        if offer.drop:
            found.append(tuple(_dropped(must) for must in _drops(trying)))
    except _OutOfTime:
        return Remedies(clash, tuple(dict.fromkeys(found)), finished=False)
    return Remedies(clash, tuple(found))


class _Trying:
    """Asks whether the musts of a changed problem can hold, each question once."""

    def __init__(self, problem: Problem, limit: Limit, seed: int) -> None:
        self.problem, self.limit, self.seed = problem, limit, seed

    def holds(self, problem: Problem) -> bool:
        answer = can_hold(_only_musts(problem), self.limit, self.seed)
        if answer is None:
            raise _OutOfTime
        return answer

    def with_musts(self, musts: Iterable[Must]) -> bool:
        return self.holds(_with(self.problem, musts))


def _with(problem: Problem, musts: Iterable[Must]) -> Problem:
    kept = list(musts)
    return replace(
        problem,
        duties=tuple(one for one in kept if isinstance(one, Duty)),
        credit_rules=tuple(one for one in kept if isinstance(one, CreditRule)),
        pins=tuple(one for one in kept if isinstance(one, Pin)),
    )


def _clash(trying: _Trying) -> tuple[Must, ...]:
    """Deletion filter: leave out whatever is not needed for the clash."""
    musts = list(trying.problem.musts)
    if trying.with_musts(musts):
        return ()
    for must in list(musts):
        rest = [one for one in musts if one is not must]
        if not trying.with_musts(rest):
            musts = rest
    return tuple(musts)


def _drops(trying: _Trying) -> list[Must]:
    """Return musts without which the others hold, none of them for nothing."""
    kept: list[Must] = []
    dropped: list[Must] = []
    for must in sorted(trying.problem.musts, key=lambda one: -one.weight):
        (kept if trying.with_musts([*kept, must]) else dropped).append(must)
    return dropped


def _kind(must: Must) -> str:
    return "credit" if isinstance(must, CreditRule) else "pin" if isinstance(must, Pin) else must.kind


def _dropped(must: Must) -> Change:
    return Change("drop", must.id, must=_kind(must))


def _strongest(problem: Problem, offer: Offer, clash: Sequence[Must]) -> Iterator[Change]:
    """Return each change at its strongest. Only musts of the clash are worth dropping or moving: without one of these
    it stays.
    """
    if offer.more_minutes >= offer.step:
        yield Change("minutes", amount=offer.more_minutes // offer.step * offer.step)
    if offer.earlier:
        yield Change("earlier", amount=len(offer.earlier))
    for week, minutes in sorted(offer.could_open.items()):
        if 0 <= week < len(problem.weeks) and problem.weeks[week].minutes < minutes:
            yield Change("open", week, minutes)
    for must in clash:
        if isinstance(must, Pin):
            for week in range(max(0, must.week - offer.later), min(len(problem.weeks), must.week + offer.later + 1)):
                if week != must.week:
                    yield Change("week", must.id, week, "pin")
        elif offer.later and must.by < len(problem.weeks) - 1:
            yield Change("later", must.id, min(offer.later, len(problem.weeks) - 1 - must.by), _kind(must))
        if offer.drop:
            yield _dropped(must)


def _weakened(trying: _Trying, offer: Offer, chosen: tuple[Change, ...]) -> tuple[Change, ...]:
    """Return the changes with the smallest amounts that still do, the first ones made small first."""
    found = list(chosen)
    for place, change in enumerate(chosen):
        if change.kind not in ("minutes", "earlier", "later"):
            continue
        step = offer.step if change.kind == "minutes" else 1

        def does(steps: int, place: int = place, step: int = step) -> bool:
            tried = [*found[:place], replace(found[place], amount=steps * step), *found[place + 1 :]]
            return trying.holds(apply(trying.problem, offer, tried))

        found[place] = replace(change, amount=_least(does, change.amount // step) * step)
    return tuple(found)


def _least(does: Callable[[int], bool], most: int) -> int:
    """Return the least number of steps that does; `most` is known to do, none is known not to."""
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if does(middle) else (middle, high)
    return high


def apply(problem: Problem, offer: Offer, changes: Iterable[Change]) -> Problem:
    """Return the problem with the changes made."""
    earlier = 0
    for change in changes:
        if change.kind == "minutes":
            more = (replace(w, minutes=w.minutes + change.amount) if w.minutes > 0 else w for w in problem.weeks)
            problem = replace(problem, weeks=tuple(more))
        elif change.kind == "open":
            weeks = list(problem.weeks)
            weeks[int(change.about)] = replace(weeks[int(change.about)], minutes=change.amount)
            problem = replace(problem, weeks=tuple(weeks))
        elif change.kind == "earlier":
            earlier = change.amount
        else:
            problem = _with(problem, [new for must in problem.musts if (new := _changed(must, change)) is not None])
    return _begin_earlier(problem, offer.earlier[len(offer.earlier) - earlier :]) if earlier else problem


def _changed(must: Must, change: Change) -> Must | None:
    if must.id != change.about or _kind(must) != change.must:
        return must
    if change.kind == "drop":
        return None
    if isinstance(must, Pin):
        return replace(must, week=change.amount)
    return replace(must, by=must.by + change.amount)


def _begin_earlier(problem: Problem, before: tuple[Week, ...]) -> Problem:
    """Return the problem with weeks put before its first; what has a week keeps its place in time."""
    more = len(before)

    def moved(one: Candidate) -> Candidate:
        return replace(
            one,
            dates=tuple(replace(date, week=date.week + more) for date in one.dates),
            opens=one.opens + more if one.opens > 0 else one.opens,
            closes=None if one.closes is None else one.closes + more,
        )

    return replace(
        problem,
        weeks=before + problem.weeks,
        candidates=tuple(moved(one) for one in problem.candidates),
        duties=tuple(replace(one, by=one.by + more) for one in problem.duties),
        credit_rules=tuple(replace(one, by=one.by + more) for one in problem.credit_rules),
        pins=tuple(replace(one, week=one.week + more) for one in problem.pins),
        done={item: week + more for item, week in problem.done.items()},
        previous=None
        if problem.previous is None
        else {item: tuple(week + more for week in weeks) for item, weeks in problem.previous.items()},
    )


def _only_musts(problem: Problem) -> Problem:
    """Return the problem without all that cannot matter for its musts."""
    known = {one.id: one for one in problem.candidates}
    same = classes(problem.equivalent)
    types = {rule.type for rule in problem.credit_rules}
    work: list[Id] = [pin.item for pin in problem.pins]
    work += [item for duty in problem.duties for item in duty.items]
    work += [one.id for one in problem.candidates if types & one.credits.keys()]
    seen: set[Id] = set()
    while work:
        for item in same.get(one := work.pop(), frozenset({one})):
            if item in seen or item not in known:
                continue
            seen.add(item)
            for need in (need for group in known[item].needs for need in group):
                if isinstance(need, ItemDone):
                    work.append(need.item)
                elif isinstance(need, LevelReached):
                    work += [one.id for one in problem.candidates if need.competency in one.gains]
    return replace(
        problem,
        candidates=tuple(one for one in problem.candidates if one.id in seen),
        goals=(),
        badges=(),
        liked={},
        variety=0.0,
        previous=None,
    )
