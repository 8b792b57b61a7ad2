"""The corners of the search: catalogs beyond the kernel, money and number, levels, clashes and what they are cut by."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from lantern.engine.pathway import (
    Badge,
    Candidate,
    Clock,
    CreditRule,
    Duty,
    Gap,
    Goal,
    Id,
    ItemDone,
    LevelReached,
    LiveDate,
    Pin,
    Problem,
    Week,
    check,
    explain,
    greedy,
    improve,
    prove,
)
from tests.benchmarks.pathway_world import made_problem

WEEKS = (Week(60), Week(60), Week(60), Week(60))
GOALS = (Goal("talk", 9.0),)


def one(name: str, minutes: int = 60, gain: float = 1.0, **more: object) -> Candidate:
    return replace(Candidate(name, minutes, {"talk": gain}), **more)  # type: ignore[arg-type]


@pytest.mark.requirement("N3")
def test_more_candidates_than_the_kernel_holds_are_proven_too() -> None:
    problem = made_problem(180, 8, 3)
    plan = prove(problem)
    assert plan.proof is not None and plan.proof.proven and check(problem, plan) == []
    assert plan.worth.total > greedy(problem).worth.total


def test_a_large_catalog_whose_musts_cannot_hold_has_its_least_shortfall() -> None:
    problem = replace(made_problem(130, 6, 1), credit_rules=(CreditRule("far", "hours", 500.0, 5),), duties=())
    plan = prove(problem)
    assert plan.proof is not None and plan.proof.proven and check(problem, plan) == []
    assert plan.shortfall == pytest.approx(plan.proof.shortfall_bound, abs=1e-4) and plan.shortfall > 0.9


def test_money_and_number_are_kept() -> None:
    items = (
        one("dear", gain=2.0, cost=30.0),
        one("fair", gain=1.2, cost=15.0),
        one("fine", gain=1.2, cost=15.0),
        one("free", gain=0.5),
    )
    assert prove(Problem(WEEKS, items, GOALS, budget=30.0)).items == {"fair", "fine", "free"}
    assert prove(Problem(WEEKS, items, GOALS, budget=30.0, most_items=1)).items == {"dear"}
    assert greedy(Problem(WEEKS, items, GOALS, budget=14.0)).items == {"free"}


def test_two_that_practice_keeps_apart_do_not_both_fit() -> None:
    problem = Problem(WEEKS, (one("a"), one("b")), GOALS, gaps=(Gap("a", "b", 9), Gap("a", "b", 0)))
    plan = prove(problem)
    assert len(plan.placements) == 1 and plan.proof is not None and plan.proof.proven


def test_a_clash_is_undone_by_another_way_to_a_prerequisite() -> None:
    """The day needs a first step that only ends in its own week's evening; the short step lets it be done."""
    day = one("day", gain=3.0, dates=(LiveDate(1),), needs=((ItemDone("long"), ItemDone("short")),))
    long, short = one("long", 150, 2.0), one("short", 30, 0.0)
    plan = prove(Problem(WEEKS, (day, long, short), GOALS))
    assert plan.items == {"day", "short", "long"} or plan.items == {"day", "short"}
    assert plan.placements[0].item == "short" or plan.placements[1].item == "short"
    assert check(Problem(WEEKS, (day, long, short), GOALS), plan) == []


def test_a_level_by_a_due_week_is_reached_in_time() -> None:
    steps = (one("a", 30, 0.5), one("b", 30, 0.5), one("c", 30, 0.4))
    last = Candidate("last", 60, {"plan": 1.0}, needs=((LevelReached("talk", 1.0),),))
    problem = Problem(WEEKS, (*steps, last), (Goal("plan", 1.0),), duties=(Duty("d", frozenset({"last"}), 1),))
    plan = prove(problem)
    assert plan.items == {"a", "b", "last"} and plan.shortfalls == () and check(problem, plan) == []
    assert greedy(problem).items == plan.items


def test_badges_wait_for_what_they_require_and_choose() -> None:
    items = tuple(Candidate(f"m{n}", 60) for n in range(5))
    badge = Badge("b", 1.0, frozenset({"m0"}), frozenset({"m1", "m2", "m3"}), 2)
    problem = Problem(WEEKS, items, badges=(badge, Badge("no", 0.0, frozenset({"m4"}))))
    for plan in (greedy(problem), prove(problem)):
        assert plan.worth.badges == ("b",) and len(plan.placements) == 3 and "m0" in plan.items
    done = replace(problem, done={"m0": -1, "m1": -1, "m2": -1})
    assert prove(done).items == frozenset() and prove(done).worth.total == pytest.approx(1.0)
    assert prove(replace(problem, weeks=WEEKS[:2])).items == frozenset()


