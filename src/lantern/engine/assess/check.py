"""A short adaptive check from the first question to what it lets her do: skip, or start here. Pure and replayable.

A check is a value: bank, levels, rules, seed and the answers so far. The same answers give the same next question, so
that a page stores answers only (`resume`). It ends after twelve questions, earlier when one level is probable enough,
or when no question left tells anything. Its outcome is a band of levels with their probabilities, never a score and
never a place among people: four levels are right about two times in three after so few questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from lantern.engine.assess.ability import LevelScale, Posterior, begin, normal
from lantern.engine.assess.items import GRID, Floats, Item, ItemBank
from lantern.engine.assess.selection import Selection, area_shares, choose, resting


class Stop(StrEnum):
    """Why a check ended."""

    SURE = "sure"
    LONG_ENOUGH = "long_enough"
    NOTHING_TO_ASK = "nothing_to_ask"


class SkipReason(StrEnum):
    """Why somebody may skip, or not: the answers show it; they do not; too few were given to tell."""

    SHOWN = "shown"
    NOT_SHOWN = "not_shown"
    TOO_FEW_ANSWERS = "too_few_answers"


class StartReason(StrEnum):
    """Why one starts here: at the beginning; because what lies below was shown; everything was shown."""

    FROM_THE_BEGINNING = "from_the_beginning"
    BELOW_IS_SHOWN = "below_is_shown"
    ALL_IS_SHOWN = "all_is_shown"


@dataclass(frozen=True, slots=True)
class Rules:
    """When a check ends and what it must show: questions at least and at most, the probability of one level that ends
    it, that of the band it reports, and that of a level for it to count as shown."""

    least: int = 5
    most: int = 12
    sure: float = 0.85
    band: float = 0.8
    shown: float = 0.9
    selection: Selection = field(default_factory=Selection)


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """A check under way: numbers of the questions asked, whether each was answered right, what is known by now."""

    bank: ItemBank
    scale: LevelScale
    rules: Rules
    seed: int
    rested: frozenset[int]
    shares: tuple[float, ...]
    posterior: Posterior
    asked: tuple[int, ...] = ()
    right: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """Neighbouring levels that she is in with this probability: as few as reach it."""

    lowest: int
    highest: int
    probability: float


@dataclass(frozen=True, slots=True)
class AreaSign:
    """A sub-competency in this check: questions asked, answered right, and expected right at her probable ability."""

    area: str
    asked: int
    right: int
    expected: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found: a band, the probability of each level, why it ended (None: it goes on), and the signs of each
    sub-competency, the one furthest below what was expected first."""

    band: Band
    levels: Mapping[int, float]
    answers: int
    stopped: Stop | None
    areas: tuple[AreaSign, ...]


@dataclass(frozen=True, slots=True)
class SkipDecision:
    """Whether what leads to `level` may be skipped, why, the probability of that level or more, and what is asked."""

    may_skip: bool
    reason: SkipReason
    level: int
    probability: float
    needed: float
    answers: int


@dataclass(frozen=True, slots=True)
class Placement:
    """Where to start: the highest level shown, the next one to work towards (None: all is shown), why, with the
    probability of the level shown, and sub-competencies to begin with, those furthest below expectation first."""

    shown: int
    towards: int | None
    reason: StartReason
    probability: float
    begin_with: tuple[str, ...]


def start(
    bank: ItemBank,
    scale: LevelScale,
    seed: int,
    rules: Rules | None = None,
    prior: Floats | None = None,
    exposed: Mapping[str, float] | None = None,
) -> Check:
    """Return a check before its first question: from a prior (81; none: normal) and the exposure of questions so far.

    Raises ValueError for rules, shares or a prior that cannot be kept.
    """
    kept = rules or Rules()
    if not (1 <= kept.least <= kept.most and kept.selection.best >= 1):
        raise ValueError("a check asks at least one question, and draws from at least one")
    if not all(0 < share <= 1 for share in (kept.sure, kept.band, kept.shown)):
        raise ValueError("probabilities in the rules are above 0 and at most 1")
    return Check(
        bank=bank,
        scale=scale,
        rules=kept,
        seed=seed,
        rested=resting(bank, exposed or {}, kept.selection),
        shares=area_shares(bank, kept.selection),
        posterior=begin(normal() if prior is None else prior),
    )


