"""From what is known of one educator to a problem of the planner: her goals level by level, her licence, what stands in
her weeks already, and the part of a catalog that could serve (N3, decision 0059).

Each level of a competency on the way to a goal is one gap of its own ("uuid/2"), and what leads to a level waits for
half of the one below: three things for beginners make no expert.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from lantern.engine.pathway import (
    Badge,
    Candidate,
    CreditRule,
    Duty,
    Gap,
    Goal,
    Id,
    ItemDone,
    LevelReached,
    LiveDate,
    Problem,
    Requirement,
    Shortlisted,
    Unfit,
    Week,
    shortlist,
)
from lantern.engine.pathway.problem import LONG_AGO
from lantern.engine.recommend import Item, Learner, Shelf, Weights, assumed_level
from lantern.engine.recommend.rank import open_places, points_of
from lantern.engine.recommend.worth import counts_for, hundredths_of

STATED, GUESSED, NO_LEVEL = 0.7, 0.4, 0.5
"""Levels that one thing is taken to give: where its source says so, where its words were judged, where it names none.
Starting guesses; two things that say so fill a level."""
HALF_A_LEVEL = 0.5
LIVE_KINDS, LIVE_WAYS = frozenset({"live_session", "conference"}), frozenset({"live_online", "in_person"})
"""What is attended: in one go, in one week. While its dates are not known, any week with room for the whole may be its.
"""
GOAL, NEED = 1.0, 0.6
MINUTE, LIKED, VARIETY = 0.0005, 0.012, 0.0015
TELLS_APART = 0.3
"""What a minute costs; what a liked format gives an hour, a further format once, and the best suggestion of what its
minutes cost. Together they are less than the minutes cost: they choose among equals, and put in nothing by themselves.
"""
KEEP = 3.0
"""What she put in herself weighs more than the licence: it goes last of all."""
SMALLEST_PIECE = 15
"""Minutes; what takes less than two of these is done in one go."""
MOST_IN_POOL = 600
"""A chain of things that build on each other may be any length in a catalog; what is not reached counts as missing."""
A_STEP = 0.25
"""What a step of a pathway she is in is worth beside what it leads to."""
POOL_FOR_A_GOAL, SHORTEST_FOR_A_GOAL, POOL_FOR_CREDIT, POOL_BEST = 80, 20, 80, 60
LICENCE, TO_KEEP = "licence", "keep:"


@dataclass(frozen=True, slots=True)
class Standing:
    """Something not done that stands in her plan: `shares` are its minutes by week of the plan, none where it waits.
    What is `fixed` (pinned, or begun) stays there; `item` is it in the catalog.
    """

    id: str
    minutes: int
    kind: str = ""
    shares: Mapping[int, int] = field(default_factory=dict)
    fixed: bool = False
    begun: bool = False
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step of a pathway she is in, not done, by the id of what she takes for it. `wanted`: it has to be done; `needs`
    are levels (competency, level) and, in groups of which one is enough, steps that come before it.
    """

    id: str
    minutes: int
    kind: str = ""
    wanted: bool = True
    levels: tuple[tuple[Any, int], ...] = ()
    after: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A pathway she is in: its steps, the practice between them, choices (so many of these), what stands for each
    other.
    """

    title: str
    steps: tuple[PathStep, ...]
    gaps: tuple[Gap, ...] = ()
    choices: tuple[tuple[frozenset[str], int], ...] = ()
    equivalent: tuple[frozenset[Id], ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What she asks for this time. `more` minutes in each week that has some; begin in week `start`; `without` these
    goals (and needs: their competency); `repair`: only find weeks for what stands in the plan.
    """

    more: int = 0
    start: int = 0
    without: frozenset[Any] = frozenset()
    repair: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside her learner facts: the weeks with all their minutes, what stands in them, the week each goal
    is due in, in which week her licence is renewed, the pathways she is in, and the weeks in which she finished things
    (below 0).
    """

    weeks: tuple[Week, ...]
    standing: tuple[Standing, ...] = ()
    due: Mapping[Any, int] = field(default_factory=dict)
    renewed: int = 0
    paths: tuple[Path, ...] = ()
    finished: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Aim:
    """A level on the way to a goal or need: `goal` is the goal's id, None where a need alone asks for it."""

    competency: Any
    level: int
    goal: Any
    weight: float
    by: int | None = None


@dataclass(frozen=True, slots=True)
class OwnProblem:
    """The problem, the aim behind each of its gaps, why other things of the pool are not candidates, and what of her
    plan leads no further than she is.
    """

    problem: Problem
    aims: Mapping[str, Aim]
    left: Mapping[Id, Unfit] = field(default_factory=dict)
    behind: tuple[str, ...] = ()


