"""What an item is worth beside its content: how well it is known to work (A.3), and how much of what her licence still
needs it counts for.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lantern.engine import credit
from lantern.engine.recommend.facts import CreditFact, Item, Learner
from lantern.engine.recommend.shelf import Places, Points, Shelf

TIERS: Mapping[str, float] = {"strong": 1.0, "moderate": 0.75, "promising": 0.5, "rationale": 0.2, "none": -0.25}
"""How much of the points each tier gives. What nobody has looked at gets none, and loses none."""

TIER_WORDS: Mapping[str, str] = {
    "strong": "Experiments show that it helps",
    "moderate": "Comparison studies show that it helps",
    "promising": "Studies show signs that it helps",
    "rationale": "There is a sound reason that it helps, not yet a study",
    "none": "Somebody looked, and nothing shows yet that it helps",
}

HURRY: tuple[tuple[int, float], ...] = ((90, 1.0), (180, 0.8), (365, 0.6))
"""Within so many days of the renewal, an item that counts gets so much of the points; later, LATER."""
LATER = 0.4

_NONE: Places = np.array([], dtype=np.intp)


def evidence(shelf: Shelf, most: float) -> Points:
    """Return for each item the points of its tier."""
    given = np.zeros(len(shelf.items), dtype=np.float32)
    for tier, share in TIERS.items():
        given[shelf.by_evidence.get(tier, _NONE)] = share * most
    return given


def credit_need(learner: Learner, shelf: Shelf, most: float) -> Points:
    """Return points for items that count towards what her licence still needs: half for counting at all, the rest by
    the share of the need that it fills, and less the further off the renewal is.
    """
    needed = learner.credit
    if needed is None or needed.missing <= 0:
        return np.zeros(len(shelf.items), dtype=np.float32)
    counts = hundredths_of(shelf, needed)
    filled = np.minimum(counts / needed.missing, 1.0)
    hurry = next((share for days, share in HURRY if needed.days_left <= days), LATER)
    return np.asarray(np.where(counts > 0, (0.5 + 0.5 * filled) * hurry * most, 0.0), dtype=np.float32)


def hundredths_of(shelf: Shelf, needed: CreditFact) -> NDArray[np.int64]:
    """Return what each item counts, by the same arithmetic as `engine.credit`, for all at once."""
    stated = shelf.credit_minutes.astype(np.int64)
    minutes = np.minimum(shelf.minutes.astype(np.int64), needed.most_minutes)
    minutes = np.where(stated > 0, np.minimum(minutes, stated), minutes)
    counts: NDArray[np.int64] = (minutes - minutes % needed.step_minutes) * 100 // needed.minutes_per_hour
    for credit_type, places in shelf.by_credit_type.items():
        if credit_type not in {"", needed.credit_type.casefold()}:
            counts[places] = 0
    return counts


def counts_for(item: Item, needed: CreditFact) -> int:
    """Return the hundredths of hours that one item counts towards the need."""
    if item.credit_type.casefold() not in {"", needed.credit_type.casefold()}:
        return 0
    most = min(needed.most_minutes, item.credit_minutes) if item.credit_minutes else needed.most_minutes
    rule = credit.CreditRule(needed.minutes_per_hour, needed.step_minutes, max(1, most))
    return credit.hours(item.minutes or 0, rule)


def credit_words(needed: CreditFact, item: Item) -> str:
    """Say how much of what the licence still needs an item counts."""
    counts = counts_for(item, needed)
    missing = hours_words(needed.missing)
    if counts >= needed.missing:
        return f"It counts all of the {missing} your licence still needs"
    return f"It counts {_number(counts)} of the {missing} your licence still needs"


def hours_words(hundredths: int) -> str:
    """Return hundredths of hours as "9 hours", "1.5 hours", "1 hour"."""
    said = _number(hundredths)
    return "1 hour" if said == "1" else f"{said} hours"


def _number(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")
