"""Who could help whom: mentors in order, each with the reasons that add up to the score. Pure.

A mentor counts for what she offers that one is looking for (a goal weighs more than a need, since it was chosen), and
a little for
strengths that both have, which is marked as learning together. The first match weighs most; each further one adds
half as much as
the one before, so that somebody who offers everything does not crowd out the one who offers the right thing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

GOAL, NEED, TOGETHER, NEAR = 3.0, 2.0, 0.5, 0.25


@dataclass(frozen=True, slots=True)
class Seeker:
    """Who looks for help: competencies of her open needs and goals, and what she is good at."""

    needs: frozenset[UUID] = frozenset()
    goals: frozenset[UUID] = frozenset()
    strengths: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Mentor:
    """Who offers help: with which competencies, how many more people she can take on, and whether at the same
    school.
    """

    id: UUID
    strengths: frozenset[UUID]
    places_left: int = 1
    same_school: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One reason: its name ("goal", "need", "together", "near"), what it adds, and the competencies it is about."""

    name: str
    value: float
    competencies: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class RankedMentor:
    """A mentor with her score, which is the sum of its parts."""

    id: UUID
    parts: tuple[Part, ...]

    @property
    def score(self) -> float:
        """Return the sum of the parts."""
        return sum(part.value for part in self.parts)


def rank(seeker: Seeker, mentors: Iterable[Mentor]) -> tuple[RankedMentor, ...]:
    """Return the mentors who have room, the best match first; those that match equally stay in the order given."""
    ranked = [RankedMentor(mentor.id, _parts(seeker, mentor)) for mentor in mentors if mentor.places_left > 0]
    return tuple(sorted(ranked, key=lambda each: -each.score))


def _parts(seeker: Seeker, mentor: Mentor) -> tuple[Part, ...]:
    goals = mentor.strengths & seeker.goals
    needs = (mentor.strengths & seeker.needs) - goals
    together = (mentor.strengths & seeker.strengths) - goals - needs
    found = [
        Part(name, _falling(weight, len(about)), tuple(sorted(about)))
        for name, weight, about in (("goal", GOAL, goals), ("need", NEED, needs), ("together", TOGETHER, together))
        if about
    ]
    if found and mentor.same_school:
        found.append(Part("near", NEAR))
    return tuple(found)


def _falling(weight: float, count: int) -> float:
    """Return weight + weight/2 + weight/4 … for `count` matches: always below twice the weight."""
    return weight * (2 - 0.5 ** (count - 1))
