"""Item parameters from answers: marginal maximum likelihood by the EM algorithm, with weak priors, in numpy.

Abilities are integrated out over a standard normal (Bock & Aitkin 1981, "Marginal maximum likelihood estimation of item
parameters"); priors keep few answers from running away (Mislevy 1986, "Bayes modal estimation"). An item is estimated
as slope and intercept, a θ + d with d = -a b, where two-parameter likelihoods are concave: Newton steps converge, and a
slope below 0 (a wrong key) shows instead of being forbidden. Answers that are missing because nobody was asked, or
because an adaptive check chose other questions, need no treatment as long as all the answers it chose by are there
(missing at random: Mislevy & Wu 1996).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lantern.engine.assess.items import Floats

POINTS: Floats = np.linspace(-4.5, 4.5, 37)
NORMAL: Floats = np.exp(-0.5 * POINTS**2) / np.exp(-0.5 * POINTS**2).sum()
SLOPE_SD, INTERCEPT_SD = 0.4, 1.5  # weak: about what banks of this kind vary by
_STEPS = 2  # Newton steps in each round of EM; more gain nothing
_STEEPEST = 25.0  # logits; no probability is ever 0 or 1
_FARTHEST = 1.0  # the longest step in slope or intercept


@dataclass(frozen=True, slots=True, eq=False)
class Priors:
    """Normal priors of n items, each (n): of the slope a, and of the intercept d = -a b; `fixed` items stay at the
    means of their priors."""

    slope: Floats
    slope_sd: Floats
    intercept: Floats
    intercept_sd: Floats
    fixed: np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Slopes, intercepts and their standard errors (n each), the covariance of the two (n), the distribution of each
    person on POINTS (persons × 37), rounds taken, and whether they sufficed."""

    slope: Floats
    intercept: Floats
    slope_se: Floats
    intercept_se: Floats
    covariance: Floats
    persons: Floats
    rounds: int
    converged: bool


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Answers of persons to items, made ready: `right` and `given` (persons × items, 0 or 1)."""

    right: Floats
    given: Floats


def weak_priors(count: int) -> Priors:
    """Return priors that say little: slopes about 1 ± 0.4, intercepts about 0 ± 1.5, nothing fixed."""
    ones = np.ones(count)
    return Priors(ones, SLOPE_SD * ones, 0 * ones, INTERCEPT_SD * ones, np.zeros(count, dtype=np.bool_))


def prepare(responses: Floats) -> Answers:
    """Return answers from a table (persons × items): 1 right, 0 wrong, NaN not asked.

    Raises ValueError for another shape or another value.
    """
    table = np.asarray(responses, dtype=np.float64)
    if table.ndim != 2 or not table.size:
        raise ValueError("answers are a table of persons and items, with at least one of each")
    given = ~np.isnan(table)
    right = np.where(given, table, 0.0)
    if not np.isin(right, (0.0, 1.0)).all():
        raise ValueError("an answer is 1 (right), 0 (wrong) or NaN (not asked)")
    return Answers(right, given.astype(np.float64))


def curves(slope: Floats, intercept: Floats, guessing: Floats) -> Floats:
    """Return the probability of a right answer (items × 37)."""
    linear = np.clip(slope[:, None] * POINTS + intercept[:, None], -_STEEPEST, _STEEPEST)
    return np.asarray(guessing[:, None] + (1 - guessing[:, None]) / (1 + np.exp(-linear)))


def estimate(
    answers: Answers, guessing: Floats, priors: Priors, tolerance: float = 1e-3, most_rounds: int = 200
) -> Estimates:
    """Return the items' parameters; `guessing` (n) is known, not estimated. Ends when no parameter moves by more than
    the tolerance in a round. About 2 ms a round for 1,000 persons and 40 items."""
    now = np.stack([priors.slope, priors.intercept])
    earlier = [now]
    converged, rounds = False, 0
    while rounds < most_rounds and not converged:
        rounds += 1
        persons = distributions(answers, curves(now[0], now[1], guessing))
        after = _maximise(answers, persons, now, guessing, priors)
        converged = bool(np.abs(after - now).max() < tolerance)
        now = after
        earlier.append(now)
        if len(earlier) == 3 and not converged:
            now = _leap(*earlier)
            earlier = [now]
    persons = distributions(answers, curves(now[0], now[1], guessing))
    slope_se, intercept_se, covariance = _errors(answers, persons, now, guessing, priors)
    return Estimates(now[0], now[1], slope_se, intercept_se, covariance, persons, rounds, converged)


def distributions(answers: Answers, chances: Floats) -> Floats:
    """Return where each person probably is (persons × 37, rows sum to 1), given the items' curves (items × 37)."""
    right, wrong = np.log(chances), np.log1p(-chances)
    told = answers.right @ (right - wrong) + answers.given @ wrong
    told -= told.max(axis=1, keepdims=True)
    weights = np.exp(told) * NORMAL
    weights /= weights.sum(axis=1, keepdims=True)
    return np.asarray(weights)


