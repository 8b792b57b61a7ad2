"""The portfolio: what one has to show, and what is waiting."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from lantern.domain.courses import queries as courses
from lantern.domain.credits import queries as credits
from lantern.domain.credits.types import REFLECTION, in_hours
from lantern.domain.evidence import queries as evidence
from lantern.domain.evidence.types import OUTCOME_WORDS
from lantern.web.answers import paged, show
from lantern.web.gate import EDUCATOR, page

_WAITING = 5
_RECENT_FILES = 8


@page(EDUCATOR)
def overview(request: Any) -> HttpResponse:
    """Show my figures, what waits for me, my reflections and my newest files."""
    actor = request.actor
    reflections = paged(request, evidence.my_reflections(actor), 10)
    earned = credits.hours_by_source(actor, REFLECTION, [row.pk for row in reflections])
    return show(
        request,
        "portfolio/overview.html",
        hours=in_hours(credits.total_hundredths(actor)),
        count_reflections=reflections.paginator.count,
        count_finished=courses.count_finished(actor),
        licence=credits.licence_progress(actor),
        to_answer=list(evidence.reflections_to_answer(actor)[:_WAITING]),
        to_reflect=list(evidence.activities_to_reflect_on(actor)[:_WAITING]),
        to_prove=credits.reflections_waiting_for_evidence(actor)[:_WAITING],
        page_obj=reflections,
        reflections=[
            (row, in_hours(earned[row.pk]) if earned.get(row.pk) else "", OUTCOME_WORDS.get(row.outcome, ""))
            for row in reflections
        ],
        files=list(evidence.my_evidence(actor)[:_RECENT_FILES]),
    )
