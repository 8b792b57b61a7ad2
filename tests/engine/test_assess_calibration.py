"""Calibration: parameters are recovered, few answers do not overrule the author, and bad questions are found."""

from __future__ import annotations

import numpy as np
import pytest

from lantern.engine import assess
from lantern.engine.assess import Item, Reason, Source, Verdict
from lantern.engine.assess.estimation import Answers, curves, distributions, estimate, prepare, weak_priors

Table = tuple[list[Item], np.ndarray]


def table(people: int, items: int = 30, missing: float = 0.0, seed: int = 3, guessing: float = 0.0) -> Table:
    """Questions as they are, and answers to them."""
    rng = np.random.default_rng(seed)
    made = [
        Item(f"q{n}", float(np.clip(rng.normal(), -2.5, 2.5)), float(rng.lognormal(0.05, 0.3)), guessing)
        for n in range(items)
    ]
    theta = rng.normal(size=(people, 1))
    a, b = (np.array([getattr(one, name) for one in made]) for name in ("discrimination", "difficulty"))
    chance = guessing + (1 - guessing) / (1 + np.exp(-a * (theta - b)))
    answers = (rng.random(chance.shape) < chance).astype(float)
    answers[rng.random(chance.shape) < missing] = np.nan
    return made, answers


def off(items: list[Item], by: float, seed: int = 1) -> list[Item]:
    """The questions as an author might have set them."""
    rng = np.random.default_rng(seed)
    return [Item(i.id, float(np.clip(i.difficulty + rng.normal(0, by), -3, 3)), 1.0, i.guessing) for i in items]


def rmse(found: assess.Calibration, truth: list[Item], name: str) -> float:
    pairs = zip(found.items, truth, strict=True)
    return float(np.sqrt(np.mean([(getattr(one.item, name) - getattr(item, name)) ** 2 for one, item in pairs])))


@pytest.mark.parametrize(("missing", "of_a", "of_b"), [(0.0, 0.12, 0.14), (0.5, 0.2, 0.22)])
def test_parameters_are_recovered_also_from_half_the_answers(missing: float, of_a: float, of_b: float) -> None:
    truth, answers = table(2000, missing=missing)
    found = assess.calibrate(off(truth, 0.5), answers, assess.CalibrationRules(many=600))
    assert found.converged and found.persons == 2000
    assert rmse(found, truth, "discrimination") < of_a and rmse(found, truth, "difficulty") < of_b
    assert {one.source for one in found.items} == {Source.ESTIMATED}
    errors = [
        abs(one.item.difficulty - item.difficulty) / (one.difficulty_se or 0)
        for one, item in zip(found.items, truth, strict=True)
    ]
    assert 0.6 < np.mean(np.array(errors) < 1.28) < 0.97, "four in five lie within 1.28 standard errors"


def test_known_guessing_is_respected() -> None:
    truth, answers = table(3000, guessing=0.25)
    found = assess.calibrate(off(truth, 0.3), answers)
    assert rmse(found, truth, "difficulty") < 0.25 and rmse(found, truth, "discrimination") < 0.3
    assert all(one.item.guessing == 0.25 for one in found.items)


def test_below_200_answers_the_author_is_believed_and_in_between_the_answers_pull() -> None:
    truth, answers = table(300)
    answers[199:, 0] = np.nan
    said = off(truth, 0.5)
    found = assess.calibrate(said, answers)
    first = found.items[0]
    assert (first.source, first.answers, first.item.difficulty) == (Source.AUTHOR, 199, said[0].difficulty)
    assert first.item.discrimination == 1.0 and first.difficulty_se is None
    assert [flag.reason for flag in first.flags] == [Reason.TOO_FEW_ANSWERS] and first.verdict is Verdict.KEEP
    assert {one.source for one in found.items[1:]} == {Source.SHRUNK}
    before = np.sqrt(np.mean([(a.difficulty - b.difficulty) ** 2 for a, b in zip(said, truth, strict=True)]))
    assert rmse(found, truth, "difficulty") < 0.6 * before
    alone = estimate(prepare(answers), np.zeros(30), weak_priors(30))
    for number, one in enumerate(found.items[1:], start=1):
        low, high = sorted((said[number].difficulty, -float(alone.intercept[number] / alone.slope[number])))
        assert low - 0.25 <= one.item.difficulty <= high + 0.25, "between the author and the answers"


def test_the_slope_an_author_gave_is_kept_below_200_answers_and_believed_at_first() -> None:
    truth, answers = table(300)
    answers[199:, 0] = np.nan
    said = [Item(one.id, one.difficulty, 1.8) for one in truth]
    found = assess.calibrate(said, answers)
    assert found.items[0].item == said[0]
    plain = assess.calibrate([Item(one.id, one.difficulty) for one in truth], answers)
    slopes = [np.mean([one.item.discrimination for one in each.items[1:]]) for each in (found, plain)]
    assert slopes[0] > slopes[1] + 0.1


