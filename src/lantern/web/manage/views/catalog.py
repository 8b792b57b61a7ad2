"""The catalog as whoever manages it sees it: list, new, edit, publish, retire."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from lantern.domain.catalog import commands, policy, queries
from lantern.domain.catalog.types import KIND_WORDS, STATUS_WORDS, Scheme
from lantern.domain.competencies import queries as competencies
from lantern.domain.initiatives import queries as initiatives
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, paged, show
from lantern.web.gate import COORDINATOR, OPERATOR, page
from lantern.web.manage.forms.catalog import FIELD_OF, FilterForm, ResourceForm, StatusForm


@page(OPERATOR, COORDINATOR)
def catalog(request: Any) -> HttpResponse:
    """List own and inherited resources, newest change first."""
    actor = request.actor
    form = FilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {"q": "", "status": ""}
    rows = paged(request, queries.list_managed(actor, **chosen))
    return show(
        request,
        "manage/catalog.html",
        filters=form,
        page=rows,
        rows=[
            {
                "resource": row,
                "kind": KIND_WORDS[row.kind],
                "status": STATUS_WORDS[row.status],
                "own": policy.can_edit(actor, row.tenant_id),
            }
            for row in rows
        ],
        filtered=any(chosen.values()),
        querystring=urlencode({name: value for name, value in chosen.items() if value}),
        may_manage=policy.can_manage(actor),
    )


@page(OPERATOR, COORDINATOR, methods="GET POST")
def new(request: Any) -> HttpResponse:
    """Write a resource, as a draft or published at once."""
    actor = request.actor
    if request.method != "POST":
        return show(request, "manage/resource_form.html", form=_form(actor, None), resource=None)
    form = _form(actor, None, request.POST)
    problem: Invalid | None = None
    if form.is_valid():
        status = "draft" if request.POST.get("act") == "draft" else "published"
        try:
            made = commands.create_resource(actor, status=status, **form.facts())
        except Invalid as refused:
            problem = _at_its_field(refused)
        else:
            message = "It is kept as a draft." if status == "draft" else "It is in the catalog."
            return done(request, "manage:catalog_edit", made.pk, message=message)
    return again(request, "manage/resource_form.html", form, problem, resource=None)


@page(OPERATOR, COORDINATOR, methods="GET POST")
def edit(request: Any, resource_id: UUID) -> HttpResponse:
    """Change a resource of one's own tenant; an inherited one is shown only."""
    actor = request.actor
    resource = queries.get_resource(actor, resource_id)
    context = {
        "resource": resource,
        "own": policy.can_edit(actor, resource.tenant_id),
        "status": STATUS_WORDS[resource.status],
        "guessed": any(link.guessed for link in queries.leads_to(actor, resource_id)),
    }
    if request.method != "POST":
        return show(request, "manage/resource_form.html", form=_form(actor, resource), **context)
    form = _form(actor, resource, request.POST)
    problem: Invalid | None = None
    if form.is_valid():
        try:
            commands.edit_resource(actor, resource_id=resource_id, **form.facts())
        except Invalid as refused:
            problem = _at_its_field(refused)
        else:
            return done(request, "manage:catalog_edit", resource_id, message="The changes are kept.")
    return again(request, "manage/resource_form.html", form, problem, **context)


@page(OPERATOR, COORDINATOR, methods="POST")
def status(request: Any, resource_id: UUID) -> HttpResponse:
    """Publish, retire or draft a resource."""
    form = StatusForm(request.POST)
    if not form.is_valid():
        raise Invalid("Choose draft, published or retired.")
    resource = commands.set_status(request.actor, resource_id=resource_id, status=form.cleaned_data["status"])
    message = f"{resource.title}: {STATUS_WORDS[resource.status].lower()}."
    return done(request, "manage:catalog_edit", resource_id, message=message)


def _at_its_field(refused: Invalid) -> Invalid:
    fields = {FIELD_OF.get(name, name): why for name, why in refused.fields.items()}
    return Invalid({"" if name == "competencies" else name: why for name, why in fields.items()})


def _form(actor: Any, resource: Any, data: Any = None) -> ResourceForm:
    links = queries.leads_to(actor, resource.pk) if resource is not None else []
    wanted = sum(bool(value) for name, value in data.items() if name.startswith("competency_")) if data else 0
    return ResourceForm(
        data,
        initial=_initial(actor, resource, links) if resource is not None else {"language": "en", "currency": "USD"},
        subjects=queries.list_terms(actor, Scheme.SUBJECT),
        topics=queries.list_terms(actor, Scheme.TOPIC),
        aims=initiatives.list_initiatives(actor, also_ended=True),
        competencies=competency_choices(actor, [link.competency for link in links]),
        linked=max(len(links), wanted),
    )


def competency_choices(actor: Any, linked: list[Any]) -> list[tuple[str, Any]]:
    """Return the competencies one may choose from by framework, and those that are linked already."""
    groups: list[tuple[str, Any]] = []
    listed: set[UUID] = set()
    for framework in competencies.frameworks_for(actor):
        rows = list(competencies.list_competencies(actor, framework.pk, selectable_only=True))
        listed.update(row.pk for row in rows)
        if rows:
            groups.append((str(framework), [(str(row.pk), f"{row.code} {row.name}".strip()) for row in rows]))
    others = [(str(one.pk), one.name) for one in linked if one.pk not in listed]
    return [("Linked already", others), *groups] if others else groups


def _initial(actor: Any, resource: Any, links: list[Any]) -> dict[str, Any]:
    plain = (
        "title", "kind", "summary", "url", "minutes", "level", "grades", "modality", "language", "currency", "provider",
        "access_features", "description", "initiative_id", "credit_type", "licence", "attribution", "published_on",
        "evidence_tier",
    )  # fmt: skip
    known = {name: getattr(resource, name) for name in plain}
    terms = queries.terms_of(actor, resource.pk)
    required = queries.required_before(actor, resource.pk, also_drafts=True)
    before = [reverse("learn:resource", args=[one.pk]) for one in required]
    for number, link in enumerate(links):
        known |= {f"competency_{number}": str(link.competency_id), f"level_{number}": link.level}
    return known | {
        "subjects": [str(term.pk) for term in terms if term.scheme == Scheme.SUBJECT],
        "topics": [str(term.pk) for term in terms if term.scheme == Scheme.TOPIC],
        "cost": None if resource.cost_cents is None else f"{resource.cost_cents / 100:.2f}",
        "credit_hours": None if resource.credit_minutes is None else f"{resource.credit_minutes / 60:.2f}",
        "builds_on": "\n".join(before),
    }
