"""From an educator's own words to needs: she says it, Lantern suggests competencies, she decides which of them fit.

Nothing is kept before she decides, and her words are kept as she wrote them, whether or not a competency fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from lantern.domain.competencies import queries as competencies
from lantern.domain.competencies.types import Match
from lantern.domain.needs import commands as needs
from lantern.domain.needs.types import NeedSource
from lantern.kernel.actor import Actor


def suggest(actor: Actor, words: str, limit: int = 5) -> list[Match]:
    """Return the competencies of my framework that my words may mean, best first. Writes nothing."""
    return competencies.match_words(actor, words, limit)


@transaction.atomic
def keep(actor: Actor, *, words: str, competency_ids: Sequence[UUID] = ()) -> tuple[UUID, ...]:
    """Write down a need for each competency that fits, with my words, or just the words; return the needs' ids.

    All or nothing. Raises Invalid, NotFound.
    """
    source = NeedSource.OWN_WORDS.value
    return tuple(
        needs.add_need(actor, competency_id=one, words=words, source=source).pk for one in (competency_ids or (None,))
    )
