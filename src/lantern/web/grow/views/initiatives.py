"""An aim of my school or district, and the way to link a goal of mine to it, if I wish."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.goals import queries as goals
from lantern.domain.initiatives import queries
from lantern.domain.insights import queries as insights
from lantern.kernel import markdown
from lantern.web.answers import show
from lantern.web.gate import EDUCATOR, page


@page(EDUCATOR)
def initiative(request: Any, initiative_id: UUID) -> HttpResponse:
    """The aim, what was last released about it, and those goals of mine that I linked."""
    actor = request.actor
    aim = queries.get_initiative(actor, initiative_id)
    mine = [goal for goal in goals.my_goals(actor, state=None) if goal.initiative_id == aim.pk]
    return show(
        request,
        "grow/initiative.html",
        aim=aim,
        summary=markdown.render(aim.summary),
        figure=insights.figure_of_aim(actor, aim.pk, aim.organisation_id),
        mine=mine,
    )
