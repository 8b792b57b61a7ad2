"""The first step towards a goal: the best that leads to her next level of it, and where that level was taken from.

The same goal begins elsewhere for somebody new and for somebody who knows it (A.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lantern.engine.recommend.facts import GoalFact, Item, Learner, Ranked
from lantern.engine.recommend.rank import assumed_level


@dataclass(frozen=True, slots=True)
class FirstStep:
    """The step, and in words why it is the first for her."""

    entry: Ranked
    words: str


def first_step(
    learner: Learner, goal: GoalFact, serving: Sequence[Ranked], levels: Mapping[int, str]
) -> FirstStep | None:
    """Return the first of what serves the goal (best first): the best that leads to the very next level, else the best
    that leads further, else the best there is; None when nothing serves it. `levels` says each level in words.
    """
    if not serving:
        return None
    current = assumed_level(learner, goal.competency)
    reached = [(entry, _leads_to(entry.item, goal)) for entry in serving]
    following = [entry for entry, level in reached if level == current + 1]
    further = [entry for entry, level in reached if level > current + 1]
    chosen = (following or further or list(serving))[0]
    return FirstStep(chosen, f"{_where(learner, goal, current, levels)} {_so(chosen.item, goal, current, levels)}")


def _leads_to(item: Item, goal: GoalFact) -> int:
    level = next((level for competency, level in item.competencies if competency == goal.competency), None)
    return level or item.level or 0


def _where(learner: Learner, goal: GoalFact, current: int, levels: Mapping[int, str]) -> str:
    if goal.competency in learner.ratings:
        return f"What is known of you here says “{levels[current]}”."
    if goal.competency in learner.strengths:
        return "You named this as a strength, so the beginnings are left out."
    years = learner.years_experience
    if years is None:
        return "Nothing says yet where you stand here."
    if years < 2:
        return "You are new to this work, and nothing says yet where you stand here."
    return f"With {years} years in this work, the very beginning is left out; rate yourself and it will fit better."


def _so(item: Item, goal: GoalFact, current: int, levels: Mapping[int, str]) -> str:
    level = _leads_to(item, goal)
    if level == current + 1:
        return f"This leads to the next level, “{levels[level]}”."
    if level > current + 1:
        return f"Nothing leads to the very next level, so this reaches on to “{levels[level]}”."
    return "This is the best there is about it."
