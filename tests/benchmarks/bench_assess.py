"""How well and how fast adaptive checks place, items are calibrated and quiz answers are followed (intelligence.md F).

Everything is simulated by its protocol there: 500 learners and banks of 60 items for checks, 40 items for calibration,
a fifth of the learners held out for Elo. F does not say how its items were drawn. Here abilities and difficulties are
N(0, 1) and discriminations lognormal(0.05, 0.3), picked after trying six generators, between two whose random fixed
forms of 15 erred by 0.53 and 0.51 (F: 0.52). It decides whether 0.43 is met: with lognormal(0, 0.3) the same check errs
by 0.44, with lognormal(0.1, 0.3) by 0.41. Figures are means over several banks or tables; one alone varies by 0.02.
The answers of ASSISTments are not in the shared data: Elo runs on a generator (skill mean 0.645, there 0.625) beside
the methods it has to beat and the best possible; its AUC is not comparable with the 0.7625 of F.

`rmse` of parameters and abilities is in standard deviations of ability; CPU is this process's own. Run
`python -m tools.bench assess`, or this file.
"""

from __future__ import annotations

import csv
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))
from lantern.engine import assess, mastery
from lantern.engine.assess.estimation import estimate, prepare, weak_priors

USES_DATABASE = False
LEARNERS, BANKS, ITEMS = 500, 6, 60
CUTS = (-1.0, 0.0, 1.0)
NEEDED = 3
TARGETS = {
    "check, 12 items: rmse": 0.435,
    "check, 12 items: CPU ms a step": 0.05,
    "check, 12 items: 1 - correlation": 0.115,
    "calibrate n=100: rmse a": 0.295,
    "calibrate n=100: rmse b": 0.405,
    "calibrate n=300: rmse a": 0.215,
    "calibrate n=300: rmse b": 0.195,
    "calibrate n=1000: rmse a": 0.115,
    "calibrate n=1000: rmse b": 0.145,
    "calibrate n=5000: rmse a": 0.045,
    "calibrate n=5000: rmse b": 0.055,
    "calibrate n=5000: CPU s": 0.5,
    "calibrate half missing n=100: rmse a": 0.355,
    "calibrate half missing n=100: rmse b": 0.455,
    "calibrate half missing n=300: rmse a": 0.285,
    "calibrate half missing n=300: rmse b": 0.285,
    "calibrate half missing n=1000: rmse a": 0.145,
    "calibrate half missing n=1000: rmse b": 0.185,
    "calibrate half missing n=5000: rmse a": 0.075,
    "calibrate half missing n=5000: rmse b": 0.085,
}

Figures = dict[str, float | str]
Floats = np.ndarray


def draw_items(rng: np.random.Generator, count: int, guessing: float = 0.0) -> list[assess.Item]:
    """Items of the population described above, in four sub-competencies."""
    a, b = np.exp(rng.normal(0.05, 0.3, count)), np.clip(rng.normal(size=count), -4, 4)
    return [assess.Item(str(n), float(b[n]), float(a[n]), guessing, f"area {n % 4}") for n in range(count)]


def one_check(check: assess.Check, answers: Floats) -> tuple[assess.Check, list[float]]:
    """A check to its end, and the CPU seconds of each step (choosing and taking in, not simulating)."""
    steps: list[float] = []
    while True:
        began = time.process_time()
        item = assess.next_item(check)
        if item is None:
            return check, steps
        check = assess.answer(check, item.id, bool(answers[int(item.id)]))
        steps.append(time.process_time() - began)


def checks(rules: assess.Rules, guessing: float = 0.0, one_area: bool = False, rest: bool = False) -> dict[str, float]:
    """What 500 learners on each of six banks come to. `rest`: exposure is counted, and taken in every 25 checks."""
    scale = assess.level_scale(CUTS)
    found: dict[str, list[float]] = defaultdict(list)
    for bank_number in range(BANKS):
        rng = np.random.default_rng(bank_number)
        items = draw_items(rng, ITEMS, guessing)
        if one_area:
            items = [assess.Item(i.id, i.difficulty, i.discrimination, i.guessing) for i in items]
        bank = assess.compile_bank(items)
        truth = rng.normal(size=LEARNERS)
        luck = rng.random((LEARNERS, ITEMS))
        chance = _chances(items, truth)
        given: list[list[str]] = []
        rates: dict[str, float] = {}
        estimates, spent = np.zeros(LEARNERS), list[float]()
        for learner in range(LEARNERS):
            if rest and learner % 25 == 0 and learner:
                rates = assess.exposure(given)
            right = luck[learner] < chance[learner]
            start = assess.start(bank, scale, seed=learner, rules=rules, exposed=rates)
            check, used = one_check(start, right)
            spent += used
            given.append([items[number].id for number in check.asked])
            estimates[learner] = check.posterior.mean
            _judge(check, 1 + int(np.searchsorted(CUTS, truth[learner])), found)
        found["mse"].append(float(np.mean((estimates - truth) ** 2)))
        found["correlation"].append(float(np.corrcoef(estimates, truth)[0, 1]))
        found["ms"].append(float(np.mean(spent)) * 1000)
        found["median ms"].append(float(np.median(spent)) * 1000)
        found["steps"].append(len(spent) / LEARNERS)
        found["exposed"].append(max(assess.exposure(given).values()))
    return {name: float(np.mean(values)) for name, values in found.items()}


