"""People: the list, one person with her roles, adding, giving and ending roles, inviting, leaving."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpResponse
from django.urls import reverse

from lantern.domain.people import commands, policy, queries
from lantern.domain.people.types import JOB_WORDS, ROLE_WORDS
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock, mail
from lantern.kernel.errors import Invalid
from lantern.web import answers
from lantern.web.gate import COORDINATOR, OPERATOR, page
from lantern.web.manage.forms.people import EntryForm, FilterForm, PersonForm, RoleForm

LINK = "invitation_link"


@page(OPERATOR, COORDINATOR)
def people(request: Any) -> HttpResponse:
    """Show the people whom the actor manages."""
    form = FilterForm(request.GET or None, actor=request.actor)
    found = form.cleaned_data if form.is_valid() else {}
    rows = queries.list_people(
        request.actor,
        q=found.get("q", ""),
        organisation_id=UUID(found["organisation"]) if found.get("organisation") else None,
        role=found.get("role") or None,
        state=found.get("state", ""),
    )
    query = request.GET.copy()
    query.pop("page", None)
    shown = answers.paged(request, rows, 25)
    return answers.show(
        request,
        "manage/people.html",
        form=form,
        rows=shown,
        filtered=any(found.values()),
        querystring=query.urlencode(),
        jobs=JOB_WORDS,
        roles=ROLE_WORDS,
    )


@page(OPERATOR, COORDINATOR, methods="GET POST")
def new(request: Any) -> HttpResponse:
    """Add a person by hand."""
    form = PersonForm(request.POST or None, actor=request.actor)
    if request.method != "POST":
        return answers.show(request, "manage/person_new.html", form=form)
    if not form.is_valid():
        return answers.again(request, "manage/person_new.html", form)
    facts = form.facts()
    try:
        person = commands.create_person(request.actor, **(facts | {"organisation_id": UUID(facts["organisation_id"])}))
    except Invalid as problem:
        return answers.again(request, "manage/person_new.html", form, problem)
    return answers.done(request, "manage:person", person.pk, message=f"{person.full_name} was added.")


@page(OPERATOR, COORDINATOR, methods="GET POST")
def correct(request: Any, person_id: UUID) -> HttpResponse:
    """Put right the entry of a person who was added by hand."""
    found = queries.get_managed_person(request.actor, person_id)
    names = ("given_name", "family_name", "email", "job_kind", "job_title", "years_experience", "grades")
    now = {name: getattr(found, name) for name in names} | {"subjects": ", ".join(found.subjects)}
    form = EntryForm(request.POST or None, initial=now)
    problem: Invalid | None = None
    if request.method != "POST":
        return answers.show(request, "manage/person_new.html", form=form, person=found)
    if form.is_valid():
        try:
            commands.correct_person(request.actor, person_id=person_id, **form.facts())
            return answers.done(request, "manage:person", person_id, message="The entry was saved.")
        except Invalid as refused:
            problem = refused
    return answers.again(request, "manage/person_new.html", form, problem, person=found)


@page(OPERATOR, COORDINATOR)
def person(request: Any, person_id: UUID) -> HttpResponse:
    """Show a person: what the directory holds, her roles, and what may be done."""
    return answers.show(request, "manage/person.html", form=RoleForm(actor=request.actor), **_facts(request, person_id))


def _facts(request: Any, person_id: UUID) -> dict[str, Any]:
    actor = request.actor
    found = queries.get_managed_person(actor, person_id)
    today = clock.today()
    roles: list[dict[str, Any]] = [
        {
            "row": row,
            "words": ROLE_WORDS.get(row.role, row.role),
            "over": row.ends_on is not None and row.ends_on < today,
            "mine": policy.can_grant(actor, row.role, row.organisation_id),
        }
        for row in queries.list_memberships(actor, person_id)
    ]
    held = [(one["row"].role, one["row"].organisation_id) for one in roles if not one["over"]]
    account = found.account
    link = request.session.pop(LINK, None)
    return {
        "person": found,
        "job": found.job_title or JOB_WORDS.get(found.job_kind, ""),
        "member_roles": roles,
        "may_change": policy.can_manage_person(actor, held) and found.pk != actor.person_id,
        "may_ask_emergency": privacy.can_ask_emergency(actor) and found.pk != actor.person_id,
        "in_use": account is not None and (account.last_login is not None or account.has_usable_password()),
        "link": link["url"] if link and link["person"] == str(person_id) else "",
    }


@page(OPERATOR, COORDINATOR, methods="POST")
def add_role(request: Any, person_id: UUID) -> HttpResponse:
    """Give a person a role."""
    form = RoleForm(request.POST, actor=request.actor)
    problem: Invalid | None = None
    if form.is_valid():
        facts = form.cleaned_data
        try:
            commands.grant_role(
                request.actor, person_id=person_id, **(facts | {"organisation_id": UUID(facts["organisation_id"])})
            )
            return answers.done(request, "manage:person", person_id, message="The role was given.")
        except Invalid as refused:
            problem = refused
    return answers.again(request, "manage/person.html", form, problem, **_facts(request, person_id))


@page(OPERATOR, COORDINATOR, methods="POST")
def end_role(request: Any, membership_id: UUID) -> HttpResponse:
    """End a role at once."""
    ended = commands.end_role(request.actor, membership_id=membership_id)
    return answers.done(request, "manage:person", ended.person_id, message="The role has ended.")


@page(OPERATOR, COORDINATOR, methods="POST")
def invite(request: Any, person_id: UUID) -> HttpResponse:
    """Make a one-time link with which a person who never signed in chooses her password; mail it and show it once."""
    account = commands.invite_person(request.actor, person_id=person_id)
    token = default_token_generator.make_token(account)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(account), "key": token})
    url = request.build_absolute_uri(path)
    mail.queue_mail(
        request.actor,
        person_id=person_id,
        address=account.email,
        subject="Your Lantern account",
        body=f"Choose your password here, within three days:\n\n{url}\n\nLantern: learning that you steer.\n",
    )
    request.session[LINK] = {"person": str(person_id), "url": url}
    return answers.done(request, "manage:person", person_id, message="The invitation is on its way.")


@page(OPERATOR, COORDINATOR, methods="POST")
def end(request: Any, person_id: UUID) -> HttpResponse:
    """Say that a person left."""
    ended = commands.end_person(request.actor, person_id=person_id)
    return answers.done(request, "manage:people", message=f"The entry of {ended.full_name} has ended.")