def answer(check: Check, item: str, right: bool) -> Check:
    """Return the check with one more answer.

    Raises KeyError for a question the bank does not have, and ValueError for one that was answered before.
    """
    number = check.bank.index[item]
    if number in check.asked:
        raise ValueError(f"question {item!r} was answered before")
    posterior = check.posterior.after(check.bank, number, right)
    return replace(check, posterior=posterior, asked=(*check.asked, number), right=(*check.right, right))


def resume(check: Check, answers: Iterable[tuple[str, bool]]) -> Check:
    """Return the check with stored answers, in their order; those to questions since taken out of the bank are left
    out, since nothing is known of them any more."""
    for item, right in answers:
        if item in check.bank.index:
            check = answer(check, item, right)
    return check


def next_item(check: Check) -> Item | None:
    """Return the next question, or None when the check is over (`stopped` says why)."""
    if _is_decided(check) is not None:
        return None
    number = _choose(check)
    return None if number is None else check.bank.items[number]


def stopped(check: Check) -> Stop | None:
    """Return why the check is over, or None while there is something to ask."""
    decided = _is_decided(check)
    if decided is None and _choose(check) is None:
        return Stop.NOTHING_TO_ASK
    return decided


def outcome(check: Check) -> Outcome:
    """Return what the check found so far."""
    chances = check.scale.probabilities(check.posterior.weights)
    return Outcome(
        band=_band(chances, check.scale.lowest, check.rules.band),
        levels=dict(zip(check.scale.levels, chances, strict=True)),
        answers=len(check.asked),
        stopped=stopped(check),
        areas=_signs(check),
    )


def may_skip(check: Check, level: int) -> SkipDecision:
    """Return whether the answers show this level or more, so that what leads to it may be skipped.

    Raises ValueError for the lowest level, which nobody needs to show, and for one that the scale does not have.
    """
    if level == check.scale.lowest:
        raise ValueError("the lowest level is where everybody starts; there is nothing to skip")
    probability = check.scale.at_least(check.posterior.weights, level)
    if len(check.asked) < check.rules.least:
        reason = SkipReason.TOO_FEW_ANSWERS
    else:
        reason = SkipReason.SHOWN if probability >= check.rules.shown else SkipReason.NOT_SHOWN
    return SkipDecision(reason is SkipReason.SHOWN, reason, level, probability, check.rules.shown, len(check.asked))


def place(check: Check) -> Placement:
    """Return where to start: after the highest level that the answers show, at the beginning where they show none."""
    shown, probability = check.scale.lowest, 1.0
    for level in check.scale.levels[1:]:
        decision = may_skip(check, level)
        if decision.may_skip:
            shown, probability = level, decision.probability
    top = shown == check.scale.levels[-1]
    reason = StartReason.ALL_IS_SHOWN if top else StartReason.BELOW_IS_SHOWN
    if shown == check.scale.lowest:
        reason = StartReason.FROM_THE_BEGINNING
    weak = tuple(sign.area for sign in _signs(check) if sign.right < sign.expected)
    return Placement(shown, None if top else shown + 1, reason, probability, weak)


def _is_decided(check: Check) -> Stop | None:
    count = len(check.asked)
    if count >= check.rules.most:
        return Stop.LONG_ENOUGH
    if count >= check.rules.least and max(check.scale.probabilities(check.posterior.weights)) >= check.rules.sure:
        return Stop.SURE
    return None


def _choose(check: Check) -> int | None:
    return choose(
        check.bank, check.posterior, check.asked, check.rested, check.shares, check.rules.selection, check.seed
    )


def _band(chances: tuple[float, ...], lowest: int, wanted: float) -> Band:
    """Return the shortest run of levels with the wanted probability; the likeliest among equally short ones."""
    for length in range(1, len(chances)):
        runs = [(sum(chances[first : first + length]), first) for first in range(len(chances) - length + 1)]
        probability, first = max(runs)
        if probability >= wanted:
            return Band(lowest + first, lowest + first + length - 1, probability)
    return Band(lowest, lowest + len(chances) - 1, 1.0)


def _signs(check: Check) -> tuple[AreaSign, ...]:
    bank, place_on_grid = check.bank, int(np.abs(GRID - check.posterior.mean).argmin())
    answered = list(zip(check.asked, check.right, strict=True))
    signs = []
    for number, name in enumerate(bank.area_names):
        mine = [(item, right) for item, right in answered if bank.areas[item] == number]
        expected = sum(float(bank.right[item, place_on_grid]) for item, _ in mine)
        signs.append(AreaSign(name, len(mine), sum(right for _, right in mine), round(expected, 3)))
    return tuple(sorted(signs, key=lambda sign: (sign.right - sign.expected, sign.area)))
