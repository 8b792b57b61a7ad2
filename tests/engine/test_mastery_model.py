"""One model of mastery: contributions that add up, evidence fades, growth by the same rulers, quizzes count."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lantern.engine import assess
from lantern.engine.mastery import (
    KINDS,
    LEAST_SURE,
    SUREST,
    TOP,
    BadEvidence,
    EloTable,
    Evidence,
    Kind,
    Prior,
    QuizAnswer,
    Rating,
    combine,
    from_check,
    from_quizzes,
    growth,
    history,
    known,
    replay,
)
from lantern.engine.mastery.evidence import weight

SCALE = assess.level_scale((-1.0, 0.0, 1.0))
YEAR = 365.0


def test_nothing_known_is_the_whole_scale() -> None:
    found = combine([], now=10)
    assert (found.level, found.sd, found.contributions) == (2.0, LEAST_SURE, ())
    low, high = found.interval()
    assert low < 0.02 and high > 3.98
    assert max(found.levels.values()) < 0.3


def test_a_fading_old_rating_loses_against_a_fresh_check() -> None:
    check = assess.begin(assess.normal(-1.5, 0.4))
    found = combine([Evidence("own_rating", 4, day=0), from_check(check, SCALE, day=2 * YEAR)], now=2 * YEAR)
    assert found.level < 2 and found.contributions[0].evidence.kind == "check"
    fresh = combine([Evidence("own_rating", 4, day=2 * YEAR), from_check(check, SCALE, day=2 * YEAR)], now=2 * YEAR)
    assert found.level < fresh.level and found.contributions[0].share > fresh.contributions[0].share


def test_a_page_can_show_why_by_hand() -> None:
    found = combine([Evidence("own_rating", 4, day=0), Evidence("evaluation", 3, day=0)], now=0)
    # weights 1 and 3, the prior 1/4: (2 / 4 + 4 + 9) / 4.25
    assert found.level == pytest.approx(13.5 / 4.25)
    assert [(part.evidence.kind, part.weight) for part in found.contributions] == [("evaluation", 3), ("own_rating", 1)]
    assert [part.effect for part in found.contributions] == [pytest.approx(3 / 4.25), pytest.approx(2 / 4.25)]


def test_one_voice_of_a_kind_counts_once_and_two_coaches_count_twice() -> None:
    old, new = Evidence("own_rating", 1, day=0), Evidence("own_rating", 3, day=50)
    found = combine([old, new], now=60)
    assert found == combine([new, old], now=60) and found.older == (old,)
    one = [Evidence("coach_observation", 3, 0, giver="coach")]
    two = [*one, Evidence("coach_observation", 3, 0, giver="another")]
    assert combine(two, 0).sd < combine(one, 0).sd
    repeated = combine([*one, *one, *one], 0)
    assert (repeated.level, repeated.sd) == (combine(one, 0).level, combine(one, 0).sd)


def test_what_was_finished_lifts_once_and_never_lowers() -> None:
    rated = Evidence("own_rating", 3, 0)
    low, high = Evidence("completed", 2, 0), Evidence("completed", 4, 0)
    alone, lifted = combine([rated], 0), combine([rated, low, high, high], 0)
    assert lifted.level > alone.level and len(lifted.contributions) == 2
    assert len(lifted.no_lift) == 2 and low in lifted.no_lift
    assert combine([rated, low], 0).level == alone.level
    both = combine([rated, high, Evidence("micro_credential", 4, 0)], 0)
    assert both.level > lifted.level


def test_a_line_over_time_knows_only_what_was_known_then() -> None:
    evidence = [Evidence("own_rating", 1, 0), Evidence("check", 3, 400, sd=0.5)]
    before, first, year, later = history(evidence, [-1, 0, YEAR, 400])
    assert before.contributions == () and first.level < year.level < later.level
    assert first.sd < year.sd > later.sd
    assert year.level < 2, "it fades toward the middle, not past it"


def test_disagreement_makes_less_sure() -> None:
    agree = combine([Evidence("evaluation", 3, 0), Evidence("coach_observation", 3, 0)], 0)
    differ = combine([Evidence("evaluation", 4, 0), Evidence("coach_observation", 1, 0)], 0)
    assert differ.sd > agree.sd


def test_kinds_and_prior_can_be_tuned() -> None:
    one = [Evidence("peer", 4, 0)]
    assert combine(one, 0, kinds={"peer": Kind(9.0)}).level > combine(one, 0).level
    assert combine([], 0, prior=Prior(1.0, 0.8)).level == 1.0


kinds = st.sampled_from([*KINDS, "unknown"])
evidences = st.lists(
    st.builds(
        Evidence,
        kind=kinds,
        level=st.floats(0, 4),
        day=st.floats(0, 2000),
        sd=st.none() | st.floats(0.2, 2),
        giver=st.sampled_from(["", "a", "b"]),
    ),
    max_size=10,
)


@given(evidences)
def test_contributions_add_up_and_everything_is_accounted_for(given_ones: list[Evidence]) -> None:
    found = combine(given_ones, now=2000)
    assert found.begins + sum(part.effect for part in found.contributions) == pytest.approx(found.level)
    assert sum(part.share for part in found.contributions) < 1
    assert len(found.contributions) + len(found.older) + len(found.no_lift) == len(given_ones)
    assert 0 <= found.level <= TOP and SUREST <= found.sd <= LEAST_SURE
    low, high = found.interval(0.8)
    assert 0 <= low <= found.level <= high <= TOP
    assert sum(found.levels.values()) == pytest.approx(1) and min(found.levels.values()) >= 0


@given(st.floats(0, 4), st.sampled_from(sorted(KINDS)), st.floats(0, 1000), st.floats(1, 1000))
def test_what_is_older_says_less_and_less_surely(level: float, kind: str, age: float, more: float) -> None:
    one = [Evidence(kind, level, 0)]
    younger, older = combine(one, age), combine(one, age + more)
    assert abs(older.level - 2) <= abs(younger.level - 2) + 1e-9
    assert older.sd >= younger.sd - 1e-9


@given(evidences, st.floats(0, 4), st.sampled_from(["completed", "micro_credential"]))
def test_one_more_thing_finished_never_lowers(given_ones: list[Evidence], level: float, kind: str) -> None:
    before = combine(given_ones, now=2000).level
    assert combine([*given_ones, Evidence(kind, level, 2000)], now=2000).level >= before - 1e-9


@given(evidences)
def test_the_order_does_not_matter(given_ones: list[Evidence]) -> None:
    for one, other in itertools.combinations(given_ones, 2):
        assume((one.kind, one.giver, one.day) != (other.kind, other.giver, other.day))
    turned = combine(given_ones[::-1], now=2000)
    assert turned.level == pytest.approx(combine(given_ones, now=2000).level)


@pytest.mark.requirement("P7.7")
def test_growth_compares_like_with_like_and_says_how_sure_it_is() -> None:
    evidence = [
        Evidence("own_rating", 2, 0),
        Evidence("check", 1.5, 1, sd=0.5),
        Evidence("check", 3.0, 200, sd=0.5),
        Evidence("own_rating", 2, 210),
        Evidence("evaluation", 4, 205),
        Evidence("completed", 4, 205),
    ]
    found = growth(evidence, since=30, until=220)
    assert found is not None and 0 < found.mean < 1.5 and found.low < found.mean < found.high
    assert {part.before.kind for part in found.parts} == {"own_rating", "check"}, "the evaluation is new: no ruler"
    assert sum(part.effect for part in found.parts) == pytest.approx(found.mean)
    assert sum(part.share for part in found.parts) == pytest.approx(1)
    checks = growth([one for one in evidence if one.kind == "check"], since=30, until=220)
    assert checks is not None and checks.mean == pytest.approx(1.5) and checks.rose > 0.95
    assert growth(evidence[4:], since=30, until=220) is None
    with pytest.raises(ValueError, match="first day"):
        growth(evidence, since=5, until=5)


def test_evidence_that_cannot_be_is_refused() -> None:
    for field, values in (("level", (5.0, 0.0)), ("day", (1.0, float("nan")))):
        with pytest.raises(BadEvidence, match=field):
            Evidence("own_rating", *values)
    for sd in (0.0, -1.0, 1e-200, 0.04, 11.0, float("inf"), float("nan")):
        with pytest.raises(BadEvidence, match="sd"):
            Evidence("check", 2.0, 0.0, sd)


def answers(person: str, skill: str, rights: list[bool]) -> list[QuizAnswer]:
    return [QuizAnswer(person, skill, f"task {n % 5}", right) for n, right in enumerate(rights)]


def test_elo_moves_as_the_formula_says() -> None:
    table = EloTable()
    assert table.observe(QuizAnswer("ana", "questioning", "t", True)) == 0.5
    assert table.persons["ana"] == Rating(0.15, 1) and table.skills["ana", "questioning"] == Rating(0.3, 1)
    assert table.tasks["t"] == Rating(-0.5, 1)
    assert table.expected(QuizAnswer("ana", "questioning", "t", True)) == pytest.approx(1 / (1 + 2.718281828**-0.95))
    table.observe(QuizAnswer("ana", "questioning", "known", False, difficulty=0.4))
    assert "known" not in table.tasks, "a calibrated task keeps its difficulty"


def test_repeated_right_answers_lift_the_skill_and_others_a_little() -> None:
    table = replay(answers("ana", "questioning", [True] * 15))
    table = replay(answers("ben", "questioning", [False] * 15), table)
    assert table.skill("ana", "questioning").value > table.skill("ana", "feedback").value > 0
    assert table.skill("ben", "questioning").value < 0
    assert table.skill("ana", "questioning").sd < Rating().sd == 1.0


def test_a_quiz_enters_the_combination_and_nothing_enters_before_the_first_answer() -> None:
    table = replay(answers("ana", "questioning", [True] * 20))
    one = from_quizzes(table.skill("ana", "questioning"), SCALE, day=5)
    assert one is not None and from_quizzes(table.skill("ana", "feedback"), SCALE, day=5) is None
    found = combine([one], now=5)
    assert found.level > 2.5 and found.contributions[0].weight <= KINDS["quiz"].weight


def test_a_check_starts_a_skill_and_does_not_overrule_answers() -> None:
    table = EloTable()
    table.begin("ana", "questioning", assess.begin(assess.normal(1.2, 0.7)))
    begun = table.skill("ana", "questioning")
    assert begun.value == pytest.approx(1.2, abs=0.02) and begun.sd == pytest.approx(0.7, abs=0.02)
    table.begin("ana", "questioning", assess.begin(assess.normal(-2, 0.7)))
    assert table.skill("ana", "questioning") == begun


def test_elo_tells_the_able_from_others_and_predicts_better_than_the_mean() -> None:
    luck = random.Random(4)
    ability = {f"p{n}": luck.gauss(0, 1) for n in range(60)}
    given_ones = []
    for person, theta in ability.items():
        for turn in range(40):
            hard = (turn % 5 - 2) / 2
            chance = 1 / (1 + 2.718281828 ** -(theta - hard))
            given_ones.append(QuizAnswer(person, "s", f"t{turn % 5}", luck.random() < chance))
    luck.shuffle(given_ones)
    table = EloTable()
    missed = [(table.observe(one) - one.right) ** 2 for one in given_ones][len(given_ones) // 2 :]
    assert sum(missed) / len(missed) < 0.225  # always guessing the mean share would miss by 0.25
    order = sorted(ability, key=ability.__getitem__)
    found = [table.skill(person, "s").value for person in order]
    assert max(found[:15]) < sum(found) / 60 + 0.5 and sum(found[45:]) > sum(found[:15])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["own_rating", "check", "completed", "micro_credential"]),
            st.sampled_from([0.0, 1.0, 2.0, 2.5, 4.0]), st.integers(-2000, 0),
        ),
        min_size=1, max_size=7,
    )
)  # fmt: skip
def test_with_nothing_assumed_the_lifts_are_the_best_choice_and_are_found_at_once(
    said: list[tuple[str, float, int]],
) -> None:
    """Where only finished things speak, too; one of each kind that lifts, and the choice that lifts most."""
    evidence = [Evidence(kind, level, day, giver=str(number)) for number, (kind, level, day) in enumerate(said)]
    lifting = [one for one in evidence if KINDS[one.kind].lifts_only]
    counted = [one for one in evidence if not KINDS[one.kind].lifts_only]
    choices: list[list[Evidence]] = [[]]
    for kind in ("completed", "micro_credential"):
        ones = [one for one in lifting if one.kind == kind]
        choices += [[*choice, one] for choice in choices for one in ones]

    def level(chosen: list[Evidence]) -> float:
        weights = [weight(one, 0) for one in [*counted, *chosen]]
        return sum(w * one.level for w, one in zip(weights, [*counted, *chosen], strict=True)) / sum(weights)

    best = max(level(choice) for choice in choices if choice or counted)
    assert known(evidence, 0).level == pytest.approx(best, abs=1e-6)
    with pytest.raises(ValueError, match="nothing"):
        known(evidence, -3000)