def _maximise(answers: Answers, persons: Floats, now: Floats, guessing: Floats, priors: Priors) -> Floats:
    """Return slopes and intercepts (2 × n) after Newton steps on the expected counts (Fisher scoring where c > 0)."""
    right, asked = answers.right.T @ persons, answers.given.T @ persons
    slope, intercept = now
    for _ in range(_STEPS):
        chances = curves(slope, intercept, guessing)
        steep = (chances - guessing[:, None]) * (1 - chances) / (1 - guessing[:, None])
        pull = (right - asked * chances) * steep / (chances * (1 - chances))
        sharp = asked * steep**2 / (chances * (1 - chances))
        pull_a = pull @ POINTS - (slope - priors.slope) / priors.slope_sd**2
        pull_d = pull.sum(axis=1) - (intercept - priors.intercept) / priors.intercept_sd**2
        aa = sharp @ POINTS**2 + 1 / priors.slope_sd**2
        ad = sharp @ POINTS
        dd = sharp.sum(axis=1) + 1 / priors.intercept_sd**2
        size = aa * dd - ad**2
        step_a = np.clip((dd * pull_a - ad * pull_d) / size, -_FARTHEST, _FARTHEST)
        step_d = np.clip((aa * pull_d - ad * pull_a) / size, -_FARTHEST, _FARTHEST)
        slope = slope + np.where(priors.fixed, 0.0, step_a)
        intercept = intercept + np.where(priors.fixed, 0.0, step_d)
    return np.stack([slope, intercept])


def _leap(first: Floats, second: Floats, third: Floats) -> Floats:
    """Return a point further along the way of three rounds (SQUAREM: Varadhan & Roland 2008, steplength S3)."""
    step, bend = second - first, third - 2 * second + first
    length = min(max(float(np.linalg.norm(step)) / max(float(np.linalg.norm(bend)), 1e-12), 1.0), 8.0)
    return np.asarray(first + 2 * length * step + length**2 * bend)


def _errors(
    answers: Answers, persons: Floats, now: Floats, guessing: Floats, priors: Priors
) -> tuple[Floats, Floats, Floats]:
    """Return standard errors of slopes and intercepts and their covariance, from each person's share in the gradient
    (cross-product information: Louis 1982; Yuan, Cheng & Patton 2014), item by item."""
    chances = curves(now[0], now[1], guessing)
    factor = (chances - guessing[:, None]) / (chances * (1 - guessing[:, None]))
    # the gradient of a right answer is factor (1 - p), of a wrong one -factor p: both are factor (x - p)
    share_d = answers.right * (persons @ factor.T) - answers.given * (persons @ (factor * chances).T)
    along = persons * POINTS
    share_a = answers.right * (along @ factor.T) - answers.given * (along @ (factor * chances).T)
    aa = (share_a**2).sum(axis=0) + 1 / priors.slope_sd**2
    dd = (share_d**2).sum(axis=0) + 1 / priors.intercept_sd**2
    ad = (share_a * share_d).sum(axis=0)
    size = np.maximum(aa * dd - ad**2, 1e-9)
    free = np.where(priors.fixed, 0.0, 1.0)
    return np.sqrt(dd / size) * free, np.sqrt(aa / size) * free, -ad / size * free
