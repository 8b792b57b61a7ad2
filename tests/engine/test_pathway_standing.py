"""Where somebody is in a pathway: done, open, locked and why, what is next, and what goes into weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lantern.engine.pathway.outline import Entry, LevelFirst, Practice, Section
from lantern.engine.pathway.placing import Held, to_place
from lantern.engine.pathway.standing import Her, Known, Lock, Now, SetNow, State, Why, after_practice, flattened, now
from lantern.engine.pathway.structure import Rule

TODAY = date(2026, 10, 7)  # a Wednesday
LONG_AGO = date(2026, 9, 1)
KNOWN = {
    **{f"b{n}": Known(f"Board {n}", 30) for n in range(9)},
    "read": Known("Reading", 20),
    "listen": Known("Listening", 25),
    "watch": Known("Watching", 40),
    "try": Known("Trying", 45, needs=frozenset({"read"})),
    "show": Known("Showing", 15, needs=frozenset({"try"})),
    "meet": Known("Meeting", 60),
    "gone": Known("Gone", 30, offered=False),
}


def step(key: str, *routes: str, **more: Any) -> Entry:
    """A step that says all it has to."""
    return Entry(key, routes or (key,), f"So {key}", "", **more)


def whole(*parts: Any, rule: Rule = Rule.ALL, least: int = 0) -> Section:
    """An outline."""
    return Section("top", rule, parts, least)


def here(top: Section, *done: str, today: date = TODAY, **of_hers: Any) -> Now:
    """Where she is, with these finished five weeks ago."""
    her = Her(done=dict.fromkeys(done, LONG_AGO) | of_hers.pop("days", {}), **of_hers)
    return now(top, KNOWN, her, today)


def states(found: Now) -> dict[str, State]:
    """The state of each step."""
    return {one.entry.key: one.state for one in flattened(found.top)}


def locks(found: Now, key: str) -> tuple[Lock, ...]:
    """What a step waits for."""
    return next(one.locks for one in flattened(found.top) if one.entry.key == key)


BOARD = Section("g1", Rule.ANY, tuple(step(f"b{n}") for n in range(9)), 3, "Choice board")


@pytest.mark.requirement("P7.1")
@pytest.mark.requirement("C.2")
@pytest.mark.parametrize("three", [("b0", "b1", "b2"), ("b8", "b4", "b0"), ("b3", "b5", "b7")])
def test_any_three_of_nine_complete_a_board_and_the_others_are_needed_no_more(three: tuple[str, ...]) -> None:
    two = here(BOARD, *three[:2])
    assert not two.top.progress.complete and (two.top.progress.got, two.top.progress.needed) == (2, 3)
    assert (two.done, two.asked, two.minutes_left) == (2, 3, 30)
    found = here(BOARD, *three)
    assert found.top.progress.complete and found.minutes_left == 0
    spare = {key for key, state in states(found).items() if state is State.SPARE}
    assert spare == {f"b{n}" for n in range(9)} - set(three)


@pytest.mark.requirement("P7.2")
def test_finishing_or_mastering_what_comes_first_opens_exactly_what_waits_for_it() -> None:
    top = whole(
        step("read"), step("try"), step("show"), step("watch"), step("meet", levels=(LevelFirst("talk", 3),))
    )
    before = states(here(top))
    assert {key for key, state in before.items() if state is State.LOCKED} == {"try", "show", "meet"}
    assert locks(here(top), "try") == (Lock(Why.ITEM, "read"),)
    assert locks(here(top), "meet") == (Lock(Why.LEVEL, "talk", 3),)

    def opened(found: Now) -> set[str]:
        return {key for key, state in states(found).items() if state is State.OPEN and before[key] is State.LOCKED}

    assert opened(here(top, "read")) == {"try"}
    assert opened(here(top, levels={"talk": 3})) == {"meet"}
    assert opened(here(top, levels={"talk": 2, "other": 4})) == set()


@pytest.mark.requirement("C.8")
@pytest.mark.requirement("P8.6")
@pytest.mark.requirement("D.9")
def test_any_route_completes_a_step_and_opens_what_builds_on_any_of_them() -> None:
    top = whole(step("s1", "meet", "listen", "read"), step("try"), rule=Rule.IN_ORDER)
    for route in ("meet", "listen", "read"):
        found = here(top, route)
        assert states(found) == {"s1": State.DONE, "try": State.OPEN}, "the asynchronous route counts as the live one"
        assert next(flattened(found.top)).done_by == route
    assert here(top).next_step is not None
    assert here(top, swaps={"s1": "listen"}).next_step.route == "listen"  # type: ignore[union-attr]


def test_in_an_order_only_the_first_that_is_missing_has_its_turn() -> None:
    top = whole(step("read"), BOARD, step("watch"), rule=Rule.IN_ORDER)
    found = here(top)
    assert states(found)["read"] is State.OPEN and locks(found, "b0") == (Lock(Why.TURN, "read"),)
    assert locks(found, "watch") == (Lock(Why.TURN, "read"),)
    found = here(top, "read", "b1")
    assert states(found)["b0"] is State.OPEN and locks(found, "watch") == (Lock(Why.TURN, "g1"),)
    assert states(here(top, "read", "b1", "b2", "b3"))["watch"] is State.OPEN


@pytest.mark.requirement("P6.2")
def test_three_events_force_practice_between_and_ask_the_self_check_again_before_each() -> None:
    """A cycle of events two weeks in class apart, each after a look at where she stands."""
    top = whole(
        step("s1", "read", check="talk"),
        step("s2", "watch", check="talk", practice=Practice("s1", 2, True)),
        step("s3", "meet", check="talk", practice=Practice("s2", 2, True)),
        rule=Rule.IN_ORDER,
    )
    started = date(2026, 9, 1)
    assert locks(here(top, started=started), "s1") == (Lock(Why.LOOK, "talk"),)
    looked = {"talk": date(2026, 9, 2)}
    assert states(here(top, started=started, looked=looked))["s1"] is State.OPEN
    first = {"read": date(2026, 9, 30)}  # a Wednesday; two weeks in class later is 12 October, or 19 over a quiet week
    found = here(top, started=started, looked=looked, days=first)
    opens = date(2026, 10, 12)
    assert locks(found, "s2") == (Lock(Why.PRACTICE, "s1", 0, 2, True, opens), Lock(Why.LOOK, "talk"))
    over_a_holiday = here(top, started=started, looked=looked, days=first, closed=frozenset({date(2026, 10, 5)}))
    assert locks(over_a_holiday, "s2")[0].opens == opens + timedelta(weeks=1)
    later = here(top, today=opens, started=started, looked=looked, days=first)
    assert locks(later, "s2") == (Lock(Why.LOOK, "talk"),), "the look from before the first event is not enough"
    again = {"talk": date(2026, 10, 11)}
    assert states(here(top, today=opens, started=started, looked=again, days=first))["s2"] is State.OPEN
    second = first | {"watch": date(2026, 10, 13)}
    found = here(top, today=date(2026, 10, 20), started=started, looked=again, days=second)
    assert [one.why for one in locks(found, "s3")] == [Why.PRACTICE, Why.LOOK]


def test_practice_is_counted_from_the_week_in_which_the_first_is_done() -> None:
    closed = frozenset({date(2026, 10, 12)})
    assert after_practice(TODAY, 1, False, closed) == date(2026, 10, 12)
    assert after_practice(TODAY, 1, True, closed) == date(2026, 10, 19)
    assert after_practice(TODAY, 0, True, closed) == date(2026, 10, 5)
    top = whole(step("read"), step("watch", practice=Practice("read", 3)))
    assert locks(here(top), "watch") == (Lock(Why.PRACTICE, "read", 0, 3),)


def test_a_step_may_ask_that_it_is_done_after_the_start() -> None:
    top = whole(step("read", counts_before=False), step("watch"))
    assert states(here(top, "read", "watch", started=date(2026, 9, 15))) == {"read": State.OPEN, "watch": State.DONE}
    days = {"read": date(2026, 9, 15)}
    assert states(here(top, started=date(2026, 9, 15), days=days))["read"] is State.DONE
    assert states(here(top, "read"))["read"] is State.OPEN, "nothing is after a start that never was"


def test_what_is_offered_no_more_is_neither_asked_nor_in_the_way() -> None:
    top = whole(step("gone"), step("read"), rule=Rule.IN_ORDER)
    found = here(top)
    assert states(found) == {"gone": State.GONE, "read": State.OPEN} and found.asked == 1
    assert here(top, "read").top.progress.complete
    assert states(here(top, "gone"))["gone"] is State.DONE, "what she did counts"
    another = here(whole(step("s1", "gone", "watch")), swaps={"s1": "gone"})
    assert another.next_step is not None and another.next_step.route == "watch"
    fewer = here(whole(step("gone"), step("read"), rule=Rule.ANY, least=2), "read")
    assert fewer.top.progress.complete, "a choice asks for no more than what is left"
    assert not here(whole(step("gone"))).top.progress.complete, "nothing was done"


def test_what_cannot_be_done_again_counts_although_it_was_before_the_start() -> None:
    top = whole(step("read", counts_before=False))
    found = here(top, "read", started=date(2026, 9, 15), once=frozenset({"read"}))
    assert states(found)["read"] is State.DONE


def test_minutes_are_those_of_the_way_she_went_also_when_it_is_offered_no_more() -> None:
    top = whole(Section("g1", Rule.MINUTES, (step("s1", "read", "meet"), step("watch")), 60))
    assert here(top, "meet").top.progress.complete
    retired = {**KNOWN, "meet": replace(KNOWN["meet"], offered=False)}
    assert now(top, retired, Her(done={"meet": LONG_AGO}), TODAY).top.progress.complete
    nested = whole(Section("g1", Rule.MINUTES, (Section("g2", Rule.ALL, (step("gone"), step("meet"))),), 90))
    assert here(nested, "meet").top.progress.complete, "no more is asked than what is left"


def test_practice_after_what_she_need_not_do_locks_nothing() -> None:
    top = whole(
        Section("g1", Rule.ANY, (step("read"), step("watch")), 1),
        step("meet", practice=Practice("read", 2)),
        rule=Rule.IN_ORDER,
    )
    assert states(here(top, "watch")) == {"read": State.SPARE, "watch": State.DONE, "meet": State.OPEN}
    assert states(here(top))["meet"] is State.LOCKED


def test_a_chosen_part_that_is_gone_is_chosen_no_more_and_too_few_minutes_are_undecided() -> None:
    board = Section("g1", Rule.ANY, (step("gone"), step("read"), step("watch")), 2, "Board")
    found = here(whole(board, step("meet"), rule=Rule.IN_ORDER), chosen=frozenset({"gone", "read"}))
    first = found.top.parts[0]
    assert isinstance(first, SetNow) and first.to_choose == 1
    assert placed(found) == ["read"] and to_place(found, KNOWN).undecided
    minutes = Section("g1", Rule.MINUTES, (step("b1"), step("meet")), 60, "An hour")
    short = to_place(here(whole(minutes, step("read"), rule=Rule.IN_ORDER), chosen=frozenset({"b1"})), KNOWN)
    assert short.undecided and [one.key for one in short.steps] == ["b1"] and short.held == {"read": Held.CHOICE}


def test_nothing_done_is_never_all_done() -> None:
    asks_nothing = Section("g1", Rule.ANY, (step("read"), step("watch")), 0)
    assert not here(whole(asks_nothing)).top.progress.complete


def test_the_next_step_is_the_first_that_is_open_and_a_choice_is_named_where_one_is_due() -> None:
    top = whole(step("read"), BOARD, rule=Rule.IN_ORDER)
    first = here(top)
    assert first.next_step is not None and first.next_step.entry.key == "read" and first.choose_in is None
    due = here(top, "read")
    assert due.next_step is None and due.choose_in is not None and due.choose_in.section.key == "g1"
    assert due.choose_in.to_choose == 3
    chosen = here(top, "read", chosen=frozenset({"b4", "b7"}))
    assert chosen.next_step is not None and chosen.next_step.entry.key == "b4"
    board = chosen.top.parts[1]
    assert isinstance(board, SetNow) and board.to_choose == 1
    finished = here(top, "read", "b1", "b2", "b3")
    assert finished.next_step is None and finished.choose_in is None and finished.top.progress.complete


def placed(found: Now) -> list[str]:
    """The keys that go into weeks, in order."""
    return [one.key for one in to_place(found, KNOWN).steps]


def test_into_weeks_goes_what_everybody_does_and_what_she_chose_after_what_it_builds_on() -> None:
    free = whole(step("show"), step("try"), step("read"))
    assert placed(here(free)) == ["read", "try", "show"]
    assert to_place(here(free), KNOWN).steps[1].behind == {"read"}
    assert placed(here(free, "read")) == ["try", "show"]
    board = here(BOARD, "b0", chosen=frozenset({"b2", "b5"}))
    assert placed(board) == ["b2", "b5"] and not to_place(board, KNOWN).undecided
    assert placed(here(BOARD)) == [] and [one.section.key for one in to_place(here(BOARD), KNOWN).undecided] == ["g1"]


def test_what_comes_behind_a_choice_that_is_not_made_or_a_level_waits() -> None:
    top = whole(step("read"), BOARD, step("watch"), rule=Rule.IN_ORDER)
    found = to_place(here(top), KNOWN)
    assert [one.key for one in found.steps] == ["read"] and found.held == {"watch": Held.CHOICE}
    chosen = to_place(here(top, chosen=frozenset({"b0", "b1", "b2"})), KNOWN)
    assert [one.key for one in chosen.steps] == ["read", "b0", "b1", "b2", "watch"]
    assert chosen.steps[-1].behind == {"read", "b0", "b1", "b2"}
    level = whole(step("read", levels=(LevelFirst("talk", 2),)), step("watch"), rule=Rule.IN_ORDER)
    assert to_place(here(level), KNOWN).held == {"read": Held.LEVEL, "watch": Held.BEHIND}
    assert placed(here(level, levels={"talk": 2})) == ["read", "watch"]


def test_two_hundred_steps_are_read_at_once() -> None:
    inside = {n: tuple(step(f"k{n}x{m}", f"b{(n + m) % 9}") for m in range(10)) for n in range(20)}
    parts = tuple(Section(f"g{n}", Rule.IN_ORDER, steps) for n, steps in inside.items())
    found = here(replace(whole(*parts), rule=Rule.IN_ORDER), "b0")
    assert len(states(found)) == 200 and found.next_step is not None and found.next_step.entry.key == "k0x1"
    assert len(placed(found)) == 200 - found.done
