"""Plans are the best there are, keep every rule, come out the same again, and are there when time is up."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings

from lantern.engine.pathway import (
    Candidate,
    CreditRule,
    Duty,
    Gap,
    Goal,
    Id,
    ItemDone,
    LevelReached,
    LiveDate,
    Pin,
    Plan,
    Problem,
    Shortfall,
    Week,
    check,
    compare,
    complaints,
    explain,
    greedy,
    improve,
    prove,
)
from tests.benchmarks.pathway_world import made_problem
from tests.engine import pathway_brute
from tests.engine.pathway_cases import tiny_problems


def no_time_passes() -> float:
    return 0.0


def by_item(plan: Plan) -> dict[object, tuple[int, ...]]:
    return {one.item: one.weeks for one in plan.placements}


@pytest.mark.requirement("N3")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(tiny_problems())
def test_a_proven_plan_is_the_best_of_all_plans(problem: Problem) -> None:
    """Against every set and every layout of a tiny problem: first the least shortfall, then the most value."""
    first, proven = greedy(problem), prove(problem)
    assert check(problem, first) == [] == check(problem, proven)
    shortfall, value = pathway_brute.best(problem)
    assert proven.proof is not None and proven.proof.proven
    assert proven.shortfall == pytest.approx(shortfall, abs=1e-4)
    assert proven.worth.total == pytest.approx(value, rel=2e-4, abs=2e-4)
    assert proven.proof.bound >= value - 1e-6
    assert (first.shortfall, -first.worth.total) >= (shortfall - 1e-4, -value - 1e-4)
    why = explain(problem, proven)
    assert why.here.keys() | why.left_out.keys() == {one.id for one in problem.candidates}
    complaints(problem)


@pytest.mark.requirement("N3")
def test_generated_plans_pass_the_checker_and_beat_greedy() -> None:
    """100 modules and 12 weeks, by the generator of the benchmark: the checker, the bound, and the margin."""
    shares = []
    for seed in range(3):
        problem = made_problem(100, 12, seed)
        first, better = greedy(problem), prove(problem)
        assert check(problem, first) == [] == check(problem, better)
        assert better.proof is not None and better.proof.proven and better.shortfall <= first.shortfall + 1e-6
        shares.append(better.worth.total / first.worth.total)
    assert min(shares) >= 1 - 1e-9 and sum(shares) / len(shares) > 1.04


@pytest.mark.requirement("N3")
def test_the_same_seed_gives_the_same_plan() -> None:
    problem = made_problem(60, 12, 1)
    plans = [improve(problem, 600.0, clock=no_time_passes, seed=3) for _ in range(2)]
    assert plans[0] == plans[1]
    assert greedy(problem) == greedy(problem)


@pytest.mark.requirement("N3")
def test_when_time_is_up_there_is_a_plan() -> None:
    """The clock jumps a second each time it is read: only the greedy plan is there, and it is told how much is open."""
    problem = made_problem(100, 12, 1)
    ticks = count(0.0, 1.0)
    plan = improve(problem, 1.0, clock=lambda: next(ticks))
    assert plan.items == greedy(problem).items and check(problem, plan) == []
    assert plan.proof is not None and not plan.proof.proven and plan.proof.gap > 0


def test_better_plans_are_told_on_the_way_and_a_plan_in_hand_is_where_it_starts() -> None:
    problem, told = made_problem(100, 12, 2), list[Plan]()
    best = prove(problem, told=told.append)
    values = [plan.worth.total for plan in told]
    assert values == sorted(values) and told[-1].placements == best.placements
    again = improve(problem, 0.0, clock=no_time_passes, start=best)
    assert again.worth.total == pytest.approx(best.worth.total)


def test_a_plan_of_another_problem_is_no_start() -> None:
    problem, other = made_problem(100, 12, 2), made_problem(120, 12, 3)
    assert improve(problem, 0.0, clock=no_time_passes, start=greedy(other)).items == greedy(problem).items


# ----------------------------------------------------------------------------------------------------------- replanning
WEEKS = (Week(60), Week(60), Week(60), Week(60))
GOALS = (Goal("talk", 3.0),)
READ, WATCH, TRY = (Candidate(name, 60, {"talk": 1.0}) for name in ("read", "watch", "try"))


@pytest.mark.requirement("A.11")
@pytest.mark.requirement("N3")
def test_a_week_that_falls_out_moves_only_what_lay_in_it() -> None:
    problem = Problem(WEEKS, (READ, WATCH, TRY), GOALS)
    before: dict[Id, tuple[int, ...]] = {"try": (0,), "read": (1,), "watch": (2,)}
    slipped = replace(problem, weeks=(Week(60), Week(0), Week(60), Week(60)), previous=before)
    plan = prove(slipped)
    assert by_item(plan) == {"try": (0,), "watch": (2,), "read": (3,)}
    assert check(slipped, plan) == []


def test_what_is_done_stays_done_and_what_is_pinned_stays_put() -> None:
    problem = Problem(
        WEEKS,
        (READ, WATCH, TRY),
        GOALS,
        pins=(Pin("try", 3),),
        done={"read": -1},
        previous={"watch": (1,), "try": (2,)},
    )
    plan = prove(problem)
    assert by_item(plan) == {"watch": (1,), "try": (3,)}
    assert compare(problem, plan, plan).changed_weeks == 0


def test_a_new_item_worth_less_than_the_change_stays_out() -> None:
    tiny = Candidate("tiny", 60, value=0.02)
    problem = Problem(WEEKS, (READ, tiny), GOALS, previous={"read": (0,)})
    assert prove(problem).items == {"read"}
    assert prove(replace(problem, previous=None)).items == {"read", "tiny"}


# --------------------------------------------------------------------------------------------------------- single rules
@pytest.mark.requirement("N3")
def test_practice_lies_between_two_events_in_weeks_with_a_class() -> None:
    weeks = (Week(60), Week(60, teaching=False), Week(60), Week(60))
    first, second = Candidate("one", 60, {"talk": 1.0}), Candidate("two", 60, {"talk": 1.0})
    problem = Problem(weeks, (first, second), GOALS, gaps=(Gap("one", "two", 2, in_class=True),))
    assert by_item(prove(problem)) == {"one": (0,), "two": (3,)}
    done = replace(problem, done={"one": -1})
    assert by_item(prove(done))["two"][0] >= 2


def test_a_level_is_reached_before_what_asks_for_it() -> None:
    hard = Candidate("hard", 30, {"talk": 2.0}, needs=((LevelReached("talk", 2.0),),))
    problem = Problem(WEEKS, (READ, WATCH, hard), GOALS, levels={"talk": 0.5})
    plan = prove(problem)
    assert plan.items == {"read", "watch", "hard"} and plan.placements[-1].item == "hard"
    assert prove(replace(problem, levels={"talk": 2.0})).items >= {"hard"}


def test_two_dates_in_one_week_do_not_both_fit() -> None:
    days = tuple(Candidate(name, 60, {"talk": 1.0}, dates=(LiveDate(1),)) for name in ("a", "b"))
    plan = prove(Problem(WEEKS, days, GOALS))
    assert len(plan.placements) == 1 and plan.proof is not None and plan.proof.proven


@pytest.mark.requirement("D.9")
@pytest.mark.requirement("P8.6")
def test_the_asynchronous_route_meets_a_mandate_as_the_live_one_does() -> None:
    live = Candidate("live", 60, dates=(LiveDate(1),))
    thread = Candidate("thread", 60)
    problem = Problem(WEEKS, (live, thread), duties=(Duty("law", frozenset({"live"}), 2),))
    either = replace(problem, equivalent=(frozenset({"live", "thread"}),))
    blocked = replace(either, weeks=(Week(60), Week(0), Week(60)))
    assert prove(blocked).items == {"thread"} and prove(blocked).shortfalls == ()
    assert len(prove(either).placements) == 1


@pytest.mark.requirement("N3")
def test_the_least_shortfall_comes_before_any_value() -> None:
    """Three hours of credit are missing an hour whatever is done; the two hours are taken all the same."""
    credit = tuple(Candidate(f"c{n}", 60, credits={"hours": 1.0}) for n in range(2))
    treat = Candidate("treat", 60, {"talk": 3.0})
    problem = Problem(WEEKS[:2], (*credit, treat), GOALS, credit_rules=(CreditRule("licence", "hours", 3.0, 1),))
    plan = prove(problem)
    assert plan.items == {"c0", "c1"}
    (short,) = plan.shortfalls
    assert (short.kind, short.about, short.missing) == ("credit", "licence", 1.0)
    assert short.share == pytest.approx(1 / 3)
    assert plan.proof is not None and plan.proof.proven and plan.proof.shortfall_bound == pytest.approx(1 / 3)


def test_a_duty_too_late_is_better_than_never() -> None:
    late = Candidate("late", 60, opens=2)
    plan = prove(Problem(WEEKS, (late,), duties=(Duty("law", frozenset({"late"}), 1),)))
    assert plan.items == {"late"} and plan.shortfalls == (Shortfall("mandate", "law", 0.5, 0.5),)


def test_a_pin_that_cannot_hold_is_told_and_the_item_lies_elsewhere() -> None:
    day = Candidate("day", 60, {"talk": 1.0}, dates=(LiveDate(2),))
    problem = Problem(WEEKS, (day, READ), GOALS, pins=(Pin("day", 1), Pin("read", 3)))
    plan = prove(problem)
    assert by_item(plan) == {"day": (2,), "read": (3,)}
    assert [(one.kind, one.about) for one in plan.shortfalls] == [("pin", "day")]


def test_long_work_is_split_and_short_pieces_are_not_made() -> None:
    long = Candidate("long", 130, {"talk": 1.0})
    plan = prove(Problem(WEEKS, (long,), GOALS, smallest_piece=15))
    pieces = plan.placements[0].pieces
    assert sum(piece.minutes for piece in pieces) == 130 and min(piece.minutes for piece in pieces) >= 15


@pytest.mark.requirement("C.2")
def test_liked_formats_and_variety_decide_between_equals() -> None:
    video, paper, film = (
        Candidate(name, 60, {"talk": 1.0}, format=kind)
        for name, kind in (("video", "video"), ("paper", "reading"), ("film", "video"))
    )
    problem = Problem(WEEKS[:2], (video, film, paper), (Goal("talk", 9.0),))
    assert prove(replace(problem, variety=0.1)).items > {"paper"}
    assert prove(replace(problem, liked={"video": 0.1})).items == {"video", "film"}


def test_a_chain_of_prerequisites_is_planned_for_its_end() -> None:
    chain = [Candidate("m0", 30)]
    chain += [Candidate(f"m{n}", 30, needs=((ItemDone(f"m{n - 1}"),),)) for n in range(1, 5)]
    chain.append(Candidate("end", 30, {"talk": 3.0}, needs=((ItemDone("m4"),),)))
    for plan in (greedy(Problem(WEEKS, tuple(chain), GOALS)), prove(Problem(WEEKS, tuple(chain), GOALS))):
        assert len(plan.placements) == 6 and plan.placements[-1].item == "end"


# ------------------------------------------------------------------------------------------------------------ no solver
def test_importing_the_planner_and_a_first_plan_load_no_solver() -> None:
    program = (
        "import sys; from tests.benchmarks.pathway_world import made_problem;"
        "from lantern.engine.pathway import greedy;"
        "greedy(made_problem(40, 8, 1)); assert 'ortools' not in sys.modules;"
        "from lantern.engine.pathway import prove; prove(made_problem(40, 8, 1));"
        "assert 'ortools' in sys.modules and 'pandas' not in sys.modules"
    )
    path = f"import sys; sys.path[:0] = {sys.path!r};"
    assert subprocess.run([sys.executable, "-c", path + program], check=False).returncode == 0
