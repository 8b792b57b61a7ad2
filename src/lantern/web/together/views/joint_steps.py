"""The steps of a joint plan: adding, changing, taking out, bringing back, and saying that my part is done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.formats import date_format

from lantern.domain.joint_plans import commands, queries
from lantern.domain.joint_plans.types import JointPlanView
from lantern.kernel import clock
from lantern.kernel.errors import Conflict, Invalid, NotFound
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.together.forms.joint_plans import StepForm
from lantern.web.together.views.joint_plans import met
from lantern.web.together.views.proposals import from_catalog

_FORM = "together/joint_step.html"
_WEEKS_AHEAD = 30


@page(EDUCATOR, methods="GET POST")
def new(request: Any, plan_id: UUID) -> HttpResponse:
    """Add a step: something of the catalog, or own words."""
    actor = request.actor
    plan = queries.get_plan(actor, plan_id)
    given = _given(plan)
    if request.method == "GET":
        known, found = from_catalog(actor, request)
        return show(request, _FORM, form=StepForm(initial=known, **given), plan=plan, **found)
    form = StepForm(request.POST, **given)
    if not form.is_valid():
        return again(request, _FORM, form, plan=plan)
    facts = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    try:
        commands.add_step(actor, plan_id=plan_id, **facts)
    except Invalid as problem:
        return again(request, _FORM, form, problem, plan=plan)
    return done(request, "together:joint_plan", plan_id, message=f"“{facts['title']}” is in the plan.")


@page(EDUCATOR, methods="GET POST")
def step(request: Any, step_id: UUID) -> HttpResponse:
    """Change a step; when somebody else did so in the meantime, both are shown."""
    actor = request.actor
    plan, found = queries.get_step(actor, step_id)
    given = _given(plan, found.monday) | {"nobodys": found.nobodys}
    extra: dict[str, Any] = {"plan": plan, "step": found}
    if request.method == "GET":
        known = {
            "title": found.title,
            "minutes": found.minutes,
            "monday": found.monday.isoformat() if found.monday else "",
            "member_ids": [str(each) for each in found.member_ids],
            "version": found.version,
        }
        return show(request, _FORM, form=StepForm(initial=known, **given), **extra)
    form = StepForm(request.POST, **given)
    if not form.is_valid():
        return again(request, _FORM, form, **extra)
    facts = {name: value for name, value in form.cleaned_data.items() if name != "resource_id"}
    facts["version"] = facts["version"] or 0
    try:
        commands.change_step(actor, step_id=step_id, **facts)
    except Invalid as problem:
        return again(request, _FORM, form, problem, **extra)
    except Conflict:
        plan, now = queries.get_step(actor, step_id)
        if now.removed_at is not None:
            raise
        people = "Everybody" if now.everybody else ", ".join(now.people) or "Nobody yet"
        week = f"Week of {date_format(now.monday, 'j F')}" if now.monday else "No week yet"
        theirs = (now.title, f"{now.minutes} minutes", week, people)
        return met(request, _FORM, StepForm, given, now.version, plan=plan, step=now, theirs=theirs)
    return done(request, "together:joint_plan", plan.id, message="Changed. Everybody who takes part sees it.")


@page(EDUCATOR, methods="POST")
def remove(request: Any, step_id: UUID) -> HttpResponse:
    """Take a step out."""
    row = commands.remove_step(request.actor, step_id=step_id)
    return done(
        request, "together:joint_plan", row.plan_id, message=f"“{row.title}” is out. Any of you can bring it back."
    )


@page(EDUCATOR, methods="POST")
def bring_back(request: Any, step_id: UUID) -> HttpResponse:
    """Bring a step back that was taken out."""
    row = commands.bring_back_step(request.actor, step_id=step_id)
    return done(request, "together:joint_plan", row.plan_id, message=f"“{row.title}” is back.")


@page(EDUCATOR, methods="POST")
def mark(request: Any, step_id: UUID) -> HttpResponse:
    """Say to the others that my part of a step is done, or take that back."""
    wanted = {"yes": True, "no": False}.get(request.POST.get("done", ""))
    if wanted is None:
        raise NotFound("There is nothing here.")
    part = commands.mark_done(request.actor, step_id=step_id, done=wanted)
    words = "The others see that your part is done." if wanted else "It is marked as not done yet."
    return done(request, "together:joint_plan", part.step.plan_id, message=words)


def _given(plan: JointPlanView, also: date | None = None) -> dict[str, Any]:
    """Return the choices of a step's form: the coming weeks (and the one it is in) and the members."""
    this_monday = clock.week_start(clock.today())
    weeks = {this_monday + timedelta(weeks=number) for number in range(_WEEKS_AHEAD)} | ({also} if also else set())
    weeks |= {step.monday for step in plan.steps if step.monday is not None and step.monday >= this_monday}
    return {
        "weeks": [(monday.isoformat(), f"Week of {date_format(monday, 'j F Y')}") for monday in sorted(weeks)],
        "members": [(str(one.id), one.name) for one in plan.members],
    }
