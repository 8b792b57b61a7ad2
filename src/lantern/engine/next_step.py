"""The one next step: of everything that could be done, the single thing that home puts forward, with its reason.

One page, one light. The order is a promise: what somebody is in the middle of comes before what she could begin.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class StepKind(StrEnum):
    """What the next step is, in the order in which they win."""

    ANSWER = "answer"
    RESUME = "resume"
    PLANNED = "planned"
    PROPOSAL = "proposal"
    START = "start"
    SET_GOAL = "set_goal"
    CHOOSE = "choose"
    LOOK_AROUND = "look_around"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that waits: its id, its title, minutes in all (0: unknown), percent done, and a word on where it
    comes from.
    """

    id: Any
    title: str
    minutes: int = 0
    percent: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one educator at this moment; None is "nothing of the kind waits"."""

    to_answer: Thing | None = None
    under_way: Thing | None = None
    planned: Thing | None = None
    proposal: Thing | None = None
    has_started: bool = True
    has_goal: bool = True
    suggestion: Thing | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """The next step: what it is about, and everything the page says. `minutes` are those still to spend (None:
    unknown).
    """

    kind: StepKind
    eyebrow: str
    title: str
    reason: str
    action: str
    subject: Any = None
    minutes: int | None = None
    progress: int | None = None


START_MINUTES = 2
GOAL_MINUTES = 5
ANSWER_MINUTES = 3
PROPOSAL_MINUTES = 3


def next_step(facts: Facts) -> Step:
    """Return the one next step; there always is one.

    What waits for an answer, is under way or is planned comes first. Who has only just arrived is asked for two
    minutes before
    she is asked for a goal, because a goal is easier once there is something to choose from.
    """
    if facts.to_answer is not None:
        return _answer(facts.to_answer)
    if facts.under_way is not None:
        return _resume(facts.under_way)
    if facts.planned is not None:
        return _planned(facts.planned)
    if facts.proposal is not None:
        return _proposal(facts.proposal)
    if not facts.has_started:
        return Step(
            StepKind.START,
            "A good place to begin",
            "Tell Lantern what suits you",
            "Your grades, your minutes and what draws you. Skip whatever you like; suggestions follow at once.",
            "Begin",
            minutes=START_MINUTES,
        )
    if not facts.has_goal:
        return Step(
            StepKind.SET_GOAL,
            "Your next step",
            "Set your first goal",
            "One thing you want to get better at, and how you will notice. Everything else here follows from it.",
            "Set a goal",
            minutes=GOAL_MINUTES,
        )
    if facts.suggestion is not None:
        return _choose(facts.suggestion)
    return Step(
        StepKind.LOOK_AROUND,
        "Nothing is waiting for you",
        "Find something worth your time",
        "You have a goal and nothing planned. Look around in the catalog, or add something from elsewhere.",
        "Open the catalog",
    )


def minutes_left(minutes: int, percent: int) -> int | None:
    """Return how many of these minutes are still to spend at this percentage, at least 1; None when the length is
    unknown.
    """
    if minutes <= 0:
        return None
    return max(1, round(minutes * (100 - min(max(percent, 0), 100)) / 100))


def _answer(thing: Thing) -> Step:
    return Step(
        StepKind.ANSWER,
        "You tried something",
        f"How did it go: {thing.title}",
        thing.note or "You planned to try it in class. Whatever came of it, write it down while it is fresh.",
        "Say how it went",
        subject=thing.id,
        minutes=ANSWER_MINUTES,
    )


def _resume(thing: Thing) -> Step:
    return Step(
        StepKind.RESUME,
        "Continue where you left off",
        thing.title,
        thing.note or "You have begun it, and your place is kept.",
        "Resume",
        subject=thing.id,
        minutes=minutes_left(thing.minutes, thing.percent),
        progress=min(max(thing.percent, 0), 100),
    )


def _planned(thing: Thing) -> Step:
    return Step(
        StepKind.PLANNED,
        "In your plan for this week",
        thing.title,
        thing.note or "You put it into this week yourself.",
        "Start",
        subject=thing.id,
        minutes=thing.minutes or None,
    )


def _proposal(thing: Thing) -> Step:
    return Step(
        StepKind.PROPOSAL,
        "A proposal for you",
        thing.title,
        f"{thing.note or 'Your coach'} proposes it. Take it as it is, put it in your own words, or leave it.",
        "Look at it",
        subject=thing.id,
        minutes=PROPOSAL_MINUTES,
    )


def _choose(thing: Thing) -> Step:
    return Step(
        StepKind.CHOOSE,
        "Your next step",
        thing.title,
        f"{thing.note}. Nothing is planned for this week yet."
        if thing.note
        else "Nothing is planned for this week yet.",
        "Take a look",
        subject=thing.id,
        minutes=thing.minutes or None,
    )