def test_a_wrong_key_and_a_coin_are_retired_an_odd_question_is_looked_at_and_good_ones_stay() -> None:
    truth, answers = table(1500)
    rng = np.random.default_rng(2)
    rest = np.nanmean(answers[:, 10:], axis=1)
    answers[:, 0] = 1 - answers[:, 0]
    answers[:, 1] = rng.random(1500) < 0.6
    answers[:, 2] = 1.0
    answers[:20, 2] = 0.0
    answers[:, 3] = rng.random(1500) < np.where(rest > np.quantile(rest, 0.5), 0.85, 0.35)  # a step, not a slope
    answers[:, 4] = rng.random(1500) < 0.02
    found = assess.calibrate(off(truth, 0.3), answers, exposed={"q20": 0.9})
    verdicts = {one.item.id: (one.verdict, {flag.reason for flag in one.flags}) for one in found.items}
    assert verdicts["q0"][0] is Verdict.RETIRE and Reason.WRONG_KEY in verdicts["q0"][1]
    assert verdicts["q1"][0] is Verdict.RETIRE and Reason.TELLS_NOTHING in verdicts["q1"][1]
    assert verdicts["q2"][0] is not Verdict.KEEP and Reason.TOO_EASY in verdicts["q2"][1]
    assert Reason.DOES_NOT_FIT in verdicts["q3"][1]
    assert Reason.TOO_HARD in verdicts["q4"][1]
    assert verdicts["q20"] == (Verdict.LOOK_AT, {Reason.SEEN_TOO_OFTEN})
    good = [verdicts[f"q{n}"][0] for n in range(5, 30) if n != 20]
    assert good.count(Verdict.KEEP) >= len(good) - 1
    for one in found.items:
        assert all(flag.value != flag.limit for flag in one.flags), "each reason comes with what was found"


def test_a_bad_question_is_suspected_early_but_not_retired_on_few_answers() -> None:
    truth, answers = table(150)
    answers[:, 0] = 1 - answers[:, 0]
    answers[29:, 1] = np.nan
    found = assess.calibrate(truth, answers)
    assert found.items[0].verdict is Verdict.LOOK_AT
    assert next(flag.reason for flag in found.items[0].flags) is Reason.WRONG_KEY
    assert found.items[1].fit is None and found.items[1].verdict is Verdict.KEEP


def test_fit_of_good_questions_is_near_what_theory_says() -> None:
    truth, answers = table(1500, missing=0.3)
    fits = [one.fit for one in assess.calibrate(truth, answers).items]
    assert all(fit is not None and 0.85 < fit.infit < 1.15 for fit in fits)
    assert 0.95 < np.mean([fit.outfit for fit in fits if fit]) < 1.05
    misfits = [fit.misfit for fit in fits if fit]
    assert abs(np.mean(misfits)) < 0.6 and 0.6 < np.std(misfits) < 1.5


def test_answers_chosen_by_a_check_calibrate_too() -> None:
    truth, answers = table(600, items=24)
    bank, scale = assess.compile_bank(truth), assess.level_scale((-1.0, 0.0, 1.0))
    seen = np.full(answers.shape, np.nan)
    for person in range(len(answers)):
        check = assess.start(bank, scale, seed=person)
        while (item := assess.next_item(check)) is not None:
            number = bank.index[item.id]
            seen[person, number] = answers[person, number]
            check = assess.answer(check, item.id, bool(answers[person, number]))
    found = assess.calibrate(off(truth, 0.5), seen)
    used = [
        (one.item.difficulty - item.difficulty) ** 2
        for one, item in zip(found.items, truth, strict=True)
        if one.answers >= 250
    ]
    assert len(used) >= 8 and np.sqrt(np.mean(used)) < 0.3


def test_each_round_of_em_explains_the_answers_better_and_the_end_is_a_maximum() -> None:
    _, raw = table(200, items=8)
    answers, free = prepare(raw), np.zeros(8)

    def explained(slope: np.ndarray, intercept: np.ndarray, kept: Answers = answers) -> float:
        priors, points = weak_priors(8), np.linspace(-4.5, 4.5, 37)
        chances = curves(slope, intercept, free)
        told = kept.right @ np.log(chances) + (kept.given - kept.right) @ np.log(1 - chances)
        weights = np.exp(-0.5 * points**2)
        likelihood = np.log(np.exp(told) @ (weights / weights.sum())).sum()
        prior_a = -0.5 * ((slope - priors.slope) / priors.slope_sd) ** 2
        return float(likelihood + (prior_a - 0.5 * (intercept / priors.intercept_sd) ** 2).sum())

    found = estimate(answers, free, weak_priors(8), tolerance=1e-6)
    best = explained(found.slope, found.intercept)
    rng = np.random.default_rng(1)
    for _ in range(30):
        assert explained(found.slope + rng.normal(0, 0.05, 8), found.intercept + rng.normal(0, 0.05, 8)) < best
    short = estimate(answers, free, weak_priors(8), most_rounds=1)
    assert not short.converged and explained(short.slope, short.intercept) < best
    assert np.allclose(distributions(answers, curves(found.slope, found.intercept, free)).sum(axis=1), 1)


def test_a_table_that_is_none_is_refused_and_everybody_alike_is_no_accident() -> None:
    items = [Item("a", 0.0), Item("b", 0.0)]
    with pytest.raises(ValueError, match="2 questions"):
        assess.calibrate(items, np.ones((3, 3)))
    with pytest.raises(ValueError, match="right"):
        assess.calibrate(items, np.full((3, 2), 2.0))
    with pytest.raises(ValueError, match="table"):
        assess.calibrate(items, np.ones((0, 2)))
    found = assess.calibrate(items, np.ones((250, 2)))
    assert all(one.fit is not None and one.fit.item_rest == 0 and one.item.difficulty < -1 for one in found.items)
    never = assess.calibrate(items, np.full((3, 2), np.nan))
    assert never.persons == 0 and never.converged
