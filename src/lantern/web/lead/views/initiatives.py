"""Aims that I publish for my school, district or state. They never touch anybody's goals (P1.5)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.initiatives import commands, policy, queries
from lantern.domain.people import queries as people
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, show
from lantern.web.gate import COORDINATOR, OFFICIAL, SCHOOL_LEADER, page
from lantern.web.lead.forms.initiatives import InitiativeForm

_TEMPLATE = "lead/initiative_form.html"


@page(COORDINATOR, SCHOOL_LEADER, OFFICIAL)
def initiatives(request: Any) -> HttpResponse:
    """The aims that I may change, and those of other levels that reach my people."""
    actor = request.actor
    mine = list(queries.list_mine_to_write(actor))
    held = {aim.pk for aim in mine}
    others = [aim for aim in queries.list_initiatives(actor) if aim.pk not in held]
    return show(request, "lead/initiatives.html", aims=mine, others=others, today=clock.today())


@page(COORDINATOR, SCHOOL_LEADER, OFFICIAL, methods="GET POST")
def new(request: Any) -> HttpResponse:
    """Publish an aim."""
    places = _places(request.actor)
    if request.method == "GET":
        return show(request, _TEMPLATE, form=InitiativeForm(organisations=places), aim=None)
    form = InitiativeForm(request.POST, organisations=places)
    if not form.is_valid():
        return again(request, _TEMPLATE, form, aim=None)
    try:
        aim = commands.create_initiative(request.actor, **form.cleaned_data)
    except Invalid as problem:
        return again(request, _TEMPLATE, form, problem, aim=None)
    return done(
        request, "grow:initiative", aim.pk, message="Your aim is published. People may link goals to it, or not."
    )


@page(COORDINATOR, SCHOOL_LEADER, OFFICIAL, methods="GET POST")
def edit(request: Any, initiative_id: UUID) -> HttpResponse:
    """Reword an aim, or take it back."""
    aim = queries.get_initiative_to_write(request.actor, initiative_id)
    if request.method == "GET":
        known = {name: getattr(aim, name) for name in ("title", "summary", "begins_on", "ends_on")}
        return show(request, _TEMPLATE, form=InitiativeForm(initial=known), aim=aim)
    form = InitiativeForm(request.POST)
    if not form.is_valid():
        return again(request, _TEMPLATE, form, aim=aim)
    try:
        commands.edit_initiative(request.actor, initiative_id=initiative_id, **form.cleaned_data)
    except Invalid as problem:
        return again(request, _TEMPLATE, form, problem, aim=aim)
    return done(request, "grow:initiative", initiative_id, message="Your aim is changed.")


@page(COORDINATOR, SCHOOL_LEADER, OFFICIAL, methods="POST")
def delete(request: Any, initiative_id: UUID) -> HttpResponse:
    """Take an aim back."""
    commands.delete_initiative(request.actor, initiative_id=initiative_id)
    return done(request, "lead:initiatives", message="The aim is taken back. Every goal stays as it was.")


def _places(actor: Actor) -> list[tuple[str, str]]:
    """Return the organisations that I lead, the highest first."""
    rows = people.list_organisations(actor)
    return [(str(row.id), row.name) for row in rows if row.active and policy.can_write(actor, row.id)]
