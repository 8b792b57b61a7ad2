"""Own pathways: made from nothing or as a copy, changed part by part, followed like any other. Seen by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from lantern.domain.pathways import commands, queries
from lantern.engine.pathway.outline import Section
from lantern.flows import start_pathway
from lantern.flows.pathway_standing import Whereabouts, whereabouts
from lantern.kernel.errors import Invalid
from lantern.web import outline_editor
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.grow.forms.pathways import OwnPathwayForm
from lantern.web.grow.views.following import choose_and_go_back, shown, start_words, swap_page
from lantern.web.outline_editor import Draft


@page(EDUCATOR, methods="GET POST")
def new(request: Any) -> HttpResponse:
    """Begin a pathway of my own."""
    form = OwnPathwayForm(request.POST if request.method == "POST" else None)
    problem: Invalid | None = None
    if request.method != "POST":
        return show(request, "grow/own_pathway_new.html", form=form)
    if form.is_valid():
        try:
            row = commands.create_own(request.actor, title=form.cleaned_data["title"])
        except Invalid as refused:
            problem = refused
        else:
            return done(request, "grow:own_pathway_edit", row.pk, message="It is yours alone. Put in its steps.")
    return again(request, "grow/own_pathway_new.html", form, problem)


@page(EDUCATOR)
def own(request: Any, own_id: UUID) -> HttpResponse:
    """Show where I am in a pathway of my own."""
    row, found = _found(request, own_id)
    return show(request, "grow/own_pathway.html", own=row, **shown(request, found, _urls(own_id)))


@page(EDUCATOR, methods="POST")
def start(request: Any, own_id: UUID) -> HttpResponse:
    """Put what is left of it into my weeks."""
    return done(request, "grow:plan", message=start_words(start_pathway.start_own(request.actor, own_id=own_id)))


@page(EDUCATOR, methods="POST")
def choose(request: Any, own_id: UUID) -> HttpResponse:
    """Choose parts of a choice."""

    def keep(set_key: str, keys: list[str]) -> None:
        commands.choose_in_own(request.actor, own_id=own_id, set_key=set_key, keys=keys)

    return choose_and_go_back(request, keep, reverse("grow:own_pathway", args=[own_id]))


@page(EDUCATOR, methods="GET POST")
def swap(request: Any, own_id: UUID) -> HttpResponse:
    """Do this instead: what leads to the same is offered; anything else is refused with the reason."""
    row, found = _found(request, own_id)

    def take(key: str, resource_id: UUID) -> None:
        commands.swap_in_own(request.actor, own_id=own_id, key=key, resource_id=resource_id)

    return swap_page(request, row.title, found, take, _urls(own_id))


@page(EDUCATOR, methods="GET POST")
def edit(request: Any, own_id: UUID) -> HttpResponse:
    """Show its steps to change them; keep its name."""
    row = queries.get_own(request.actor, own_id)
    context = {"own": row, **outline_editor.editing(request, _draft(request, row))}
    if request.method != "POST":
        return show(request, "grow/own_pathway_edit.html", form=OwnPathwayForm(initial={"title": row.title}), **context)
    form = OwnPathwayForm(request.POST)
    if not form.is_valid():
        return again(request, "grow/own_pathway_edit.html", form, None, **context)
    commands.rename_own(request.actor, own_id=own_id, title=form.cleaned_data["title"])
    return done(request, "grow:own_pathway_edit", own_id, message="It has its new name.")


@page(EDUCATOR, methods="POST")
def outline(request: Any, own_id: UUID) -> HttpResponse:
    """Move, add or take out a part."""
    return outline_editor.act(request, _draft(request, queries.get_own(request.actor, own_id)))


@page(EDUCATOR, methods="GET POST")
def part(request: Any, own_id: UUID) -> HttpResponse:
    """Say what a part is."""
    draft = _draft(request, queries.get_own(request.actor, own_id))
    return outline_editor.part(request, draft, "ui/outline_part.html")


@page(EDUCATOR, methods="GET POST")
def take(request: Any, own_id: UUID) -> HttpResponse:
    """Choose a resource by searching the catalog."""
    draft = _draft(request, queries.get_own(request.actor, own_id))
    return outline_editor.choose(request, draft, "ui/outline_choose.html")


@page(EDUCATOR, methods="POST")
def remove(request: Any, own_id: UUID) -> HttpResponse:
    """Remove it."""
    commands.remove_own(request.actor, own_id=own_id)
    return done(request, "grow:pathways", message="It is removed. What is in your plan and what you learned stays.")


def _found(request: Any, own_id: UUID) -> tuple[Any, Whereabouts]:
    row = queries.get_own(request.actor, own_id)
    outline = queries.outline_of_own(row)
    return row, whereabouts(request.actor, outline, queries.choices_in(row), row.created_at)


def _urls(own_id: UUID) -> dict[str, str]:
    names = {"here": "", "start": "_start", "choose": "_pick", "swap": "_swap"}
    return {key: reverse(f"grow:own_pathway{name}", args=[own_id]) for key, name in names.items()}


def _draft(request: Any, row: Any) -> Draft:
    def change(how: Callable[[Section], Section]) -> object:
        return commands.keep_own(request.actor, own_id=row.pk, change=how)

    names = ("edit", "outline", "part", "choose")
    urls = {name: reverse(f"grow:own_pathway_{name}", args=[row.pk]) for name in names}
    return Draft(row.title, queries.outline_of_own(row), change, urls)
