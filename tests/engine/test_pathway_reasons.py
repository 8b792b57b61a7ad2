"""Every item says why it is there, every other one why not; plans are compared; catalogs are cut down; reviews grow."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantern.engine.pathway import (
    Badge,
    Because,
    Candidate,
    CreditRule,
    Duty,
    Gap,
    Goal,
    Here,
    ItemDone,
    LevelReached,
    LiveDate,
    Moved,
    Out,
    Pin,
    Problem,
    Profile,
    Unfit,
    Week,
    compare,
    explain,
    greedy,
    prove,
    review_weeks,
    shortlist,
)
from tests.benchmarks.pathway_world import made_problem

WEEKS = (Week(60), Week(60), Week(0), Week(60))
BASICS = Candidate("basics", 30, {"talk": 0.5}, credits={"hours": 0.5})
DEPTH = Candidate("depth", 60, {"talk": 1.0}, needs=((ItemDone("basics"),),), format="video", value=0.1)
LAW = Candidate("law", 30)
POOR = Candidate("poor", 60, {"talk": 0.1})
FULL = Problem(
    WEEKS,
    (BASICS, DEPTH, LAW, POOR),
    (Goal("talk", 1.4, 2.0),),
    duties=(Duty("safety", frozenset({"law"}), 3), Duty("voice", frozenset({"depth"}), 3, "initiative")),
    credit_rules=(CreditRule("licence", "hours", 0.5, 3),),
    pins=(Pin("law", 3),),
    badges=(Badge("talker", 0.3, frozenset({"depth"})),),
    liked={"video": 0.05},
    variety=0.01,
    previous={"basics": (0,)},
)


@pytest.mark.requirement("N3")
def test_every_item_says_why_it_is_here() -> None:
    here = explain(FULL, prove(FULL)).here
    assert here["basics"] == (
        Because(Here.CREDIT, "licence", 0.5),
        Because(Here.GOAL, "talk", here["basics"][1].amount),
        Because(Here.PREREQUISITE, "depth"),
        Because(Here.KEPT, "basics"),
    )
    assert {one.kind for one in here["depth"]} == {Here.INITIATIVE, Here.GOAL, Here.BADGE, Here.SUGGESTED, Here.FORMAT}
    assert here["basics"][1].amount == pytest.approx(0.4)
    assert here["law"] == (Because(Here.MANDATE, "safety"), Because(Here.PINNED, "law", 3))


def test_a_level_makes_its_givers_prerequisites() -> None:
    hard = Candidate("hard", 30, {"plan": 1.0}, needs=((LevelReached("talk", 0.5),),))
    problem = Problem(WEEKS, (BASICS, hard), (Goal("plan", 1.0),))
    assert explain(problem, prove(problem)).here["basics"] == (Because(Here.PREREQUISITE, "hard"),)


@pytest.mark.requirement("N3")
def test_what_is_worth_less_names_what_took_its_place() -> None:
    rich = tuple(Candidate(f"rich{n}", 60, {"talk": 1.0}) for n in range(3))
    problem = Problem(WEEKS, (*rich, POOR), (Goal("talk", 9.0),), duties=(Duty("d", frozenset({"rich0"}), 3),))
    why = explain(problem, prove(problem)).left_out["poor"]
    assert why.why is Out.WORTH_LESS
    assert (why.minutes, why.free) == (60, 0) and why.more == pytest.approx(0.088)
    assert len(why.instead) == 1 and why.instead[0] != "rich0" and why.lost == pytest.approx(0.988)


def test_each_other_reason_to_leave_out() -> None:
    goals = (Goal("talk", 9.0),)

    def why(problem: Problem, item: str) -> Out:
        return explain(problem, prove(problem)).left_out[item].why

    twin = replace(DEPTH, id="twin", value=0.0)
    assert why(replace(FULL, candidates=(BASICS, DEPTH, twin), equivalent=(frozenset({"depth", "twin"}),)), "twin") is (
        Out.EQUIVALENT_CHOSEN
    )
    assert (
        why(replace(FULL, done={"twin": -1}, equivalent=(frozenset({"poor", "twin"}),)), "poor") is Out.EQUIVALENT_DONE
    )
    assert why(replace(FULL, goals=()), "poor") is Out.NOTHING_TO_GAIN
    small = Problem(WEEKS, (BASICS, POOR), goals, most_items=1)
    assert why(small, "poor") is Out.TOO_MANY
    dear = replace(POOR, cost=50.0)
    assert why(replace(small, candidates=(BASICS, dear), most_items=None, budget=10.0), "poor") is Out.TOO_DEAR
    assert why(replace(small, done={"poor": -1}), "poor") is Out.DONE
    waits = Candidate("waits", 60, {"talk": 1.0}, needs=((ItemDone("huge"),),))
    huge = Candidate("huge", 175)
    tight = Problem(WEEKS, (huge, waits, BASICS), goals)
    left = explain(tight, prove(tight)).left_out["waits"]
    assert (left.why, left.about) == (Out.PREREQUISITE_MISSING, ("huge",))
    days = tuple(Candidate(name, 45, {"talk": 1.0}, dates=(LiveDate(1),)) for name in ("a", "b"))
    both = Problem(WEEKS, days, goals)
    assert set(explain(both, prove(both)).left_out.values()).pop().why is Out.NO_TIME
    pinned = Problem((Week(60),), (LAW, POOR), goals, pins=(Pin("law", 0),))
    assert why(pinned, "poor") is Out.NO_TIME  # only what she pinned could make room


def test_what_a_rough_plan_has_not_tried_is_not_explained_away() -> None:
    plan = replace(prove(FULL), placements=())
    assert explain(FULL, plan).left_out["law"].why is Out.NOTHING_TO_GAIN
    assert explain(FULL, plan).left_out["poor"].why is Out.NOT_TRIED


@pytest.mark.requirement("N3")
def test_two_plans_are_compared_by_what_differs() -> None:
    before, after = prove(FULL), prove(replace(FULL, pins=(Pin("law", 0),), credit_rules=(), weeks=WEEKS[:2]))
    found = compare(FULL, before, after)
    assert found.moved and found.moved[-1] == Moved("law", (3,), (0,))
    assert found.changed_weeks >= 2 and found.added == () and found.now_met == ()
    nothing = replace(before, placements=(), worth=replace(before.worth, total=0.0, goals={}))
    assert compare(FULL, nothing, before).credits == {"hours": 0.5}
    assert compare(FULL, before, nothing).dropped == tuple(one.item for one in before.placements)
    assert compare(FULL, nothing, before).goals == {"talk": pytest.approx(1.4)}
    late = prove(replace(FULL, pins=(Pin("law", 2),)))
    assert [one.kind for one in compare(FULL, before, late).now_missed] == ["pin"]
    assert [one.kind for one in compare(FULL, late, before).now_met] == ["pin"]


# -------------------------------------------------------------------------------------------------------- the shortlist
def test_a_shortlist_keeps_what_musts_name_and_what_that_waits_for() -> None:
    problem = made_problem(300, 12, 1)
    short = shortlist(problem, 120).problem
    kept = {one.id for one in short.candidates}
    assert 120 <= len(kept) <= 200
    assert all(kept & duty.items for duty in problem.duties)
    whole, cut = greedy(problem), greedy(short)
    assert cut.shortfalls == () and cut.worth.total >= 0.9 * whole.worth.total


def test_what_does_not_fit_her_is_left_with_the_reason() -> None:
    def one(name: str, **changes: object) -> Candidate:
        return replace(Candidate(name, 60, {"talk": 1.0}), **changes)  # type: ignore[arg-type]

    problem = Problem(
        WEEKS,
        (
            one("role", roles=frozenset({"principal"})),
            one("grade", grades=frozenset({"12"})),
            one("format", format="workshop"),
            one("hard", from_level=4.0),
            one("easy", to_level=1.0),
            one("other", gains={"else": 1.0}),
            one("needed", roles=frozenset({"principal"})),
            one("fine", needs=((ItemDone("role"),), (ItemDone("old"),), (LevelReached("talk", 2.5),))),
            one("behind", gains={"talk": 0.1}),
        ),
        (Goal("talk", 1.0), Goal("gone", 0.0)),
        duties=(Duty("d", frozenset({"same"}), 3),),
        credit_rules=(CreditRule("r", "hours", 1.0, 3),),
        equivalent=(frozenset({"same", "needed"}),),
        levels={"talk": 2.0},
        done={"old": -1},
        gaps=(Gap("fine", "needed", 1),),
    )
    who = Profile("teacher", frozenset({"3"}), frozenset({"workshop"}))
    found = shortlist(problem, 2, who)
    assert [one.id for one in found.problem.candidates] == ["role", "needed", "fine"]
    assert found.left == {
        "grade": Unfit.GRADE,
        "format": Unfit.FORMAT,
        "hard": Unfit.TOO_HARD,
        "easy": Unfit.TOO_EASY,
        "other": Unfit.NO_GAP,
        "behind": Unfit.BEHIND_OTHERS,
    }


# ------------------------------------------------------------------------------------------------------------- reviews
@pytest.mark.requirement("P7.6")
@settings(max_examples=60)
@given(st.integers(-3, 5), st.lists(st.sampled_from([0, 60]), max_size=40))
def test_reviews_come_at_growing_intervals_and_never_in_a_blocked_week(finished: int, minutes: list[int]) -> None:
    weeks = [Week(one) for one in minutes]
    found = review_weeks(finished, weeks)
    steps = [later - before for before, later in zip((finished, *found), found, strict=False)]
    assert steps == sorted(set(steps)) and all(weeks[week].minutes for week in found)


@pytest.mark.requirement("P7.6")
def test_a_review_moves_with_the_blocked_week_and_the_later_ones_with_it() -> None:
    weeks = [Week(60)] * 20
    assert review_weeks(0, weeks) == (1, 3, 7, 15)
    weeks[3] = weeks[4] = Week(0)
    assert review_weeks(0, weeks) == (1, 5, 10, 18)
    with pytest.raises(ValueError, match="one week or more"):
        review_weeks(0, weeks, (0,))
