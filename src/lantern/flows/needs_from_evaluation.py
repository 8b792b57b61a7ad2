"""From one's own evaluation results to private needs, one way only (C.3): the educator brings them in, chooses what she
takes up, and nothing of it goes back. The results themselves are not kept, nor is that she looked at them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from lantern.domain.competencies import queries as competencies
from lantern.domain.competencies.types import Match
from lantern.domain.needs import commands as needs
from lantern.domain.needs.types import NeedSource, Noted
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid

MOST_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Chosen:
    """One area that she takes up: its name, and the competency she thinks it means, or none."""

    area: str
    competency_id: UUID | None = None


def suggest(actor: Actor, area: str, limit: int = 4) -> list[Match]:
    """Return the competencies of my framework that an area of an evaluation may mean, best first. Writes nothing."""
    return competencies.match_words(actor, area, limit)


@transaction.atomic
def take_up(actor: Actor, *, chosen: Sequence[Chosen]) -> Noted:
    """Note a private need for each area she chose, with its name in her words; return how many. All or nothing.

    Raises Invalid, NotFound.
    """
    if not chosen:
        raise Invalid("Tick at least one area that you want to take up, or go back.")
    if len(chosen) > MOST_AT_ONCE:
        raise Invalid(f"Take up at most {MOST_AT_ONCE} areas at once.")
    source = NeedSource.EVALUATION.value
    added = [
        (needs.add_need(actor, competency_id=one.competency_id, words=one.area, source=source), one.area)
        for one in chosen
    ]
    return Noted(len({need.pk for need, _ in added}), len({need.pk for need, area in added if not need.says(area)}))
