"""Others' choices: what people went on to, with the reason; newcomers and new items; nothing on fewer than k people."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from lantern.engine.recommend.collaborative import (
    OFF,
    BadChoices,
    BadModel,
    Blend,
    Choices,
    Known,
    PeerModel,
    Settings,
    Tags,
    fit,
    from_bytes,
    measure,
    suggest,
    to_bytes,
    tune,
)
from lantern.engine.recommend.collaborative.neighbours import Neighbours, fit_ease, fit_following, fit_item_knn
from lantern.engine.recommend.collaborative.tuning import cut_in_time, hybrid, last_left_out, newcomers
from tests.benchmarks.district_histories import DAYS, District, generate

ALL = Blend(1.0, 0.5, 0.3, 0.1)


@cache
def district() -> District:
    return generate(persons=2000, items=150, themes=6, each=12, seed=5)


@cache
def model() -> PeerModel:
    made = district()
    return fit(made.choices, made.tags, DAYS, Settings(ridge=50, tag_weight=0), ALL, Blend(0.5, 0, 1, 0.1))


def people_who(*journeys: tuple[int, list[int]], items: int) -> Choices:
    """So many people for each journey, who took up its items a day apart."""
    entries = []
    person = 0
    for count, journey in journeys:
        for _ in range(count):
            entries += [(person, item, day) for day, item in enumerate(journey)]
            person += 1
    who, what, when = zip(*entries, strict=True)
    return Choices.of(who, what, when, person, items)


def plain_tags(items: int) -> Tags:
    return Tags.of([[item % 2] for item in range(items)], 2)


def test_who_finished_something_is_led_to_what_others_did_after_it_with_that_reason() -> None:
    choices = people_who((30, [0, 1]), (25, [2, 3]), (20, [4, 5, 0]), items=6)
    asked = fit(choices, plain_tags(6), 3, Settings(ridge=5), Blend(1, 1, 0, 0))
    first = suggest(asked, Known([2], [0]))[0]
    assert (first.item, first.because) == (3, 2)
    both = {peer.item: peer.because for peer in suggest(asked, Known([0, 2], [0, 1]))}
    assert both[1] == 0 and both[3] == 2


def test_parts_add_up_nothing_done_comes_back_and_the_best_is_first() -> None:
    for person in range(20):
        items, days = district().choices.history(person)
        peers = suggest(model(), Known(items.tolist(), days.tolist()), top=20)
        assert not {peer.item for peer in peers} & set(items.tolist())
        assert [peer.score for peer in peers] == sorted((peer.score for peer in peers), reverse=True) or len(peers) < 2
        for peer in peers:
            assert peer.score == pytest.approx(sum(peer.parts.values()))
            assert peer.because is None or peer.because in items


@pytest.mark.parametrize("part", ["together", "following", "topics", "recent"])
def test_a_part_turned_off_changes_exactly_that_part(part: str) -> None:
    items, days = (np.concatenate(one).tolist() for one in zip(*map(district().choices.history, range(5)), strict=True))
    known = Known(items, [max(days)] * len(days))
    whole = {peer.item: dict(peer.parts) for peer in suggest(model(), known, 200)}
    quieter = replace(model(), blend=replace(ALL, **{part: 0}))
    less = {peer.item: dict(peer.parts) for peer in suggest(quieter, known, 200)}
    assert any(part in parts for parts in whole.values())
    for item, parts in whole.items():
        parts.pop(part, None)
        assert less.get(item, {}) == pytest.approx(parts)


def test_nothing_rests_on_fewer_than_ten_people() -> None:
    choices = people_who((9, [0, 1]), (10, [2, 3]), (40, [4]), (40, [0]), items=6)
    ways = (fit_ease(choices, ridge=1), fit_item_knn(choices), fit_following(choices))
    for found in ways:
        pairs = set(zip(found.to.rows.tolist(), found.to.values.tolist(), strict=True))
        assert pairs and pairs <= {(2, 3), (3, 2)}
    asked = fit(choices, plain_tags(6), 2, Settings(), Blend(1, 1, 0, 1))
    assert {peer.item for peer in suggest(asked, Known([4], [0]))} == {0, 2, 3}, "1 has nine people, 5 nobody"
    lower = fit_following(choices, floor=9)
    assert (0, 1) in set(zip(lower.to.rows.tolist(), lower.to.values.tolist(), strict=True))


def test_each_kept_weight_of_a_district_joins_at_least_ten_different_people() -> None:
    made = district().choices
    held = np.zeros((made.persons, made.items), dtype=np.float32)
    held[made.chosen.rows, made.chosen.values] = 1
    both = held.T @ held
    found = model().related
    assert len(found.weights) > 1000
    assert (both[found.to.rows, found.to.values] >= 10).all()
    assert (found.to.sizes <= 100).all()


def test_ease_with_every_pair_allowed_is_the_exact_inverse() -> None:
    made = generate(400, 40, 4, 8, 2)
    held = np.zeros((400, 40))
    held[made.choices.chosen.rows, made.choices.chosen.values] = 1
    about = np.zeros((40, len(made.tags.rarity)))
    about[made.tags.of_item.rows, made.tags.of_item.values] = made.tags.rarity[made.tags.of_item.values]
    inverse = np.linalg.inv(held.T @ held + 3 * about @ about.T + 20 * np.eye(40))
    exact = -inverse / np.diag(inverse)[None, :]
    np.fill_diagonal(exact, 0)
    found = fit_ease(made.choices, made.tags, ridge=20, tag_weight=3, floor=0)
    dense = np.zeros((40, 40))
    dense[found.to.rows, found.to.values] = found.weights
    assert np.abs(dense - exact).max() < 1e-4


def test_on_its_support_ease_answers_as_well_as_the_exact_one() -> None:
    rest, questions = last_left_out(district().choices, 400, 1)
    people = rest.people
    held = np.zeros((rest.persons, rest.items))
    held[rest.chosen.rows, rest.chosen.values] = 1
    gram = held.T @ held
    inverse = np.linalg.inv(gram + 50 * np.eye(rest.items))
    exact = np.where((gram >= 10) & ~np.eye(rest.items, dtype=bool), -inverse / np.diag(inverse), 0)
    sparse = fit_ease(rest, ridge=50, tag_weight=0)

    def ask(score):
        return measure(questions, lambda known: score(np.array(known.history)), len(people))

    mine = ask(lambda history: sparse.score(history, np.ones(len(history), dtype=np.float32)))
    theirs = ask(lambda history: exact[history].sum(axis=0))
    assert mine.ndcg > theirs.ndcg - 2 * theirs.ndcg_se


def test_it_beats_popularity_on_held_out_last_choices_by_far_more_than_chance() -> None:
    rest, questions = last_left_out(district().choices, 400, 1)
    asked = fit(rest, district().tags, DAYS, Settings(ridge=50, tag_weight=0), ALL)
    mine = measure(questions, hybrid(asked), rest.items)
    popular = measure(questions, lambda _known: asked.popularity, rest.items)
    assert mine.ndcg - popular.ndcg > 4 * (mine.ndcg_se + popular.ndcg_se)
    assert mine.recall > popular.recall and mine.coverage > popular.coverage


def test_a_newcomer_gets_more_from_three_things_done_and_valued_than_from_tags() -> None:
    made = district()
    day = 600
    before, told_tags = newcomers(made.choices, day, made.tags, 300, 3)
    _, told_things = newcomers(made.choices, day, made.tags, 300, 3, items_known=3)
    asked = replace(fit(before, made.tags, day, model().settings, ALL), blend_for_newcomers=model().blend_for_newcomers)
    tags, things = (measure(told, hybrid(asked), before.items) for told in (told_tags, told_things))
    popular = measure(told_tags, lambda _known: asked.popularity, before.items)
    assert things.ndcg > tags.ndcg + tags.ndcg_se
    assert tags.ndcg > popular.ndcg + popular.ndcg_se


def test_a_brand_new_item_can_appear_and_one_of_which_nothing_is_known_cannot() -> None:
    choices = people_who((30, [0, 1]), (30, [2, 3]), items=6)
    tags = Tags.of([[0], [0], [1], [1], [0], []], 2)
    asked = fit(choices, tags, 2, Settings(), Blend(1, 0, 0.5, 0), Blend(1, 0, 0.5, 0))
    for known in (Known([0], [0]), Known(liked_tags={0: 1.0})):
        shown = {peer.item: peer for peer in suggest(asked, known)}
        assert set(shown[4].parts) == {"topics"} and shown[4].because is None
        assert 5 not in shown


def test_what_was_done_long_ago_counts_less_and_one_day_counts_alike() -> None:
    choices = people_who((30, [0, 1]), (30, [2, 3]), items=4)
    asked = fit(choices, plain_tags(4), 2, Settings(ridge=5, fade=0.5), Blend(1, 0, 0, 0))
    order = [peer.item for peer in suggest(asked, Known([0, 2], [0, 9]))]
    assert order[:2] == [3, 1]
    assert len({peer.score for peer in suggest(asked, Known([0, 2], [4, 4]))}) == 1


def test_off_until_there_is_enough_or_while_it_does_not_help() -> None:
    few = people_who((60, [0, 1, 2]), items=3)
    tuned = tune(few, plain_tags(3))
    assert (tuned.blend, tuned.blend_for_newcomers) == (OFF, OFF) and "60 people" in tuned.reason
    rng = np.random.default_rng(0)
    noise = Choices.of(rng.integers(0, 220, 1600), rng.integers(0, 40, 1600), rng.integers(0, 90, 1600), 220, 40)
    tuned = tune(noise, plain_tags(40), most=110, ridges=(500,), tag_weights=(0,))
    assert not tuned.blend.on and tuned.reason == "no better than recent popularity"
    assert suggest(fit(few, plain_tags(3), 9), Known([0], [0])) == ()


def test_weights_are_found_on_the_districts_own_choices() -> None:
    tuned = tune(district().choices, district().tags, most=110, ridges=(50,), tag_weights=(0,))
    assert tuned.blend.on and tuned.blend_for_newcomers.on
    assert tuned.ndcg > tuned.popularity_ndcg + 2 * tuned.gain_se
    assert tuned.blend.following > 0, "the generator has sequels"


def test_above_the_limit_item_knn_takes_over() -> None:
    made = district()
    large = fit(made.choices, made.tags, DAYS, Settings(square_up_to=10))
    expected = fit_item_knn(made.choices)
    assert np.array_equal(large.related.weights, expected.weights)


def test_a_model_is_kept_as_plain_arrays_and_read_back_the_same() -> None:
    kept = to_bytes(model())
    known = Known(*(values.tolist() for values in district().choices.history(7)))
    again = from_bytes(kept, district().tags)
    assert suggest(again, known) == suggest(model(), known)
    assert (again.settings, again.blend) == (model().settings, model().blend)
    assert 0 < model().size < 8 * 2 * 100 * 200 + 10_000
    for wrong in (b"no model", b""):
        with pytest.raises(BadModel, match="not a kept model"):
            from_bytes(wrong, district().tags)
    with pytest.raises(BadModel, match="fitted on 150 items"):
        from_bytes(kept, plain_tags(3))


def test_time_split_asks_for_what_came_later() -> None:
    before, questions = cut_in_time(district().choices, 500, 100, 1)
    assert before.days.max() < 500 and len(questions) == 100
    assert all(question.known.history and question.answers for question in questions)


def test_choices_are_counted_once_and_of_nobody_too_many() -> None:
    made = Choices.of([0, 0, 0, 0], [2, 1, 2, 0], [5, 3, 1, 9], 2, 3, most_each=2)
    assert [values.tolist() for values in made.history(0)] == [[1, 0], [3, 9]]
    assert made.persons == 2 and made.people.tolist() == [1, 1, 0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([0], [0, 1], [0], 1, 2), "1, 2 and 1 entries"),
        (([0, 3], [0, 1], [0, 0], 2, 2), "entry 1: person 3 is not one of 2"),
        (([0, 1], [0, -1], [0, 0], 2, 2), "entry 1: item -1 is not one of 2"),
    ],
)
def test_choices_that_cannot_be_read_are_refused_with_the_entry(arguments, words: str) -> None:
    with pytest.raises(BadChoices, match=words):
        Choices.of(*arguments)


def test_tags_and_histories_out_of_range_are_refused() -> None:
    with pytest.raises(BadChoices, match="tag 7 is not one of 2"):
        Tags.of([[0], [7]], 2)
    with pytest.raises(BadChoices, match="2 items and 1 days"):
        suggest(model(), Known([1, 2], [0]))


def test_nobody_and_nothing_are_answered_calmly() -> None:
    empty = fit(Choices.of([], [], [], 0, 0), Tags.of([], 0), 0, blend=ALL, blend_for_newcomers=ALL)
    assert suggest(empty, Known()) == ()
    assert Neighbours.of([], 3).score(np.array([0]), np.ones(1, dtype=np.float32)).tolist() == [0, 0, 0]
    assert suggest(model(), Known()) != (), "who told nothing sees what is chosen now"
    assert measure((), lambda _known: np.zeros(3, dtype=np.float32), 3).people == 0
