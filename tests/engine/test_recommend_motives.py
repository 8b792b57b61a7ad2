"""What draws an educator: each motive lifts what answers it by a fact of the catalog, and says which fact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lantern.engine.recommend import Item, Learner, Ranked, Shelf, rank
from lantern.engine.recommend.motives import BESIDE_THE_FIRST, MOTIVES

OWN = "questions"
ITEMS = (
    Item("plain", "article", "Plain", 20),
    Item("credit", "module", "With credit", 20, credit_minutes=90),
    Item("group", "community", "With colleagues", 20),
    Item("next", "video", "Next level", 20, competencies=((OWN, 2),)),
    Item("studied", "video", "Studied", 20, evidence="strong"),
    Item("classroom", "video", "In the classroom", 20, modality="on_the_job"),
    Item("free", "book", "Free", 20, cost_cents=0),
    Item("priced", "book", "Has a price", 20, cost_cents=4500),
    Item("leading", "course", "Lead others", 20, competencies=(("other", 4),)),
)
SHELF = Shelf.of(ITEMS)
SHE = Learner(own_competencies=frozenset({OWN}), ratings={OWN: 1}, factors_off=frozenset({"evidence"}))

ANSWERS = {
    "credential": ("credit", "1.5 hours of credit"),
    "peer_recognition": ("group", "with colleagues"),
    "own_improvement": ("next", "one level further"),
    "student_improvement": ("studied", "Experiments show"),
    "money": ("free", "It is free"),
    "career": ("leading", "lead others"),
}


def by_id(learner: Learner) -> dict[str, Ranked]:
    return {entry.item.id: entry for entry in rank(learner, SHELF)}


def places(learner: Learner) -> list[str]:
    return [entry.item.id for entry in rank(learner, SHELF)]


@pytest.mark.requirement("P2.1")
@pytest.mark.parametrize("motive", MOTIVES)
def test_each_motive_lifts_what_answers_it_and_switched_off_lifts_it_no_more(motive: str) -> None:
    item, words = ANSWERS[motive]
    drawn = replace(SHE, motives=(motive,))
    assert places(drawn).index(item) < places(SHE).index(item) or places(SHE)[0] == item
    part = next(part for part in by_id(drawn)[item].parts if part.factor == "motivation")
    assert part.points == 10 and words in part.words
    assert by_id(drawn)[item].score == pytest.approx(by_id(SHE)[item].score + part.points, abs=0.01)
    off = replace(drawn, factors_off=frozenset({"evidence", "motivation"}))
    assert places(off) == places(SHE)
    half = replace(drawn, sliders={"motivation": 0.5})
    assert by_id(half)[item].score == pytest.approx(by_id(SHE)[item].score + 5, abs=0.01)


def test_without_a_motive_nothing_is_given_and_what_has_no_answer_gets_nothing() -> None:
    assert all(part.factor != "motivation" for entry in rank(SHE, SHELF) for part in entry.parts)
    everything = by_id(replace(SHE, motives=MOTIVES))
    assert all(part.factor != "motivation" for name in ("plain", "priced") for part in everything[name].parts)


def test_the_one_that_draws_her_most_counts_whole_and_the_others_less() -> None:
    both = replace(SHE, motives=("money", "credential"), draws_most="credential")
    points = {
        name: next(part.points for part in by_id(both)[name].parts if part.factor == "motivation")
        for name in ("credit", "free")
    }
    assert points == {"credit": 10, "free": pytest.approx(10 * BESIDE_THE_FIRST)}
    equal = by_id(replace(both, draws_most=""))
    assert all(any(part.points == 10 for part in equal[name].parts) for name in ("credit", "free"))


def test_the_words_name_the_fact_that_answers_best() -> None:
    shelf = Shelf.of(
        (
            Item("a", "coaching", "Coach", 20, credit_minutes=60, modality="on_the_job"),
            Item("b", "external_course", "College", 20),
            Item("c", "course", "Lead", 20, level=4),
            Item("d", "video", "Seen", 20, evidence="promising"),
            Item("e", "video", "Short", 20, credit_minutes=30),
            Item("f", "video", "Top", 20, competencies=((OWN, 4),)),
        )
    )

    def words(item: str, *motives: str) -> str:
        entry = next(one for one in rank(replace(SHE, motives=motives), shelf) if one.item.id == item)
        return next(part.words for part in entry.parts if part.factor == "motivation")

    assert words("a", "credential").startswith("It counts 1 hour of credit")
    assert words("e", "credential").startswith("It counts 0.5 hours of credit")
    assert words("a", "student_improvement").startswith("You try it in your own classroom")
    assert words("d", "student_improvement").startswith("Studies show signs")
    assert words("b", "career").startswith("It is a course you can show")
    assert words("c", "peer_recognition").startswith("It prepares you to lead colleagues")
    assert words("f", "own_improvement").startswith("It leads to the highest level")
    assert words("a", "student_improvement", "credential").startswith("It counts 1 hour")
