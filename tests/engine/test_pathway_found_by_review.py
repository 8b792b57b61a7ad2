"""What a review found wrong in plans, proofs and reasons; each case failed before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lantern.engine.pathway import (
    Candidate,
    CreditRule,
    Duty,
    Gap,
    Goal,
    LiveDate,
    Out,
    Piece,
    Pin,
    Placement,
    Problem,
    Trouble,
    Week,
    check,
    complaints,
    explain,
    greedy,
    prove,
    smallest_changes,
)

pytestmark = pytest.mark.requirement("N3")
HOURS = (Week(60), Week(60), Week(60), Week(60))


def test_a_live_session_waits_for_the_practice_after_what_was_done_before() -> None:
    second = Candidate("second", 60, {"talk": 1.0}, dates=(LiveDate(0), LiveDate(3)))
    problem = Problem(HOURS, (second,), (Goal("talk", 1.0),), gaps=(Gap("first", "second", 3),), done={"first": -1})
    for plan in (greedy(problem), prove(problem)):
        assert [one.weeks for one in plan.placements] == [(3,)]
        assert check(problem, plan) == []


def test_two_pins_hold_that_only_uneven_pieces_can_hold() -> None:
    problem = Problem(
        (Week(30), Week(60)),
        (Candidate("A", 60, {"talk": 1.0}), Candidate("B", 30, {"talk": 1.0})),
        (Goal("talk", 2.0),),
        pins=(Pin("A", 0), Pin("B", 0)),
    )
    plan = prove(problem)
    assert plan.items == frozenset({"A", "B"})
    assert plan.shortfall == 0
    assert check(problem, plan) == []
    assert smallest_changes(problem).clash == ()


def test_what_a_mandate_asks_for_is_not_called_useless() -> None:
    laws = (Candidate("law 1", 60), Candidate("law 2", 60))
    duties = tuple(Duty(f"duty {n}", frozenset({f"law {n}"}), 0) for n in (1, 2))
    problem = Problem((Week(60),), laws, duties=duties)
    plan = prove(problem)
    (left,) = explain(problem, plan).left_out.values()
    assert len(plan.items) == 1 and left.why is Out.NO_TIME


def test_only_what_makes_room_is_named_instead() -> None:
    def live(name: str, week: int, gain: float) -> Candidate:
        return Candidate(name, 60, {name: gain}, dates=(LiveDate(week),))

    problem = Problem(
        (Week(60), Week(60)),
        (live("W", 0, 1.0), live("P", 0, 1.5), live("F", 1, 0.5)),
        tuple(Goal(name, 2.0) for name in "WPF"),
    )
    plan = prove(problem)
    assert plan.items == {"P", "F"}
    why = explain(problem, plan).left_out["W"]
    assert "F" not in why.instead


def test_no_time_is_said_only_of_what_is_known_to_have_none() -> None:
    """A list that fails to place something proves nothing; a practice gap is named where it alone keeps it out."""
    x, y = Candidate("X", 60, {"talk": 1.0}), Candidate("Y", 60, {"talk": 0.9})
    problem = Problem((Week(60), Week(60)), (x, y), (Goal("talk", 2.0),), gaps=(Gap("X", "Y", 2),))
    plan = prove(replace(problem, candidates=(x,)))
    why = explain(problem, plan).left_out["Y"]
    assert (why.why, why.about) == (Out.PRACTICE_GAP, ("X",))
    assert explain(problem, prove(problem)).left_out["Y"].why is Out.PRACTICE_GAP


def test_a_gap_of_nothing_still_has_an_order() -> None:
    problem = Problem(HOURS, (Candidate("a", 60), Candidate("b", 60)), gaps=(Gap("a", "b", 0),))
    plan = replace(
        greedy(problem), placements=(Placement("b", (Piece(0, 60),)), Placement("a", (Piece(1, 60),)))
    )
    assert "practice gap" in {one.rule for one in check(problem, plan)}
    far = replace(problem, candidates=problem.candidates[1:], done={"a": -(10**9)}, gaps=(Gap("a", "b", 3, True),))
    assert check(far, prove(far)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"budget": -1.0},
        {"candidates": (Candidate("a", 60, credits={"hours": -1.0}),)},
        {"candidates": (Candidate("a", 60, cost=-1.0),)},
    ],
)
def test_what_is_below_nothing_is_named(wrong: dict[str, Any]) -> None:
    problem = replace(Problem(HOURS, (Candidate("a", 60),)), **wrong)
    assert Trouble.BELOW_NOTHING in {one.trouble for one in complaints(problem)}
    assert complaints(Problem(HOURS, (Candidate("a", 60),))) == []


def test_two_musts_of_one_name_are_named() -> None:
    duty, rule = Duty("d", frozenset({"a"}), 3), CreditRule("d", "hours", 0.0, 3)
    problem = Problem(HOURS, (Candidate("a", 60),), duties=(duty, duty), credit_rules=(rule,))
    assert [(one.trouble, one.about) for one in complaints(problem)] == [(Trouble.NAMED_TWICE, "d")]
