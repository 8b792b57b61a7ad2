"""Banks of questions for tests: as many as wanted, evenly over the four levels."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from lantern import models as tables
from lantern.domain.assessments import commands, queries
from lantern.kernel import clock
from lantern.kernel.actor import Actor

CUTS = (-1.5, -0.5, 0.5, 1.5)


def make_bank(tenant_id: UUID, competency: Any, count: int = 8, **facts: Any) -> list[Any]:
    """Questions in use on a competency; the first answer of each is right. Needs a tenancy, or none at all."""
    now, code = clock.now(), str(competency.pk)[-6:]
    return [
        tables.AssessmentItem.objects.create(
            **{
                "tenant_id": tenant_id, "competency": competency, "external_id": f"q-{code}-{number:02}",
                "question": f"What would you do first in case {number}?", "right": 0, "level": number % 4 + 1,
                "options": [{"text": f"This {number}", "why": "Because"}, {"text": f"That {number}", "why": ""}],
                "author_difficulty": CUTS[number % 4], "difficulty": CUTS[number % 4], "guessing": 0.0,
                "area": "Part A" if number % 2 else "Part B",
                "status": "published", "worded_at": now, "updated_at": now,
            }
            | facts
        )
        for number in range(count)
    ]  # fmt: skip


def take_check(actor: Actor, competency_id: UUID, able: int, seed: int = 7, **said: Any) -> Any:
    """A check of the actor, answered right up to a level and wrong beyond; finished."""
    row = commands.start(actor, competency_id=competency_id, seed=seed, **said)
    while (question := queries.question_of(actor, row)) is not None:
        level = tables.AssessmentItem.objects.get(pk=question.item_id).level
        row = commands.answer(actor, check_id=row.pk, item_id=question.item_id, chosen=0 if level <= able else 1)
    return row