def own_problem(learner: Learner, shelf: Shelf, known: Known, wish: Wish = Wish()) -> OwnProblem:
    """Return what the planner is asked for one educator."""
    weeks = _weeks(known, wish)
    aims = {} if wish.repair else {_node(aim): aim for aim in _aims(learner, known, wish)}
    paths = () if wish.repair else known.paths
    asked = {step.id for path in paths for step in path.steps}  # she began these pathways: their steps stay
    behind = tuple(one.id for one in known.standing if one.id not in asked and _is_behind(learner, one))
    behind = () if wish.repair else behind
    kept = [one for one in known.standing if one.id not in behind]
    fixed = {one.id: one for one in kept if one.fixed and one.shares}
    making = _Making(learner, aims, fixed, weeks)
    candidates = {one.id: making.standing(one) for one in kept if one.id not in fixed}
    if not wish.repair:
        standing = {one.id for one in known.standing}
        by_taste = not learner.goals and not learner.needs and not paths
        for item, likes in _pool(learner, shelf, aims, by_taste):
            if str(item.id) not in standing:
                candidates[str(item.id)] = making.item(item, likes)
    for path in paths:
        making.put_in(path, shelf, candidates)
    done: dict[Id, int] = {str(item): known.finished.get(str(item), LONG_AGO) for item in learner.finished}
    done |= {one: max(where.shares) for one, where in fixed.items()}
    problem = Problem(
        weeks=weeks,
        candidates=tuple(candidates.values()),
        goals=tuple(Goal(node, max(0.0, 1.0 - making.levels.get(node, 0.0)), aim.weight) for node, aim in aims.items()),
        duties=tuple(_keep(one, len(weeks)) for one in kept if one.id not in fixed),
        credit_rules=() if wish.repair else tuple(_licence(learner, known, weeks, fixed.values())),
        levels=making.levels,
        gaps=tuple(gap for path in paths for gap in path.gaps),
        badges=tuple(_choices(paths)),
        equivalent=tuple(dict.fromkeys(one for path in paths for one in path.equivalent)),
        done=done,
        liked=dict.fromkeys(learner.liked_kinds, LIKED),
        variety=VARIETY,
        minute_cost=MINUTE,
        most_items=None if aims or paths else len(kept) + len(weeks),
        smallest_piece=SMALLEST_PIECE,
        previous={one.id: tuple(sorted(one.shares)) for one in kept if one.id not in fixed and one.shares} or None,
    )
    short: Shortlisted = shortlist(problem)
    return OwnProblem(short.problem, aims, short.left, behind)


def _weeks(known: Known, wish: Wish) -> tuple[Week, ...]:
    """Return the weeks less what stays where it is; those before the start have none, and a rest too small for a piece
    is none either.
    """
    taken: dict[int, int] = defaultdict(int)
    for one in known.standing:
        if one.fixed:
            for place, minutes in one.shares.items():
                taken[place] += minutes
    found = []
    for number, week in enumerate(known.weeks):
        minutes = week.minutes + (wish.more if week.minutes else 0)
        left = minutes - taken[number]
        usable = number >= wish.start and (left >= SMALLEST_PIECE or not taken[number])
        found.append(replace(week, minutes=max(0, left) if usable else 0))
    return tuple(found)


def _node(aim: Aim) -> str:
    return f"{aim.competency}/{aim.level}"


def _aims(learner: Learner, known: Known, wish: Wish) -> Iterator[Aim]:
    """Return each level between where she is and where she wants to be, once: a goal before a need, the sooner goal
    before the later. A goal that is due before the plan begins has no day any more; one due within it has to come of
    what is finished by then.
    """
    asked: list[tuple[Any, Any, int | None, int | None, float]] = []
    for goal in sorted(learner.goals, key=lambda one: (known.due.get(one.id, 10_000), str(one.id))):
        by = known.due.get(goal.id)
        soon = by is not None and 0 <= by < len(known.weeks)
        if goal.id not in wish.without:
            asked.append((goal.competency, goal.id, goal.target_level, by if soon else None, GOAL))
    for need in learner.needs:
        if need.competency not in wish.without:
            asked.append((need.competency, None, need.wanted_level, None, NEED))
    seen: set[str] = set()
    for competency, goal_id, wanted, by, weight in asked:
        have = assumed_level(learner, competency)
        for level in range(have + 1, max(wanted or 0, have + 1 if wanted is None else 0) + 1):
            aim = Aim(competency, level, goal_id, weight, by)
            if level <= 4 and _node(aim) not in seen:
                seen.add(_node(aim))
                yield aim


