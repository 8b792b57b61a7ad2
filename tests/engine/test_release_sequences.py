"""No small group can be worked out from everything ever released, whatever happens in the schools (trust.md C1).

`HYPOTHESIS_PROFILE=thorough` makes it 2,000 sequences of 25 steps; figures in docs/developer/trust-releases.md.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine import release_world as worlds

STEPS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9999), st.integers(0, 9999)), min_size=25, max_size=25)


@pytest.mark.requirement("N4")
@pytest.mark.requirement("P7.9")
@given(seed=st.integers(0, 10**6), steps=STEPS)
def test_no_small_group_can_be_worked_out(seed: int, steps: list[worlds.Step]) -> None:
    world, small = worlds.run(worlds.by_design, seed, steps)
    assert small is None, world.story


MUTANTS: dict[str, tuple[worlds.Rule, dict[str, bool]]] = {
    "threshold only": (worlds.threshold_only, {}),
    "re-issue": (worlds.tree_only, {"reissues": True}),
    "cumulative": (worlds.tree_only, {"cumulative": True}),
    "extra margin": (worlds.extra_margin, {}),
}


@pytest.mark.requirement("N4")
@pytest.mark.parametrize("name", MUTANTS)
def test_each_mutant_is_caught(name: str) -> None:
    """The positive control: with one guard taken out, a small group can be worked out within a few sequences."""
    rule, kind = MUTANTS[name]
    for seed in range(40):
        world, small = worlds.run(rule, seed, worlds.random_steps(seed), **kind)
        if small is not None:
            print(f"{name}: seed {seed}, {len(small)} people, after {world.story}")
            readers = set().union(*world.readers.values())
            assert 1 <= len(small) <= worlds.LEAST or len(small - readers) < worlds.LEAST
            return
    pytest.fail("nothing was found: the auditor sees too little")


@pytest.mark.parametrize("name", MUTANTS)
def test_the_same_sequences_are_safe_by_design(name: str) -> None:
    for seed in range(5):
        assert worlds.run(worlds.by_design, seed, worlds.random_steps(seed))[1] is None
