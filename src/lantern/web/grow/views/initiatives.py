"""An aim of my school or district, and the way to link a goal of mine to it, if I wish."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.goals import queries as goals
from lantern.domain.goals.types import INITIATIVE_METRIC
from lantern.domain.initiatives import queries
from lantern.domain.privacy import queries as privacy
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
        release=privacy.get_release(actor, INITIATIVE_METRIC, aim.pk),
        mine=mine,
    )
