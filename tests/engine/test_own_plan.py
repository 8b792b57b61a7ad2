"""From one educator to a problem: levels one by one, what stands stays, the licence's part, only what can serve."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from lantern.engine.own_plan import LICENCE, Known, Path, PathStep, Standing, Wish, own_problem
from lantern.engine.pathway import Gap, Week, check, greedy, prove
from lantern.engine.pathway.problem import LONG_AGO
from lantern.engine.recommend import CreditFact, GoalFact, Item, Learner, NeedFact, Shelf

TALK, FRACTIONS = UUID(int=901), UUID(int=902)
GOAL = UUID(int=801)


def uid(number: int) -> UUID:
    return UUID(int=number)


def item(number: int, minutes: int | None = 40, level: int | None = 2, competency: UUID = TALK, **facts: Any) -> Item:
    return Item(uid(number), "video", f"Thing {number}", minutes, level, competencies=((competency, level),), **facts)


def her(**facts: Any) -> Learner:
    said: dict[str, Any] = {"ratings": {TALK: 1}, "goals": (GoalFact(GOAL, "Talk", TALK, 3),), "minutes_per_week": 60}
    return Learner(**(said | facts))


def weeks(*minutes: int) -> Known:
    return Known(tuple(Week(each) for each in minutes))


def planned(learner: Learner, items: list[Item], known: Known, wish: Wish = Wish()) -> Any:  # noqa: B008 - frozen
    own = own_problem(learner, Shelf.of(items), known, wish)
    plan = prove(own.problem)
    assert not check(own.problem, plan)
    return own, plan, [int(UUID(str(one.item))) for one in plan.placements]


@pytest.mark.requirement("N3")
def test_she_climbs_level_by_level_and_beginners_things_do_not_add_up_to_an_expert() -> None:
    only_low = [item(number, level=2) for number in range(1, 7)]
    own, plan, _ = planned(her(), only_low, weeks(*[60] * 8))
    assert {node: round(gain, 2) for node, gain in plan.worth.goals.items() if gain} == {f"{TALK}/2": 1.0}
    assert own.aims[f"{TALK}/3"].level == 3
    own, plan, order = planned(her(), [item(9, level=3), *only_low], weeks(*[60] * 8))
    assert 9 in order and order.index(9) > 0, "level 3 only after something on level 2"
    _, _, alone = planned(her(), [item(9, level=3)], weeks(*[60] * 8))
    assert alone == [], "nothing leads to the level below it"


def test_what_she_has_finished_dismissed_or_cannot_read_is_no_candidate() -> None:
    items = [item(1), item(2), item(3, language="fr"), item(4, minutes=None), item(5)]
    own = own_problem(her(finished=frozenset({uid(1)})), Shelf.of(items), weeks(60, 60))
    assert {one.id for one in own.problem.candidates} == {str(uid(2)), str(uid(5))}
    assert own.problem.done == {str(uid(1)): LONG_AGO}


def test_what_is_made_for_other_grades_is_no_candidate() -> None:
    own = own_problem(her(grades_mask=0b0001), Shelf.of([item(1, grades_mask=0b1000), item(2)]), weeks(60))
    assert [one.id for one in own.problem.candidates] == [str(uid(2))]


def test_what_something_builds_on_comes_with_it_and_before_it() -> None:
    first = Item(uid(1), "video", "First", 30)
    then = item(2, prerequisites=frozenset({uid(1)}))
    _, plan, order = planned(her(), [then, first], weeks(60, 60))
    assert order == [1, 2] and plan.shortfall == 0


def test_a_chain_of_any_length_and_a_circle_are_survived() -> None:
    chain = [item(1), *(item(n, prerequisites=frozenset({uid(n - 1)})) for n in range(2, 2001))]
    own, _, order = planned(her(), chain, weeks(60, 60))
    assert len(own.problem.candidates) <= 700 and order[0] == 1
    circle = [item(1, prerequisites=frozenset({uid(2)})), item(2, prerequisites=frozenset({uid(1)})), item(3)]
    assert planned(her(), circle, weeks(60, 60))[2] == [3]


@pytest.mark.requirement("N3")
def test_a_goal_due_within_the_weeks_has_to_come_of_what_is_finished_by_then() -> None:
    known = Known((Week(0), Week(20), Week(60), Week(60)), due={GOAL: 1})
    _, plan, order = planned(her(goals=(GoalFact(GOAL, "Talk", TALK, 2),)), [item(1, 40), item(2, 20)], known)
    assert order == [2] and plan.placements[0].finished == 1


@pytest.mark.requirement("N3")
def test_what_stands_in_her_plan_keeps_its_weeks_and_what_is_over_moves_with_the_fewest_moves() -> None:
    stands = tuple(
        Standing(str(uid(number)), 40, "video", {week: 40}) for number, week in ((21, 0), (22, 0), (23, 1), (24, 2))
    )
    known = Known(tuple(Week(40) for _ in range(5)), stands)
    own, plan, _ = planned(her(), [], known, Wish(repair=True))
    where = {int(UUID(one.item)): one.weeks for one in plan.placements}
    assert sorted(where.values()) == [(0,), (1,), (2,), (3,)] and plan.shortfall == 0
    moved = [number for number, week in ((21, 0), (22, 0), (23, 1), (24, 2)) if where[number] != (week,)]
    assert len(moved) == 1 and moved[0] in (21, 22)
    assert own.aims == {}


def test_what_is_pinned_or_begun_takes_its_minutes_and_is_not_moved() -> None:
    pinned = Standing("item:1", 40, "podcast", {0: 40}, fixed=True)
    own, plan, order = planned(her(), [item(1, 40)], Known((Week(40), Week(40)), (pinned,)))
    assert own.problem.weeks[0].minutes == 0 and plan.placements[0].weeks == (1,) and order == [1]


def test_what_is_pinned_counts_towards_the_goal_and_holds_what_builds_on_it_back() -> None:
    base, then = item(1, 40), item(2, 40, prerequisites=frozenset({uid(1)}))
    pinned = Standing(str(uid(1)), 40, "video", {1: 40}, fixed=True, item=base)
    own = own_problem(her(), Shelf.of([base, then]), Known((Week(60),) * 3, (pinned,)))
    level = {goal.competency: round(goal.gap, 2) for goal in own.problem.goals}
    assert level[f"{TALK}/2"] == 0.3
    assert [(one.id, one.opens) for one in own.problem.candidates] == [(str(uid(2)), 1)]


@pytest.mark.requirement("N3")
def test_what_she_is_past_already_is_named_to_leave_the_plan_unless_she_began_or_pinned_it() -> None:
    low = item(1, level=1)
    ways = [Standing(str(uid(1)), 40, "video", {0: 40}, item=low)]
    ways += [replace(ways[0], begun=True), replace(ways[0], fixed=True), replace(ways[0], item=None)]
    ways += [replace(ways[0], item=replace(low, guessed=True))]
    found = [own_problem(her(), Shelf.of([low]), Known((Week(60),), (one,))).behind for one in ways]
    assert found == [(str(uid(1)),), (), (), (), ()]
    path = a_path(PathStep(str(uid(1)), 40))
    known = replace(Known((Week(60),), (ways[0],)), paths=(path,))
    assert own_problem(her(), Shelf.of([low]), known).behind == (), "a step of a pathway she began stays"


@pytest.mark.requirement("N3")
def test_the_licence_asks_for_all_it_needs_where_it_is_renewed_within_the_weeks_else_for_their_part() -> None:
    credit = CreditFact("Hours", 900, 400)
    items = [item(1, 120, credit_type="Hours"), item(2, 60, credit_type="Other")]
    soon = own_problem(her(credit=credit), Shelf.of(items), replace(weeks(*[60] * 8), renewed=5))
    assert [(rule.id, rule.amount, rule.by) for rule in soon.problem.credit_rules] == [(LICENCE, 9.0, 5)]
    later = own_problem(her(credit=credit), Shelf.of(items), replace(weeks(*[60] * 8), renewed=23))
    assert [(rule.amount, rule.by) for rule in later.problem.credit_rules] == [(3.0, 7)], "9 hours × 8 of 24 weeks"
    counts = {one.id: dict(one.credits) for one in soon.problem.candidates}
    assert counts == {str(uid(1)): {"Hours": 2.0}, str(uid(2)): {}}
    none = own_problem(her(credit=None), Shelf.of(items), weeks(60))
    assert none.problem.credit_rules == ()


@pytest.mark.requirement("N3")
def test_what_is_attended_is_never_cut_and_takes_a_week_with_room_for_the_whole() -> None:
    live = [replace(item(1, 60), kind="live_session"), replace(item(2, 60), modality="in_person")]
    known = weeks(40, 60, 40, 90)
    _, plan, order = planned(her(), live, known)
    assert order == [1, 2] or order == [2, 1]
    assert {one.weeks for one in plan.placements} == {(1,), (3,)}
    assert planned(her(), live, weeks(40, 40, 40))[2] == [], "no week has sixty minutes"


def test_what_is_pinned_counts_for_the_licence_first() -> None:
    course = item(1, 120, credit_type="Hours")
    pinned = Standing(str(uid(1)), 120, "video", {0: 120}, fixed=True, item=course)
    own = own_problem(her(credit=CreditFact("Hours", 900, 30)), Shelf.of([course]), Known((Week(150),), (pinned,)))
    assert [rule.amount for rule in own.problem.credit_rules] == [7.0]


def test_more_minutes_a_later_start_and_a_goal_left_out_are_what_the_problem_says() -> None:
    other = GoalFact(UUID(int=802), "Fractions", FRACTIONS, 2)
    learner = her(goals=(*her().goals, other), ratings={TALK: 1, FRACTIONS: 1})
    items = [item(1), item(2, competency=FRACTIONS)]
    own = own_problem(learner, Shelf.of(items), weeks(60, 0, 60), Wish(20, 1, frozenset({GOAL})))
    assert [week.minutes for week in own.problem.weeks] == [0, 0, 80]
    assert {aim.competency for aim in own.aims.values()} == {FRACTIONS}
    assert [one.id for one in own.problem.candidates] == [str(uid(2))]


def test_a_need_counts_less_than_a_goal_and_one_level_is_asked_for_where_she_named_none() -> None:
    learner = Learner(ratings={TALK: 1, FRACTIONS: 1}, needs=(NeedFact(TALK, "Talk"), NeedFact(FRACTIONS, "F", 3)))
    own = own_problem(learner, Shelf.of([item(1)]), weeks(60))
    assert {(aim.competency, aim.level) for aim in own.aims.values()} == {(TALK, 2), (FRACTIONS, 2), (FRACTIONS, 3)}
    both = own_problem(replace(learner, goals=her().goals), Shelf.of([item(1)]), weeks(60))
    assert {both.aims[f"{TALK}/{level}"].goal for level in (2, 3)} == {GOAL}
    worth = {goal.competency: goal.weight for goal in both.problem.goals}
    assert worth[f"{TALK}/2"] > worth[f"{FRACTIONS}/2"]


def a_path(*steps: PathStep, **facts: Any) -> Path:
    return Path("Feedback that is used", steps, **facts)


@pytest.mark.requirement("P6.2")
def test_a_pathway_she_is_in_is_planned_in_its_order_with_the_practice_between() -> None:
    first, then = str(uid(1)), str(uid(2))
    steps = (PathStep(first, 40), PathStep(then, 40, after=(frozenset({first}),)))
    known = replace(weeks(*[60] * 6), paths=(a_path(*steps, gaps=(Gap(first, then, 2, in_class=True),)),))
    teaching = (Week(60), Week(60, teaching=False), *[Week(60)] * 4)
    _, plan, order = planned(Learner(), [item(1), item(2)], replace(known, weeks=teaching))
    assert order == [1, 2]
    assert plan.placements[1].weeks[0] == 3, "two weeks on, and the holiday is none of them"
    done = replace(known, finished={first: -1})
    _, plan, order = planned(Learner(finished=frozenset({uid(1)})), [item(1), item(2)], done)
    assert order == [2] and plan.placements[0].weeks[0] == 1, "the practice counts from the day she finished"


@pytest.mark.requirement("P7.1")
def test_of_a_choice_as_many_are_planned_as_it_asks_for() -> None:
    board = tuple(PathStep(str(uid(number)), 30, wanted=False) for number in range(1, 10))
    among = frozenset(step.id for step in board)
    known = replace(weeks(*[60] * 6), paths=(a_path(*board, choices=((among, 3),)),))
    assert len(planned(Learner(), [item(number) for number in range(1, 10)], known)[2]) == 3


@pytest.mark.requirement("P7.2")
def test_a_step_that_needs_a_level_waits_for_what_leads_there() -> None:
    step = PathStep(str(uid(5)), 30, levels=((TALK, 2),))
    known = replace(weeks(*[60] * 6), paths=(a_path(step),))
    elsewhere = item(5, competency=FRACTIONS)
    assert planned(her(), [item(1), elsewhere], known)[2][-1] == 5
    assert planned(her(), [elsewhere], known)[2] == [], "nothing leads there"
    assert planned(her(ratings={TALK: 2}), [elsewhere], known)[2] == [5], "she is there"


@pytest.mark.requirement("C.8")
def test_of_several_formats_of_one_step_only_one_is_planned_and_the_done_one_counts() -> None:
    one, other = str(uid(1)), str(uid(2))
    path = a_path(PathStep(one, 60), equivalent=(frozenset({one, other}),))
    goal = her(goals=(GoalFact(GOAL, "Talk", TALK, 2),))
    assert len(planned(goal, [item(1), item(2)], replace(weeks(*[60] * 6), paths=(path,)))[2]) == 1
    done = replace(goal, finished=frozenset({uid(2)}))
    assert planned(done, [item(1), item(2)], replace(weeks(*[60] * 6), paths=(path,)))[2] == []


def test_without_goals_a_few_suggestions_come_and_with_them_nothing_that_serves_none() -> None:
    items = [item(number, 20, competency=FRACTIONS) for number in range(1, 30)]
    _, _, order = planned(Learner(), items, weeks(40, 40))
    assert 1 <= len(order) <= 2, "no more things than weeks"
    _, _, order = planned(her(), items, weeks(40, 40))
    assert order == []


def test_formats_and_suggestions_only_tell_equals_apart() -> None:
    podcast, video = replace(item(1), kind="podcast"), item(2)
    one_step = her(goals=(GoalFact(GOAL, "Talk", TALK, 2),), liked_kinds=frozenset({"podcast"}))
    many = [podcast, video, *(replace(item(number), kind="podcast") for number in range(3, 12))]
    _, _, order = planned(one_step, many, weeks(*[60] * 10))
    assert len(order) == 2, "the level is full after two, and liked formats alone bring in nothing"
    _, _, order = planned(replace(one_step, liked_kinds=frozenset()), many, weeks(*[60] * 10))
    assert len(order) == 2 and 2 in order, "where she likes none more, two formats rather than one"
    _, _, order = planned(one_step, [podcast, video], weeks(45))
    assert order == [1], "of two equals the one she likes"


@pytest.mark.requirement("N3")
@pytest.mark.parametrize("seed", range(8))
def test_every_plan_of_generated_catalogs_passes_the_check_and_is_no_worse_than_greedy(seed: int) -> None:
    luck = random.Random(seed)
    items = [
        item(
            number, luck.choice([10, 25, 40, 90, 180]), luck.choice([None, 1, 2, 3, 4]), luck.choice([TALK, FRACTIONS]),
            prerequisites=frozenset({uid(luck.randint(1, 2 * number))} - {uid(number)} if luck.random() < 0.3 else ()),
            guessed=luck.random() < 0.3, credit_type=luck.choice(["", "Hours"]),
        )
        for number in range(1, 60)
    ]  # fmt: skip
    learner = her(credit=CreditFact("Hours", 500, 60), needs=(NeedFact(FRACTIONS, "Fractions", 3),))
    stands = (Standing(str(uid(3)), 40, "video", {0: 40}, item=items[2]), Standing("item:9", 30, "book"))
    own = own_problem(learner, Shelf.of(items), Known(tuple(Week(luck.choice([0, 30, 60])) for _ in range(10)), stands))
    quick, best = greedy(own.problem), prove(own.problem)
    assert not check(own.problem, quick) and not check(own.problem, best)
    assert (best.shortfall, -best.worth.total) <= (quick.shortfall + 1e-9, -quick.worth.total + 1e-6)