@pytest.mark.parametrize("plan_with", [greedy, prove])
def test_credit_is_gathered_in_time_and_what_is_there_already_counts(plan_with: object) -> None:
    items = tuple(Candidate(f"c{n}", 60, credits={"hours": 1.0}) for n in range(4))
    rules = (CreditRule("one", "hours", 3.0, 1, have=1.0), CreditRule("two", "hours", 3.0, 3))
    plan = plan_with(Problem(WEEKS, items, credit_rules=rules))  # type: ignore[operator]
    assert plan.shortfalls == () and len(plan.placements) == 3
    assert sum(placed.finished <= 1 for placed in plan.placements) == 2


def test_a_pinned_item_waits_for_its_week_and_its_prerequisite_comes_before() -> None:
    problem = Problem(WEEKS, (one("a", needs=((ItemDone("b"),),)), one("b")), GOALS, pins=(Pin("a", 2), Pin("b", 9)))
    plan = prove(problem)
    assert {placed.item: placed.weeks for placed in plan.placements} == {"b": (0,), "a": (2,)}
    assert [short.about for short in plan.shortfalls] == ["b"]


def test_previous_weeks_are_kept_with_live_and_split_work_and_musts() -> None:
    items = (one("long", 100), one("day", dates=(LiveDate(1), LiveDate(2))), one("c", 30, credits={"hours": 1.0}))
    before: dict[Id, tuple[int, ...]] = {"long": (0, 3), "day": (2,), "c": (3,)}
    rule = CreditRule("r", "hours", 1.0, 3)
    problem = Problem(
        WEEKS, items, GOALS, credit_rules=(rule,), previous=before, duties=(Duty("d", frozenset({"c"}), 3),)
    )
    plan = prove(problem)
    assert check(problem, plan) == []
    assert {placed.item: placed.weeks for placed in plan.placements}["day"] == (2,)
    assert explain(problem, plan).here["c"]


def test_circles_of_alternatives_keep_an_order_inside_a_week() -> None:
    a = one("a", 30, needs=((ItemDone("b"), ItemDone("start")),))
    b = one("b", 30, needs=((ItemDone("a"),),))
    start = one("start", 30, 0.0)
    week = (Week(90),)
    for problem in (
        Problem(week, (a, b, start), GOALS, previous={"a": (0,)}),
        Problem((Week(90), Week(90)), (a, b, start), GOALS, previous={"a": (0,), "b": (0,), "start": (0,)}),
    ):
        plan = prove(problem)
        assert plan.items == {"a", "b", "start"} and check(problem, plan) == []


def stops_after(reads: int) -> Clock:
    """A clock that stands still for so many looks and then is past any limit."""
    looks = count()
    return lambda: 0.0 if next(looks) < reads else 1e9


CLASHES = Problem(
    WEEKS,
    (
        *(one(f"day{n}", 45, 1.0 + n / 10, dates=(LiveDate(n % 2),), needs=((ItemDone("first"),),)) for n in range(4)),
        one("first", 60, 0.0),
        one("hard", 30, 2.0, needs=((LevelReached("talk", 1.0),),)),
        one("rest", 75, 0.5),
    ),
    GOALS,
    duties=(Duty("d", frozenset({"hard"}), 2),),
    gaps=(Gap("hard", "rest", 1),),
)


@pytest.mark.requirement("N3")
@pytest.mark.parametrize("reads", range(1, 60, 6))
def test_whenever_time_runs_out_there_is_a_plan_that_keeps_every_rule(reads: int) -> None:
    best = prove(CLASHES)
    plan = improve(CLASHES, 600.0, clock=stops_after(reads))
    assert check(CLASHES, plan) == [] and plan.proof is not None
    assert plan.shortfall >= best.shortfall - 1e-6
    assert plan.proof.bound >= best.worth.total - 1e-4 or plan.shortfall > best.shortfall
    if plan.proof.proven:
        assert plan.worth.total == pytest.approx(best.worth.total, rel=2e-4)


@pytest.mark.parametrize("fillers", [0, 140])
def test_musts_that_only_halves_could_meet_have_their_least_shortfall(fillers: int) -> None:
    """Two modules of 50 minutes give 0.6 each, 90 minutes are there, 1.0 is asked: the relaxation is no plan."""
    credit = tuple(Candidate(f"c{n}", 50, credits={"hours": 0.6}) for n in range(2))
    others = tuple(one(f"m{n}", 10, 0.01) for n in range(fillers))
    problem = Problem((Week(90),), (*credit, *others), GOALS, credit_rules=(CreditRule("r", "hours", 1.0, 0),))
    plan = prove(problem)
    assert [short.missing for short in plan.shortfalls] == [pytest.approx(0.4)]
    assert plan.proof is not None and plan.proof.proven
    assert len(plan.placements) == (5 if fillers else 1)
    assert improve(problem, 600.0, clock=stops_after(8)).shortfalls != ()
