"""Reflecting on what one learned, reading it again, and saying how it went in class."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.courses import queries as courses
from lantern.domain.credits import queries as credits
from lantern.domain.credits.types import REFLECTION, in_hours
from lantern.domain.evidence import commands as evidence
from lantern.domain.evidence import queries as evidence_queries
from lantern.domain.evidence.types import OUTCOME_WORDS
from lantern.kernel import clock, markdown
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.portfolio.forms import AnswerForm, ReflectionForm


@page(EDUCATOR, methods="GET POST")
def new(request: Any, activity_id: UUID) -> HttpResponse:
    """Reflect on an activity; where a reflection is there already, change its words."""
    actor = request.actor
    activity = courses.get_activity(actor, activity_id)
    existing = evidence_queries.reflection_of(actor, activity_id)
    context: dict[str, Any] = {
        "activity": activity,
        "existing": existing,
        "verdict": None if existing else credits.verdict_for_activity(actor, activity_id),
    }
    if request.method != "POST":
        form = ReflectionForm(initial=_initial(activity, existing), with_minutes=existing is None)
        return show(request, "portfolio/reflection_form.html", form=form, **context)
    form = ReflectionForm(request.POST, with_minutes=existing is None)
    if not form.is_valid():
        return again(request, "portfolio/reflection_form.html", form, **context)
    try:
        if existing is None:
            saved = evidence.submit_reflection(actor, activity_id=activity_id, **form.cleaned_data)
        else:
            saved = evidence.edit_reflection(actor, reflection_id=existing.pk, **form.cleaned_data)
    except Invalid as problem:
        return again(request, "portfolio/reflection_form.html", form, problem, **context)
    return done(request, "portfolio:reflection", saved.pk, message=_told(actor, saved, existing is None))


def _initial(activity: Any, existing: Any) -> dict[str, Any]:
    if existing is None:
        return {"minutes": activity.minutes_spent or activity.minutes or None}
    return {name: getattr(existing, name) for name in ("takeaway", "try_class", "try_on")}


def _told(actor: Any, saved: Any, is_new: bool) -> str:
    earned = credits.hours_from(actor, REFLECTION, saved.pk) if is_new else None
    return f"Saved. {in_hours(earned)} hours earned." if earned else "Saved."


@page(EDUCATOR)
def reflection(request: Any, reflection_id: UUID) -> HttpResponse:
    """Show one reflection of mine, what it earned or still needs, and how it went."""
    actor = request.actor
    mine = evidence_queries.get_reflection(actor, reflection_id)
    earned = credits.hours_from(actor, REFLECTION, mine.pk)
    files = list(evidence_queries.my_evidence(actor, mine.activity_id))
    verdict = credits.verdict_for(
        actor,
        minutes=mine.minutes,
        outside=mine.activity.is_outside,
        has_evidence=any(row.is_ready for row in files),
        resource=mine.activity.resource,
        day=mine.activity.learned_on,
    )
    return show(
        request,
        "portfolio/reflection.html",
        reflection=mine,
        takeaway=markdown.render(mine.takeaway),
        what_happened=markdown.render(mine.what_happened),
        outcome_words=OUTCOME_WORDS.get(mine.outcome, ""),
        earned=in_hours(earned) if earned else "",
        is_taken_back=earned == 0,
        needs_proof=earned is None and bool(verdict.what_is_missing) and verdict.hundredths > 0,
        is_due=mine.try_on is not None and mine.try_on < clock.today(),
        verdict=verdict,
        licence=credits.licence_progress(actor) if earned else None,
        files=files,
    )


@page(EDUCATOR, methods="GET POST")
def answer(request: Any, reflection_id: UUID) -> HttpResponse:
    """Ask how it went in class, and keep the answer."""
    actor = request.actor
    mine = evidence_queries.get_reflection(actor, reflection_id)
    context: dict[str, Any] = {"reflection": mine, "takeaway": markdown.render(mine.takeaway)}
    if request.method != "POST":
        form = AnswerForm(initial={"outcome": mine.outcome, "what_happened": mine.what_happened})
        return show(request, "portfolio/answer.html", form=form, **context)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return again(request, "portfolio/answer.html", form, **context)
    try:
        kept = evidence.answer_reflection(actor, reflection_id=reflection_id, **form.cleaned_data)
    except Invalid as problem:
        return again(request, "portfolio/answer.html", form, problem, **context)
    told = "Thank you. That is worth keeping." if kept.answered_at else "Fine. We ask again after that day."
    return done(request, "portfolio:reflection", reflection_id, message=told)
