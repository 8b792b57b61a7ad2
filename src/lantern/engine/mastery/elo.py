"""Skills from repeated quiz answers, one answer at a time: Elo with a part of the person and a part of each skill.

The probability of a right answer is e = σ(θ_u + θ_us - δ): what she brings, what she brings to this skill, and how hard
the task is. After an answer y (0 or 1), with n answers so far to each:

    θ += K / (1 + n/20) (y - e), K 0.3 for the person and 0.6 for the skill;   δ -= 1 / (1 + n/20) (y - e)

(Pelánek 2016, "Applications of the Elo rating system in adaptive educational systems"; intelligence.md F, where it beat
knowledge tracing and logistic regression on half a million answers.) A task of the calibrated bank keeps its
difficulty. Time and order are the caller's: answers come oldest first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from lantern.engine.assess.ability import Posterior

PERSON_STEP, SKILL_STEP, TASK_STEP = 0.3, 0.6, 1.0
_SETTLING = 20.0
_INFORMATION = 0.04  # what an answer adds: far less than p (1 - p), since she learns meanwhile (decision 0041)
_MOST_COUNTED = 40


@dataclass(frozen=True, slots=True)
class Rating:
    """A place in logits, and how many answers it rests on."""

    value: float = 0.0
    answers: int = 0

    @property
    def sd(self) -> float:
        """Return how uncertain the place is: 1 before any answer, less with each, and never below that of 40."""
        return 1 / math.sqrt(1 + _INFORMATION * min(self.answers, _MOST_COUNTED))

    def moved(self, step: float, surprise: float) -> Rating:
        """Return the place after one more answer."""
        return Rating(self.value + step / (1 + self.answers / _SETTLING) * surprise, self.answers + 1)


@dataclass(frozen=True, slots=True)
class QuizAnswer:
    """Somebody's answer to a task of a skill, as ids; `difficulty` in logits where the task is calibrated."""

    person: str
    skill: str
    task: str
    right: bool
    difficulty: float | None = None


@dataclass(slots=True)
class EloTable:
    """Ratings of persons, of persons in skills, and of tasks, as far as answers went. Changes in place: half a million
    answers are replayed in seconds, and copies would not be."""

    persons: dict[str, Rating] = field(default_factory=dict)
    skills: dict[tuple[str, str], Rating] = field(default_factory=dict)
    tasks: dict[str, Rating] = field(default_factory=dict)

    def expected(self, answer: QuizAnswer) -> float:
        """Return the probability of a right answer, before it is known."""
        theta = self._of(answer.person).value + self._in(answer.person, answer.skill).value
        return _sigmoid(theta - self._difficulty(answer))

    def observe(self, answer: QuizAnswer) -> float:
        """Take in one answer; return the probability that was expected of it."""
        person, skill = self._of(answer.person), self._in(answer.person, answer.skill)
        expected = _sigmoid(person.value + skill.value - self._difficulty(answer))
        surprise = float(answer.right) - expected
        self.persons[answer.person] = person.moved(PERSON_STEP, surprise)
        self.skills[answer.person, answer.skill] = skill.moved(SKILL_STEP, surprise)
        if answer.difficulty is None:
            task = self.tasks.get(answer.task, Rating())
            self.tasks[answer.task] = task.moved(TASK_STEP, -surprise)
        return expected

    def skill(self, person: str, skill: str) -> Rating:
        """Return where a person stands in a skill: both parts, as sure as her answers to this skill make it."""
        part = self._in(person, skill)
        return Rating(self._of(person).value + part.value, part.answers)

    def begin(self, person: str, skill: str, known: Posterior) -> None:
        """Start a skill from what a check found, unless answers to it are there already."""
        if (person, skill) not in self.skills:
            value = known.mean - self._of(person).value
            self.skills[person, skill] = Rating(value, _answers_worth(known.sd))

    def _of(self, person: str) -> Rating:
        return self.persons.get(person, Rating())

    def _in(self, person: str, skill: str) -> Rating:
        return self.skills.get((person, skill), Rating())

    def _difficulty(self, answer: QuizAnswer) -> float:
        if answer.difficulty is not None:
            return answer.difficulty
        return self.tasks.get(answer.task, Rating()).value


def replay(answers: Iterable[QuizAnswer], table: EloTable | None = None) -> EloTable:
    """Return the table after these answers, oldest first; a table that is given goes on from where it was."""
    kept = table if table is not None else EloTable()
    for one in answers:
        kept.observe(one)
    return kept


def _answers_worth(sd: float) -> int:
    """Return how many answers make a rating as sure as this, 40 at most."""
    return min(max(round((1 / sd**2 - 1) / _INFORMATION), 0), _MOST_COUNTED)


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-min(max(value, -30.0), 30.0)))
