"""A competency: what it says, where it stands, where I stand, and what leads further (P7.2)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import KIND_WORDS
from lantern.domain.competencies import queries
from lantern.domain.needs import queries as needs
from lantern.domain.needs.types import LEVEL_WORDS
from lantern.web.answers import show
from lantern.web.gate import EDUCATOR, page

_MOST_SHOWN = 12


@page(EDUCATOR)
def competency(request: Any, competency_id: UUID) -> HttpResponse:
    """One competency with its place in the tree, what leads to each level, and my own rating, need and acts."""
    actor = request.actor
    shown = queries.get_competency(actor, competency_id)
    rating = needs.my_ratings(actor).get(shown.pk)
    return show(
        request,
        "learn/competency.html",
        competency=shown,
        standing=queries.standing(actor, shown),
        rating=rating,
        rating_words=LEVEL_WORDS[rating.level] if rating else "",
        need=needs.my_open_need(actor, shown.pk),
        levels=[
            (LEVEL_WORDS[level], words, rating is not None and level == rating.level)
            for level, words in shown.level_statements.items()
        ],
        groups=[
            {
                "words": LEVEL_WORDS[level] if level else "About this, without a level",
                "next": rating is not None and level == min(rating.level + 1, 4),
                "resources": [(row, KIND_WORDS[row.kind]) for row in rows[:_MOST_SHOWN]],
                "more": max(0, len(rows) - _MOST_SHOWN),
            }
            for level, rows in catalog.resources_for_competency(actor, shown.pk)
        ],
    )
