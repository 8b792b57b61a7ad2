"""The taxonomy: topics and subjects, new ones, and other names that every resource, filter and saved search follows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.catalog import commands, policy, queries
from lantern.domain.catalog.types import SCHEME_WORDS
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, show
from lantern.web.gate import COORDINATOR, OPERATOR, page
from lantern.web.manage.forms.catalog import NewTermForm, TermForm


@page(OPERATOR, COORDINATOR, methods="GET POST")
def terms(request: Any) -> HttpResponse:
    """List the terms by scheme, and add one."""
    actor = request.actor
    if request.method != "POST":
        return show(request, "manage/terms.html", form=NewTermForm(), **_context(actor))
    form = NewTermForm(request.POST)
    problem: Invalid | None = None
    if form.is_valid():
        try:
            term = commands.create_term(actor, **form.cleaned_data)
        except Invalid as refused:
            problem = refused
        else:
            return done(request, "manage:terms", message=f"{term.label} is in the list.")
    return again(request, "manage/terms.html", form, problem, **_context(actor))


@page(OPERATOR, COORDINATOR, methods="GET POST")
def term(request: Any, term_id: UUID) -> HttpResponse:
    """Give a term another name."""
    actor = request.actor
    shown = queries.get_term(actor, term_id)
    context = {"term": shown, "own": policy.can_edit(actor, shown.tenant_id), "scheme": SCHEME_WORDS[shown.scheme]}
    if request.method != "POST":
        return show(request, "manage/term.html", form=TermForm(initial={"label": shown.label}), **context)
    form = TermForm(request.POST)
    problem: Invalid | None = None
    if form.is_valid():
        try:
            commands.rename_term(actor, term_id=term_id, **form.cleaned_data)
        except Invalid as refused:
            problem = refused
        else:
            return done(request, "manage:terms", message="Renamed. Resources, filters and saved searches follow.")
    return again(request, "manage/term.html", form, problem, **context)


def _context(actor: Any) -> dict[str, Any]:
    rows = list(queries.list_terms_with_counts(actor))
    return {
        "groups": [
            (words, [(row, policy.can_edit(actor, row.tenant_id)) for row in rows if row.scheme == scheme])
            for scheme, words in SCHEME_WORDS.items()
        ],
        "may_manage": policy.can_manage(actor),
    }