def _judge(check: assess.Check, level: int, found: dict[str, list[float]]) -> None:
    outcome, skip = assess.outcome(check), assess.may_skip(check, NEEDED).may_skip
    found["band"].append(outcome.band.lowest <= level <= outcome.band.highest)
    found["levels in the band"].append(outcome.band.highest - outcome.band.lowest + 1)
    found["skips, able" if level >= NEEDED else "skips, not able"].append(skip)
    if level > NEEDED:
        found["skips, a level above"].append(skip)


def _chances(items: list[assess.Item], theta: Floats) -> Floats:
    a, b, c = np.array([(item.discrimination, item.difficulty, item.guessing) for item in items]).T
    return c + (1 - c) / (1 + np.exp(-a * (theta[:, None] - b)))


def check_figures() -> Figures:
    """The checks of the table in F, and what the product's own rules (balance, exposure, early end) make of them."""
    twelve = assess.Rules(least=12, most=12)
    plain = checks(twelve, one_area=True)
    best = checks(assess.Rules(least=12, most=12, selection=assess.Selection(best=1)), one_area=True)
    ours, guessed = checks(assess.Rules(), rest=True), checks(assess.Rules(), guessing=0.2, rest=True)
    figures: Figures = {
        "check, 12 items: rmse": plain["mse"] ** 0.5,
        "check, 12 items: 1 - correlation": 1 - plain["correlation"],
        "check, 12 items: CPU ms a step": plain["ms"],
        "check, 12 items: CPU ms a step, median": plain["median ms"],
        "check, 12 items, always the best: rmse": best["mse"] ** 0.5,
    }
    for name, values in (("ours", ours), ("ours, guessing 0.2", guessed)):
        figures |= {
            f"check, {name}: rmse": values["mse"] ** 0.5,
            f"check, {name}: items": values["steps"],
            f"check, {name}: CPU ms a step": values["ms"],
            f"check, {name}: highest exposure": values["exposed"],
            f"check, {name}: level in the band": values["band"],
            f"check, {name}: levels in the band": values["levels in the band"],
            f"check, {name}: skip wrongly": values["skips, not able"],
            f"check, {name}: skip rightly": values["skips, able"],
            f"check, {name}: skip, a level above": values["skips, a level above"],
        }
    return figures


def calibration_figures() -> Figures:
    """Errors of a and b over the tables of F, and whose difficulties the bank should believe at 300 answers."""
    figures: Figures = {}
    for name, missing in (("", 0.0), (" half missing", 0.5)):
        for people, tables in ((100, 20), (300, 20), (1000, 8), (5000, 4)):
            errors, spent = [], 0.0
            for table in range(tables):
                items, responses = _table(np.random.default_rng([people, table]), people, missing)
                began = time.process_time()
                found = estimate(prepare(responses), np.zeros(len(items)), weak_priors(len(items)))
                spent += time.process_time() - began
                b = np.clip(-found.intercept / np.maximum(found.slope, 0.05), -4, 4)
                true_a, true_b = np.array([(item.discrimination, item.difficulty) for item in items]).T
                errors.append((np.mean((found.slope - true_a) ** 2), np.mean((b - true_b) ** 2)))
            rmse_a, rmse_b = np.sqrt(np.mean(errors, axis=0)).tolist()
            row = f"calibrate{name} n={people}"
            figures |= {f"{row}: rmse a": rmse_a, f"{row}: rmse b": rmse_b, f"{row}: CPU s": spent / tables}
    return figures | _authors()


def _table(rng: np.random.Generator, people: int, missing: float) -> tuple[list[assess.Item], Floats]:
    items = draw_items(rng, 40)
    responses = (rng.random((people, 40)) < _chances(items, rng.normal(size=people))).astype(float)
    responses[rng.random((people, 40)) < missing] = np.nan
    return items, responses


def _authors() -> Figures:
    """Authors who are off by 0.5: what is left of it at 300 answers, and how many good items are called bad."""
    before, after, accused = [], [], []
    for table in range(10):
        rng = np.random.default_rng([1, table])
        items, responses = _table(rng, 300, 0.0)
        said = [assess.Item(i.id, float(np.clip(i.difficulty + rng.normal(0, 0.5), -4, 4))) for i in items]
        done = assess.calibrate(said, responses)
        before += [(one.difficulty - item.difficulty) ** 2 for one, item in zip(said, items, strict=True)]
        after += [(one.item.difficulty - item.difficulty) ** 2 for one, item in zip(done.items, items, strict=True)]
        accused += [one.verdict is not assess.Verdict.KEEP for one in done.items]
    return {
        "author, n=300: rmse b as set": float(np.mean(before)) ** 0.5,
        "author, n=300: rmse b calibrated": float(np.mean(after)) ** 0.5,
        "verdict, n=300: good items not kept": float(np.mean(accused)),
    }


