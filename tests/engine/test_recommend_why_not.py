"""Why not that one, what would change it, sliders, and what a dismissal teaches."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantern.engine.recommend import (
    FACTORS,
    Change,
    Dismissed,
    GoalFact,
    Item,
    Learner,
    NeedFact,
    PeerFact,
    Shelf,
    Weights,
    lessons,
    rank,
    shortlist,
    standing,
    why_not,
)

TALK, CALM = "talk", "calm"
KINDS = ("video", "podcast", "course", "book")
ITEMS = (
    *(
        Item(
            f"i{n}",
            KINDS[n % 4],
            f"Item {n}",
            20 + 25 * (n % 7),
            n % 5 or None,
            1 << (n % 3),
            terms=frozenset({f"topic{n % 3}"}),
            competencies=((TALK if n % 2 else CALM, n % 5 or None),),
            initiative="aim" if n % 6 == 0 else None,
        )
        for n in range(24)
    ),
    Item("bare", "article", "Nothing is known of this"),
    Item("french", "video", "En français", language="fr"),
    Item("second", "video", "After the first", prerequisites=frozenset({"i1"})),
)
SHELF = Shelf.of(ITEMS)
ME = Learner(
    grades_mask=2,
    years_experience=3,
    goals=(GoalFact("g", "Calm starts", CALM, 2),),
    needs=(NeedFact(TALK, "number talks", 3),),
    liked_kinds=frozenset({"podcast"}),
    peers={"i8": PeerFact(1.0, "Item 1"), "i10": PeerFact(0.5), "not here": PeerFact(1.0)},
    finished=frozenset({"i1"}),
    under_way=frozenset({"i2"}),
    dismissed=(Dismissed("i3", "too_hard", "book"),),
)


def changed(learner: Learner, change: Change, item: Item) -> Learner:
    """Carry a change out as a page would."""
    match change.kind:
        case "slider":
            return replace(learner, sliders={**learner.sliders, change.about: change.then})
        case "switch":
            return replace(learner, factors_off=learner.factors_off ^ {change.about})
        case "format":
            return replace(learner, liked_kinds=learner.liked_kinds ^ {change.about})
        case "minutes":
            return replace(learner, minutes_per_week=int(change.then))
        case "take_back":
            return replace(learner, dismissed=tuple(one for one in learner.dismissed if one.item != change.about))
    level = dict(item.competencies)[change.about]
    return replace(learner, goals=(*learner.goals, GoalFact(None, "", change.about, level)))


@settings(max_examples=12, deadline=None)
@given(item=st.sampled_from(ITEMS), minutes=st.integers(10, 120), off=st.frozensets(st.sampled_from(["need", "time"])))
def test_every_change_that_is_told_brings_the_item_in(item: Item, minutes: int, off: frozenset[str]) -> None:
    learner = replace(ME, minutes_per_week=minutes, factors_off=off)
    answer = why_not(learner, SHELF, item.id, 5)
    assert answer is not None
    for change in answer.changes:
        place = standing(changed(learner, change, item), SHELF, item.id)
        assert place is not None and place[1] == change.place
        assert change.kind == "take_back" or 1 <= change.place <= 5
    assert [change.size for change in answer.changes] == sorted(change.size for change in answer.changes)


def test_no_smaller_move_of_a_slider_would_do() -> None:
    tried = 0
    for item in ITEMS:
        answer = why_not(ME, SHELF, item.id, 5)
        assert answer is not None
        for change in (one for one in answer.changes if one.kind == "slider"):
            tried += 1
            toward = 0.05 if change.then > change.now else -0.05
            nearer = round(change.then - toward, 2)
            while abs(nearer - change.now) > 0.01:
                found = standing(replace(ME, sliders={change.about: nearer}), SHELF, item.id)
                assert found is not None and found[1] > 5
                nearer = round(nearer - toward, 2)
    assert tried > 3


def test_where_it_loses_adds_up_to_the_points_that_are_missing() -> None:
    inside = {entry.item.id for entry in rank(ME, SHELF, limit=5)}
    for item in ITEMS:
        answer = why_not(ME, SHELF, item.id, 5)
        assert answer is not None
        if item.id in inside:
            assert not answer.changes and not answer.differences
        else:
            assert answer.last_in is not None and answer.last_in.item.id == rank(ME, SHELF)[4].item.id
            missing = answer.entry.score - answer.last_in.score
            assert sum(one.points for one in answer.differences) == pytest.approx(missing, abs=0.06)


def test_more_minutes_bring_a_longer_thing_in_and_the_fewest_are_told() -> None:
    shelf = Shelf.of((Item("short", "video", "Short", 20), Item("long", "video", "Long", 60, initiative="aim")))
    answer = why_not(Learner(minutes_per_week=20), shelf, "long", 1)
    assert answer is not None
    told = {change.kind: change for change in answer.changes}
    assert (told["minutes"].then, told["minutes"].place) == (60, 1)
    assert (told["slider"].about, told["slider"].then) == ("time", 0.95)


def test_a_goal_for_what_she_is_strong_in_starts_from_there() -> None:
    strong = replace(ME, strengths=frozenset({CALM}), ratings={}, names={CALM: "calm starts"})
    given = {e.item.id: p.points for e in rank(strong, SHELF, limit=99) for p in e.parts if p.factor == "goal"}
    assert "i6" not in given, "she is past level 1"


@pytest.mark.parametrize(
    ("item", "barred"),
    [("i1", "finished"), ("i2", "under_way"), ("i3", "dismissed"), ("french", "language")],
)
def test_what_may_not_be_suggested_says_why(item: str, barred: str) -> None:
    answer = why_not(ME, SHELF, item, 5)
    assert answer is not None and (answer.place, answer.barred) == (0, barred)
    assert [change.kind for change in answer.changes] == (["take_back"] if barred == "dismissed" else [])


def test_not_ready_not_there_and_nothing_to_suggest() -> None:
    stuck = replace(ME, dismissed=(Dismissed("second", "not_now", "video"),), finished=frozenset())
    found = why_not(stuck, SHELF, "second", 5)
    assert found is not None and found.barred == "dismissed" and found.changes == ()
    answer = why_not(replace(ME, finished=frozenset()), SHELF, "second", 5)
    assert answer is not None and answer.barred == "prerequisites"
    assert why_not(ME, SHELF, "no such thing", 5) is None
    alone = Shelf.of((Item("only", "video", "Only"),))
    gone = why_not(Learner(finished=frozenset({"only"})), alone, "only", 5)
    assert gone is not None and gone.last_in is None
    assert rank(replace(ME, dismissed=()), SHELF) and standing(ME, SHELF, "no such thing") is None
    silent = replace(ME, factors_off=frozenset(FACTORS))
    quiet = why_not(silent, SHELF, "bare", 5)
    assert quiet is not None and quiet.entry.parts == ()


@pytest.mark.parametrize("factor", sorted(FACTORS.keys() - {"feedback"}))
def test_a_slider_scales_exactly_its_own_part(factor: str) -> None:
    plain = {entry.item.id: entry for entry in rank(ME, SHELF)}
    half = {entry.item.id: entry for entry in rank(replace(ME, sliders={factor: 0.5}), SHELF)}
    for key, entry in plain.items():
        before = {part.factor: part.points for part in entry.parts}
        after = {part.factor: part.points for part in half[key].parts}
        assert after.pop(factor, 0.0) == pytest.approx(before.pop(factor, 0.0) / 2, abs=0.011)
        assert after == before


def test_the_district_can_be_turned_down_and_never_up() -> None:
    loud = rank(replace(ME, sliders={"initiative": 2.0, "feedback": 0.0, "need": 9.0}), SHELF)
    most = {name: max(p.points for e in loud for p in e.parts if p.factor == name) for name in ("initiative", "need")}
    assert most["initiative"] == Weights().initiative
    assert most["need"] <= 2 * Weights().need
    assert any(part.factor == "feedback" for entry in loud for part in entry.parts)


def test_others_choices_say_what_led_there_and_can_be_switched_off() -> None:
    words = {e.item.id: p.words for e in rank(ME, SHELF) for p in e.parts if p.factor == "peers"}
    assert words == {
        "i8": "Because you finished “Item 1”, and others went on to this",
        "i10": "Because others like you chose it",
    }
    silent = rank(replace(ME, factors_off=frozenset({"peers"})), SHELF)
    assert not any(part.factor == "peers" for entry in silent for part in entry.parts)


@pytest.mark.parametrize(
    ("why", "touched"),
    [
        ("wrong_format", lambda item: item.kind == "book"),
        ("too_long", lambda item: (item.minutes or 0) >= 95),
        ("too_easy", lambda item: _same(item) and item.level and item.level <= 3),
        ("too_hard", lambda item: _same(item) and item.level and item.level >= 3),
        ("other", lambda item: TALK in dict(item.competencies) and "topic0" in item.terms),
        ("not_now", lambda item: False),
    ],
)
def test_a_dismissal_takes_a_little_from_what_its_reason_speaks_of_and_is_listed(why: str, touched) -> None:
    mine = (Dismissed("i3", why, "book"),)
    found = rank(Learner(dismissed=mine), SHELF, limit=99)
    hit = {entry.item.id for entry in found if any(part.factor == "feedback" for part in entry.parts)}
    assert hit == {entry.item.id for entry in found if touched(entry.item)}
    (lesson,) = lessons(mine, SHELF, Weights().feedback)
    assert lesson.item == "i3" and lesson.words
    assert lesson.touches == (len([item for item in ITEMS if touched(item)]))
    assert -5 <= lesson.points <= 0


def _same(item: Item) -> bool:
    return TALK in dict(item.competencies) or "topic0" in item.terms


def test_a_lesson_fades_and_many_together_stay_bounded() -> None:
    def points(*dismissed: Dismissed) -> float:
        return next(
            (part.points for entry in rank(Learner(dismissed=dismissed), SHELF) for part in entry.parts
             if part.factor == "feedback" and entry.item.id == "i7"), 0.0
        )  # fmt: skip

    now, later, gone = (points(Dismissed("x", "wrong_format", "book", days)) for days in (0, 90, 720))
    assert now == -5 and later == -2.5 and gone == 0
    assert points(*(Dismissed(n, "wrong_format", "book") for n in range(9))) == -Weights().feedback


def test_a_dismissed_thing_of_which_nothing_is_known_teaches_only_what_it_can() -> None:
    bare = (Dismissed("bare", "too_long", "article"), Dismissed("bare", "other", "article"))
    assert [lesson.touches for lesson in lessons(bare, SHELF, 10)] == [0, 0]
    unnamed = Shelf.of((Item("a", "video", "A", level=2), Item("b", "video", "B", level=1)))
    assert lessons((Dismissed("a", "too_easy", "video"),), unnamed, 10)[0].touches == 2


@pytest.mark.requirement("A.2")
def test_formats_are_covered_whenever_good_ones_are_in_reach_and_never_by_bad_ones() -> None:
    videos = tuple(Item(f"v{n}", "video", "Video", 30, terms=frozenset({"t"})) for n in range(40))
    rare = (Item("pod", "podcast", "Pod", 30, terms=frozenset({"t"})), Item("far", "book", "Book", 9000))
    learner = Learner(interests=frozenset({"t"}), names={"t": "Topic"}, languages=frozenset({"en"}))
    ranked = rank(learner, Shelf.of((*videos, *rare)))
    for size in range(1, 8):
        short = shortlist(ranked, size, mix=0.0)
        assert len(short) == size and short[0] == ranked[0]
        assert ("pod" in {entry.item.id for entry in short}) == (size > 1)
        assert "far" not in {entry.item.id for entry in short}
