"""The school year: terms, days off and staff days, for those who coordinate."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.calendars import commands, policy, queries
from lantern.domain.people import queries as people
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, show
from lantern.web.gate import COORDINATOR, OPERATOR, page
from lantern.web.manage.forms.school_year import SchoolTimeForm

_FORM = "manage/school_time_form.html"


@page(OPERATOR, COORDINATOR)
def school_year(request: Any) -> HttpResponse:
    """List what is set here and above, in order of days; what is over says so."""
    return show(
        request, "manage/school_year.html", times=queries.list_school_times(request.actor), today=clock.today()
    )


@page(OPERATOR, COORDINATOR, methods="GET POST")
def new(request: Any) -> HttpResponse:
    """Put a term, days off or a staff day into the year."""
    places = _places(request.actor)
    if request.method == "GET":
        return show(request, _FORM, form=SchoolTimeForm(organisations=places), each=None)
    form = SchoolTimeForm(request.POST, organisations=places)
    if not form.is_valid():
        return again(request, _FORM, form, each=None)
    try:
        row = commands.add_school_time(request.actor, **form.cleaned_data)
    except Invalid as problem:
        return again(request, _FORM, form, problem, each=None)
    return done(request, "manage:school_year", message=f"“{row.name}” is in the school year.")


@page(OPERATOR, COORDINATOR, methods="GET POST")
def edit(request: Any, school_time_id: UUID) -> HttpResponse:
    """Change one, or take it out."""
    each = queries.get_school_time_to_write(request.actor, school_time_id)
    if request.method == "GET":
        known = {name: getattr(each, name) for name in ("kind", "name", "begins_on", "ends_on")}
        return show(request, _FORM, form=SchoolTimeForm(initial=known), each=each)
    form = SchoolTimeForm(request.POST)
    if not form.is_valid():
        return again(request, _FORM, form, each=each)
    try:
        row = commands.change_school_time(request.actor, school_time_id=school_time_id, **form.cleaned_data)
    except Invalid as problem:
        return again(request, _FORM, form, problem, each=each)
    return done(request, "manage:school_year", message=f"“{row.name}” is changed.")


@page(OPERATOR, COORDINATOR, methods="POST")
def remove(request: Any, school_time_id: UUID) -> HttpResponse:
    """Take one out of the year."""
    commands.remove_school_time(request.actor, school_time_id=school_time_id)
    return done(request, "manage:school_year", message="It is taken out of the school year.")


def _places(actor: Actor) -> list[tuple[str, str]]:
    """Return the organisations whose year I may set, the highest first."""
    rows = people.list_organisations(actor)
    return [(str(row.id), row.name) for row in rows if row.active and policy.can_write(actor, row.id)]
