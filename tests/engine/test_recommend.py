"""The ranking: parts add up, each factor moves ranks as it says, novice and expert get different first steps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantern.engine.recommend import (
    FACTORS,
    Dismissed,
    GoalFact,
    Item,
    Learner,
    NeedFact,
    Shelf,
    Weights,
    rank,
    shortlist,
)

TALK, FEEDBACK, CALM = "talk", "feedback", "calm"

ITEMS = (
    Item("talk-1", "video", "Your first number talk", 30, 1, 1 << 4, competencies=((TALK, 1),)),
    Item("talk-3", "course", "Number talks across a year", 300, 3, 1 << 4, competencies=((TALK, 3),)),
    Item("talk-4", "coaching", "Coach colleagues in number talks", 120, 4, 0, competencies=((TALK, 4),)),
    Item("feedback-2", "podcast", "Feedback on the way home", 40, 2, 0, competencies=((FEEDBACK, 2),)),
    Item("calm-1", "module", "Calm starts", 20, 1, 1 << 9, competencies=((CALM, 1),), subjects=frozenset({"science"})),
    Item("aims", "article", "What our district aims for", 15, None, 0, initiative="aim"),
    Item(
        "after",
        "course",
        "Second part",
        60,
        2,
        0,
        competencies=((FEEDBACK, 2),),
        prerequisites=frozenset({"feedback-2"}),
    ),
    Item("spanish", "video", "Charlas numéricas", 30, 1, 0, competencies=((TALK, 1),), language="es"),
)
SHELF = Shelf.of(ITEMS)
NOVICE = Learner(
    grades_mask=1 << 4,
    years_experience=1,
    goals=(GoalFact("g", "Three number talks a week", TALK, 3),),
    own_competencies=frozenset({TALK}),
)
EXPERT = replace(NOVICE, years_experience=22, ratings={TALK: 3})


def ids(learner: Learner, **options: object) -> list[str]:
    return [entry.item.id for entry in rank(learner, SHELF, **options)]  # type: ignore[arg-type]


@pytest.mark.requirement("A.1")
def test_novice_and_expert_with_one_goal_get_different_first_steps_with_reasons() -> None:
    novice, expert = rank(NOVICE, SHELF)[0], rank(EXPERT, SHELF)[0]
    assert novice.item.id == "talk-1"
    assert expert.item.id == "talk-4"
    assert "Three number talks a week" in novice.because
    assert any(part.factor == "level" and part.points > 0 for part in expert.parts)


def test_the_expert_is_not_sent_to_what_she_is_past() -> None:
    expert = replace(EXPERT, own_competencies=frozenset({TALK, FEEDBACK}))
    assert ids(expert).index("talk-1") > ids(expert).index("feedback-2")


@given(
    years=st.none() | st.integers(0, 40),
    minutes=st.integers(10, 200),
    rating=st.integers(0, 4),
    off=st.frozensets(st.sampled_from(sorted(FACTORS))),
)
def test_parts_add_up_to_the_score_and_switched_off_factors_give_nothing(
    years: int | None, minutes: int, rating: int, off: frozenset[str]
) -> None:
    learner = replace(NOVICE, years_experience=years, minutes_per_week=minutes, ratings={TALK: rating}, factors_off=off)
    for entry in rank(learner, SHELF):
        assert entry.score == pytest.approx(sum(part.points for part in entry.parts), abs=0.01)
        assert off.isdisjoint(part.factor for part in entry.parts)
        assert all(part.words for part in entry.parts if part.points > 0)


@pytest.mark.requirement("B.3")
@pytest.mark.parametrize(
    ("learner", "factor", "item"),
    [
        (replace(NOVICE), "goal", "talk-1"),
        (Learner(needs=(NeedFact(FEEDBACK, "feedback"),)), "need", "feedback-2"),
        (Learner(grades_mask=1 << 9, subjects=frozenset({"science"})), "work", "calm-1"),
        (Learner(liked_kinds=frozenset({"podcast"})), "format", "feedback-2"),
        (Learner(own_competencies=frozenset({CALM})), "role", "calm-1"),
        (Learner(minutes_per_week=20), "time", "calm-1"),
        (Learner(), "initiative", "aims"),
    ],
)
def test_each_match_factor_lifts_what_it_names_and_switched_off_lifts_it_no_more(
    learner: Learner, factor: str, item: str
) -> None:
    with_it = {entry.item.id: entry for entry in rank(learner, SHELF)}[item]
    without = {entry.item.id: entry for entry in rank(replace(learner, factors_off=frozenset({factor})), SHELF)}[item]
    part = next(part for part in with_it.parts if part.factor == factor)
    assert part.points > 0
    assert without.score == pytest.approx(with_it.score - part.points, abs=0.01)


@pytest.mark.requirement("B.2")
def test_a_strength_brings_what_lets_her_lead_and_pushes_down_its_beginnings() -> None:
    plain = Learner(own_competencies=frozenset({TALK, FEEDBACK}))
    strong = replace(plain, strengths=frozenset({TALK}))
    assert ids(strong).index("talk-4") < ids(plain).index("talk-4")
    assert ids(strong).index("talk-1") > ids(plain).index("talk-1")


def test_finished_planned_dismissed_unready_and_unread_items_are_left_out() -> None:
    learner = replace(
        NOVICE,
        finished=frozenset({"talk-1"}),
        under_way=frozenset({"talk-3"}),
        dismissed=(Dismissed("calm-1", "not_now", "module"),),
    )
    assert not {"talk-1", "talk-3", "calm-1", "after", "spanish"} & set(ids(learner))
    assert "after" in ids(replace(learner, finished=frozenset({"feedback-2"})))
    assert "spanish" in ids(replace(NOVICE, languages=frozenset({"en", "es"})))


def test_a_dismissal_teaches_about_the_format() -> None:
    before = {entry.item.id: entry.score for entry in rank(Learner(), SHELF)}
    after = {
        entry.item.id: entry.score
        for entry in rank(Learner(dismissed=(Dismissed("gone", "wrong_format", "podcast"),)), SHELF)
    }
    assert after["feedback-2"] < before["feedback-2"]
    assert after["calm-1"] == before["calm-1"]


def test_the_district_weighs_less_than_any_need_of_hers() -> None:
    weights = Weights()
    assert weights.initiative < 0.2 * weights.need
    assert ids(Learner(needs=(NeedFact(FEEDBACK, "feedback"),)))[0] == "feedback-2"


@pytest.mark.requirement("A.2")
def test_the_short_list_is_few_and_covers_different_formats() -> None:
    many = (
        *(Item(f"v{n}", "video", f"Video {n}", 30, 1, 0, competencies=((TALK, 1),)) for n in range(20)),
        Item("pod", "podcast", "Podcast", 30, 1, 0, competencies=((TALK, 1),)),
        Item("book", "book", "Book", 30, 1, 0, competencies=((TALK, 1),)),
    )
    short = shortlist(rank(NOVICE, Shelf.of(many)), size=4)
    assert len(short) == 4
    assert {"video", "podcast", "book"} <= {entry.item.kind for entry in short}
    assert short[0] == rank(NOVICE, Shelf.of(many))[0]


def test_nothing_to_rank_and_nobody_known_are_answered_calmly() -> None:
    assert rank(NOVICE, Shelf.of(())) == ()
    assert shortlist(()) == ()
    assert rank(Learner(), SHELF)


def test_the_same_question_gets_the_same_answer() -> None:
    assert rank(NOVICE, SHELF) == rank(NOVICE, Shelf.of(ITEMS))


def test_the_main_language_of_a_spanish_shelf_is_spanish() -> None:
    assert SHELF.main_language == "en"
    assert Shelf.of(tuple(replace(item, language="es") for item in ITEMS)).main_language == "es"
    assert Shelf.of(()).main_language == "en"
