"""Bad input is named, and a plan comes out all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lantern.engine.pathway import (
    Badge,
    Candidate,
    Complaint,
    CreditRule,
    Duty,
    Gap,
    Goal,
    ItemDone,
    LevelReached,
    LiveDate,
    Out,
    Pin,
    Problem,
    Trouble,
    Week,
    check,
    complaints,
    explain,
    greedy,
    prove,
)

WEEKS = (Week(60), Week(0), Week(60))
GOALS = (Goal("talk", 2.0),)
FINE = Candidate("fine", 60, {"talk": 1.0}, credits={"hours": 1.0})
PROBLEM = Problem(WEEKS, (FINE,), GOALS)


def named(problem: Problem) -> set[tuple[Trouble, object]]:
    """What is complained of; and plans are made, pass the checker and are explained."""
    for plan in (greedy(problem), prove(problem)):
        assert check(problem, plan) == []
        explain(problem, plan)
    return {(one.trouble, one.about) for one in complaints(problem)}


def why_out(problem: Problem, item: str) -> Out:
    return explain(problem, prove(problem)).left_out[item].why


def test_a_sound_problem_has_no_complaint() -> None:
    assert named(PROBLEM) == set()


@pytest.mark.requirement("N3")
def test_cyclic_prerequisites_are_named_and_left_out() -> None:
    one = Candidate("one", 30, {"talk": 1.0}, needs=((ItemDone("two"),),))
    two = Candidate("two", 30, {"talk": 1.0}, needs=((ItemDone("one"),),))
    after = Candidate("after", 30, {"talk": 1.0}, needs=((ItemDone("one"),),))
    problem = replace(PROBLEM, candidates=(FINE, one, two, after))
    assert named(problem) == {(Trouble.CYCLE, "one"), (Trouble.CYCLE, "two")}
    assert complaints(problem)[0] == Complaint(Trouble.CYCLE, "one", ("two",))
    assert (why_out(problem, "one"), why_out(problem, "after")) == (Out.CYCLE, Out.PREREQUISITE_MISSING)
    way_out = replace(two, needs=((ItemDone("one"), ItemDone("fine")),))
    free = replace(problem, candidates=(FINE, one, way_out), goals=(Goal("talk", 3.0),))
    assert named(free) == set() and prove(free).items == {"fine", "one", "two"}


def test_a_level_that_waits_for_itself_never_comes() -> None:
    own = Candidate("own", 30, {"talk": 1.0}, needs=((LevelReached("talk", 1.0),),))
    assert why_out(replace(PROBLEM, candidates=(own,)), "own") is Out.PREREQUISITE_MISSING


@pytest.mark.parametrize("weeks", [(), (Week(0), Week(0))])
def test_no_time_at_all(weeks: tuple[Week, ...]) -> None:
    problem = replace(PROBLEM, weeks=weeks, duties=(Duty("law", frozenset({"fine"}), 1),), pins=(Pin("fine", 0),))
    assert {one for one, _ in named(problem)} >= {Trouble.NO_TIME_AT_ALL if weeks else Trouble.NO_WEEKS}
    plan = prove(problem)
    assert plan.placements == () and {one.about for one in plan.shortfalls} == {"law", "fine"}
    assert plan.proof is not None and plan.proof.proven


@pytest.mark.requirement("N3")
def test_deadlines_that_cannot_hold_are_named() -> None:
    duties = (Duty("past", frozenset({"fine"}), -1), Duty("soon", frozenset({"long"}), 0))
    long = Candidate("long", 120)
    rules = (CreditRule("licence", "hours", 5, 2), CreditRule("over", "hours", 1, -2))
    problem = replace(PROBLEM, candidates=(FINE, long), duties=duties, credit_rules=rules)
    assert named(problem) == {
        (Trouble.DEADLINE_PASSED, "past"),
        (Trouble.NO_ROUTE, "soon"),
        (Trouble.TOO_FEW_CREDITS, "licence"),
        (Trouble.DEADLINE_PASSED, "over"),
    }


def test_a_retired_item_is_named_where_it_is_needed_and_left_out() -> None:
    gone = replace(FINE, id="gone", retired=True)
    law, pin = Duty("law", frozenset({"gone"}), 2), Pin("gone", 0)
    problem = replace(PROBLEM, candidates=(FINE, gone), duties=(law,), pins=(pin,))
    assert named(problem) == {(Trouble.RETIRED, "law"), (Trouble.RETIRED, "gone"), (Trouble.NO_ROUTE, "law")}
    assert why_out(problem, "gone") is Out.RETIRED


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (Candidate("it", 60, {"talk": 1.0}, dates=(LiveDate(-3), LiveDate(-1))), Out.DATE_PASSED),
        (Candidate("it", 60, {"talk": 1.0}, closes=-1), Out.DATE_PASSED),
        (Candidate("it", 60, {"talk": 1.0}, dates=(LiveDate(1),)), Out.BLOCKED),
        (Candidate("it", 60, {"talk": 1.0}, dates=(LiveDate(0, travel=30),)), Out.BLOCKED),
        (Candidate("it", 60, {"talk": 1.0}, opens=1, closes=1), Out.BLOCKED),
        (Candidate("it", 60, {"talk": 1.0}, dates=(LiveDate(7),)), Out.AFTER_THE_PLAN),
        (Candidate("it", 60, {"talk": 1.0}, opens=9), Out.AFTER_THE_PLAN),
        (Candidate("it", 180, {"talk": 1.0}), Out.NO_TIME),
        (Candidate("it", 0, {"talk": 1.0}), Out.NO_MINUTES),
        (Candidate("it", 60, {"talk": 1.0}, needs=((ItemDone("nowhere"),),)), Out.PREREQUISITE_MISSING),
    ],
)
def test_what_can_never_be_planned_says_why(item: Candidate, why: Out) -> None:
    problem = replace(PROBLEM, candidates=(FINE, item))
    named(problem)
    assert why_out(problem, "it") is why


def test_a_prerequisite_that_leaves_no_time() -> None:
    late = Candidate("late", 60, {"talk": 1.0}, dates=(LiveDate(2),))
    then = Candidate("then", 60, {"talk": 1.0}, closes=1, needs=((ItemDone("late"),),))
    assert why_out(replace(PROBLEM, candidates=(late, then)), "then") is Out.NO_TIME


def test_names_that_lead_nowhere_are_named_with_who_names_them() -> None:
    problem = replace(
        PROBLEM,
        candidates=(FINE, FINE, Candidate("it", 0)),
        goals=(*GOALS, Goal("talk", 1.0)),
        duties=(Duty("law", frozenset({"x"}), 2),),
        pins=(Pin("y", 0), Pin("fine", 1), Pin("it", -1)),
        gaps=(Gap("z", "fine", 1), Gap("fine", "fine", 1)),
        badges=(Badge("b", 1.0, frozenset({"w"}), frozenset({"fine"}), 2),),
    )
    found = complaints(problem)
    assert {(one.about, one.others) for one in found if one.trouble is Trouble.UNKNOWN_ITEM} == {
        ("law", ("x",)),
        ("y", ("y",)),
        ("fine", ("z",)),
        ("b", ("w",)),
    }
    assert named(problem) >= {
        (Trouble.NAMED_TWICE, "fine"),
        (Trouble.NAMED_TWICE, "talk"),
        (Trouble.NO_MINUTES, "it"),
        (Trouble.BLOCKED, "fine"),
        (Trouble.DATE_PASSED, "it"),
        (Trouble.MORE_THAN_THERE_ARE, "b"),
    }
