"""Why a prepared start fits somebody, and how long it takes her, from plain facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Id = Any


@dataclass(frozen=True, slots=True)
class Step:
    """One step: how long it takes (None: unknown), what it builds, and whether she has done it."""

    minutes: int | None
    competencies: frozenset[Id] = frozenset()
    done: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """A prepared start: for these kinds of work (none: for all), from a level to a level, in steps."""

    job_kinds: frozenset[str]
    level_from: int
    level_to: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Her:
    """What is known of her: her kind of work, the levels that are known of her, and what she wants to grow in by
    name.
    """

    job_kind: str
    minutes_per_week: int
    years_experience: int | None = None
    levels: Mapping[Id, int] | None = None
    wants: Mapping[Id, str] | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """How well it fits (larger is better), why in words, and how long what is left takes."""

    score: int
    words: tuple[str, ...]
    minutes_left: int
    weeks: int


def fit(start: Start, her: Her, jobs: Mapping[str, str], levels: Mapping[int, str]) -> Fit:
    """Return why a start fits her or does not, most telling first. `jobs` and `levels` are in words."""
    said: list[tuple[int, str]] = []
    if her.job_kind in start.job_kinds:
        said.append((4, f"It is made for your kind of work: {jobs.get(her.job_kind, her.job_kind).lower()}."))
    elif start.job_kinds:
        names = ", ".join(jobs.get(kind, kind).lower() for kind in sorted(start.job_kinds))
        said.append((-4, f"It is made for another kind of work: {names}."))
    said.append(_level(start, her, levels))
    wanted = _wanted(start.steps, her.wants or {})
    if wanted:
        said.append((3, f"It builds what you want to grow in: {', '.join(wanted)}."))
    done = sum(step.done for step in start.steps)
    if done:
        said.append((0, f"You have done {done} of its {len(start.steps)} steps, which it leaves out."))
    left = sum(step.minutes or 0 for step in start.steps if not step.done)
    weeks = -(-left // max(her.minutes_per_week, 1)) if left else 0
    if left and her.minutes_per_week:
        time = "1 week" if weeks == 1 else f"{weeks} weeks"
        said.append((0, f"What is left takes about {time} at your {her.minutes_per_week} minutes a week."))
    said.sort(key=lambda pair: -abs(pair[0]))
    return Fit(sum(points for points, _ in said), tuple(words for _, words in said), left, weeks)


def _wanted(steps: Sequence[Step], wants: Mapping[Id, str]) -> list[str]:
    built = {competency for step in steps if not step.done for competency in step.competencies}
    return sorted(name for competency, name in wants.items() if competency in built)


def _level(start: Start, her: Her, levels: Mapping[int, str]) -> tuple[int, str]:
    """Return how her level fits: known levels on what it builds first, else her years, else nothing."""
    built = {competency for step in start.steps for competency in step.competencies}
    known = [level for competency, level in (her.levels or {}).items() if competency in built]
    goes = f"It goes from “{levels[start.level_from]}” to “{levels[start.level_to]}”"
    if known:
        level = round(sum(known) / len(known))
        if level >= start.level_to:
            return -3, f"{goes}, and you are at “{levels[level]}” already on what it builds."
        if level < start.level_from:
            return -1, f"{goes}, which is further on: you are at “{levels[level]}” on what it builds."
        return 2, f"{goes}, and you are at “{levels[level]}” on what it builds."
    years = her.years_experience
    if years is None:
        return 0, f"{goes}."
    guess = 0 if years < 2 else 1 if years < 5 else 2
    since = "in your first years" if years < 2 else f"after {years} years in this work"
    if start.level_from <= guess < start.level_to:
        return 1, f"{goes}, which suits most people {since}."
    return -1, f"{goes}, which most people {since} are not at."
