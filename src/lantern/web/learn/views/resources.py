"""One resource: what it is, whether it will count, and the ways to begin."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from lantern.domain.catalog import commands, queries
from lantern.domain.catalog.types import (
    ACCESS_FEATURES,
    EVIDENCE_NAME,
    KIND_WORDS,
    LEVEL_WORDS,
    MODALITY_WORDS,
    UNVETTED_WORDS,
    Scheme,
    Status,
    evidence_words,
)
from lantern.domain.courses import commands as courses
from lantern.domain.courses import queries as course_queries
from lantern.domain.courses.types import STATE_WORDS, ActivityState
from lantern.domain.credits import queries as credits
from lantern.domain.goals import queries as goals
from lantern.domain.pathways import queries as pathways
from lantern.domain.plans import commands as plans
from lantern.domain.plans import queries as plan_queries
from lantern.kernel import markdown
from lantern.kernel.errors import Conflict, Invalid
from lantern.ui.durations import duration
from lantern.web.answers import again, done, safe_next, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.learn.forms.catalog import PlanForm


@page(EDUCATOR)
def resource(request: Any, resource_id: UUID) -> HttpResponse:
    """Show one resource with all that is known of it."""
    shown = queries.get_resource(request.actor, resource_id)
    return show(request, "learn/resource.html", form=_plan_form(request), **_context(request, shown))


@page(EDUCATOR, methods="POST")
def keep(request: Any, resource_id: UUID) -> HttpResponse:
    """Keep a resource for later, or let it go."""
    if request.POST.get("keep") == "no":
        commands.unkeep(request.actor, resource_id=resource_id)
        message = "It is not kept any more."
    else:
        commands.keep(request.actor, resource_id=resource_id)
        message = "Kept for later."
    return done(request, safe_next(request, reverse("learn:resource", args=[resource_id])), message=message)


@page(EDUCATOR, methods="POST")
def add_to_plan(request: Any, resource_id: UUID) -> HttpResponse:
    """Put a resource into my plan, or begin with it now."""
    actor = request.actor
    shown = queries.get_resource(actor, resource_id)
    _refuse_retired(actor, shown)
    if request.POST.get("act") == "start":
        activity = courses.take_up(actor, resource_id=resource_id)
        return done(request, "learn:activity", activity.pk)
    form = _plan_form(request, request.POST)
    problem: Invalid | None = None
    if form.is_valid():
        try:
            item = plans.plan_resource(
                actor,
                resource_id=resource_id,
                monday=form.cleaned_data["monday"],
                goal_id=UUID(form.cleaned_data["goal_id"]) if form.cleaned_data["goal_id"] else None,
            )
        except Invalid as refused:
            problem = refused
        else:
            where = (
                f"in the week of {item.monday.day} {item.monday:%B}" if item.monday else "waiting for a week with room"
            )
            back = safe_next(request, reverse("learn:resource", args=[resource_id]))
            return done(request, back, message=f"It is in your plan, {where}.")
    return again(request, "learn/resource.html", form, problem, **_context(request, shown))


def _refuse_retired(actor: Any, shown: Any) -> None:
    if shown.status != Status.PUBLISHED and course_queries.activity_for_resource(actor, shown.pk) is None:
        raise Conflict("This is not offered any more.")


def _plan_form(request: Any, data: Any = None) -> PlanForm:
    actor = request.actor
    return PlanForm(data, weeks=plan_queries.my_weeks(actor), goals=goals.open_goals(actor))


def _context(request: Any, shown: Any) -> dict[str, Any]:
    actor = request.actor
    activity = course_queries.activity_for_resource(actor, shown.pk)
    if activity is not None and activity.state == ActivityState.SET_ASIDE:
        activity = None
    learned_before = activity if activity is not None and activity.from_before else None
    activity = None if learned_before else activity
    finished = course_queries.finished_resource_ids(actor)
    terms = queries.terms_of(actor, shown.pk)
    before = [(required, required.pk in finished) for required in queries.required_before(actor, shown.pk)]
    return {
        "resource": shown,
        "kind": KIND_WORDS[shown.kind],
        "about": markdown.render(shown.description) if shown.description else "",
        "facts": _facts(shown, terms),
        "topics": [term for term in terms if term.scheme == Scheme.TOPIC],
        "leads_to": [
            (link.competency, _how_far(link))
            for link in queries.leads_to(actor, shown.pk)
        ],
        "before": before,
        "missing": sum(not met for _, met in before),
        "after": queries.list_dependents(actor, shown.pk),
        "places": pathways.places_of(actor, shown.pk),
        "access": [ACCESS_FEATURES[name] for name in shown.access_features if name in ACCESS_FEATURES],
        "verdict": credits.verdict_for(actor, minutes=shown.minutes, outside=False, has_evidence=False, resource=shown),
        "activity": activity,
        "learned_before": learned_before,
        "activity_state": STATE_WORDS.get(activity.state, "") if activity else "",
        "kept": queries.is_saved(actor, shown.pk),
        "unvetted": "" if shown.evidence_tier else UNVETTED_WORDS,
        "is_offered": shown.status == Status.PUBLISHED,
        "here": reverse("learn:resource", args=[shown.pk]),
    }


def _how_far(link: Any) -> str:
    """Say the level a link leads to, and that its words were judged where nobody said so."""
    level = LEVEL_WORDS[link.level] if link.level else ""
    return " · ".join(filter(None, (level, "judged by its words" if link.guessed else "")))


def _facts(shown: Any, terms: list[Any]) -> list[tuple[str, str]]:
    """Return every dimension that is known, as name and words."""
    subjects = ", ".join(term.label for term in terms if term.scheme == Scheme.SUBJECT)
    known = (
        ("How it reaches you", MODALITY_WORDS.get(shown.modality, "")),
        ("Time", duration(shown.minutes) if shown.minutes else ""),
        ("Level", LEVEL_WORDS.get(shown.level, "")),
        ("Grades", ", ".join(shown.grades) or "Any"),
        ("Subjects", subjects),
        ("Language", queries.language_name(shown.language)),
        ("Cost", cost_words(shown)),
        (EVIDENCE_NAME, evidence_words(shown.evidence_tier)),
        ("Provider", shown.provider),
        ("District aim", shown.initiative.title if shown.initiative else ""),
        ("Published", f"{shown.published_on.day} {shown.published_on:%B %Y}" if shown.published_on else ""),
        ("Licence", shown.licence),
        ("Attribution", shown.attribution),
        ("From", shown.tenant.name),
    )
    return [(name, words) for name, words in known if words]


def cost_words(shown: Any) -> str:
    """Return what a resource costs; nothing where nobody said."""
    if shown.cost_cents is None:
        return ""
    return "Free" if not shown.cost_cents else f"{shown.cost_cents / 100:,.2f} {shown.currency}".strip()
