"""What I kept: resources for later, and searches that hold ids, so that renamed terms follow (P5.2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.catalog import commands, queries
from lantern.domain.catalog.types import KIND_WORDS, Search
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, paged, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.learn.forms.catalog import SaveSearchForm
from lantern.web.learn.views.catalog import context_of, search_of


@page(EDUCATOR)
def saved(request: Any) -> HttpResponse:
    """Show the resources and searches I kept."""
    actor = request.actor
    rows = paged(request, queries.my_saved(actor))
    searches = queries.my_searches(actor)
    described = queries.describe_filters(actor, [one.filters for one in searches]) if searches else []
    return show(
        request,
        "learn/saved.html",
        page=rows,
        rows=[(row, KIND_WORDS[row.resource.kind]) for row in rows],
        searches=list(zip(searches, described, strict=True)),
    )


@page(EDUCATOR, methods="POST")
def save_search(request: Any) -> HttpResponse:
    """Keep the search of the page it was sent from."""
    search = search_of(request.POST)
    form = SaveSearchForm(request.POST)
    problem: Invalid | None = None
    if form.is_valid():
        try:
            kept = commands.save_search(request.actor, name=form.cleaned_data["name"], filters=search.filters())
        except Invalid as refused:
            problem = refused
        else:
            return done(request, "learn:open_search", kept.pk, message="This search is kept. Find it under Saved.")
    return again(request, "learn/catalog.html", form, problem, **context_of(request, search, form))


@page(EDUCATOR)
def open_search(request: Any, search_id: UUID) -> HttpResponse:
    """Show what fits a search I kept. Its words stay out of the address, which others may come to read (C7)."""
    kept = Search.of(queries.get_search(request.actor, search_id).filters)
    return show(request, "learn/catalog.html", **context_of(request, kept, SaveSearchForm(), request.path))


@page(EDUCATOR, methods="POST")
def delete_search(request: Any, search_id: UUID) -> HttpResponse:
    """Delete a search I kept."""
    commands.delete_search(request.actor, search_id=search_id)
    return done(request, "learn:saved", message="The search is deleted.")
