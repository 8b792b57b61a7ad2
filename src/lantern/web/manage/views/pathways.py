"""Pathways, as whoever prepares them sees them: list, new, change part by part, offer, retire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from lantern.domain.pathways import commands, policy, queries
from lantern.domain.pathways.types import PathwayState
from lantern.domain.people.types import JOB_WORDS
from lantern.engine.pathway.outline import Section, digest
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from lantern.web import outline_editor
from lantern.web.answers import again, done, show
from lantern.web.gate import COORDINATOR, OPERATOR, page
from lantern.web.manage.forms.pathways import PathwayForm
from lantern.web.outline_editor import Draft

STATE_WORDS = {PathwayState.DRAFT: "Draft", PathwayState.OFFERED: "Offered", PathwayState.RETIRED: "Retired"}


@page(OPERATOR, COORDINATOR)
def pathways(request: Any) -> HttpResponse:
    """List own and inherited pathways."""
    actor = request.actor
    rows = [
        {
            "pathway": row,
            "whose": ", ".join(JOB_WORDS.get(kind, kind) for kind in row.job_kinds) or "All",
            "own": policy.can_edit(actor, row.tenant_id),
            "words": STATE_WORDS[PathwayState(row.state)],
            "offered": row.state == PathwayState.OFFERED,
            "draft": row.draft is not None and row.version > 0,
        }
        for row in queries.list_managed(actor)
    ]
    return show(request, "manage/pathways.html", rows=rows, may_manage=policy.can_manage(actor))


@page(OPERATOR, COORDINATOR, methods="GET POST")
def new(request: Any) -> HttpResponse:
    """Begin a pathway: what it is; its steps come after."""
    if request.method != "POST":
        return show(request, "manage/pathway_new.html", form=PathwayForm())
    form = PathwayForm(request.POST)
    problem: Invalid | None = None
    if form.is_valid():
        try:
            row = commands.create_pathway(request.actor, **form.cleaned_data)
        except Invalid as refused:
            problem = refused
        else:
            message = "It is a draft. Put in its steps, then offer it."
            return done(request, "manage:pathways_edit", row.pk, message=message)
    return again(request, "manage/pathway_new.html", form, problem)


@page(OPERATOR, COORDINATOR, methods="GET POST")
def edit(request: Any, pathway_id: UUID) -> HttpResponse:
    """Show the steps of a pathway of one's own tenant to change them; keep what is said of it beside them."""
    actor = request.actor
    pathway = queries.get_pathway(actor, pathway_id)
    own = policy.can_edit(actor, pathway.tenant_id)
    draft = _draft(actor, pathway)
    context = _context(request, pathway, draft, own)
    if request.method != "POST":
        return show(request, "manage/pathway_edit.html", form=PathwayForm(initial=PathwayForm.said(pathway)), **context)
    form = PathwayForm(request.POST)
    problem: Invalid | None = None
    if form.is_valid():
        try:
            commands.describe_pathway(actor, pathway_id=pathway_id, **form.cleaned_data)
        except Invalid as refused:
            problem = refused
        else:
            return done(request, "manage:pathways_edit", pathway_id, message="The changes are kept.")
    return again(request, "manage/pathway_edit.html", form, problem, **context)


@page(OPERATOR, COORDINATOR, methods="POST")
def outline(request: Any, pathway_id: UUID) -> HttpResponse:
    """Move, add or take out a part of the draft."""
    return outline_editor.act(request, _writable(request, pathway_id))


@page(OPERATOR, COORDINATOR, methods="GET POST")
def part(request: Any, pathway_id: UUID) -> HttpResponse:
    """Say what a part of the draft is."""
    return outline_editor.part(request, _writable(request, pathway_id), "ui/outline_part.html")


@page(OPERATOR, COORDINATOR, methods="GET POST")
def choose(request: Any, pathway_id: UUID) -> HttpResponse:
    """Choose a resource for the draft by searching the catalog."""
    return outline_editor.choose(request, _writable(request, pathway_id), "ui/outline_choose.html")


@page(OPERATOR, COORDINATOR, methods="POST")
def state(request: Any, pathway_id: UUID) -> HttpResponse:
    """Offer what the draft says, throw the draft away, or retire the pathway."""
    actor, act, seen = request.actor, request.POST.get("act"), request.POST.get("seen")
    if act == "retire":
        commands.retire_pathway(actor, pathway_id=pathway_id)
        return done(request, "manage:pathways", message="It is retired. Who is in it stays in it.")
    if act == "drop":
        commands.drop_draft(actor, pathway_id=pathway_id, seen=seen)
        return done(request, "manage:pathways_edit", pathway_id, message="The draft is thrown away.")
    if act != "offer":
        raise NotFound("There is no such act.")
    try:
        row = commands.offer_pathway(actor, pathway_id=pathway_id, seen=seen)
    except Invalid as refused:
        pathway = queries.get_pathway(actor, pathway_id)
        form = PathwayForm(PathwayForm.said(pathway))
        context = _context(request, pathway, _draft(actor, pathway), True)
        return again(request, "manage/pathway_edit.html", form, refused, **context)
    message = f"Version {row.version} is offered. Who is in an older one stays there, and may go over."
    return done(request, "manage:pathways_edit", pathway_id, message=message)


def _writable(request: Any, pathway_id: UUID) -> Draft:
    pathway = queries.get_pathway(request.actor, pathway_id)
    if not policy.can_edit(request.actor, pathway.tenant_id):
        raise NotAllowed("This pathway belongs to another organisation and is changed there.")
    return _draft(request.actor, pathway)


def _draft(actor: Any, pathway: Any) -> Draft:
    names = {"edit": "pathways_edit", "outline": "pathways_outline", "part": "pathways_part"}
    names |= {"choose": "pathways_choose"}

    def change(how: Callable[[Section], Section]) -> object:
        return commands.save_draft(actor, pathway_id=pathway.pk, change=how)

    urls = {key: reverse(f"manage:{name}", args=[pathway.pk]) for key, name in names.items()}
    return Draft(
        pathway.title, queries.draft_of(actor, pathway), change, urls, lambda: queries.keys_used(actor, pathway)
    )


def _context(request: Any, pathway: Any, draft: Draft, own: bool) -> dict[str, Any]:
    now = queries.outline_of(request.actor, pathway) if pathway.version else None
    return {
        "pathway": pathway,
        "own": own,
        "state": STATE_WORDS[PathwayState(pathway.state)],
        "offered": pathway.state == PathwayState.OFFERED,
        "retired": pathway.state == PathwayState.RETIRED,
        "seen": digest(draft.outline),
        "fresh": pathway.draft is not None,
        "unoffered": now is None or now != draft.outline,
        **outline_editor.editing(request, draft),
    }
