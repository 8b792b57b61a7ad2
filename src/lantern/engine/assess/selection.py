"""Which question comes next: the ones that tell most about where she probably is, one of the best four at random.

- *Information*: the mean of Fisher's information over the posterior (van der Linden 1998, "Bayesian item selection
  criteria for adaptive testing"), which asks well even while little is known.
- *Exposure*: one at random among the best (Kingsbury & Zara 1989), and questions that too large a share of checks has
  seen rest (restricted maximum information: Revuelta & Ponsoda 1998).
- *Content*: no sub-competency gets ahead of its share by a whole question (after Kingsbury & Zara 1989).

When these leave nothing, exposure gives way first, content second, and what tells nothing is never asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from lantern.engine.assess.ability import Posterior
from lantern.engine.assess.items import ItemBank

_WORD = (1 << 64) - 1
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Selection:
    """How to choose: `best` to draw from, the share of checks a question may be in, the least information worth a
    question (a check ends below it), and each sub-competency's share (none: equal shares)."""

    best: int = 4
    most_exposed: float = 0.5
    informative: float = 0.05
    shares: Mapping[str, float] | None = None


def exposure(checks: Iterable[Collection[str]]) -> dict[str, float]:
    """Return for each question the share of these checks that it was asked in, 0 to 1."""
    asked: Counter[str] = Counter()
    count = 0
    for ids in checks:
        count += 1
        asked.update(set(ids))
    return {item: times / count for item, times in asked.items()}


def resting(bank: ItemBank, rates: Mapping[str, float], rules: Selection) -> frozenset[int]:
    """Return the numbers of the questions that rest because too many checks had them."""
    return frozenset(bank.index[item.id] for item in bank.items if rates.get(item.id, 0.0) > rules.most_exposed)


def area_shares(bank: ItemBank, rules: Selection) -> tuple[float, ...]:
    """Return the share of each sub-competency of the bank, in its order, summing to 1; raises ValueError where the
    wanted shares name none of them, or one is negative."""
    if rules.shares is None:
        return (1 / len(bank.area_names),) * len(bank.area_names)
    wanted = [rules.shares.get(name, 0.0) for name in bank.area_names]
    if min(wanted) < 0 or sum(wanted) <= 0:
        raise ValueError("shares of sub-competencies are not negative and not all 0")
    return tuple(share / sum(wanted) for share in wanted)


def choose(
    bank: ItemBank,
    posterior: Posterior,
    asked: Sequence[int],
    rested: frozenset[int],
    shares: Sequence[float],
    rules: Selection,
    seed: int,
) -> int | None:
    """Return the number of the next question, or None when no question left tells anything.

    `asked` are numbers in the bank, `rested` comes from `resting`, `shares` from `area_shares`. The same arguments
    give the same question.
    """
    told = bank.information @ posterior.weights
    order = np.argsort(-told, kind="stable").tolist()
    enough, before = int(np.count_nonzero(told >= rules.informative)), set(asked)
    left = [number for number in order[:enough] if number not in before]
    if not left:
        return None
    behind = _behind(bank, asked, shares)
    due = [number for number in left if behind[bank.areas[number]]]
    candidates = _first(due, rested, rules.best) or due or _first(left, rested, rules.best) or left
    return candidates[_draw(seed, len(asked)) % min(rules.best, len(candidates))]


def _behind(bank: ItemBank, asked: Sequence[int], shares: Sequence[float]) -> list[bool]:
    """Return for each sub-competency whether one more question would keep it within a whole one of its share."""
    given = [0] * len(shares)
    for number in asked:
        given[bank.areas[number]] += 1
    turn = len(asked) + 1
    return [had < share * turn - _ROUNDING for had, share in zip(given, shares, strict=True)]


def _first(numbers: list[int], rested: frozenset[int], count: int) -> list[int]:
    """Return the first so many that do not rest."""
    return list(islice((number for number in numbers if number not in rested), count))


def _draw(seed: int, turn: int) -> int:
    """Return 64 well-mixed bits of seed and turn (splitmix64): a draw without the cost of a generator's start."""
    mixed = (seed * 0x9E3779B97F4A7C15 + (turn + 1) * 0xD1B54A32D192ED03) & _WORD
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _WORD
    return mixed ^ (mixed >> 31)
