"""What a check's page promises of its levels is measured: as the product asks, with the numbers its authors give."""

from __future__ import annotations

import numpy as np
import pytest

from lantern.domain.assessments.types import RULES, SCALE
from lantern.engine import assess
from lantern.engine.assess import Item
from lantern.web.grow.views.checks import HOLDS, HOLDS_AT_THE_ENDS

CHECKS = 500
BANKS = {"a demo bank": (14, 0.25), "a good bank": (40, 0.25), "two answers each": (24, 0.5), "no guessing": (24, 0.0)}


def bank_of(size: int, guessing: float) -> assess.ItemBank:
    """Items as `create_item` makes them: difficulty where the author's level begins, sharpness 1, four parts."""
    cuts = SCALE.cuts
    return assess.compile_bank(
        Item(f"q{place}", cuts[place % len(cuts)], 1.0, guessing, "abcd"[place % 4]) for place in range(size)
    )


def held(bank: assess.ItemBank, able: float, seed: int) -> bool:
    """Tell whether the band of one simulated check holds the level of somebody so able."""
    rng = np.random.default_rng([seed, 7])
    check = assess.start(bank, SCALE, seed=seed, rules=RULES)
    while (item := assess.next_item(check)) is not None:
        knows = 1 / (1 + np.exp(-item.discrimination * (able - item.difficulty)))
        check = assess.answer(check, item.id, bool(rng.random() < item.guessing + (1 - item.guessing) * knows))
    band = assess.outcome(check).band
    return band.lowest <= SCALE.lowest + int(np.searchsorted(SCALE.cuts, able)) <= band.highest


def people(number: int) -> list[float]:
    """Abilities as they are spread, the same each time."""
    return np.random.default_rng(2026).normal(size=number).tolist()


@pytest.mark.requirement("P7.7")
@pytest.mark.parametrize("name", BANKS)
def test_of_ten_checks_as_many_hold_the_true_level_as_the_page_says(name: str) -> None:
    bank = bank_of(*BANKS[name])
    share = float(np.mean([held(bank, able, seed) for seed, able in enumerate(people(CHECKS))]))
    least, most = HOLDS
    assert (least - 0.5) / 10 <= share <= (most + 0.5) / 10, f"{name}: {share:.3f}"


@pytest.mark.requirement("P7.7")
@pytest.mark.parametrize("name", BANKS)
def test_at_the_ends_of_the_scale_fewer_hold_it_and_the_page_says_so(name: str) -> None:
    bank = bank_of(*BANKS[name])
    able = people(4000)
    least, most = HOLDS_AT_THE_ENDS
    for end in ([one for one in able if one < SCALE.cuts[0]], [one for one in able if one > SCALE.cuts[-1]]):
        share = float(np.mean([held(bank, one, seed) for seed, one in enumerate(end[: CHECKS // 2])]))
        assert (least - 0.5) / 10 <= share <= (most + 0.5) / 10, f"{name}: {share:.3f}"
