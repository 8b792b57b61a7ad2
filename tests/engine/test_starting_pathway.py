"""Why a prepared start fits somebody: her work, her level, what she wants, what she has done, how long it takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lantern.engine.starting_pathway import Her, Start, Step, fit

JOBS = {"teacher": "Teacher", "coach": "Coach"}
LEVELS = {0: "Not yet", 1: "Starting", 2: "Building", 3: "Applying", 4: "Leading others"}
START = Start(
    frozenset({"teacher"}),
    0,
    2,
    (Step(30, frozenset({"talk"})), Step(60, frozenset({"calm"})), Step(None, frozenset({"talk"}))),
)
SHE = Her("teacher", 40, years_experience=1)


def words(start: Start, her: Her) -> str:
    return " ".join(fit(start, her, JOBS, LEVELS).words)


@pytest.mark.requirement("A.1")
def test_her_work_and_her_years_say_that_it_fits() -> None:
    found = fit(START, SHE, JOBS, LEVELS)
    assert found.words[0] == "It is made for your kind of work: teacher."
    assert "suits most people in your first years" in found.words[1]
    assert (found.minutes_left, found.weeks) == (90, 3)
    assert "about 3 weeks at your 40 minutes a week" in found.words[-1]
    assert found.score > fit(START, replace(SHE, years_experience=22), JOBS, LEVELS).score


def test_another_kind_of_work_is_said_first_and_for_all_is_not_said() -> None:
    assert words(START, replace(SHE, job_kind="coach")).startswith("It is made for another kind of work: teacher.")
    assert "kind of work" not in words(replace(START, job_kinds=frozenset()), SHE)


@pytest.mark.parametrize(
    ("level", "said"),
    [(0, "you are at “Not yet” on what"), (1, "you are at “Starting” on what"), (3, "“Applying” already")],
)
def test_known_levels_come_before_years(level: int, said: str) -> None:
    her = replace(SHE, years_experience=22, levels={"talk": level, "other": 4})
    assert said in words(START, her) and "years" not in words(START, her)


def test_a_start_that_is_further_on_says_so() -> None:
    far = replace(START, level_from=2, level_to=4)
    assert "further on: you are at “Starting”" in words(far, replace(SHE, levels={"talk": 1}))
    assert "are not at" in words(far, SHE)
    assert "are not at" not in words(far, replace(SHE, years_experience=None))


def test_what_she_wants_and_what_she_has_done() -> None:
    begun = replace(START, steps=(replace(START.steps[0], done=True), *START.steps[1:]))
    her = replace(SHE, wants={"calm": "Calm rooms", "other": "Other"})
    assert "It builds what you want to grow in: Calm rooms." in words(begun, her)
    assert "You have done 1 of its 3 steps" in words(begun, her)
    done = replace(START, steps=tuple(replace(step, done=True) for step in START.steps))
    found = fit(done, replace(her, minutes_per_week=0), JOBS, LEVELS)
    assert (found.minutes_left, found.weeks) == (0, 0) and "want to grow" not in " ".join(found.words)
