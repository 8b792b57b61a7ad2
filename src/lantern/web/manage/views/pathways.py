"""Prepared starts, as whoever prepares them sees them: list, new, change, retire."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from lantern.domain.pathways import commands, policy, queries
from lantern.domain.pathways.types import PathwayState
from lantern.domain.people.types import JOB_WORDS
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, show
from lantern.web.gate import COORDINATOR, OPERATOR, page
from lantern.web.manage.forms.pathways import PathwayForm


@page(OPERATOR, COORDINATOR)
def pathways(request: Any) -> HttpResponse:
    """List own and inherited pathways."""
    actor = request.actor
    rows = [
        {
            "pathway": row,
            "whose": ", ".join(JOB_WORDS.get(kind, kind) for kind in row.job_kinds) or "All",
            "own": policy.can_edit(actor, row.tenant_id),
            "retired": row.state == PathwayState.RETIRED,
        }
        for row in queries.list_managed(actor)
    ]
    return show(request, "manage/pathways.html", rows=rows, may_manage=policy.can_manage(actor))


@page(OPERATOR, COORDINATOR, methods="GET POST")
def new(request: Any) -> HttpResponse:
    """Prepare a pathway."""
    context: dict[str, Any] = {"pathway": None, "own": True}
    if request.method != "POST":
        return show(request, "manage/pathway_form.html", form=PathwayForm(), **context)
    form = PathwayForm(request.POST)
    problem: Invalid | None = None
    if form.is_valid():
        try:
            commands.create_pathway(request.actor, **form.facts())
        except Invalid as refused:
            problem = refused
        else:
            return done(request, "manage:pathways", message="It is offered from now on.")
    return again(request, "manage/pathway_form.html", form, problem, **context)


@page(OPERATOR, COORDINATOR, methods="GET POST")
def edit(request: Any, pathway_id: UUID) -> HttpResponse:
    """Change a pathway of one's own tenant; an inherited one is shown only."""
    actor = request.actor
    pathway = queries.get_pathway(actor, pathway_id)
    context = {
        "pathway": pathway,
        "own": policy.can_edit(actor, pathway.tenant_id),
        "retired": pathway.state == PathwayState.RETIRED,
    }
    if request.method != "POST":
        form = PathwayForm(initial=_initial(actor, pathway))
        return show(request, "manage/pathway_form.html", form=form, **context)
    form = PathwayForm(request.POST)
    problem: Invalid | None = None
    if form.is_valid():
        try:
            commands.edit_pathway(actor, pathway_id=pathway_id, **form.facts())
        except Invalid as refused:
            problem = refused
        else:
            message = "The changes are kept. What is in plans stays as it was."
            return done(request, "manage:pathways_edit", pathway_id, message=message)
    return again(request, "manage/pathway_form.html", form, problem, **context)


@page(OPERATOR, COORDINATOR, methods="POST")
def state(request: Any, pathway_id: UUID) -> HttpResponse:
    """Retire a pathway, or offer it again."""
    if request.POST.get("act") == "offer":
        commands.offer_again(request.actor, pathway_id=pathway_id)
        return done(request, "manage:pathways", message="It is offered again.")
    commands.retire_pathway(request.actor, pathway_id=pathway_id)
    return done(request, "manage:pathways", message="It is retired. What is in plans stays as it was.")


def _initial(actor: Any, pathway: Any) -> dict[str, Any]:
    known = {name: getattr(pathway, name) for name in ("title", "summary", "job_kinds", "level_from", "level_to")}
    for number, (step, resource) in enumerate(queries.steps_of(actor, pathway.pk), start=1):
        known[f"resource_{number}"] = reverse("learn:resource", args=[resource.pk])
        known[f"outcome_{number}"] = step.outcome
    return known
