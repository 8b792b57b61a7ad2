"""When the musts cannot all hold: the clash is truly minimal, and so is every change that is offered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from lantern.engine.pathway import (
    Candidate,
    Change,
    CreditRule,
    Duty,
    Limit,
    LiveDate,
    Must,
    Offer,
    Pin,
    Problem,
    Remedies,
    Week,
    apply,
    prove,
    smallest_changes,
    smallest_clash,
)
from tests.engine import pathway_brute
from tests.engine.pathway_cases import tiny_problems

HOUR = {"hours": 1.0}
LICENCE = Problem(
    (Week(60), Week(0), Week(60), Week(60)),
    tuple(Candidate(f"c{n}", 60, credits=HOUR) for n in range(4)),
    credit_rules=(CreditRule("licence", "hours", 3.0, 2),),
)


def only(problem: Problem, musts: tuple[Must, ...]) -> Problem:
    return replace(
        problem,
        duties=tuple(one for one in musts if isinstance(one, Duty)),
        credit_rules=tuple(one for one in musts if isinstance(one, CreditRule)),
        pins=tuple(one for one in musts if isinstance(one, Pin)),
    )


def offer_for(problem: Problem) -> Offer:
    blocked = {place: 60 for place, week in enumerate(problem.weeks) if week.minutes == 0}
    return Offer(more_minutes=90, step=30, earlier=(Week(60),), could_open=blocked, later=2)


@pytest.mark.requirement("N3")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(tiny_problems(items=3, strict=True))
def test_clashes_and_changes_are_truly_minimal(problem: Problem) -> None:
    """Against every plan: the clash cannot hold, any one fewer can; a change helps, and nothing less of it does."""
    clash = smallest_clash(problem).clash
    assert bool(clash) != pathway_brute.can_hold(problem)
    if not clash:
        return
    assert not pathway_brute.can_hold(only(problem, clash))
    for must in clash:
        assert pathway_brute.can_hold(only(problem, tuple(one for one in clash if one is not must)))
    offer = offer_for(problem)
    found = smallest_changes(problem, offer)
    assert found.finished and found.helps and len({len(changes) for changes in found.helps}) == 1
    for changes in found.helps:
        assert pathway_brute.can_hold(apply(problem, offer, changes))
        for place, change in enumerate(changes):
            others = (*changes[:place], *changes[place + 1 :])
            assert not pathway_brute.can_hold(apply(problem, offer, others))
            step = offer.step if change.kind == "minutes" else 1
            if change.kind in ("minutes", "earlier", "later") and change.amount > step:
                less = replace(change, amount=change.amount - step)
                assert not pathway_brute.can_hold(apply(problem, offer, (*others, less)))


@pytest.mark.requirement("N3")
def test_a_licence_that_lacks_an_hour_is_helped_by_minutes_an_opened_week_an_earlier_start_or_time() -> None:
    offer = Offer(step=5, earlier=(Week(30), Week(60)), could_open={1: 60}, later=4)
    found = smallest_changes(LICENCE, offer)
    assert found.clash == LICENCE.credit_rules
    assert set(found.helps) == {
        (Change("minutes", amount=30),),
        (Change("earlier", amount=1),),
        (Change("open", 1, 60),),
        (Change("later", "licence", 1, "credit"),),
        (Change("drop", "licence", must="credit"),),
    }
    for changes in found.helps:
        assert prove(apply(LICENCE, offer, changes)).shortfalls == ()


def test_two_changes_where_no_single_one_helps() -> None:
    far = replace(LICENCE, credit_rules=(CreditRule("licence", "hours", 4.0, 2),))
    offer = Offer(more_minutes=30, could_open={1: 60}, later=0, drop=False)
    assert smallest_changes(far, offer).helps == ((Change("minutes", amount=30), Change("open", 1, 60)),)


def test_a_pin_may_move_to_another_week() -> None:
    day = Candidate("day", 60, dates=(LiveDate(0),))
    problem = replace(LICENCE, candidates=(day, Candidate("c", 60)), credit_rules=(), pins=(Pin("day", 0), Pin("c", 0)))
    found = smallest_changes(problem, Offer(more_minutes=0, later=2))
    assert found.clash == problem.pins
    assert (Change("week", "c", 2, "pin"),) in found.helps and (Change("drop", "day", must="pin"),) in found.helps
    assert (Change("week", "day", 2, "pin"),) not in found.helps


def test_where_few_changes_do_not_help_musts_are_named_to_drop() -> None:
    duties = tuple(Duty(f"d{n}", frozenset({f"gone{n}"}), 3) for n in range(3))
    problem = replace(LICENCE, duties=duties, credit_rules=())
    found = smallest_changes(problem, Offer(later=0), most=1)
    assert found.helps == (tuple(Change("drop", f"d{n}", must="mandate") for n in range(3)),)
    assert smallest_changes(problem, Offer(later=0, drop=False), most=1).helps == ()


def test_nothing_to_change_where_all_holds_and_no_answer_without_time() -> None:
    assert smallest_changes(replace(LICENCE, credit_rules=())) == Remedies()
    over = Limit(lambda: 1.0, 0.0)
    assert smallest_clash(LICENCE, over) == Remedies(finished=False)
    assert not smallest_changes(LICENCE, limit=over).finished


def test_an_earlier_start_leaves_dates_where_they_are_in_time() -> None:
    problem = replace(
        LICENCE,
        candidates=(Candidate("day", 60, dates=(LiveDate(2),), opens=1, closes=3),),
        duties=(Duty("d", frozenset({"day"}), 2),),
        pins=(Pin("day", 2),),
        done={"x": -1},
        previous={"day": (2,)},
    )
    earlier = apply(problem, Offer(earlier=(Week(10), Week(20))), (Change("earlier", amount=1),))
    (day,) = earlier.candidates
    assert (earlier.weeks[0], day.dates[0].week, day.opens, day.closes) == (Week(20), 3, 2, 4)
    assert (earlier.duties[0].by, earlier.pins[0].week, earlier.done, earlier.previous) == (
        3,
        3,
        {"x": 0},
        {"day": (3,)},
    )
