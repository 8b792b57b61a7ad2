"""Few and different: a short list that keeps the best first but does not repeat itself (maximal marginal relevance,
intelligence.md B6).
"""

from __future__ import annotations

from collections.abc import Sequence

from lantern.engine.recommend.facts import Item, Ranked


def shortlist(ranked: Sequence[Ranked], size: int = 6, mix: float = 0.2, formats: int = 3) -> tuple[Ranked, ...]:
    """Return at most `size` of the ranked, the best one first; `mix` (0 to 1) is how much being different counts.

    At least `formats` kinds are among them when so many exist among the candidates with a score above half of the best.
    """
    if not ranked or size < 1:
        return ()
    rest = list(ranked)
    chosen = [rest.pop(0)]
    top = chosen[0].score
    spread = max(top - min(entry.score for entry in ranked), 1e-9)
    while rest and len(chosen) < size:
        kinds = {entry.item.kind for entry in chosen}
        open_places = size - len(chosen)
        pool = rest
        if formats - len(kinds) >= open_places:
            pool = [entry for entry in rest if entry.item.kind not in kinds and entry.score >= top / 2] or rest
        best = max(pool, key=lambda entry: _worth(entry, chosen, top, spread, mix))
        rest.remove(best)
        chosen.append(best)
    return tuple(chosen)


def _worth(entry: Ranked, chosen: Sequence[Ranked], top: float, spread: float, mix: float) -> float:
    relevance = 1 - (top - entry.score) / spread
    alike = max(_alike(entry.item, other.item) for other in chosen)
    return (1 - mix) * relevance - mix * alike


def _alike(one: Item, other: Item) -> float:
    """Return 0 (nothing in common) to 1: same kind counts half, shared competencies and topics the rest."""
    mine = {competency for competency, _ in one.competencies} | one.terms
    theirs = {competency for competency, _ in other.competencies} | other.terms
    union = len(mine | theirs)
    shared = len(mine & theirs) / union if union else 0.0
    return 0.5 * (one.kind == other.kind) + 0.5 * shared