def quiz_answers(learners: int = 300, each: int = 400, skills: int = 100) -> Iterator[tuple[mastery.QuizAnswer, float]]:
    """Answers in runs on one skill, with learning, slips and guesses, and the true probability of each."""
    rng = np.random.default_rng(4)
    hard = rng.normal(-0.4, 0.85, skills)
    for learner in range(learners):
        overall, own, count = rng.normal(0, 0.8), rng.normal(0, 0.9, skills), 0
        while count < each:
            skill = int(rng.integers(skills))
            for _ in range(int(rng.integers(3, 12))):
                chance = 0.08 + 0.84 / (1 + np.exp(-(overall + own[skill] - hard[skill])))
                right = bool(rng.random() < chance)
                yield mastery.QuizAnswer(str(learner), str(skill), str(skill), right), float(chance)
                own[skill] += 0.02
                count += 1


def quiz_figures() -> Figures:
    """Elo beside the skill mean, PFA and the truth, on the held-out fifth."""
    rows = list(quiz_answers())
    held = [int(answer.person) % 5 == 0 for answer, _ in rows]
    train = [answer for (answer, _), out in zip(rows, held, strict=True) if not out]
    test = [answer for (answer, _), out in zip(rows, held, strict=True) if out]
    truth = np.array([chance for (_, chance), out in zip(rows, held, strict=True) if out])
    right = np.array([answer.right for answer in test], dtype=float)
    began = time.process_time()
    table = mastery.replay(train)
    elo = np.array([table.observe(answer) for answer in test])
    spent = time.process_time() - began
    seen: dict[str, list[float]] = defaultdict(lambda: [1.0, 2.0])
    for answer in train:
        seen[answer.skill][0] += answer.right
        seen[answer.skill][1] += 1
    mean = np.array([seen[answer.skill][0] / seen[answer.skill][1] for answer in test])
    return {
        "elo (generator): AUC": auc(right, elo),
        "elo (generator): AUC of skill mean": auc(right, mean),
        "elo (generator): AUC of PFA": auc(right, _pfa(train, test)),
        "elo (generator): AUC of the true probability": auc(right, truth),
        "elo: CPU us an answer": spent / len(rows) * 1e6,
    } | _ed_fi()


def _pfa(train: list[mastery.QuizAnswer], test: list[mastery.QuizAnswer]) -> Floats:
    """Performance factors analysis (Pavlik et al. 2009): a logistic regression for each skill on right and wrong."""
    features = {}
    for name, rows in (("train", train), ("test", test)):
        counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        listed = []
        for answer in rows:
            had = counts[answer.person, answer.skill]
            listed.append((1.0, had[1], had[0]))
            had[answer.right] += 1
        features[name] = np.array(listed)
    predicted = np.zeros(len(test))
    learnt, asked = np.array([answer.skill for answer in train]), np.array([answer.skill for answer in test])
    y = np.array([answer.right for answer in train], dtype=float)
    for skill in set(learnt):
        x, target, weights = features["train"][learnt == skill], y[learnt == skill], np.zeros(3)
        for _ in range(8):
            p = 1 / (1 + np.exp(-x @ weights))
            bend = x.T @ (x * (p * (1 - p))[:, None]) + 0.1 * np.eye(3)
            weights += np.linalg.solve(bend, x.T @ (target - p) - 0.1 * weights)
        predicted[asked == skill] = 1 / (1 + np.exp(-features["test"][asked == skill] @ weights))
    return predicted


def auc(right: Floats, predicted: Floats) -> float:
    """The probability that a right answer was thought likelier than a wrong one (ties count half)."""
    _, place, count = np.unique(predicted, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    good = right.sum()
    return float((rank[right == 1].sum() - good * (good + 1) / 2) / (good * (len(right) - good)))


def _ed_fi() -> Figures:
    """Elo on the small synthetic sample of Ed-Fi (82 students, 25 answers each), where the shared data are there."""
    shared = Path(os.environ.get("LANTERN_SHARED", Path(__file__).parents[3] / "shared"))
    path = shared / "data/student-data/ed-fi-standards-mastery/items-LearningStandardsMastery.csv"
    if not path.exists():
        return {"elo (Ed-Fi sample): AUC": "no shared data"}
    with path.open(encoding="utf-8") as file:
        rows = [
            mastery.QuizAnswer(row["student_id"], row["standards"], row["item"], row["result"] == "Correct")
            for row in csv.DictReader(file)
        ]
    people = {person: number for number, person in enumerate(sorted({row.person for row in rows}))}
    table = mastery.replay(row for row in rows if people[row.person] % 5)
    test = [row for row in rows if people[row.person] % 5 == 0]
    expected = np.array([table.observe(row) for row in test])
    return {"elo (Ed-Fi sample): AUC": auc(np.array([row.right for row in test], dtype=float), expected)}


def main() -> Figures:
    """All figures, rounded to four digits."""
    found = check_figures() | calibration_figures() | quiz_figures()
    return {name: value if isinstance(value, str) else round(value, 4) for name, value in found.items()}


if __name__ == "__main__":
    print(json.dumps(main(), indent=2))
