"""Joint plans: those I am in, one of them with its weeks, wording it, its history, and taking my part along (C.7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.formats import date_format

from lantern.domain.joint_plans import commands, queries
from lantern.domain.joint_plans.types import JointPlanView, PutIn, StepView
from lantern.domain.needs import queries as needs
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotFound
from lantern.web.answers import again, done, paged, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.together.forms.joint_plans import JointPlanForm

_FORM = "together/joint_plan_form.html"
_ON_A_PAGE = 50


@page(EDUCATOR)
def joint_plans(request: Any) -> HttpResponse:
    """The joint plans I am in, and invitations that wait for my answer."""
    lines = queries.my_plans(request.actor)
    return show(
        request,
        "together/joint_plans.html",
        invitations=[line for line in lines if line.invitation_id],
        plans=[line for line in lines if not line.invitation_id],
    )


@page(EDUCATOR, methods="GET POST")
def new(request: Any) -> HttpResponse:
    """Start a joint plan, out of a need of my group when the address names one."""
    actor = request.actor
    if request.method == "GET":
        known: dict[str, Any] = {}
        if asked := request.GET.get("group_need", ""):
            need = _need(actor, asked)
            known = {"title": need.title[:120], "group_need_id": need.id}
        return show(request, _FORM, form=JointPlanForm(initial=known))
    form = JointPlanForm(request.POST)
    if not form.is_valid():
        return again(request, _FORM, form)
    facts = {name: form.cleaned_data[name] for name in ("title", "why", "group_need_id")}
    try:
        plan = commands.start_plan(actor, **facts)
    except Invalid as problem:
        return again(request, _FORM, form, problem)
    return done(request, "together:joint_people", plan.pk, message="Your plan is there. Now ask the first people in.")


def _need(actor: Actor, asked: str) -> Any:
    try:
        return needs.get_group_need(actor, UUID(asked))
    except ValueError:
        raise NotFound("There is no such need.") from None


@page(EDUCATOR)
def joint_plan(request: Any, plan_id: UUID) -> HttpResponse:
    """One joint plan, this week first."""
    actor = request.actor
    plan = queries.get_plan(actor, plan_id)
    weeks, earlier, no_week = _weeks(plan.steps)
    return show(
        request,
        "together/joint_plan.html",
        plan=plan,
        weeks=weeks,
        earlier=earlier,
        no_week=no_week,
        from_need=_title_of_need(actor, plan),
    )


def _weeks(steps: Iterable[StepView]) -> tuple[list[dict[str, Any]], list[StepView], list[StepView]]:
    """Return the weeks from this one on (this one always, and first), what is in weeks that are over, and the rest."""
    this_monday = clock.week_start(clock.today())
    by_week: dict[date, list[StepView]] = defaultdict(list, {this_monday: []})
    earlier, no_week = [], []
    for step in steps:
        if step.monday is None:
            no_week.append(step)
        elif step.monday < this_monday:
            earlier.append(step)
        else:
            by_week[step.monday].append(step)
    weeks = [
        {
            "label": f"Week of {date_format(monday, 'j F')}",
            "now": monday == this_monday,
            "steps": there,
            "minutes": sum(step.minutes for step in there),
        }
        for monday, there in sorted(by_week.items())
    ]
    return weeks, earlier, no_week


def _title_of_need(actor: Actor, plan: JointPlanView) -> str:
    """Return what a group asked for, to who may know: members of other schools see the plan without it."""
    if plan.group_need_id is None:
        return ""
    try:
        return needs.get_group_need(actor, plan.group_need_id).title
    except NotFound:
        return ""


@page(EDUCATOR, methods="GET POST")
def edit(request: Any, plan_id: UUID) -> HttpResponse:
    """Word a joint plan anew; when somebody else did so in the meantime, both wordings are shown."""
    actor = request.actor
    plan = queries.get_plan(actor, plan_id)
    if request.method == "GET":
        known = {"title": plan.title, "why": plan.why, "version": plan.version}
        return show(request, _FORM, form=JointPlanForm(initial=known), plan=plan)
    form = JointPlanForm(request.POST)
    if not form.is_valid():
        return again(request, _FORM, form, plan=plan)
    facts = form.cleaned_data
    try:
        commands.change_plan(
            actor, plan_id=plan_id, title=facts["title"], why=facts["why"], version=facts["version"] or 0
        )
    except Invalid as problem:
        return again(request, _FORM, form, problem, plan=plan)
    except Conflict:
        now = queries.get_plan(actor, plan_id)
        return met(request, _FORM, JointPlanForm, {}, now.version, plan=now, theirs=((now.title, now.why)))
    return done(request, "together:joint_plan", plan_id, message="Changed. Everybody who takes part sees it.")


def met(request: Any, template: str, form_of: Any, given: dict[str, Any], version: int, **context: Any) -> HttpResponse:
    """Return a form with what was written, beside what somebody else wrote in the meantime; sent again, it counts."""
    data = request.POST.copy()
    data["version"] = str(version)
    response = show(request, template, form=form_of(data, **given), **context)
    response.status_code = 409
    return response


@page(EDUCATOR, methods="POST")
def leave(request: Any, plan_id: UUID) -> HttpResponse:
    """Leave a joint plan."""
    stays = commands.leave_plan(request.actor, plan_id=plan_id)
    words = "You left. The plan stays for the others." if stays else "You left. You were the last, so the plan is gone."
    return done(request, "together:joint_plans", message=f"{words} What you put into your own weeks is still there.")


@page(EDUCATOR, methods="POST")
def mine(request: Any, plan_id: UUID) -> HttpResponse:
    """Put my part into my own weeks."""
    put = commands.put_into_my_weeks(request.actor, plan_id=plan_id)
    return done(request, "together:joint_plan", plan_id, message=_came_of_it(put))


def _came_of_it(put: PutIn) -> str:
    words = []
    if put.placed:
        words.append("Your part is in your own weeks now. What you do with it there only you can see.")
    if put.waiting:
        words.append(f"{put.waiting} of it {'has' if put.waiting == 1 else 'have'} no week yet.")
    words += [f"“{title}” is not offered any more, so it was left out." for title in put.not_offered]
    return " ".join(words) or "Everything of yours is in your weeks already."


@page(EDUCATOR)
def history(request: Any, plan_id: UUID) -> HttpResponse:
    """Who changed what, and when, the newest first."""
    plan = queries.get_plan(request.actor, plan_id)
    rows = paged(request, range(queries.count_changes(request.actor, plan_id)), _ON_A_PAGE)
    first = max(rows.start_index() - 1, 0)
    changes = queries.list_changes(request.actor, plan_id, most=_ON_A_PAGE, start=first)
    return show(request, "together/joint_history.html", plan=plan, rows=rows, changes=changes)
