"""Ablation on a real catalogue: each named part of the score, put off and on, moves ranks as it says (N5, issue 4.7).

The catalogue is the one of England's National Centre for Computing Education, 225 things as the import reads them:
titles, words, kinds, minutes, grades, subjects and programmes are its own. It names no competencies, levels, evidence
or peers, so the harness says them by the open rules below; what is measured is what a part does with such a fact, not
whether the fact is true. Whom a part should lift is said here from the facts, never from the engine's own points.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from itertools import combinations
from pathlib import Path

import pytest

from lantern.engine.recommend import (
    CreditFact,
    GoalFact,
    Item,
    Learner,
    NeedFact,
    PeerFact,
    Shelf,
    Weights,
    rank,
)
from lantern.interop.catalogue.detect import detect_and_read
from lantern.interop.catalogue.records import CatalogueRecord

GRADES = ("PK", "K", *map(str, range(1, 13)))
ABOUT = {
    "programming": r"program|python|algorithm|scratch",
    "networks": r"network|cyber|security|internet",
    "data": r"\bdata|spreadsheet|binary",
    "inclusion": r"\bsend\b|inclusi|autis|\bgirls\b|adapt|\bneeds\b",
    "leading": r"\blead|mentor|curriculum|action research|coach",
}
LEVELS = ((4, r"\blead|mentor|coach|action research"), (3, r"higher attainment|advanced|further|design"),
          (1, r"introduc|getting started|beginner|foundation|fundamental|demystif"))  # fmt: skip
TIERS = ("strong", "moderate", "promising", "rationale", "none")


def mask(*grades: str) -> int:
    return sum(1 << GRADES.index(grade) for grade in set(grades) if grade in GRADES)


def made(record: CatalogueRecord) -> Item:
    """A record as the ranking sees it, with what the catalogue does not say filled in by rule."""
    words = f"{record.title} {record.title} {record.description}".casefold()
    level = next((level for level, sign in LEVELS if re.search(sign, record.title.casefold())), 2)
    draw = zlib.crc32(record.external_id.encode())
    return Item(
        id=record.external_id, kind=record.kind, title=record.title, minutes=record.minutes, level=level,
        grades_mask=mask(*record.grades), subjects=frozenset(record.subjects), modality=record.modality,
        terms=frozenset(record.topics) or frozenset({record.kind}),
        competencies=tuple((name, level) for name, sign in ABOUT.items() if re.search(sign, words)),
        initiative=record.initiative or None, evidence=TIERS[draw % 5] if draw % 2 else "",
    )  # fmt: skip


@pytest.fixture(scope="module")
def shelf(shared_data: Path) -> Shelf:
    folder = shared_data / "catalogues" / "ncce"
    if not folder.is_dir():
        pytest.skip(f"the catalogue of the NCCE is not at {folder}")
    return Shelf.of([made(record) for record in detect_and_read(folder).records])


def peers_of(shelf: Shelf) -> Mapping[str, PeerFact]:
    """Every ninth thing was chosen by others."""
    return {item.id: PeerFact(1.0) for item in shelf.items[::9]}


def profiles(shelf: Shelf) -> dict[str, Learner]:
    """Four educators who could not be more different."""
    own = frozenset({"programming", "networks", "data"})
    licence = CreditFact("", missing=600, days_left=60)
    people = {
        "novice, grade 3": Learner(
            grades_mask=mask("3"), subjects=frozenset({"computing"}), years_experience=1, minutes_per_week=90,
            goals=(GoalFact("g", "Programs that grade 3 writes", "programming", 2),),
            needs=(NeedFact("data", "Data", 2),), liked_kinds=frozenset({"live_session"}), own_competencies=own,
            motives=("student_improvement",), credit=licence,
        ),
        "secondary expert": Learner(
            grades_mask=mask("9", "10"), subjects=frozenset({"computing"}), years_experience=22, minutes_per_week=240,
            ratings={"programming": 3, "networks": 1}, strengths=frozenset({"data"}),
            goals=(GoalFact("g", "Others teach it too", "leading", 4),), needs=(NeedFact("networks", "Networks", 3),),
            liked_kinds=frozenset({"course"}), own_competencies=own, motives=("peer_recognition",), credit=licence,
        ),
        "special education paraprofessional": Learner(
            job_kind="paraprofessional", grades_mask=mask("K", "1", "2"), years_experience=4, minutes_per_week=45,
            goals=(GoalFact("g", "Everybody takes part", "inclusion", 2),), needs=(NeedFact("programming", "It", 1),),
            liked_kinds=frozenset({"tool"}), own_competencies=frozenset({"inclusion"}), motives=("credential",),
            credit=licence, ratings={"inclusion": 1},
        ),
        "coach": Learner(
            job_kind="coach", grades_mask=mask(*GRADES), years_experience=12, minutes_per_week=120,
            goals=(GoalFact("g", "Lead a department", "leading", 4),), needs=(NeedFact("inclusion", "Inclusion", 3),),
            strengths=frozenset({"programming"}), liked_kinds=frozenset({"community", "coaching"}),
            own_competencies=frozenset({"leading"}), motives=("peer_recognition",), credit=licence,
            ratings={"leading": 3, "programming": 3},
        ),
    }  # fmt: skip
    return {name: replace(one, peers=peers_of(shelf)) for name, one in people.items()}


def level_of(item: Item, competency: str) -> int:
    return next((level or 0 for name, level in item.competencies if name == competency), -1)


def now(her: Learner, competency: str) -> int:
    years = her.years_experience or 0
    guess = 0 if years < 2 else 1 if years < 5 else 2
    return her.ratings.get(competency, 3 if competency in her.strengths else guess)


def ahead(her: Learner, item: Item, competency: str) -> bool:
    return level_of(item, competency) > now(her, competency)


Favours = Callable[[Learner, Item], bool]
UP: dict[str, Favours] = {
    "goal": lambda her, item: any(ahead(her, item, goal.competency) for goal in her.goals),
    "need": lambda her, item: any(ahead(her, item, need.competency) for need in her.needs),
    "level": lambda her, item: any(level_of(item, name) == level + 1 for name, level in her.ratings.items())
    or (not her.ratings and item.level == now(her, "") + 1),
    "work": lambda her, item: bool(item.grades_mask & her.grades_mask) and (
        not her.subjects or bool(item.subjects & her.subjects)
    ),
    "role": lambda her, item: any(name in her.own_competencies for name, _ in item.competencies),
    "time": lambda her, item: 0 < (item.minutes or 0) <= her.minutes_per_week,
    "format": lambda her, item: item.kind in her.liked_kinds,
    "peers": lambda her, item: item.id in her.peers,
    "evidence": lambda her, item: item.evidence in {"strong", "moderate", "promising"},
    "credit": lambda her, item: (item.minutes or 0) >= 60,
    "initiative": lambda her, item: item.initiative is not None,
    "strength": lambda her, item: any(level_of(item, name) == 4 for name in her.strengths),
}  # fmt: skip
DOWN: dict[str, Favours] = {
    "level": lambda her, item: any(0 < level_of(item, name) <= level for name, level in her.ratings.items()),
    "work": lambda her, item: bool(item.grades_mask) and not item.grades_mask & her.grades_mask,
    "role": lambda her, item: bool(item.competencies)
    and not any(name in her.own_competencies for name, _ in item.competencies),
    "time": lambda her, item: (item.minutes or 0) > 8 * her.minutes_per_week,
    "evidence": lambda her, item: item.evidence == "none",
}


def order(her: Learner, shelf: Shelf, weights: Weights) -> list[Item]:
    return [entry.item for entry in rank(her, shelf, weights, limit=len(shelf.items))]


def mean_place(listed: Sequence[Item], her: Learner, favours: Favours) -> float | None:
    places = [place for place, item in enumerate(listed, start=1) if favours(her, item)]
    return sum(places) / len(places) if places and len(places) < len(listed) else None


@pytest.mark.requirement("N5")
@pytest.mark.parametrize("part", UP)
def test_a_part_put_on_lifts_whom_it_names_and_lowers_whom_it_speaks_against(shelf: Shelf, part: str) -> None:
    """For nobody does it do the contrary, and over the four it moves them by a place and more; so does her slider."""
    usual = Weights()
    lifted, lowered, more = [], [], []
    for name, her in profiles(shelf).items():
        on, off = order(her, shelf, usual), order(her, shelf, replace(usual, **{part: 0.0}))
        twice = order(replace(her, sliders={part: 2.0}), shelf, usual)
        assert len(on) == len(off) == len(shelf.items) > 200
        assert off == order(replace(her, factors_off=frozenset({part})), shelf, usual), "her switch does the same"
        with_it, without, double = (mean_place(listed, her, UP[part]) for listed in (on, off, twice))
        if with_it is None or without is None or double is None:
            assert (part, on) == ("strength", off), f"{part} has nothing to say to {name}, and changes nothing"
            continue
        assert with_it <= without and double <= with_it, f"{part}, {name}: {without:.1f}, {with_it:.1f}, {double:.1f}"
        lifted.append(without - with_it)
        more.append(with_it - double)
        if part == "initiative":
            assert twice == on, "the district's part can be turned down, never up"
        if part in DOWN and (after := mean_place(on, her, DOWN[part])) is not None:
            before = mean_place(off, her, DOWN[part])
            assert before is not None and after >= before, f"{part}, {name}: {before:.1f}, {after:.1f}"
            lowered.append(after - before)
    assert sum(lifted) / len(lifted) > 1, f"{part}: {lifted}"
    assert part == "initiative" or sum(more) > 0, f"{part}: {more}"
    assert part not in DOWN or sum(lowered) / len(lowered) > 1, f"{part}: {lowered}"


@pytest.mark.requirement("A.1")
def test_the_four_are_shown_different_things_that_fit_their_work(shelf: Shelf) -> None:
    firsts = {}
    for name, her in profiles(shelf).items():
        best = order(her, shelf, Weights())[:10]
        firsts[name] = {item.id for item in best}
        fitting = sum(not item.grades_mask or bool(item.grades_mask & her.grades_mask) for item in best)
        assert fitting >= 6, f"{name}: {[item.title for item in best]}"
        assert all(not item.grades_mask or item.grades_mask & her.grades_mask for item in best[:4]), name
        assert sum(UP["goal"](her, item) or UP["need"](her, item) for item in best) >= 6, name
    for one, other in combinations(firsts, 2):
        assert len(firsts[one] & firsts[other]) <= 4, f"{one} and {other} see nearly the same"


@pytest.mark.requirement("N5")
def test_the_districts_aim_is_capped_far_below_what_she_wants_and_the_points_add_up(shelf: Shelf) -> None:
    usual = Weights()
    assert usual.initiative <= min(usual.need, usual.goal) / 4
    for name, her in profiles(shelf).items():
        for entry in rank(her, shelf, usual, limit=len(shelf.items)):
            points = {part.factor: part.points for part in entry.parts}
            assert abs(sum(points.values()) - entry.score) < 0.06, name
            assert points.get("initiative", 0) <= usual.initiative, name
    assert {field.name for field in fields(Weights)} >= set(UP), "every part that is tried has a weight"
