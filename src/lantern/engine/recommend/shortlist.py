"""Few and different: a short list that keeps the best first but does not repeat itself (maximal marginal relevance,
Carbonell and Goldstein 1998; intelligence.md B6 and A.2).
"""

from __future__ import annotations

from collections.abc import Sequence

from lantern.engine.recommend.facts import Id, Item, Ranked

POOL = 60
"""Only so many of the ranked are looked at: B6 was measured so, and further down nothing is good enough."""

REACH = 0.5
"""An item that brings a new format must be in the better half of the pool, between its best and its worst score."""


def shortlist(ranked: Sequence[Ranked], size: int = 6, mix: float = 0.2, formats: int = 3) -> tuple[Ranked, ...]:
    """Return at most `size` of the ranked, the best one first; `mix` (B6's λ, 0 to 1) is how much being different
    counts against the score.

    At least `formats` kinds are among them (or `size`, if less) wherever the pool holds so many within REACH.
    """
    if not ranked or size < 1:
        return ()
    pool = list(ranked[:POOL])
    top, bottom = pool[0].score, min(entry.score for entry in pool)
    spread = max(top - bottom, 1e-9)
    relevance = [1 - (top - entry.score) / spread for entry in pool]
    in_reach = [good >= REACH or top - bottom < 1e-9 for good in relevance]
    tags = [_tags(entry.item) for entry in pool]
    nearest = [0.0] * len(pool)
    chosen = [0]
    while len(chosen) < min(size, len(pool)):
        last = chosen[-1]
        for place, entry in enumerate(pool):
            alike = _alike(entry.item, tags[place], pool[last].item, tags[last])
            nearest[place] = max(nearest[place], alike)
        kinds = {pool[place].item.kind for place in chosen}
        rest = [place for place in range(len(pool)) if place not in chosen]
        if formats - len(kinds) >= size - len(chosen):
            fresh = [place for place in rest if pool[place].item.kind not in kinds and in_reach[place]]
            rest = fresh or rest
        chosen.append(max(rest, key=lambda place: (1 - mix) * relevance[place] - mix * nearest[place]))
    return tuple(pool[place] for place in chosen)


def _tags(item: Item) -> frozenset[Id]:
    return item.terms | item.subjects | {competency for competency, _level in item.competencies}


def _alike(one: Item, mine: frozenset[Id], other: Item, theirs: frozenset[Id]) -> float:
    """Return 0 (nothing in common) to 1: the same kind counts half, the share of common tags the rest."""
    common = len(mine & theirs)
    union = len(mine) + len(theirs) - common
    shared = common / union if union else 0.0
    return 0.5 * (one.kind == other.kind) + 0.5 * shared
