"""Proposals: a coach puts a goal or an activity forward; the educator accepts it, writes it anew or declines."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import KIND_WORDS, Search
from lantern.domain.coaching import commands, queries
from lantern.domain.coaching.types import PROPOSAL_WORDS, LinkState, ProposalKind, ProposalView
from lantern.domain.competencies import queries as competencies
from lantern.domain.needs.types import LEVEL_WORDS
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.together.forms.coaching import ActivityProposalForm, GoalProposalForm, NoteForm
from lantern.web.together.views import plan_changes

_LABELS = {
    "title": "What",
    "why": "Why it matters",
    "competency_id": "Competency",
    "target_level": "Level",
    "measure": "How one will notice",
    "baseline": "Where it begins",
    "target": "Where it leads",
    "due_on": "By when",
    "kind": "Kind",
    "minutes": "Minutes",
    "url": "Address",
}


@page(EDUCATOR, methods="GET POST")
def propose(request: Any, link_id: UUID, kind: str) -> HttpResponse:
    """Put something forward to somebody I coach."""
    actor = request.actor
    link = queries.get_link(actor, link_id)
    coaching = link.coach_id == actor.person_id and link.state == LinkState.ACTIVE
    if kind not in {ProposalKind.GOAL, ProposalKind.ACTIVITY} or not coaching:
        raise NotFound("There is nothing here.")
    template = "together/propose.html"
    extra: dict[str, Any] = {"link": link, "kind": kind, "to": link.educator}
    if request.method == "GET":
        known, found = from_catalog(actor, request) if kind == ProposalKind.ACTIVITY else ({}, {})
        form = _form(actor, kind, initial=known)
        return show(request, template, form=form, note_form=NoteForm(), **extra, **found)
    form, note_form = _form(actor, kind, request.POST), NoteForm(request.POST)
    if not (form.is_valid() and note_form.is_valid()):
        return again(request, template, form, note_form=note_form, **extra)
    try:
        commands.propose(actor, link_id=link_id, kind=kind, fields=form.cleaned_data, **note_form.cleaned_data)
    except Invalid as problem:
        return again(request, template, form, problem, note_form=note_form, **extra)
    return done(
        request, "together:link", link_id, message=f"Proposed. {link.educator.full_name} decides what becomes of it."
    )


@page(EDUCATOR, methods="GET POST")
def proposal(request: Any, proposal_id: UUID) -> HttpResponse:
    """One proposal: both versions, and the answer while it waits for mine."""
    actor = request.actor
    found = queries.get_proposal(actor, proposal_id)
    if found.kind == ProposalKind.PLAN:
        if request.method == "GET":
            return plan_changes.shown(request, found)
        return plan_changes.answered(request, found, request.POST.get("decision", ""))
    if request.method == "GET":
        wants = found.mine_to_answer and bool(request.GET.get("rewrite"))
        form = _form(actor, found.kind, initial=found.proposed) if wants else None
        return show(request, "together/proposal.html", form=form, **_about(actor, found))
    decision = request.POST.get("decision", "")
    form = None
    if decision == "rewrite":
        form = _form(actor, found.kind, request.POST)
        if not form.is_valid():
            return again(request, "together/proposal.html", form, **_about(actor, found))
    try:
        commands.answer_proposal(
            actor, proposal_id=proposal_id, decision=decision, fields=form.cleaned_data if form else None
        )
    except Invalid as problem:
        if decision not in {"accept", "rewrite"}:
            raise
        form = form or _bound(actor, found)
        return again(request, "together/proposal.html", form, problem, **_about(actor, found))
    words = {
        "accept": "Taken up. It is yours now, to change as you like.",
        "rewrite": "Taken up in your own words. Both versions are kept.",
        "decline": "You passed on it. That is all right.",
    }
    return done(request, "together:proposal", proposal_id, message=words[decision])


@page(EDUCATOR, methods="POST")
def withdraw(request: Any, proposal_id: UUID) -> HttpResponse:
    """Take back what I proposed."""
    row = commands.withdraw_proposal(request.actor, proposal_id=proposal_id)
    return done(request, "together:link", row.link_id, message="You took your proposal back.")


def _form(actor: Actor, kind: str, data: Any = None, *, initial: Any = None) -> forms.Form:
    if kind == ProposalKind.ACTIVITY:
        return ActivityProposalForm(data, initial=initial)
    choices = {str(each.pk): each.name for each in competencies.my_competencies(actor)}
    brought = (data or initial or {}).get("competency_id") or ""
    if brought and brought not in choices and initial is not None:
        choices |= {str(pk): name for pk, name in competencies.competency_names(actor, [UUID(brought)]).items()}
    return GoalProposalForm(data, initial=initial, competencies=list(choices.items()))


def _bound(actor: Actor, found: ProposalView) -> forms.Form:
    """Return the form for a new version, filled with what was proposed, as if it had been sent: it can carry
    reasons.
    """
    form = _form(actor, found.kind, initial=found.proposed)
    form.data, form.is_bound = found.proposed, True
    form.full_clean()
    return form


def from_catalog(actor: Actor, request: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a chosen resource fills in, and what a search of the catalog found."""
    words, chosen = request.GET.get("q", "").strip()[:200], request.GET.get("resource", "")
    if chosen:
        try:
            resource = catalog.get_resource(actor, UUID(chosen))
        except ValueError:
            raise NotFound("There is no such resource.") from None
        known = {"resource_id": str(resource.pk), "title": resource.title, "kind": resource.kind, "url": resource.url}
        return known | {"minutes": resource.minutes or 30}, {"resource": resource, "q": words}
    results = list(catalog.search(actor, Search(q=words)).resources)[:8] if words else []
    rows = [(each, KIND_WORDS.get(each.kind, each.kind)) for each in results]
    return {}, {"results": rows, "q": words}


def _about(actor: Actor, found: ProposalView) -> dict[str, Any]:
    ids = {value for version in (found.proposed, found.made) if (value := version.get("competency_id"))}
    names = {str(pk): name for pk, name in competencies.competency_names(actor, [UUID(each) for each in ids]).items()}
    rows = [
        (label, _worded(name, found.proposed, names), _worded(name, found.made, names))
        for name, label in _LABELS.items()
        if found.proposed.get(name) or found.made.get(name)
    ]
    return {"proposal": found, "rows": rows, "state_words": PROPOSAL_WORDS[found.state]}


def _worded(name: str, version: dict[str, str], names: dict[str, str]) -> str:
    value = version.get(name, "")
    if name == "competency_id":
        return names.get(value, "")
    if name == "target_level":
        return LEVEL_WORDS[int(value)] if value else ""
    return KIND_WORDS.get(value, value) if name == "kind" else value
