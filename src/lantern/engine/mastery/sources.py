"""From checks and quizzes to evidence: an ability is read as levels, with the uncertainty that it has."""

from __future__ import annotations

from lantern.engine.assess.ability import LevelScale, Posterior, normal
from lantern.engine.mastery.elo import Rating
from lantern.engine.mastery.evidence import Evidence


def from_check(posterior: Posterior, scale: LevelScale, day: float) -> Evidence:
    """Return what an adaptive check says; raises BadEvidence where the scale's levels are not 0 to 4."""
    level, sd = scale.describe(posterior.weights)
    return Evidence("check", level, day, sd)


def from_quizzes(rating: Rating, scale: LevelScale, day: float) -> Evidence | None:
    """Return what quiz answers say, or None before the first; the rating must be in the scale's logits."""
    if rating.answers == 0:
        return None
    level, sd = scale.describe(normal(rating.value, rating.sd))
    return Evidence("quiz", level, day, sd)
