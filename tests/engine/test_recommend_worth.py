"""How well it is known to work, and what her licence needs: both move ranks as they claim, and say why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.recommend import CreditFact, Item, Learner, Ranked, Shelf, rank
from lantern.engine.recommend.worth import TIERS, counts_for, credit_need

ITEMS = (
    Item("unvetted", "article", "Unvetted", 30),
    Item("none", "article", "None", 30, evidence="none"),
    Item("rationale", "article", "Rationale", 30, evidence="rationale"),
    Item("promising", "article", "Promising", 30, evidence="promising"),
    Item("moderate", "article", "Moderate", 30, evidence="moderate"),
    Item("strong", "article", "Strong", 30, evidence="strong"),
)
SHELF = Shelf.of(ITEMS)

COUNTING = Shelf.of(
    (
        Item("nothing", "video", "No minutes", None),
        Item("short", "video", "Too short", 10),
        Item("hour", "video", "An hour", 60),
        Item("half", "course", "An hour and a half", 90, credit_type="Hours"),
        Item("capped", "course", "States an hour of its two", 120, credit_minutes=60),
        Item("other", "course", "Another credit", 120, credit_type="Units"),
        Item("long", "course", "All of it", 900),
    )
)
NEED = CreditFact("hours", 900, 60)


def by_id(learner: Learner, shelf: Shelf) -> dict[str, Ranked]:
    return {entry.item.id: entry for entry in rank(learner, shelf)}


def points(entry: Ranked, factor: str) -> float:
    return next((part.points for part in entry.parts if part.factor == factor), 0.0)


def words(entry: Ranked, factor: str) -> str:
    return next(part.words for part in entry.parts if part.factor == factor)


@pytest.mark.requirement("A.3")
def test_what_is_better_known_to_work_comes_first_and_says_so() -> None:
    ranked = [entry.item.id for entry in rank(Learner(), SHELF)]
    assert ranked == ["strong", "moderate", "promising", "rationale", "unvetted", "none"]
    found = by_id(Learner(), SHELF)
    assert words(found["strong"], "evidence") == "Experiments show that it helps"
    assert points(found["unvetted"], "evidence") == 0 and points(found["none"], "evidence") < 0


@pytest.mark.requirement("A.3")
def test_switched_off_or_turned_down_the_tier_moves_nothing_or_half() -> None:
    off = Learner(factors_off=frozenset({"evidence"}))
    assert [entry.item.id for entry in rank(off, SHELF)] == [item.id for item in ITEMS]
    whole, half = by_id(Learner(), SHELF), by_id(Learner(sliders={"evidence": 0.5}), SHELF)
    for tier in TIERS:
        assert points(half[tier], "evidence") == pytest.approx(points(whole[tier], "evidence") / 2, abs=0.01)
        assert whole[tier].score == pytest.approx(sum(part.points for part in whole[tier].parts), abs=0.01)


@pytest.mark.requirement("C.4")
def test_what_counts_towards_her_licence_rises_and_says_how_much() -> None:
    learner = Learner(credit=NEED)
    found = by_id(learner, COUNTING)
    assert words(found["half"], "credit") == "It counts 1.5 of the 9 hours your licence still needs"
    assert words(found["capped"], "credit") == "It counts 1 of the 9 hours your licence still needs"
    assert words(found["long"], "credit") == "It counts all of the 9 hours your licence still needs"
    for name in ("nothing", "short", "other"):
        assert points(found[name], "credit") == 0
    without = [entry.item.id for entry in rank(Learner(), COUNTING)]
    ranked = [entry.item.id for entry in rank(learner, COUNTING)]
    assert ranked.index("half") < ranked.index("short") and without.index("half") > without.index("short")
    off = [entry.item.id for entry in rank(replace(learner, factors_off=frozenset({"credit"})), COUNTING)]
    assert off == without
    double = by_id(replace(learner, sliders={"credit": 2.0}), COUNTING)
    assert points(double["half"], "credit") == pytest.approx(2 * points(found["half"], "credit"), abs=0.02)


def test_the_nearer_the_renewal_the_more_it_counts_and_nothing_once_reached() -> None:
    given = [
        points(by_id(Learner(credit=replace(NEED, days_left=days)), COUNTING)["hour"], "credit")
        for days in (30, 150, 300, 900)
    ]
    assert given == sorted(given, reverse=True) and len(set(given)) == 4
    assert points(by_id(Learner(credit=replace(NEED, missing=0)), COUNTING)["hour"], "credit") == 0
    one = by_id(Learner(credit=replace(NEED, missing=100)), COUNTING)["hour"]
    assert words(one, "credit") == "It counts all of the 1 hour your licence still needs"


@given(
    minutes=st.none() | st.integers(0, 3000),
    stated=st.none() | st.integers(0, 3000),
    credit_type=st.sampled_from(["", "HOURS", "units"]),
    step=st.integers(1, 30),
    an_hour=st.integers(40, 60),
    most=st.integers(1, 2400),
)
def test_points_and_words_use_the_same_arithmetic(
    minutes: int | None, stated: int | None, credit_type: str, step: int, an_hour: int, most: int
) -> None:
    need = CreditFact("hours", 10_000_000, 10, an_hour, step, most)
    item = Item("x", "video", "X", minutes, credit_minutes=stated, credit_type=credit_type)
    given = float(credit_need(Learner(credit=need), Shelf.of((item,)), 10.0)[0])
    assert (given > 0) == (counts_for(item, need) > 0)
    if given:
        assert given == pytest.approx(5 + 5 * counts_for(item, need) / need.missing, abs=1e-4)
