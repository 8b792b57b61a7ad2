"""Pathways as data: what is complete, what is open, what may stand for what, what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantern.engine.pathway import Id, structure
from lantern.engine.pathway.structure import Facts, Fault, Flaw, Group, Rule, Step

NINE = tuple(f"b{number}" for number in range(9))
FACTS = Facts(
    {**dict.fromkeys(NINE, 30), "read": 20, "watch": 40, "meet": 60, "try": 45, "show": 15},
    {"try": (frozenset({"read"}),), "show": (frozenset({"try"}), frozenset({"meet", "watch"}))},
    (frozenset({"read", "listen"}),),
)
BOARD = Group(Rule.ANY, tuple(map(Step, NINE)), 3, "choice board")
ORDERED = Group(Rule.IN_ORDER, (Step("read"), Group(Rule.ANY, (Step("watch"), Step("meet")), 1), Step("try")))
PATHWAY = Group(Rule.ALL, (BOARD, ORDERED, Step("show")))


@pytest.mark.requirement("P7.1")
@pytest.mark.requirement("C.2")
@settings(max_examples=60)
@given(st.sets(st.sampled_from(NINE)))
def test_a_board_any_three_of_nine_completes_with_any_valid_three(done: set[str]) -> None:
    now = structure.progress(BOARD, FACTS, done)
    assert now.complete == (len(done) >= 3)
    assert now.share == pytest.approx(min(len(done), 3) / 3)
    assert structure.open_now(BOARD, FACTS, done) == (frozenset() if now.complete else frozenset(NINE) - done)
    assert structure.minutes_left(BOARD, FACTS, done) == 30 * max(0, 3 - len(done))


@pytest.mark.requirement("P7.2")
def test_finishing_a_prerequisite_opens_exactly_what_waited_for_it() -> None:
    free = Group(Rule.ALL, tuple(map(Step, ("read", "try", "watch", "meet", "show"))))
    before = structure.open_now(free, FACTS, ())
    assert before == {"read", "watch", "meet"}
    assert structure.open_now(free, FACTS, ("read",)) - before == {"try"}
    assert structure.open_now(free, FACTS, ("read", "try")) - before == set()
    assert structure.open_now(free, FACTS, ("read", "try", "watch")) - before == {"show"}


def test_in_order_only_the_next_is_open() -> None:
    assert structure.open_now(ORDERED, FACTS, ()) == {"read"}
    assert structure.open_now(ORDERED, FACTS, ("read",)) == {"watch", "meet"}
    assert structure.open_now(ORDERED, FACTS, ("read", "meet")) == {"try"}
    assert structure.open_now(ORDERED, FACTS, ("read", "meet", "try")) == set()


@pytest.mark.requirement("C.8")
@pytest.mark.requirement("P8.6")
@pytest.mark.requirement("D.9")
def test_one_completion_satisfies_whatever_is_equivalent() -> None:
    assert structure.progress(Step("read"), FACTS, ("listen",)).complete
    assert structure.open_now(ORDERED, FACTS, ("listen",)) == {"watch", "meet"}
    both = Group(Rule.MINUTES, (Step("read"), Step("listen"), Step("watch")), 50)
    assert structure.progress(both, FACTS, ("read", "listen")).got == 20  # one outcome counts once


def test_minutes_count_until_there_are_enough() -> None:
    hour = Group(Rule.MINUTES, (Step("read"), Step("watch"), Step("meet"), Step("show")), 55)
    assert structure.progress(hour, FACTS, ("watch",)).share == pytest.approx(40 / 55)
    assert structure.shortest(hour, FACTS, ("watch",)) == ("show",)
    assert structure.minutes_left(hour, FACTS, ()) == 55  # 40 and 15, not 60
    assert structure.progress(hour, FACTS, ("meet",)).complete
    assert structure.open_now(hour, FACTS, ("meet",)) == set()
    short = Group(Rule.MINUTES, (Step("show"),), 30)
    assert structure.shortest(short, FACTS, ()) == ("show",)  # all there is, and faults() says that it is not enough


def test_nested_sets_come_together() -> None:
    done = ("b1", "b2", "b3", "listen", "watch", "try")
    now = structure.progress(PATHWAY, FACTS, done)
    assert [part.complete for part in now.parts] == [True, True, False]
    assert (now.got, now.needed, now.complete) == (2, 3, False)
    assert structure.open_now(PATHWAY, FACTS, done) == {"show"}
    assert structure.shortest(PATHWAY, FACTS, done) == ("show",)
    assert structure.shortest(PATHWAY, FACTS, ()) == ("b0", "b1", "b2", "read", "watch", "try", "show")
    assert structure.progress(PATHWAY, FACTS, (*done, "show")).complete


@pytest.mark.requirement("P7.3")
def test_a_step_may_be_swapped_for_an_equivalent_one_only() -> None:
    facts = Facts({**FACTS.minutes, "listen": 25}, FACTS.needs, FACTS.equivalent)
    assert structure.swap(PATHWAY, facts, "read", "listen") == structure.Swap(True, "equivalent")
    assert structure.progress(structure.swapped(ORDERED, "read", "listen"), facts, ("read", "meet", "try")).complete
    assert structure.swap(PATHWAY, facts, "read", "watch") == structure.Swap(False, "different outcome")
    assert structure.swap(PATHWAY, facts, "read", "read").allowed
    assert structure.swap(PATHWAY, facts, "else", "read").reason == "not in the pathway"
    assert structure.swap(PATHWAY, facts, "read", "else").reason == "unknown"


@pytest.mark.parametrize(
    ("part", "flaw"),
    [
        (Group(Rule.ALL, ()), Flaw.EMPTY),
        (Group(Rule.ANY, (Step("read"),), 2), Flaw.TOO_MANY_ASKED),
        (Group(Rule.ANY, (Step("read"),), 0), Flaw.NOTHING_ASKED),
        (Group(Rule.MINUTES, (Step("read"), Step("watch")), 61), Flaw.TOO_MANY_ASKED),
        (Group(Rule.ALL, (Step("read"), Step("read"))), Flaw.TWICE),
        (Step("nowhere"), Flaw.UNKNOWN_ITEM),
        (Group(Rule.IN_ORDER, (Step("try"), Step("read"))), Flaw.ORDER),
    ],
)
def test_what_is_wrong_is_named(part: structure.Part, flaw: Flaw) -> None:
    assert flaw in {fault.flaw for fault in structure.faults(part, FACTS)}
    assert structure.progress(part, FACTS, ()) is not None
    assert structure.open_now(part, FACTS, ()) is not None


def test_a_sound_structure_has_no_fault_and_where_it_is_wrong_is_said() -> None:
    assert structure.faults(PATHWAY, FACTS) == []
    wrong = Group(Rule.ALL, (BOARD, Group(Rule.ANY, (Step("x"), Step("read")), 3)))
    assert structure.faults(wrong, FACTS) == [
        Fault(Flaw.TOO_MANY_ASKED, (1,), (), "3 of 2"),
        Fault(Flaw.UNKNOWN_ITEM, (1, 0), ("x",)),
    ]


def test_cycles_are_named_with_their_members_and_nothing_else() -> None:
    needs: dict[Id, tuple[frozenset[Id], ...]] = {
        "a": (frozenset({"b"}),),
        "b": (frozenset({"c"}),),
        "c": (frozenset({"a"}),),
        "d": (frozenset({"a"}),),
        "e": (frozenset({"e", "f"}),),
        "self": (frozenset({"self"}),),
    }
    found = structure.cycles(needs)
    assert {frozenset(cycle) for cycle in found} == {frozenset("abc"), frozenset({"self"})}
    facts = Facts({"a": 1, "b": 1, "c": 1}, {key: needs[key] for key in "abc"})
    assert Flaw.CYCLE in {fault.flaw for fault in structure.faults(Group(Rule.ALL, (Step("a"), Step("b"))), facts)}
