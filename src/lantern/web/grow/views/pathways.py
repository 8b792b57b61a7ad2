"""Prepared starts: those for my kind of work first, why one fits me, and into my weeks with one press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import KIND_WORDS
from lantern.domain.courses import queries as courses
from lantern.domain.goals import queries as goals
from lantern.domain.needs import queries as needs
from lantern.domain.needs.types import LEVEL_WORDS
from lantern.domain.pathways import queries
from lantern.domain.people import queries as people
from lantern.domain.people.types import JOB_WORDS
from lantern.engine.starting_pathway import Fit, Her, Start, Step, fit
from lantern.flows import start_pathway
from lantern.kernel.actor import Actor
from lantern.ui.durations import duration
from lantern.web.answers import done, show
from lantern.web.gate import EDUCATOR, page


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step on the page."""

    position: int
    title: str
    resource_id: UUID
    outcome: str
    meta: str
    done: bool


@page(EDUCATOR)
def pathways(request: Any) -> HttpResponse:
    """List the prepared starts: those for my kind of work, then the others."""
    offered = queries.list_offered(request.actor)
    job = people.get_me(request.actor).job_kind
    mine = [row for row in offered if not row.job_kinds or job in row.job_kinds]
    return show(
        request,
        "grow/pathways.html",
        mine=[(row, _goes(row)) for row in sorted(mine, key=lambda row: (job not in row.job_kinds, row.level_from))],
        others=[(row, f"{_for_whom(row)} · {_goes(row)}") for row in offered if row not in mine],
    )


@page(EDUCATOR)
def pathway(request: Any, pathway_id: UUID) -> HttpResponse:
    """One prepared start: its steps, what each leads to, why it fits me or does not."""
    actor = request.actor
    shown = queries.get_pathway(actor, pathway_id)
    steps = queries.steps_of(actor, shown.pk)
    finished = courses.finished_resource_ids(actor)
    why = _fit(actor, shown, steps, finished)
    lines = [
        StepLine(
            step.position,
            resource.title,
            resource.pk,
            step.outcome,
            ", ".join(filter(None, (KIND_WORDS[resource.kind], duration(resource.minutes)))),
            resource.pk in finished,
        )
        for step, resource in steps
    ]
    return show(
        request,
        "grow/pathway.html",
        pathway=shown,
        for_whom=_for_whom(shown),
        lines=lines,
        left=sum(not line.done for line in lines),
        fit=why,
    )


@page(EDUCATOR, methods="POST")
def start(request: Any, pathway_id: UUID) -> HttpResponse:
    """Put what is left of it into my weeks."""
    started = start_pathway.start(request.actor, pathway_id=pathway_id)
    said = [f"{_steps(started.added)} of it are in your plan now."] if started.added != 1 else []
    said += ["One step of it is in your plan now."] if started.added == 1 else []
    if not started.added:
        said = ["Nothing new went into your plan."]
    if started.done:
        said.append(f"{_steps(started.done)} done already." if started.done > 1 else "One step was done already.")
    if started.planned:
        said.append(
            f"{_steps(started.planned)} planned already." if started.planned > 1 else "One was planned already."
        )
    if started.waiting:
        said.append("What found no week with room waits below your plan.")
    return done(request, "grow:plan", message=" ".join(said))


def _steps(number: int) -> str:
    return f"{number} steps"


def _goes(row: Any) -> str:
    return f"{row.step_count} steps, from “{LEVEL_WORDS[row.level_from]}” to “{LEVEL_WORDS[row.level_to]}”"


def _for_whom(row: Any) -> str:
    names = ", ".join(JOB_WORDS.get(kind, kind) for kind in row.job_kinds)
    return names or "For every kind of work"


def _fit(actor: Actor, shown: Any, steps: list[Any], finished: frozenset[UUID]) -> Fit:
    """Gather what is known of her and of the steps, and let the engine say why."""
    me, profile = people.get_me(actor), people.get_profile(actor)
    built = catalog.competencies_of(actor, [resource.pk for _, resource in steps])
    wants = {need.competency_id: need.competency.name for need in needs.my_needs(actor) if need.competency}
    wants |= {goal.competency_id: goal.competency.name for goal in goals.my_goals(actor) if goal.competency}
    her = Her(me.job_kind, profile.minutes_per_week, me.years_experience, needs.my_levels(actor), wants)
    of_steps = tuple(
        Step(resource.minutes, built.get(resource.pk, frozenset()), resource.pk in finished) for _, resource in steps
    )
    start = Start(frozenset(shown.job_kinds), shown.level_from, shown.level_to, of_steps)
    return fit(start, her, JOB_WORDS, LEVEL_WORDS)