def is_live(kind: str, item: Item | None = None) -> bool:
    """Tell whether something is attended whole."""
    return kind in LIVE_KINDS or (item is not None and item.modality in LIVE_WAYS)


class _Making:
    """Makes candidates: what each gives to her aims, what it waits for and by when it has to be done."""

    def __init__(
        self, learner: Learner, aims: Mapping[str, Aim], fixed: Mapping[str, Standing], weeks: Sequence[Week]
    ) -> None:
        self.learner, self.aims, self.fixed = learner, aims, fixed
        self.any_week = tuple(LiveDate(number) for number, week in enumerate(weeks) if week.minutes)
        self.wanted: dict[Any, list[Aim]] = defaultdict(list)
        for aim in aims.values():
            self.wanted[aim.competency].append(aim)
        self.levels: dict[Id, float] = {}
        for one in fixed.values():
            for node, gain in self.gains(one.item).items() if one.item else ():
                self.levels[node] = min(1.0, self.levels.get(node, 0.0) + gain)

    def gains(self, item: Item) -> dict[Id, float]:
        found: dict[Id, float] = {}
        for competency, said in item.competencies:
            level = said or item.level
            if level is None:
                nearest = min(self.wanted.get(competency, ()), key=lambda aim: aim.level, default=None)
                if nearest is not None:
                    found[_node(nearest)] = NO_LEVEL * (GUESSED if item.guessed else 1.0)
                continue
            node = f"{competency}/{level}"
            if node in self.aims:
                found[node] = GUESSED if item.guessed else STATED
        return found

    def item(self, item: Item, likes: float, minutes: int | None = None) -> Candidate:
        gains = self.gains(item)
        served = [self.aims[str(node)] for node in gains]
        closes = None
        if served and all(aim.by is not None for aim in served):
            closes = max(aim.by for aim in served if aim.by is not None)
        needed = self.learner.credit
        counts = counts_for(item, needed) / 100 if needed is not None else 0.0
        before = tuple((ItemDone(str(one)),) for one in sorted(item.prerequisites, key=str))
        return Candidate(
            id=str(item.id),
            minutes=item.minutes or 0 if minutes is None else minutes,
            gains=gains,
            needs=(*before, *self._steps_below(served)),
            dates=self.any_week if is_live(item.kind, item) else (),
            format=item.kind,
            credits={needed.credit_type: counts} if needed is not None and counts > 0 else {},
            value=likes,
            opens=self._opens(item),
            closes=closes,
        )

    def _opens(self, item: Item) -> int:
        """Return the week what it builds on ends in, where that has its fixed weeks."""
        built_on = (self.fixed[str(one)] for one in item.prerequisites if str(one) in self.fixed)
        return max((max(one.shares) for one in built_on), default=0)

    def _steps_below(self, served: Iterable[Aim]) -> Iterator[tuple[Requirement, ...]]:
        for aim in served:
            below = f"{aim.competency}/{aim.level - 1}"
            if below in self.aims:
                yield (LevelReached(below, HALF_A_LEVEL),)

    def standing(self, one: Standing) -> Candidate:
        """Return what stands in the plan: she put it there, so it waits for no level, and no day shuts it out."""
        if one.item is None:
            return Candidate(one.id, one.minutes, format=one.kind, dates=self.any_week if is_live(one.kind) else ())
        made = self.item(one.item, 0.0, one.minutes)
        before = tuple(group for group in made.needs if isinstance(group[0], ItemDone))
        return replace(made, id=one.id, needs=before, closes=None)

    def put_in(self, path: Path, shelf: Shelf, candidates: dict[str, Candidate]) -> None:
        """Make the steps of a pathway candidates, or put what they need to those that are. What stands in her plan
        keeps its place there all the same.
        """
        for step in path.steps:
            if step.id in self.fixed:
                continue
            place = self.place(step.id, shelf)
            made = candidates.get(step.id)
            if made is None and place is not None:
                made = self.item(shelf.items[place], 0.0, step.minutes)
            elif made is None:
                dates = self.any_week if is_live(step.kind) else ()
                made = Candidate(step.id, step.minutes, format=step.kind, dates=dates)
            worth = A_STEP + MINUTE * step.minutes if step.wanted else 0.0
            candidates[step.id] = replace(
                made, needs=(*made.needs, *self._needs_of(step)), value=max(made.value, worth), closes=None
            )

    def _needs_of(self, step: PathStep) -> Iterator[tuple[Requirement, ...]]:
        for group in step.after:
            yield tuple(ItemDone(one) for one in sorted(group))
        for competency, level in step.levels:
            if assumed_level(self.learner, competency) < level:
                yield (LevelReached(f"{competency}/{level}", HALF_A_LEVEL),)

    @staticmethod
    def place(key: str, shelf: Shelf) -> int | None:
        """Return where something stands on the shelf, by its id as text."""
        try:
            return shelf.place_of.get(UUID(key))
        except ValueError:
            return None


