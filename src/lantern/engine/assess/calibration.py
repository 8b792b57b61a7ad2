"""The offline job of a bank: from stored answers to new parameters and a verdict for each question.

How far answers may speak against the author: below 200 a question keeps the author's difficulty and slope; from there
to 1,000 it is estimated around them (they are its prior: the fewer answers, the more it stays); from 1,000 on the
answers speak alone, with weak priors. Guessing is never estimated: it stays as the author set it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from lantern.engine.assess.estimation import (
    INTERCEPT_SD,
    SLOPE_SD,
    Answers,
    Estimates,
    Priors,
    curves,
    estimate,
    prepare,
)
from lantern.engine.assess.fit import Flag, ItemFit, Limits, Verdict, item_fit, judge
from lantern.engine.assess.items import GRID, Floats, Item

_LEAST_SLOPE = 0.05  # a question needs some slope to stand in a bank at all; the verdict says what to do with it


class Source(StrEnum):
    """Where parameters come from."""

    AUTHOR = "author"
    SHRUNK = "shrunk"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class CalibrationRules:
    """Answers below which the author is kept and from which answers speak alone; how far off authors are in between
    (standard deviations of a and of b); and the limits of the verdicts."""

    few: int = 200
    many: int = 1000
    author_slope_sd: float = 0.3
    author_difficulty_sd: float = 0.5
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class CalibratedItem:
    """A question with its new parameters, their standard errors (None: the author's), how many answers they rest on,
    its fit (None: too few answers), what to do with it and why."""

    item: Item
    source: Source
    answers: int
    discrimination_se: float | None
    difficulty_se: float | None
    fit: ItemFit | None
    verdict: Verdict
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """The questions in their order, how many people answered, rounds of EM, and whether those sufficed."""

    items: tuple[CalibratedItem, ...]
    persons: int
    rounds: int
    converged: bool


def calibrate(
    items: Sequence[Item],
    responses: Floats,
    rules: CalibrationRules | None = None,
    exposed: Mapping[str, float] | None = None,
) -> Calibration:
    """Return the bank calibrated anew from answers (persons × items: 1 right, 0 wrong, NaN not asked) to questions as
    their authors set them, with the share of checks that asked each.

    About 0.4 s for 5,000 persons and 40 items. Raises ValueError for a table that does not match the questions, holds
    another value, or is empty.
    """
    kept = rules or CalibrationRules()
    answers = prepare(responses)
    if answers.given.shape[1] != len(items):
        raise ValueError(f"{len(items)} questions, but answers to {answers.given.shape[1]}")
    counts = answers.given.sum(axis=0)
    guessing = np.array([item.guessing for item in items])
    found = estimate(answers, guessing, _priors(items, counts, kept))
    fits = item_fit(answers, found.persons, curves(found.slope, found.intercept, guessing))
    judged = [
        _item(item, number, int(counts[number]), found, fits[number], (exposed or {}).get(item.id, 0.0), kept)
        for number, item in enumerate(items)
    ]
    return Calibration(tuple(judged), _people(answers), found.rounds, found.converged)


def difficulty(slope: float, intercept: float) -> float:
    """Return b = -d / a, kept inside the grid."""
    return min(max(-intercept / max(slope, _LEAST_SLOPE), float(GRID[0])), float(GRID[-1]))


def _people(answers: Answers) -> int:
    return int((answers.given.sum(axis=1) > 0).sum())


def _priors(items: Sequence[Item], counts: Floats, rules: CalibrationRules) -> Priors:
    """Return the author's word as fixed, as a prior, or not at all, by the number of answers."""
    slopes = np.array([item.discrimination for item in items])
    author = np.array([-item.discrimination * item.difficulty for item in items])
    alone = counts >= rules.many
    return Priors(
        slope=np.where(alone, 1.0, slopes),
        slope_sd=np.where(alone, SLOPE_SD, rules.author_slope_sd),
        intercept=np.where(alone, 0.0, author),
        intercept_sd=np.where(alone, INTERCEPT_SD, rules.author_difficulty_sd),
        fixed=counts < rules.few,
    )


def _item(
    item: Item,
    number: int,
    count: int,
    found: Estimates,
    fit: ItemFit | None,
    seen: float,
    rules: CalibrationRules,
) -> CalibratedItem:
    slope, intercept = float(found.slope[number]), float(found.intercept[number])
    slope_se = float(found.slope_se[number])
    verdict, flags = judge(fit, count, rules.few, slope, slope_se, seen, rules.limits)
    if count < rules.few:
        return CalibratedItem(item, Source.AUTHOR, count, None, None, fit, verdict, flags)
    b = difficulty(slope, intercept)
    variance = float(found.intercept_se[number] ** 2 + b**2 * slope_se**2 + 2 * b * found.covariance[number])
    b_se = math.sqrt(max(variance, 0.0)) / max(slope, _LEAST_SLOPE)
    new = Item(item.id, b, max(slope, _LEAST_SLOPE), item.guessing, item.area)
    source = Source.SHRUNK if count < rules.many else Source.ESTIMATED
    return CalibratedItem(new, source, count, slope_se, b_se, fit, verdict, flags)
