"""From own words to competencies."""

from __future__ import annotations

from lantern.engine.matching import Candidate, find, prepare
from tests.limits import bounded_work

CANDIDATES = [
    Candidate("questions", "Asking good questions", "Plan questions that make every learner think."),
    Candidate("feedback", "Feedback that moves learning", "Give feedback learners can act on.", "marking comments"),
    Candidate("calm", "Calm classrooms", "Set routines so that behaviour supports learning.", "transitions, entry"),
    Candidate("families", "Working with families", "Share progress with parents and carers."),
]
READY = prepare(CANDIDATES)


def best(text: str) -> object:
    found = find(text, READY)
    return found[0].id if found else None


def test_plain_words_find_what_is_meant() -> None:
    assert best("my questions are too easy") == "questions"
    assert best("How do I give better feedback?") == "feedback"
    assert best("talking with parents") == "families"
    assert best("what I write when marking") == "feedback"


def test_other_forms_spellings_and_slips_of_the_finger_are_understood() -> None:
    assert best("questioning") == "questions"
    assert best("behavior") == "calm"
    assert best("calmer lessons") == "calm"
    assert best("feedbak") == "feedback"


def test_it_says_which_words_led_there_and_knows_when_nothing_fits() -> None:
    found = find("Feedback for families", READY)
    assert {fit.id: fit.words for fit in found} == {"families": ("families",), "feedback": ("Feedback",)}
    assert find("quantum chromodynamics", READY) == ()
    assert find("", READY) == () and find("the of and", READY) == ()
    assert find("anything", prepare([])) == ()


def test_words_that_fit_everything_do_not_decide_but_are_not_refused() -> None:
    assert [fit.id for fit in find("I want my students to learn from feedback", READY)] == ["feedback"]
    assert {fit.id for fit in find("learning", READY)} == {"feedback", "calm"}


def test_the_answer_is_the_same_each_time_and_has_a_limit() -> None:
    assert find("learning questions feedback", READY) == find("learning questions feedback", READY)
    assert len(find("learning questions feedback parents", READY, limit=2)) == 2


def test_three_thousand_statements_are_searched_at_once() -> None:
    many = prepare(Candidate(n, f"Statement {n}", f"word{n % 700} word{n % 900} " * 8) for n in range(3000))
    with bounded_work(10):
        assert len(find("word5 word6 wrd7 something else entirely", many)) == 5