def _choices(paths: Iterable[Path]) -> Iterator[Badge]:
    for path in paths:
        for number, (among, least) in enumerate(path.choices):
            yield Badge(f"{path.title}/{number}", A_STEP * 2 * least, frozenset(), frozenset(among), least)


def _is_behind(learner: Learner, one: Standing) -> bool:
    """Tell whether something that stands in the plan, not begun, leads only to levels she has shown."""
    if one.fixed or one.begun or one.item is None or one.item.guessed or not one.item.competencies:
        return False
    pairs = [(competency, said or one.item.level) for competency, said in one.item.competencies]
    return all(level and learner.ratings.get(competency, -1) >= level for competency, level in pairs)


def _keep(one: Standing, weeks: int) -> Duty:
    return Duty(f"{TO_KEEP}{one.id}", frozenset({one.id}), weeks - 1, "mandate", KEEP)


def _licence(learner: Learner, known: Known, weeks: Sequence[Week], fixed: Iterable[Standing]) -> Iterator[CreditRule]:
    """Return what her licence needs within these weeks: all of it where it is renewed in them, otherwise their part of
    the time that is left, in whole half hours.
    """
    needed = learner.credit
    if needed is None or needed.missing <= 0:
        return
    stands = sum(counts_for(one.item, needed) for one in fixed if one.item is not None)
    missing = max(0, needed.missing - stands) / 100
    if known.renewed >= len(weeks):
        missing = round(missing * len(weeks) / (known.renewed + 1) * 2) / 2
    if missing > 0:
        yield CreditRule(LICENCE, needed.credit_type, missing, min(known.renewed, len(weeks) - 1))


def _pool(learner: Learner, shelf: Shelf, aims: Mapping[str, Aim], by_taste: bool) -> Iterator[tuple[Item, float]]:
    """Return what could serve, each once, with what it is worth beside her aims. With aims that is less than its
    minutes cost, and only tells equals apart; for who has none (`by_taste`) it is what brings a suggestion in.
    """
    if not shelf.items:
        return
    total = sum(points_of(learner, shelf, Weights()).values(), np.zeros(len(shelf.items), dtype=np.float32))
    usable = open_places(learner, shelf) & (shelf.minutes > 0)
    if learner.grades_mask:
        usable &= (shelf.grades == 0) | ((shelf.grades & learner.grades_mask) > 0)
    best = max(float(np.max(total, initial=0.0, where=usable)), 1.0)
    chosen: dict[int, None] = {}
    for aim in aims.values():
        found, levels = shelf.by_competency.get(aim.competency, (_NONE, _NO_LEVELS))
        serving = found[(levels == aim.level) | (levels == 0)]
        serving = serving[usable[serving]]
        chosen |= dict.fromkeys(_best(serving, total, POOL_FOR_A_GOAL))
        chosen |= dict.fromkeys(_best(serving, -shelf.minutes.astype(np.float32), SHORTEST_FOR_A_GOAL))
    if learner.credit is not None and learner.credit.missing > 0:
        counting = np.flatnonzero(usable & (hundredths_of(shelf, learner.credit) > 0))
        chosen |= dict.fromkeys(_best(counting, total, POOL_FOR_CREDIT))
    if by_taste:
        chosen |= dict.fromkeys(_best(np.flatnonzero(usable), total, POOL_BEST))
    for place in _with_prerequisites(chosen, shelf, usable):
        item, score = shelf.items[place], max(0.0, float(total[place])) / best
        cost = MINUTE * (item.minutes or 0)
        yield item, score * (min(0.3, 0.02 + 1.5 * cost) if by_taste else TELLS_APART * cost)


_NONE: NDArray[np.intp] = np.array([], dtype=np.intp)
_NO_LEVELS: NDArray[Any] = np.array([], dtype=np.int8)


def _best(places: NDArray[np.intp], total: NDArray[np.float32], most: int) -> list[int]:
    order = np.lexsort((places, -total[places]))[:most]
    return [int(place) for place in places[order]]


def _with_prerequisites(chosen: Iterable[int], shelf: Shelf, usable: NDArray[np.bool_]) -> Iterator[int]:
    work, seen = deque(chosen), set[int]()
    while work and len(seen) < MOST_IN_POOL:
        place = work.popleft()
        if place in seen or not usable[place]:
            continue
        seen.add(place)
        yield place
        work += [shelf.place_of[one] for one in shelf.items[place].prerequisites if one in shelf.place_of]
