"""How far along somebody probably is on a competency, how sure that is, why, and how it changed. One model.

`combine` is the model (evidence of several kinds, weighed by reliability and age, to a distribution over the levels
with contributions that add up), `history` the same on several days, `growth` the change between two days by the same
rulers, `estimate` the short form that pages of needs show. `elo` follows quiz answers; `from_check` and `from_quizzes`
make evidence of them. A level always belongs to one competency: nothing here sums up a person.
"""

from lantern.engine.mastery.combine import LEVELS, SUREST, Contribution, Standing, combine, history, known
from lantern.engine.mastery.elo import EloTable, QuizAnswer, Rating, replay
from lantern.engine.mastery.evidence import (
    BOTTOM,
    HALF_LIFE_DAYS,
    KINDS,
    LEAST_SURE,
    NOTHING_KNOWN,
    SD_LEAST,
    SD_MOST,
    TOP,
    BadEvidence,
    Evidence,
    Kind,
    Prior,
)
from lantern.engine.mastery.gains import Growth, GrowthPart, growth
from lantern.engine.mastery.likely_range import Estimate, Observation, estimate
from lantern.engine.mastery.sources import from_check, from_quizzes

__all__ = [
    "BOTTOM",
    "HALF_LIFE_DAYS",
    "KINDS",
    "LEAST_SURE",
    "LEVELS",
    "NOTHING_KNOWN",
    "SD_LEAST",
    "SD_MOST",
    "SUREST",
    "TOP",
    "BadEvidence",
    "Contribution",
    "EloTable",
    "Estimate",
    "Evidence",
    "Growth",
    "GrowthPart",
    "Kind",
    "Observation",
    "Prior",
    "QuizAnswer",
    "Rating",
    "Standing",
    "combine",
    "estimate",
    "from_check",
    "from_quizzes",
    "growth",
    "history",
    "known",
    "replay",
]
