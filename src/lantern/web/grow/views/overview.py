"""The loop: notice, choose, plan, learn, practise, show, count, grow; and where in it I stand."""

from typing import Any

from django.http import HttpResponse

from lantern.domain.courses import queries as courses
from lantern.domain.courses.types import ActivityState
from lantern.domain.credits import queries as credits
from lantern.domain.evidence import queries as evidence
from lantern.domain.goals import queries as goals
from lantern.domain.needs import queries as needs
from lantern.domain.plans import queries as plans
from lantern.flows import timeliness
from lantern.kernel.actor import Actor
from lantern.web.answers import show
from lantern.web.gate import EDUCATOR, page
from lantern.web.grow.loop import Facts, picture, steps

_FEW = 3


@page(EDUCATOR)
def overview(request: Any) -> HttpResponse:
    """Where I stand in the loop, the next act at each step, and the first few goals and plans."""
    actor = request.actor
    week = plans.this_week(actor)
    open_goals = list(goals.my_goals(actor))
    open_needs = list(needs.my_needs(actor))
    listed = steps(_facts(actor, week, len(open_goals), len(open_needs)))
    return show(
        request,
        "grow/overview.html",
        steps=listed,
        here=next(step for step in listed if step.here),
        ring=picture(listed),
        goals=open_goals[:_FEW],
        needs=open_needs[:_FEW],
        answered=timeliness.mine(actor),
        week=week,
    )


def _facts(actor: Actor, week: Any, open_goals: int, open_needs: int) -> Facts:
    return Facts(
        needs=open_needs,
        rated=len(needs.my_ratings(actor)),
        goals=open_goals,
        planned_items=plans.count_my_items(actor),
        planned_minutes=week.planned,
        available_minutes=week.available,
        under_way=courses.my_activities(actor, (ActivityState.STARTED.value,)).count(),
        finished=courses.count_finished(actor),
        to_reflect=evidence.activities_to_reflect_on(actor).count(),
        to_answer=evidence.reflections_to_answer(actor).count(),
        evidence=evidence.my_evidence(actor).count(),
        hours_hundredths=credits.total_hundredths(actor),
    )
