"""Organisations: the tree, adding, renaming."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.people import commands, policy, queries
from lantern.domain.people.types import KIND_WORDS, ROLE_WORDS, OrganisationKind
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid
from lantern.web import answers
from lantern.web.gate import COORDINATOR, OPERATOR, page
from lantern.web.manage.forms.organisations import NameForm, OrganisationForm


@page(OPERATOR, COORDINATOR)
def organisations(request: Any) -> HttpResponse:
    """Show the tree, and for a state or region the districts below."""
    return answers.show(
        request,
        "manage/organisations.html",
        nodes=[(node, KIND_WORDS[node.kind]) for node in queries.list_organisations(request.actor)],
        below=queries.list_districts_below(request.actor),
        may_add=bool(_kinds(request.actor)),
    )


def _kinds(actor: Actor) -> list[str]:
    """Return which kinds the actor may add right below the own tenant."""
    own = queries.get_organisation(actor, actor.tenancy.own)
    order = list(OrganisationKind)
    if own.kind == OrganisationKind.DISTRICT:
        wanted = [OrganisationKind.SCHOOL]
    else:
        wanted = [
            kind for kind in order[order.index(OrganisationKind(own.kind)) + 1 :] if kind != OrganisationKind.SCHOOL
        ]
    return [str(kind) for kind in wanted if policy.can_create_organisation(actor, kind, own)]


@page(OPERATOR, COORDINATOR, methods="GET POST")
def new(request: Any) -> HttpResponse:
    """Add an organisation below the own tenant."""
    kinds = _kinds(request.actor)
    form = OrganisationForm(request.POST or None, kinds=kinds)
    if request.method != "POST":
        return answers.show(request, "manage/organisation_new.html", form=form, kinds=kinds)
    if not form.is_valid():
        return answers.again(request, "manage/organisation_new.html", form, kinds=kinds)
    try:
        made = commands.create_organisation(request.actor, **form.cleaned_data)
    except Invalid as problem:
        return answers.again(request, "manage/organisation_new.html", form, problem, kinds=kinds)
    return answers.done(request, "manage:organisations", message=f"{made.name} was added.")


@page(OPERATOR, COORDINATOR, methods="GET POST")
def organisation(request: Any, organisation_id: UUID) -> HttpResponse:
    """Show one organisation with its people, and rename it."""
    actor = request.actor
    found = queries.get_organisation(actor, organisation_id)
    may_rename = policy.can_manage_organisation(actor, found.pk) and found.tenant_id == actor.tenancy.own
    form = NameForm(request.POST or None, initial={"name": found.name, "identifier": found.identifier})
    context: dict[str, Any] = {
        "organisation": found,
        "kind": KIND_WORDS[found.kind],
        "may_rename": may_rename,
        "roles": ROLE_WORDS,
        "people": queries.list_people(actor, organisation_id=found.pk)[:50] if may_rename else [],
    }
    if request.method != "POST":
        return answers.show(request, "manage/organisation.html", form=form, **context)
    if not form.is_valid():
        return answers.again(request, "manage/organisation.html", form, **context)
    try:
        commands.rename_organisation(actor, organisation_id=organisation_id, **form.cleaned_data)
    except Invalid as problem:
        return answers.again(request, "manage/organisation.html", form, problem, **context)
    return answers.done(request, "manage:organisation", organisation_id, message="Saved.")
