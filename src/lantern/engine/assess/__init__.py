"""The adaptive check: a few questions that place the novice and let the expert skip. It never ranks people.

Words: an *item* is a question with its parameters, a *bank* many of them made ready, a *check* one person's way through
it, a *posterior* what is known of her ability (never shown), a *band* the levels she is probably in (what is shown).

- A page: `compile_bank` once, then `start` and for each stored answer `resume`, `next_item`, and at the end `outcome`,
  `may_skip` and `place`; after learning, `growth` between two checks.
- A job: `calibrate` from stored answers, and `exposure` from the checks that were given.

Formulas and their sources stand in the modules; choices in decision 0040; figures in tests/benchmarks/bench_assess.py.
"""

from lantern.engine.assess.ability import LevelScale, Posterior, begin, level_scale, normal
from lantern.engine.assess.calibration import CalibratedItem, Calibration, CalibrationRules, Source, calibrate
from lantern.engine.assess.check import (
    AreaSign,
    Band,
    Check,
    Outcome,
    Placement,
    Rules,
    SkipDecision,
    SkipReason,
    StartReason,
    Stop,
    answer,
    may_skip,
    next_item,
    outcome,
    place,
    resume,
    start,
    stopped,
)
from lantern.engine.assess.fit import Flag, ItemFit, Limits, Reason, Verdict
from lantern.engine.assess.gains import CheckGrowth, growth
from lantern.engine.assess.items import GRID, BadItem, Item, ItemBank, compile_bank
from lantern.engine.assess.selection import Selection, exposure

__all__ = [
    "GRID",
    "AreaSign",
    "BadItem",
    "Band",
    "CalibratedItem",
    "Calibration",
    "CalibrationRules",
    "Check",
    "CheckGrowth",
    "Flag",
    "Item",
    "ItemBank",
    "ItemFit",
    "LevelScale",
    "Limits",
    "Outcome",
    "Placement",
    "Posterior",
    "Reason",
    "Rules",
    "Selection",
    "SkipDecision",
    "SkipReason",
    "Source",
    "StartReason",
    "Stop",
    "Verdict",
    "answer",
    "begin",
    "calibrate",
    "compile_bank",
    "exposure",
    "growth",
    "level_scale",
    "may_skip",
    "next_item",
    "normal",
    "outcome",
    "place",
    "resume",
    "start",
    "stopped",
]
