"""The adaptive check: it places the novice, lets the expert skip, is fair to guessers, and gives bands, not scores."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantern.engine import assess
from lantern.engine.assess import Item, Rules, Selection, SkipReason, StartReason, Stop

SCALE = assess.level_scale((-1.0, 0.0, 1.0))


def made_bank(count: int = 60, guessing: float = 0.0, seed: int = 1) -> assess.ItemBank:
    rng = np.random.default_rng(seed)
    return assess.compile_bank(
        Item(f"q{n}", float(np.clip(rng.normal(), -3, 3)), float(rng.lognormal(0.05, 0.3)), guessing, "abcd"[n % 4])
        for n in range(count)
    )


BANK = made_bank()
GUESSABLE = made_bank(guessing=0.25)


def run(check: assess.Check, answers: object) -> assess.Check:
    """The check to its end; `answers(item)` says whether it is answered right."""
    while (item := assess.next_item(check)) is not None:
        check = assess.answer(check, item.id, answers(item))  # type: ignore[operator]
    return check


def simulated(check: assess.Check, theta: float, seed: int) -> assess.Check:
    rng = np.random.default_rng(seed)

    def answers(item: Item) -> bool:
        chance = item.guessing + (1 - item.guessing) / (1 + np.exp(-item.discrimination * (theta - item.difficulty)))
        return bool(rng.random() < chance)

    return run(check, answers)


def guessing_blindly(check: assess.Check, seed: int) -> assess.Check:
    rng = np.random.default_rng(seed)
    return run(check, lambda item: bool(rng.random() < 0.25))


@pytest.mark.requirement("P7.7")
@pytest.mark.requirement("N6")
@pytest.mark.parametrize("bank", [BANK, GUESSABLE], ids=["open answers", "four choices"])
def test_an_expert_who_answers_all_right_is_placed_high_after_few_questions_and_may_skip(bank: assess.ItemBank) -> None:
    check = run(assess.start(bank, SCALE, seed=3), lambda item: True)
    found, skip, place = assess.outcome(check), assess.may_skip(check, 3), assess.place(check)
    assert found.stopped is Stop.SURE and found.answers <= 10
    assert found.band.lowest >= 3
    assert skip.may_skip and skip.reason is SkipReason.SHOWN and skip.probability >= skip.needed
    assert place.shown >= 3 and place.reason in (StartReason.BELOW_IS_SHOWN, StartReason.ALL_IS_SHOWN)


@pytest.mark.requirement("P7.7")
def test_a_novice_starts_at_the_beginning_with_what_she_knows_least() -> None:
    check = run(assess.start(BANK, SCALE, seed=3), lambda item: item.area == "a")
    found, place = assess.outcome(check), assess.place(check)
    assert found.band.highest <= 2
    assert (place.shown, place.towards, place.reason) == (1, 2, StartReason.FROM_THE_BEGINNING)
    assert place.begin_with and "a" not in place.begin_with
    assert not assess.may_skip(check, 2).may_skip


@pytest.mark.requirement("N6")
def test_who_only_guesses_is_hardly_ever_told_to_skip() -> None:
    checks = [guessing_blindly(assess.start(GUESSABLE, SCALE, seed=seed), seed) for seed in range(60)]
    assert sum(assess.may_skip(check, 2).may_skip for check in checks) <= 1
    assert not any(assess.may_skip(check, 3).may_skip for check in checks)


@pytest.mark.requirement("N6")
def test_skipping_wrongly_is_rare_and_the_band_holds_the_truth() -> None:
    people = np.random.default_rng(5).normal(size=150)
    wrongly = held = 0
    for seed, theta in enumerate(people.tolist()):
        check = simulated(assess.start(BANK, SCALE, seed=seed), theta, seed)
        level = 1 + int(np.searchsorted(SCALE.cuts, theta))
        band = assess.outcome(check).band
        held += band.lowest <= level <= band.highest
        wrongly += level < 3 and assess.may_skip(check, 3).may_skip
        assert band.highest - band.lowest <= 2
    assert wrongly <= 4 and held >= 0.85 * len(people)


def test_all_wrong_then_all_right_on_the_same_questions_order_nobody_but_move_the_levels() -> None:
    low, high = (run(assess.start(BANK, SCALE, seed=1), lambda item, says=says: says) for says in (False, True))
    for level in SCALE.levels[1:]:
        assert SCALE.at_least(low.posterior.weights, level) < SCALE.at_least(high.posterior.weights, level)
    names = {field.name for kind in (assess.Outcome, assess.Placement) for field in dataclasses.fields(kind)}
    assert not names & {"score", "theta", "ability", "mean", "rank", "percentile"}


def test_too_few_answers_never_skip_and_everything_shown_leaves_nothing_to_work_towards() -> None:
    check = assess.start(BANK, SCALE, seed=1, prior=assess.normal(2.5, 0.3))
    assert assess.may_skip(check, 3).reason is SkipReason.TOO_FEW_ANSWERS
    check = run(check, lambda item: True)
    place = assess.place(check)
    assert (place.shown, place.towards, place.reason) == (4, None, StartReason.ALL_IS_SHOWN)
    assert place.begin_with == ()


def test_the_check_ends_when_long_enough_or_when_nothing_is_left_that_tells() -> None:
    long = simulated(assess.start(BANK, SCALE, seed=2, rules=Rules(sure=1.0)), 0.0, 2)
    assert assess.stopped(long) is Stop.LONG_ENOUGH and len(long.asked) == 12
    small = run(assess.start(made_bank(3), SCALE, seed=2), lambda item: True)
    assert assess.stopped(small) is Stop.NOTHING_TO_ASK and len(small.asked) == 3
    assert assess.stopped(assess.start(BANK, SCALE, seed=2)) is None
    far = assess.start(BANK, SCALE, seed=2, prior=assess.normal(-3.9, 0.05), rules=Rules(least=12))
    assert assess.next_item(far) is None or assess.outcome(far).stopped is None
    dull = assess.compile_bank([Item("dull", 0.0, 0.1)])
    assert assess.next_item(assess.start(dull, SCALE, seed=1)) is None


def test_who_could_be_anywhere_is_in_the_band_of_all_levels() -> None:
    check = assess.start(BANK, SCALE, seed=1, prior=np.ones(81))
    assert assess.outcome(check).band == assess.Band(1, 4, 1.0)


def test_no_question_is_so_sharp_that_an_answer_is_impossible() -> None:
    bank = assess.compile_bank([Item("one", 0.0, 50.0), Item("other", 0.1, 50.0)])
    after = assess.begin(assess.normal()).after(bank, 0, False).after(bank, 1, True)
    assert np.isfinite(after.weights).all() and after.sd > 0


def test_stored_answers_resume_the_same_check_and_questions_taken_out_are_left_out() -> None:
    check = simulated(assess.start(BANK, SCALE, seed=9), 0.4, 9)
    stored = [(BANK.items[n].id, right) for n, right in zip(check.asked, check.right, strict=True)]
    half = assess.resume(assess.start(BANK, SCALE, seed=9), [*stored[:6], ("taken out", True)])
    assert assess.next_item(half) == BANK.items[check.asked[6]]
    assert np.allclose(assess.resume(half, stored[6:]).posterior.weights, check.posterior.weights)


def test_no_sub_competency_gets_ahead_and_wanted_shares_are_kept() -> None:
    even = simulated(assess.start(BANK, SCALE, seed=4, rules=Rules(sure=1.0)), 0.3, 4)
    assert [sign.asked for sign in assess.outcome(even).areas] == [3, 3, 3, 3]
    rules = Rules(sure=1.0, selection=Selection(shares={"a": 2.0, "b": 1.0}))
    uneven = simulated(assess.start(BANK, SCALE, seed=4, rules=rules), 0.3, 4)
    assert {sign.area: sign.asked for sign in assess.outcome(uneven).areas} == {"a": 8, "b": 4, "c": 0, "d": 0}


def test_questions_that_too_many_saw_rest_and_the_first_question_is_not_always_the_same() -> None:
    def given(exposed: dict[str, float]) -> list[list[str]]:
        checks = [simulated(assess.start(BANK, SCALE, seed=s, exposed=exposed), 0.0, s) for s in range(20)]
        return [[BANK.items[number].id for number in check.asked] for check in checks]

    first = given({})
    rates = assess.exposure(first)
    worn = {item for item, rate in rates.items() if rate > 0.5}
    assert worn and len({asked[0] for asked in first}) > 1
    assert not worn & {item for asked in given(rates) for item in asked}
    everything = {item.id: 1.0 for item in BANK.items}
    assert all(len(asked) >= 5 for asked in given(everything)), "a bank that is worn out is still used"


def test_a_second_check_shows_growth_with_an_interval_that_a_lucky_answer_does_not_fake() -> None:
    before = simulated(assess.start(BANK, SCALE, seed=1), -0.8, 1).posterior
    better = simulated(assess.start(BANK, SCALE, seed=2), 1.2, 2).posterior
    grown, same = assess.growth(before, better, SCALE), assess.growth(before, before, SCALE)
    assert 0 < grown.low < grown.mean < grown.high and grown.rose > 0.95
    assert same.low < 0 < same.high and same.rose == pytest.approx(0.5, abs=0.05)
    assert sum(grown.changes.values()) == pytest.approx(1) and grown.changes[1] + grown.changes[2] > 0.6
    two = assess.level_scale((0.0,))
    assert set(assess.growth(before, better, two).changes) == {-1, 0, 1}


@pytest.mark.requirement("P7.7")
def test_the_interval_of_growth_holds_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(8)
    held = 0
    for seed in range(80):
        theta, news = rng.normal(size=2).tolist()
        moved = 0.6 * theta + 0.8 * news - theta
        before = simulated(assess.start(BANK, SCALE, seed=seed), theta, seed).posterior
        after = simulated(assess.start(BANK, SCALE, seed=seed + 500), theta + moved, seed + 500).posterior
        found = assess.growth(before, after, SCALE, share=0.8)
        truth = float(np.diff(np.clip([theta, theta + moved], -2, 2))[0])  # cut points are 1 apart: a level is 1
        held += found.low - 0.05 <= truth <= found.high + 0.05
    assert 0.68 <= held / 80 <= 0.95


answers_given = st.lists(st.booleans(), max_size=12)


@settings(max_examples=60, deadline=None)
@given(answers_given, st.integers(0, 2**63))
def test_whatever_is_answered_chances_sum_to_one_nothing_is_asked_twice_and_bands_hold(
    given_ones: list[bool], seed: int
) -> None:
    check = assess.start(BANK, SCALE, seed=seed)
    for right in given_ones:
        item = assess.next_item(check)
        if item is None:
            break
        assert assess.next_item(check) == item, "the same check gives the same question"
        before = check.posterior.mean
        check = assess.answer(check, item.id, right)
        assert (check.posterior.mean > before) == right
    found = assess.outcome(check)
    assert len(set(check.asked)) == len(check.asked) <= 12
    assert sum(found.levels.values()) == pytest.approx(1)
    inside = sum(found.levels[level] for level in range(found.band.lowest, found.band.highest + 1))
    assert inside == pytest.approx(found.band.probability) and inside >= 0.8
    assert 0 < check.posterior.sd <= 1.01


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 59), st.booleans()), unique_by=lambda pair: pair[0], max_size=10))
def test_the_order_of_answers_does_not_matter_to_what_is_known(pairs: list[tuple[int, bool]]) -> None:
    forward = backward = assess.begin(assess.normal())
    for number, right in pairs:
        forward = forward.after(BANK, number, right)
    for number, right in reversed(pairs):
        backward = backward.after(BANK, number, right)
    assert np.allclose(forward.weights, backward.weights)


def test_eap_agrees_with_the_answer_worked_out_by_hand() -> None:
    bank = assess.compile_bank([Item("one", 0.0)])
    after = assess.begin(np.where(np.abs(np.abs(assess.GRID) - 1) < 1e-9, 1.0, 0.0)).after(bank, 0, True)
    assert after.mean == pytest.approx(2 / (1 + np.exp(-1)) - 1)  # two abilities, -1 and 1: Bayes by hand
    assert after.sd == pytest.approx(np.sqrt(1 - after.mean**2))
    assert after.likelihood.max() == 1 and after.likelihood[0] == 0


def test_what_cannot_be_is_refused_with_its_reason() -> None:
    for field, item in (("difficulty", (9.0,)), ("discrimination", (0.0, 0.0)), ("guessing", (0.0, 1.0, 0.7))):
        with pytest.raises(assess.BadItem, match=field):
            Item("bad", *item)
    with pytest.raises(assess.BadItem, match="twice"):
        assess.compile_bank([Item("a", 0.0), Item("a", 1.0)])
    with pytest.raises(ValueError, match="at least one question"):
        assess.compile_bank([])
    with pytest.raises(ValueError, match="above 0"):
        assess.normal(0, 0)
    with pytest.raises(ValueError, match="81 weights"):
        assess.begin([1.0, 2.0])
    with pytest.raises(ValueError, match="cut points"):
        assess.level_scale((1.0, 0.0))
    check = assess.start(BANK, SCALE, seed=1)
    with pytest.raises(KeyError):
        assess.answer(check, "unknown", True)
    with pytest.raises(ValueError, match="answered before"):
        assess.resume(check, [("q1", True), ("q1", True)])
    with pytest.raises(ValueError, match="nothing to skip"):
        assess.may_skip(check, 1)
    with pytest.raises(ValueError, match="is none of"):
        assess.may_skip(check, 7)
    with pytest.raises(ValueError, match="share and"):
        assess.growth(check.posterior, check.posterior, SCALE, share=1)


@pytest.mark.parametrize(
    "rules",
    [Rules(least=13), Rules(sure=0.0), Rules(selection=Selection(best=0)), Rules(selection=Selection(shares={"x": 1}))],
)
def test_rules_that_cannot_be_kept_are_refused(rules: Rules) -> None:
    with pytest.raises(ValueError, match=r"asks at least|probabilities|shares"):
        assess.start(BANK, SCALE, seed=1, rules=rules)
