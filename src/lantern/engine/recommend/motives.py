"""What draws an educator, held against what an item really offers: credit, colleagues, the next level, students, no
cost, a step in her work (P2.1).

Only facts of the catalog count. An item gets the points of the motive it answers best, and its words name that fact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from lantern.engine.recommend.facts import Id, Item, Learner
from lantern.engine.recommend.shelf import HIGHEST, Places, Points, Shelf, leads_others
from lantern.engine.recommend.worth import TIER_WORDS, hours_words

MOTIVES: tuple[str, ...] = (
    "credential",
    "peer_recognition",
    "own_improvement",
    "student_improvement",
    "money",
    "career",
)
"""Every motive, in the order of the page."""

BESIDE_THE_FIRST = 0.6
"""What another motive counts where she named one that draws her most."""

WITH_COLLEAGUES: Mapping[str, float] = {"community": 1.0, "coaching": 1.0, "live_session": 0.6, "conference": 0.6}
FOR_STUDENTS: Mapping[str, float] = {"strong": 1.0, "moderate": 0.8, "promising": 0.6}

LevelOf = Callable[[Learner, Id], int]
"""Says her level on a competency; `rank` knows it."""

_AHEAD: Points = np.array(
    [
        [0.0 if level <= now else 1.0 if level == now + 1 else 0.6 for level in range(HIGHEST + 1)]
        for now in range(HIGHEST + 1)
    ],
    dtype=np.float32,
)
"""How well an item answers "getting better": by her level now, then by the level it leads to (0: unknown)."""

_NONE: Places = np.array([], dtype=np.intp)


def fits(learner: Learner, shelf: Shelf, level_of: LevelOf) -> dict[str, Points]:
    """Return for each of her motives how well every item answers it, 0 to 1; where she named one that draws her most,
    the others count less.
    """
    return {
        motive: _FITS[motive](learner, shelf, level_of) * np.float32(_counts(learner, motive))
        for motive in learner.motives
        if motive in _FITS
    }


def motivation(learner: Learner, shelf: Shelf, most: float, level_of: LevelOf) -> Points:
    """Return for each item the points of the motive it answers best; nothing where she named none."""
    found = list(fits(learner, shelf, level_of).values())
    if not found:
        return _nothing(shelf)
    return np.asarray(np.max(np.stack(found), axis=0) * np.float32(most), dtype=np.float32)


def best_motive(found: Mapping[str, Points], place: int) -> str:
    """Return the motive that an item answers best, of what `fits` found; the first she named where two are equal."""
    return max(found, key=lambda motive: float(found[motive][place]), default="")


def _counts(learner: Learner, motive: str) -> float:
    named = learner.draws_most in learner.motives
    return BESIDE_THE_FIRST if named and motive != learner.draws_most else 1.0


def _nothing(shelf: Shelf) -> Points:
    return np.zeros(len(shelf.items), dtype=np.float32)


def _credential(learner: Learner, shelf: Shelf, level_of: LevelOf) -> Points:
    return np.minimum(shelf.credit_minutes / 60, 1.0).astype(np.float32)


def _peers(learner: Learner, shelf: Shelf, level_of: LevelOf) -> Points:
    given = np.where(shelf.leads_others, 0.8, 0.0).astype(np.float32)
    for kind, fit in WITH_COLLEAGUES.items():
        places = shelf.by_kind.get(kind, _NONE)
        given[places] = np.maximum(given[places], fit)
    return given


def _self(learner: Learner, shelf: Shelf, level_of: LevelOf) -> Points:
    given = _nothing(shelf)
    for competency in _hers(learner):
        found = shelf.by_competency.get(competency)
        if found is not None:
            places, levels = found
            given[places] = np.maximum(given[places], _AHEAD[level_of(learner, competency)][levels])
    return given


def _hers(learner: Learner) -> frozenset[Id]:
    named = {goal.competency for goal in learner.goals} | {need.competency for need in learner.needs}
    return learner.own_competencies | named | learner.ratings.keys()


def _students(learner: Learner, shelf: Shelf, level_of: LevelOf) -> Points:
    given = _nothing(shelf)
    given[shelf.by_modality.get("on_the_job", _NONE)] = 0.5
    for tier, fit in FOR_STUDENTS.items():
        given[shelf.by_evidence.get(tier, _NONE)] = fit
    return given


def _money(learner: Learner, shelf: Shelf, level_of: LevelOf) -> Points:
    return shelf.is_free.astype(np.float32)


def _career(learner: Learner, shelf: Shelf, level_of: LevelOf) -> Points:
    given = np.where(shelf.leads_others, 1.0, 0.0).astype(np.float32)
    places = shelf.by_kind.get("external_course", _NONE)
    given[places] = np.maximum(given[places], 0.6)
    return given


_FITS: Mapping[str, Callable[[Learner, Shelf, LevelOf], Points]] = {
    "credential": _credential,
    "peer_recognition": _peers,
    "own_improvement": _self,
    "student_improvement": _students,
    "money": _money,
    "career": _career,
}


def motive_words(motive: str, item: Item) -> str:
    """Say which fact of the item answers a motive."""
    match motive:
        case "credential":
            earned = hours_words((item.credit_minutes or 0) * 100 // 60)
            return f"It counts {earned} of credit, and a credential draws you"
        case "peer_recognition":
            with_them = item.kind in WITH_COLLEAGUES
            what = "You do it with colleagues" if with_them else "It prepares you to lead colleagues"
            return f"{what}, which draws you"
        case "own_improvement":
            level = max((level or 0 for _, level in item.competencies), default=0) or item.level or 0
            what = "It leads to the highest level" if level == HIGHEST else "It leads one level further"
            return f"{what}, and getting better draws you"
        case "student_improvement":
            shown = item.evidence in FOR_STUDENTS
            what = TIER_WORDS[item.evidence] if shown else "You try it in your own classroom"
            return f"{what}, and your students’ progress draws you"
        case "money":
            return "It is free, and what it costs matters to you"
        case _:
            what = "It prepares you to lead others" if leads_others(item) else "It is a course you can show elsewhere"
            return f"{what}, and the next step in your work draws you"
