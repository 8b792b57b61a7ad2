"""What one is learning from: an activity with its progress, and adding something from anywhere else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from lantern.domain.catalog.types import KIND_WORDS
from lantern.domain.competencies import queries as competencies
from lantern.domain.courses import commands as courses
from lantern.domain.courses import queries as course_queries
from lantern.domain.courses.types import STARTED_PERCENT, STATE_WORDS
from lantern.domain.credits import queries as credits
from lantern.domain.credits.types import REFLECTION, in_hours
from lantern.domain.evidence import queries as evidence
from lantern.domain.plans import queries as plans
from lantern.flows import learning_from_outside
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.learn.forms.activities import DONE, LinkForm, OutsideForm, ProgressForm

_QUICK = {"started": STARTED_PERCENT, "half": 50, "done": 100}


@page(EDUCATOR)
def activity(request: Any, activity_id: UUID) -> HttpResponse:
    """Show one activity: what it is, how far I am, whether it counts, and what comes next."""
    mine = course_queries.get_activity(request.actor, activity_id)
    form = ProgressForm(initial={"percent": mine.percent, "minutes_spent": mine.minutes_spent or None})
    return show(request, "learn/activity.html", form=form, **_about(request.actor, mine))


@page(EDUCATOR, methods="POST")
def progress(request: Any, activity_id: UUID) -> HttpResponse:
    """Take how far I am, by a button or by numbers; set it aside, or take it up again."""
    actor = request.actor
    match request.POST.get("act", ""):
        case "set_aside":
            courses.set_aside(actor, activity_id=activity_id)
            return done(request, "learn:activity", activity_id, message="Set aside. You can take it up again any time.")
        case "resume":
            courses.resume(actor, activity_id=activity_id)
            return done(request, "learn:activity", activity_id, message="You have taken it up again.")
    mine = course_queries.get_activity(actor, activity_id)
    quick = _QUICK.get(request.POST.get("quick", ""))
    sent = request.POST.dict() if quick is None else {**request.POST.dict(), "percent": max(quick, mine.percent)}
    form = ProgressForm(sent)
    if form.is_valid():
        try:
            changed = courses.set_progress(actor, activity_id=activity_id, **form.cleaned_data)
        except Invalid as problem:
            return again(request, "learn/activity.html", form, problem, **_about(actor, mine))
        told = "Done. Take a moment to reflect while it is fresh." if changed.is_finished else "Noted."
        return done(request, "learn:activity", activity_id, message=told)
    return again(request, "learn/activity.html", form, **_about(actor, mine))


def _about(actor: Any, mine: Any) -> dict[str, Any]:
    reflection = evidence.reflection_of(actor, mine.pk)
    earned = credits.hours_from(actor, REFLECTION, reflection.pk) if reflection else None
    item = plans.item_for_activity(actor, mine.pk)
    return {
        "activity": mine,
        "kind_words": KIND_WORDS.get(mine.kind, mine.kind),
        "state_words": STATE_WORDS[mine.state],
        "verdict": credits.verdict_for_activity(actor, mine.pk),
        "reflection": reflection,
        "earned": in_hours(earned) if earned else "",
        "files": list(evidence.my_evidence(actor, mine.pk)),
        "plan_item": item,
    }


@page(EDUCATOR, methods="GET POST")
def outside(request: Any) -> HttpResponse:
    """Add something from anywhere else, to the plan or as already done."""
    actor = request.actor
    offered = _competencies(actor)
    if request.method != "POST":
        form = OutsideForm(competencies=offered, initial={"kind": "live_session"})
        return show(request, "learn/outside.html", form=form, **_around(actor))
    form = OutsideForm(request.POST, competencies=offered)
    if not form.is_valid():
        return again(request, "learn/outside.html", form, **_around(actor))
    said = {name: form.cleaned_data[name] for name in ("title", "kind", "minutes", "url", "provider")}
    competency = form.cleaned_data.get("competency")
    said["competency_id"] = UUID(competency) if competency else None
    try:
        if form.cleaned_data["act"] == DONE:
            day = form.cleaned_data["happened_on"]
            added = learning_from_outside.log_from_outside(actor, happened_on=day, **said)
            told = "Logged. Reflect on it, and add a file that shows you took part."
        else:
            added = learning_from_outside.plan_from_outside(actor, **said)
            told = "It is in your plan."
    except Invalid as problem:
        return again(request, "learn/outside.html", form, problem, **_around(actor))
    return done(request, "learn:activity", added.pk, message=told)


@page(EDUCATOR, methods="POST", slow=True)
def preview(request: Any) -> HttpResponse:
    """Open a pasted link once and fill the form with what its page says of itself; nothing is saved."""
    actor = request.actor
    offered = _competencies(actor)
    link = LinkForm(request.POST)
    if not link.is_valid():
        context = {"form": OutsideForm(competencies=offered), **_around(actor, link)}
        return render(request, "learn/outside.html", context, status=422)
    found = learning_from_outside.propose(actor, link.cleaned_data["url"])
    initial = {
        "url": found.url,
        "title": found.title,
        "kind": found.kind or "article",
        "minutes": found.minutes,
        "provider": found.provider,
        "competency": str(found.competency_id or ""),
    }
    verdict = credits.verdict_for(actor, minutes=found.minutes, outside=True) if found.minutes else None
    form = OutsideForm(competencies=offered, initial=initial)
    return show(request, "learn/outside.html", form=form, proposal=found, verdict=verdict, **_around(actor, link))


def _around(actor: Any, link: LinkForm | None = None) -> dict[str, Any]:
    return {"link_form": link or LinkForm(), "rule": credits.rule_on(actor)}


def _competencies(actor: Any) -> list[tuple[str, str]]:
    return [(str(row.pk), row.name) for row in competencies.my_competencies(actor)]
