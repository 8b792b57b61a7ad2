"""The next step: exactly one, what one is in the middle of before what one could begin, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.next_step import Facts, StepKind, Thing, minutes_left, next_step

THING = Thing("id", "Number talks", minutes=60, percent=40, note="Because you set a goal")
FULL = Facts(THING, THING, THING, THING, has_started=False, has_goal=False, suggestion=THING)
ORDER: tuple[tuple[StepKind, dict[str, Any]], ...] = (
    (StepKind.ANSWER, {"to_answer": None}),
    (StepKind.RESUME, {"under_way": None}),
    (StepKind.PLANNED, {"planned": None}),
    (StepKind.PROPOSAL, {"proposal": None}),
    (StepKind.START, {"has_started": True}),
    (StepKind.SET_GOAL, {"has_goal": True}),
    (StepKind.CHOOSE, {"suggestion": None}),
    (StepKind.LOOK_AROUND, {}),
)


def test_the_first_of_everything_that_waits_wins_and_then_the_next() -> None:
    facts = FULL
    for kind, done in ORDER:
        assert next_step(facts).kind == kind
        facts = replace(facts, **done)


@given(
    waiting=st.tuples(*[st.booleans()] * 5),
    started=st.booleans(),
    goal=st.booleans(),
    minutes=st.integers(0, 10_000),
    percent=st.integers(0, 100),
)
def test_there_always_is_one_step_with_words_and_honest_figures(
    waiting: tuple[bool, ...], started: bool, goal: bool, minutes: int, percent: int
) -> None:
    thing = Thing("id", "Number talks", minutes, percent)
    one, two, three, four, five = (thing if there else None for there in waiting)
    step = next_step(Facts(one, two, three, four, has_started=started, has_goal=goal, suggestion=five))
    assert step.eyebrow and step.title and step.reason and step.action
    assert step.minutes is None or step.minutes > 0
    assert step.progress is None or 0 <= step.progress <= 100
    assert "!" not in step.title + step.reason + step.eyebrow + step.action


@pytest.mark.parametrize(
    ("minutes", "percent", "left"), [(60, 0, 60), (60, 40, 36), (60, 100, 1), (1, 50, 1), (0, 10, None), (60, 140, 1)]
)
def test_minutes_left_are_what_is_still_to_spend(minutes: int, percent: int, left: int | None) -> None:
    assert minutes_left(minutes, percent) == left


def test_resuming_says_how_far_one_is_and_how_much_is_left() -> None:
    step = next_step(Facts(under_way=THING))
    assert (step.progress, step.minutes, step.subject, step.title) == (40, 36, "id", "Number talks")


def test_a_newcomer_is_asked_for_two_minutes_before_she_is_asked_for_a_goal() -> None:
    assert next_step(Facts(has_started=False, has_goal=False)).kind == StepKind.START


def test_a_proposal_names_who_made_it_and_leaves_the_choice_open() -> None:
    step = next_step(Facts(proposal=Thing("id", "Try exit tickets", note="Cora Bell")))
    assert "Cora Bell" in step.reason
    assert "leave it" in step.reason


def test_a_suggestion_brings_its_own_reason() -> None:
    assert "Because you set a goal. Nothing is planned" in next_step(Facts(suggestion=THING)).reason
    assert next_step(Facts(suggestion=Thing("id", "X"))).reason == "Nothing is planned for this week yet."
