"""The checker sees every broken rule, so that it may judge the planner."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lantern.engine.pathway import (
    Badge,
    Candidate,
    CreditRule,
    Duty,
    Gap,
    Goal,
    ItemDone,
    LevelReached,
    LiveDate,
    Piece,
    Pin,
    Placement,
    Plan,
    Problem,
    Shortfall,
    Week,
    Worth,
    check,
)

WEEKS = (Week(60), Week(60), Week(0, teaching=False), Week(60))
READ = Candidate("read", 60, {"talk": 1.0})
TALK = Candidate("talk", 60, {"talk": 1.0}, needs=((ItemDone("read"),),))
DAY = Candidate("day", 45, dates=(LiveDate(1, travel=15), LiveDate(3)))
PROBLEM = Problem(WEEKS, (READ, TALK, DAY), minute_cost=0.0)


def placed(item: str, *pieces: tuple[int, int], date: int | None = None) -> Placement:
    return Placement(item, tuple(Piece(*piece) for piece in pieces), date)


def rules(problem: Problem, *placements: Placement, worth: float = 0.0, short: tuple[Shortfall, ...] = ()) -> set[str]:
    return {one.rule for one in check(problem, Plan(placements, Worth(worth), short))}


def test_a_plan_that_keeps_every_rule_has_no_violation() -> None:
    assert rules(PROBLEM, placed("read", (0, 60)), placed("talk", (3, 60)), placed("day", (1, 60), date=0)) == set()


@pytest.mark.requirement("A.11")
@pytest.mark.parametrize(
    ("placements", "rule"),
    [
        ((placed("what", (0, 60)),), "unknown item"),
        ((placed("read", (0, 60)), placed("read", (1, 60))), "planned twice"),
        ((placed("read"),), "no time given"),
        ((placed("read", (0, 30)),), "minutes"),
        ((placed("read", (0, 57), (1, 3)),), "too small a piece"),
        ((placed("read", (4, 60)),), "no such week"),
        ((placed("read", (1, 30), (0, 30)),), "no such week"),
        ((placed("read", (2, 60)),), "blocked week"),
        ((placed("read", (0, 60)), placed("talk", (0, 60))), "too much in a week"),
        ((placed("talk", (0, 60)),), "prerequisite"),
        ((placed("talk", (0, 60)), placed("read", (1, 60))), "prerequisite"),
        ((placed("day", (1, 60)),), "no date"),
        ((placed("day", (1, 45), date=0),), "no date"),
        ((placed("day", (1, 30), (3, 30), date=0),), "no date"),
        ((placed("day", (1, 60), date=5),), "no date"),
    ],
)
def test_a_broken_rule_is_named(placements: tuple[Placement, ...], rule: str) -> None:
    assert rule in rules(PROBLEM, *placements)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"done": {"read": -1}}, "done already"),
        ({"equivalent": (frozenset({"read", "talk"}),)}, "equivalent"),
        ({"equivalent": (frozenset({"read", "old"}),), "done": {"old": -1}}, "equivalent"),
        ({"most_items": 1}, "too many items"),
        ({"gaps": (Gap("read", "talk", 2),)}, "practice gap"),
        ({"gaps": (Gap("read", "talk", 3, in_class=True),)}, "practice gap"),
        ({"duties": (Duty("law", frozenset({"day"}), 3),)}, "shortfall not told"),
        ({"credit_rules": (CreditRule("hours", "hours", 5, 3),)}, "shortfall not told"),
        ({"pins": (Pin("read", 1),)}, "shortfall not told"),
        ({"goals": (Goal("talk", 2.0),)}, "worth"),
        ({"badges": (Badge("b", 1.0, frozenset({"read"}), frozenset({"talk", "day"}), 1),)}, "worth"),
        ({"previous": {"read": (0, 1)}}, "worth"),
    ],
)
def test_a_rule_of_the_whole_plan_is_named(changes: dict[str, Any], rule: str) -> None:
    problem = replace(PROBLEM, **changes)
    assert rule in rules(problem, placed("read", (0, 60)), placed("talk", (1, 60)))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"retired": True}, "retired"),
        ({"opens": 1}, "before it opens"),
        ({"closes": 0}, "after it closes"),
        ({"cost": 50.0}, "budget"),
        ({"needs": ((LevelReached("talk", 0.5),),)}, "prerequisite"),
        ({"needs": ((ItemDone("read"),),)}, "prerequisite"),
    ],
)
def test_a_rule_of_one_item_is_named(changes: dict[str, Any], rule: str) -> None:
    problem = replace(PROBLEM, candidates=(replace(READ, **changes),), budget=20.0)
    assert rule in rules(problem, placed("read", (0, 30), (1, 30)))


def test_what_waits_for_each_other_in_one_week_is_seen() -> None:
    one = Candidate("one", 30, needs=((ItemDone("two"),),))
    two = Candidate("two", 30, needs=((ItemDone("one"),),))
    problem = replace(PROBLEM, candidates=(one, two))
    assert "prerequisite" in rules(problem, placed("one", (0, 30)), placed("two", (0, 30)))


def test_one_week_may_hold_a_prerequisite_and_what_needs_it() -> None:
    level = Candidate("level", 20, needs=((LevelReached("talk", 1.0), ItemDone("read")),))
    problem = replace(PROBLEM, weeks=(Week(90),), candidates=(READ, level))
    assert rules(problem, placed("level", (0, 20)), placed("read", (0, 60))) == set()


def test_a_told_shortfall_has_to_be_true() -> None:
    problem = replace(PROBLEM, duties=(Duty("law", frozenset({"read"}), 0),))
    late = Shortfall("mandate", "law", 0.5, 0.5)
    assert rules(problem, placed("read", (1, 60)), short=(late,)) == set()
    assert rules(problem, placed("read", (0, 60)), short=(late,)) == {"shortfall not told"}
    assert rules(PROBLEM, placed("read", (0, 60)), short=(late,)) == {"shortfall not told"}


def test_a_pin_on_what_is_done_holds() -> None:
    assert rules(replace(PROBLEM, pins=(Pin("read", 0),), done={"read": -1})) == set()
