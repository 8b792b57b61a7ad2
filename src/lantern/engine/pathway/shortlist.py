"""Which few hundred of a catalog a plan is made from: what fits her work and level and may be part of a best plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from lantern.engine.pathway.equivalents import classes
from lantern.engine.pathway.problem import Candidate, Id, ItemDone, LevelReached, Problem

SIZE = 200
LEVELS_ABOVE = 1.0
"""Something may begin this far above her level: the plan can lead there."""
CREDIT_SHARE = 0.15
"""So much of the list is for those that give most credit an hour, for each rule that still needs some."""


class Unfit(StrEnum):
    """Why something is not on the list."""

    ROLE = "role"
    GRADE = "grade"
    FORMAT = "format"
    TOO_HARD = "too hard"
    TOO_EASY = "too easy"
    NO_GAP = "no gap"
    BEHIND_OTHERS = "behind others"


@dataclass(frozen=True, slots=True)
class Profile:
    """Who plans: her role and grades (empty: not asked), the formats she will not take."""

    role: str = ""
    grades: frozenset[str] = frozenset()
    barred_formats: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shortlisted:
    """The problem with fewer candidates, in their old order, and why each other one is not among them."""

    problem: Problem
    left: Mapping[Id, Unfit] = field(default_factory=dict)


def shortlist(problem: Problem, size: int = SIZE, profile: Profile = Profile()) -> Shortlisted:
    """Return the problem over about `size` candidates.

    What a must, a pin or an earlier plan names stays whatever it is, and so do the prerequisites of all that stays
    (these may go beyond `size`). The rest are taken in turns, goal by goal, by what a minute closes of the gap.
    """
    known = {one.id: one for one in problem.candidates}
    same = classes(problem.equivalent)
    named = set(problem.previous or ()) | {pin.item for pin in problem.pins}
    for duty in problem.duties:
        for item in duty.items:
            named |= same.get(item, frozenset({item}))
    left: dict[Id, Unfit] = {}
    fitting: list[Candidate] = []
    for one in problem.candidates:
        unfit = None if one.id in named else _unfit(problem, profile, one)
        if unfit:
            left[one.id] = unfit
        elif one.id not in named:
            fitting.append(one)
    chosen = dict.fromkeys(one.id for one in problem.candidates if one.id in named)
    for one in _in_turns(problem, fitting, size):
        if len(chosen) >= size:
            break
        _take(problem, known, same, left, one.id, chosen)
    for item in list(chosen):
        _take(problem, known, same, left, item, chosen)
    kept = tuple(one for one in problem.candidates if one.id in chosen)
    left = {one.id: left.get(one.id, Unfit.BEHIND_OTHERS) for one in problem.candidates if one.id not in chosen}
    return Shortlisted(replace(problem, candidates=kept), left)


def _unfit(problem: Problem, profile: Profile, one: Candidate) -> Unfit | None:
    if profile.role and one.roles and profile.role not in one.roles:
        return Unfit.ROLE
    if profile.grades and one.grades and not profile.grades & one.grades:
        return Unfit.GRADE
    if one.format in profile.barred_formats:
        return Unfit.FORMAT
    levels = [problem.levels[competency] for competency in one.gains if competency in problem.levels]
    if levels and one.from_level is not None and one.from_level > max(levels) + LEVELS_ABOVE:
        return Unfit.TOO_HARD
    if levels and one.to_level is not None and one.to_level < min(levels):
        return Unfit.TOO_EASY
    needed = {rule.type for rule in problem.credit_rules if rule.amount > rule.have}
    goals = {goal.competency for goal in problem.goals if goal.gap > 0}
    useful = goals & one.gains.keys() or needed & one.credits.keys() or one.value > 0
    in_badge = any(one.id in badge.required | badge.electives for badge in problem.badges)
    return None if useful or in_badge else Unfit.NO_GAP


def _in_turns(problem: Problem, fitting: list[Candidate], size: int) -> Iterable[Candidate]:
    """Return them best first: those for credit up to their share, then the goals' and badges' in turns."""
    queues: list[list[Candidate]] = []
    for rule in problem.credit_rules:
        if rule.amount > rule.have:
            rates = [(one.credits.get(rule.type, 0.0) / max(one.minutes, 1), one) for one in fitting]
            giving = sorted((pair for pair in rates if pair[0] > 0), key=lambda pair: (-pair[0], str(pair[1].id)))
            yield from (one for _, one in giving[: int(size * CREDIT_SHARE)])
    known = {one.id: one for one in problem.candidates}
    rate = {one.id: _alone(problem, one) / max(_with_needs(problem, known, one), 1) for one in fitting}
    by_rate = sorted(fitting, key=lambda one: (-rate[one.id], str(one.id)))
    for goal in problem.goals:
        queues.append([one for one in by_rate if goal.gap > 0 and one.gains.get(goal.competency, 0.0) > 0])
    queues.append(list(_for_badges(problem, {one.id: one for one in fitting})))
    queues.append(by_rate)
    for turn in range(max(map(len, queues), default=0)):
        yield from (queue[turn] for queue in queues if turn < len(queue))


def _for_badges(problem: Problem, fitting: Mapping[Id, Candidate]) -> Iterable[Candidate]:
    """Return the members of badges, those worth most a minute first: what they require and the shortest to choose."""
    ways: list[tuple[float, str, list[Candidate]]] = []
    for badge in problem.badges:
        required = sorted((fitting[one] for one in badge.required if one in fitting), key=_by_length)
        electives = sorted((fitting[one] for one in badge.electives if one in fitting), key=_by_length)
        way = [*required, *electives[: badge.choose]]
        ways.append((-badge.value / max(1, sum(one.minutes for one in way)), str(badge.id), way))
    for _, _, way in sorted(ways, key=lambda one: one[:2]):
        yield from way


def _by_length(one: Candidate) -> tuple[int, str]:
    return one.minutes, str(one.id)


def _alone(problem: Problem, one: Candidate) -> float:
    """Return what something is worth where no other is chosen."""
    gaps = sum(goal.weight * min(goal.gap, one.gains.get(goal.competency, 0.0)) for goal in problem.goals)
    return one.value + problem.liked.get(one.format, 0.0) * one.minutes / 60 + gaps


def _with_needs(problem: Problem, known: Mapping[Id, Candidate], one: Candidate, depth: int = 3) -> int:
    """Return its minutes and those of the shortest way to it, a few steps back."""
    minutes = one.minutes
    for group in one.needs if depth else ():
        items = [need.item for need in group if isinstance(need, ItemDone)]
        if len(items) == len(group) and not any(item in problem.done for item in items):
            ways = [_with_needs(problem, known, known[item], depth - 1) for item in items if item in known]
            minutes += min(ways, default=0)
    return minutes


def _take(
    problem: Problem,
    known: Mapping[Id, Candidate],
    same: Mapping[Id, frozenset[Id]],
    left: Mapping[Id, Unfit],
    item: Id,
    chosen: dict[Id, None],
) -> None:
    """Take one with what it waits for: of each group all that fit, or the shortest where none does."""
    work = [item]
    seen: set[Id] = set()
    while work:
        one = work.pop()
        chosen[one] = None
        seen.add(one)
        for group in known[one].needs:
            ways: dict[Id, None] = {}
            for need in group:
                if isinstance(need, ItemDone):
                    peers = sorted(same.get(need.item, {need.item}), key=str)
                    ways |= dict.fromkeys(way for way in peers if way in known)
                elif isinstance(need, LevelReached) and need.level > problem.levels.get(need.competency, 0.0):
                    ways |= dict.fromkeys(_steps(problem, known, left, need))
            if problem.done.keys() & {way for need in group if isinstance(need, ItemDone) for way in (need.item,)}:
                continue
            fit = [way for way in ways if way not in left] or sorted(ways, key=lambda way: known[way].minutes)[:1]
            work += [way for way in fit if way not in seen]


def _steps(problem: Problem, known: Mapping[Id, Candidate], left: Mapping[Id, Unfit], need: LevelReached) -> list[Id]:
    """Return the few that reach a level soonest, those that fit her first."""
    missing = need.level - problem.levels.get(need.competency, 0.0)
    giving = [one for one in known.values() if one.gains.get(need.competency, 0.0) > 0 and not one.retired]
    found: list[Id] = []
    for one in sorted(giving, key=lambda one: (one.id in left, one.minutes / one.gains[need.competency], str(one.id))):
        if missing <= 0:
            break
        found.append(one.id)
        missing -= one.gains[need.competency]
    return found
