"""What she did and valued brings what is like it, worth 2.8 declared interests, and says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lantern.engine.recommend import Item, Learner, Ranked, Shelf, Weights, rank, why_not
from lantern.engine.recommend.valued import INTERESTS_WORTH

ITEMS = (
    Item("known", "video", "Number talks", 20, competencies=(("talk", 1),), terms=frozenset({"maths"})),
    Item("same", "course", "More number talks", 20, competencies=(("talk", 2),), terms=frozenset({"maths"})),
    Item("near", "book", "Talking", 20, competencies=(("talk", 2),)),
    Item("topic", "book", "Counting", 20, terms=frozenset({"maths"})),
    Item("other", "book", "Calm", 20, competencies=(("calm", 2),), terms=frozenset({"rooms"})),
    Item("wide", "book", "All", 20, terms=frozenset({"maths", *(f"t{n}" for n in range(20))})),
)
SHELF = Shelf.of(ITEMS)
SHE = Learner(names={"maths": "Mathematics", "rooms": "Classrooms"})
VALUED = replace(SHE, valued=("known",))


def by_id(learner: Learner) -> dict[str, Ranked]:
    return {entry.item.id: entry for entry in rank(learner, SHELF)}


def interest(entry: Ranked) -> tuple[float, str]:
    return next(((part.points, part.words) for part in entry.parts if part.factor == "interest"), (0.0, ""))


@pytest.mark.requirement("B.3")
def test_what_is_like_it_gets_points_by_how_much_they_have_in_common() -> None:
    found = by_id(VALUED)
    most = INTERESTS_WORTH * Weights().interest
    assert interest(found["same"])[0] == pytest.approx(most)
    assert interest(found["same"])[1] == "Like “Number talks”, which you valued"
    assert interest(found["near"])[0] == pytest.approx(most / 2**0.5, abs=0.01)
    assert interest(found["other"])[0] == 0 and interest(found["wide"])[0] == 0
    assert next(entry.item.id for entry in rank(VALUED, SHELF)) == "same"


def test_one_answer_is_worth_as_many_interests_as_was_measured() -> None:
    interested = by_id(replace(SHE, interests=frozenset({"maths"})))
    assert interest(by_id(VALUED)["same"])[0] == pytest.approx(2.8 * interest(interested["same"])[0])


def test_it_is_not_suggested_itself_and_says_why() -> None:
    assert "known" not in by_id(VALUED)
    answer = why_not(VALUED, SHELF, "known", 2)
    assert answer is not None and (answer.place, answer.barred) == (0, "valued")


def test_the_slider_and_the_switch_of_interests_govern_it() -> None:
    half = by_id(replace(VALUED, sliders={"interest": 0.5}))
    assert interest(half["same"])[0] == pytest.approx(interest(by_id(VALUED)["same"])[0] / 2)
    assert interest(by_id(replace(VALUED, factors_off=frozenset({"interest"})))["same"]) == (0, "")


def test_the_words_name_what_gave_more_the_topic_or_the_valued_thing() -> None:
    both = replace(VALUED, interests=frozenset({"maths", "rooms"}))
    found = by_id(both)
    assert interest(found["same"])[1].startswith("Like “Number talks”")
    assert interest(found["other"])[1] == "Because Classrooms draws you"
    assert interest(found["wide"])[1] == "Because Mathematics draws you"
    assert interest(by_id(replace(SHE, interests=frozenset({"unnamed"}), names={}))["other"]) == (0, "")


def test_what_is_not_on_the_shelf_any_more_changes_nothing() -> None:
    assert rank(replace(SHE, valued=("gone",)), SHELF) == rank(SHE, SHELF)
