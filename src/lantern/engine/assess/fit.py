"""How well each question does what its parameters promise, as statistics and as a verdict with its reasons in data.

Every answer is compared with what was expected of that person from her *other* answers only (her distribution with
this item's part divided out), so that the statistics are right for missing and adaptive answers and do not flatter.

- *Infit, outfit*: mean squared residuals, weighted by information or not (Wright & Masters 1982); 1 is as expected.
- *Misfit*: observed and expected shares in ten groups of ability, as in S-X2 and Yen's Q1 (Orlando & Thissen 2000; Yen
  1981), as a normal deviate (Wilson & Hilferty 1931), with the root mean squared gap (RMSD) for its size.
- *Item-rest correlation*: point-biserial of the answer with the ability by the other answers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from lantern.engine.assess.estimation import POINTS, Answers
from lantern.engine.assess.items import Floats

_GROUPS, _IN_A_GROUP = 10, 10
LEAST_FOR_FIT = 2 * _IN_A_GROUP + 10


@dataclass(frozen=True, slots=True)
class ItemFit:
    """Statistics of a question: the module says what they are. `misfit` is a standard normal deviate, `gap` (RMSD) and
    `share_right` lie from 0 to 1."""

    infit: float
    outfit: float
    misfit: float
    gap: float
    item_rest: float
    share_right: float


class Verdict(StrEnum):
    """What to do with a question."""

    KEEP = "keep"
    LOOK_AT = "look_at"
    RETIRE = "retire"


class Reason(StrEnum):
    """What was noticed about a question."""

    TOO_FEW_ANSWERS = "too_few_answers"
    WRONG_KEY = "wrong_key"
    TELLS_NOTHING = "tells_nothing"
    TELLS_LITTLE = "tells_little"
    TOO_SHARP = "too_sharp"
    TOO_EASY = "too_easy"
    TOO_HARD = "too_hard"
    DOES_NOT_FIT = "does_not_fit"
    SEEN_TOO_OFTEN = "seen_too_often"


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing noticed: what, the value found, and the limit it passed."""

    reason: Reason
    value: float
    limit: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a question is noticed: discriminations, shares of right answers, misfit (deviate and gap, both needed),
    infit and outfit, and the share of checks that asked it."""

    little: float = 0.5
    sharp: float = 3.0
    easy: float = 0.97
    hard: float = 0.05
    misfit: float = 3.0
    gap: float = 0.06
    square: float = 1.3
    seen: float = 0.6


def item_fit(answers: Answers, persons: Floats, chances: Floats) -> list[ItemFit | None]:
    """Return the fit of each item (None below 30 answers) for distributions (persons × 37) and curves (items × 37)."""
    return [_fit_one(answers, persons, chances[item], item) for item in range(len(chances))]


def _fit_one(answers: Answers, persons: Floats, curve: Floats, item: int) -> ItemFit | None:
    given = answers.given[:, item] > 0
    right = answers.right[given, item]
    if len(right) < LEAST_FOR_FIT:
        return None
    others = persons[given] / np.where(right[:, None] > 0, curve, 1 - curve)
    others /= others.sum(axis=1, keepdims=True)
    expected, ability = others @ curve, others @ POINTS
    variance = expected * (1 - expected)
    squared = (right - expected) ** 2
    misfit, gap = _by_groups(right, expected, variance, ability)
    return ItemFit(
        infit=float(squared.sum() / variance.sum()),
        outfit=float((squared / variance).mean()),
        misfit=misfit,
        gap=gap,
        item_rest=_correlation(right, ability),
        share_right=float(right.mean()),
    )


def _by_groups(right: Floats, expected: Floats, variance: Floats, ability: Floats) -> tuple[float, float]:
    """Return misfit as a normal deviate, and its size, over groups of about equally able people."""
    groups = max(3, min(_GROUPS, len(right) // _IN_A_GROUP))
    chunks = np.array_split(np.argsort(ability, kind="stable"), groups)
    off = np.array([(right[chunk] - expected[chunk]).sum() for chunk in chunks])
    spread = np.array([variance[chunk].sum() for chunk in chunks])
    sizes = np.array([len(chunk) for chunk in chunks])
    ratio, free = float((off**2 / spread).sum()) / (groups - 2), 2 / (9 * (groups - 2))
    gap = math.sqrt(float((off**2 / sizes).sum()) / len(right))
    return (ratio ** (1 / 3) - (1 - free)) / math.sqrt(free), gap


def _correlation(right: Floats, ability: Floats) -> float:
    """Return the point-biserial correlation; 0 where all answered alike."""
    spread = float(right.std() * ability.std())
    return float(((right - right.mean()) * (ability - ability.mean())).mean()) / spread if spread > 0 else 0.0


def judge(
    fit: ItemFit | None, answers: int, few: int, slope: float, slope_se: float, seen: float, limits: Limits
) -> tuple[Verdict, tuple[Flag, ...]]:
    """Return what to do with an item and why, gravest first; below `few` answers nothing is retired."""
    grave = _grave(fit, answers, slope, slope_se, limits)
    flags = [*grave, *_light(fit, slope, limits)] if fit else []
    if answers < few:  # against parameters that were not estimated, misfit says that the author was off
        flags = [flag for flag in flags if flag.reason is not Reason.DOES_NOT_FIT]
    if seen > limits.seen:
        flags.append(Flag(Reason.SEEN_TOO_OFTEN, seen, limits.seen))
    verdict = Verdict.LOOK_AT if flags else Verdict.KEEP
    if answers < few:
        flags.append(Flag(Reason.TOO_FEW_ANSWERS, answers, few))
    elif grave:
        verdict = Verdict.RETIRE
    return verdict, tuple(flags)


def _grave(fit: ItemFit | None, answers: int, slope: float, slope_se: float, limits: Limits) -> Sequence[Flag]:
    """Return what retires an item: the able answer it wrong, or it surely tells nothing."""
    if fit is None:
        return ()
    chance = 2 / math.sqrt(answers)  # two standard errors of a correlation of 0
    if fit.item_rest < -chance:
        return (Flag(Reason.WRONG_KEY, fit.item_rest, -chance),)
    if slope_se > 0 and slope + 2 * slope_se < limits.little:
        return (Flag(Reason.TELLS_NOTHING, slope, limits.little),)
    return ()


def _light(fit: ItemFit, slope: float, limits: Limits) -> Sequence[Flag]:
    """Return what asks for a human eye."""
    square = max(fit.infit, fit.outfit)
    noticed = (
        (slope < limits.little, Reason.TELLS_LITTLE, slope, limits.little),
        (slope > limits.sharp, Reason.TOO_SHARP, slope, limits.sharp),
        (fit.share_right > limits.easy, Reason.TOO_EASY, fit.share_right, limits.easy),
        (fit.share_right < limits.hard, Reason.TOO_HARD, fit.share_right, limits.hard),
        (fit.misfit > limits.misfit and fit.gap > limits.gap, Reason.DOES_NOT_FIT, fit.gap, limits.gap),
        (square > limits.square, Reason.DOES_NOT_FIT, square, limits.square),
    )
    return [Flag(reason, value, limit) for found, reason, value, limit in noticed if found]
