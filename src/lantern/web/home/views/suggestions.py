"""Suggestions: the few that are on home, all that stand behind them, their points, and what to leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import resolve_url

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import Search
from lantern.domain.goals import queries as goals
from lantern.domain.people import queries as people
from lantern.domain.privacy import queries as privacy
from lantern.domain.privacy.types import Purpose
from lantern.domain.recommendations import commands, queries
from lantern.domain.recommendations.types import DISTRICT, SLIDERS, WHY_WORDS, SuggestionView
from lantern.kernel.errors import Invalid, NotFound
from lantern.web import answers
from lantern.web.gate import EDUCATOR, page

ASKED_FOR = 5
SHOW_ALL_SIZE = 20
ASKED_BY_HER = frozenset({"goal", "need", "interest"})
"""The parts of a score that rest on what she said she wants."""


@page(EDUCATOR)
def suggestions(request: Any) -> HttpResponse:
    """Show the short list with its points; ?all=1 everything behind it, ?goal= those for a goal, ?title= why not that
    one.
    """
    if "goal" in request.GET:
        return _for_goal(request)
    actor = request.actor
    everything = request.GET.get("all") == "1"
    shown: list[SuggestionView] = queries.current_for(actor, everything=everything)
    profile = people.get_profile(actor)
    dismissed = queries.dismissed_by(actor)
    lessons = queries.my_lessons(actor, dismissed)
    return answers.show(
        request,
        "home/suggestions.html",
        everything=everything,
        page_obj=answers.paged(request, shown, SHOW_ALL_SIZE),
        most=max((view.score for view in shown), default=0),
        factors=[_factor(key, name, profile) for key, name in queries.switches(actor).items()],
        peers=queries.peers_view(actor),
        dismissed=[(row, _left_out(row, lessons)) for row in dismissed],
        whys=WHY_WORDS.items(),
        asked=_asked(request),
        title=request.GET.get("title", ""),
        refused=Purpose.RECOMMENDATION in privacy.refused_purposes(actor),
        impersonal=bool(shown) and not any(_is_asked_for(view) for view in shown),
    )


def _factor(key: str, name: str, profile: Any) -> dict[str, Any]:
    """Return a part of the match with its switch and how much it counts; the district's can only be turned down."""
    weight = f"{profile.sliders.get(key, 1):g}"
    choices = [(value, words, value == weight) for value, words in SLIDERS.items() if key != DISTRICT or value <= "1"]
    return {"key": key, "name": name, "on": key not in profile.factors_off, "choices": choices}


def _is_asked_for(view: SuggestionView) -> bool:
    return any(part.factor in ASKED_BY_HER and part.points > 0 for part in view.parts)


def _left_out(row: Any, lessons: Mapping[UUID, str]) -> str:
    words = WHY_WORDS.get(row.why, "")
    return f"{words}. {lessons[row.resource_id]}." if row.resource_id in lessons else words


def _for_goal(request: Any) -> HttpResponse:
    try:
        goal_id = UUID(request.GET["goal"])
    except ValueError:
        raise NotFound("There is no such goal.") from None
    goal = goals.get_goal(request.actor, goal_id)
    steps = queries.steps_for_goal(request.actor, goal.pk)
    template = "home/goal_suggestions.html" + ("#list" if request.headers.get("HX-Request") else "")
    return answers.show(request, template, goal=goal, steps=steps)


def _asked(request: Any) -> list[Any]:
    """Return why what was asked for is not on the short list: the resource named by ?resource=, or the best finds for
    ?title=.
    """
    title = request.GET.get("title", "").strip()
    if request.GET.get("resource"):
        try:
            return queries.why_not_shown(request.actor, [UUID(request.GET["resource"])])
        except ValueError:
            raise NotFound("There is no such resource.") from None
    if not title:
        return []
    found = catalog.search(request.actor, Search(q=title[:400]))
    return queries.why_not_shown(request.actor, [resource.pk for resource in found.resources[:ASKED_FOR]])


@page(EDUCATOR, methods="POST")
def dismiss(request: Any, resource_id: UUID) -> HttpResponse:
    """Take "not for me", with its why."""
    commands.dismiss(request.actor, resource_id=resource_id, why=request.POST.get("why", ""))
    return answers.done(
        request,
        answers.safe_next(request, "home:suggestions"),
        message="Left out. It will not be suggested again, and you can take that back on the suggestions page.",
    )


@page(EDUCATOR, methods="POST")
def restore(request: Any, resource_id: UUID) -> HttpResponse:
    """Take a "not for me" back."""
    commands.restore(request.actor, resource_id=resource_id)
    return answers.done(
        request, resolve_url("home:suggestions") + "#left-out", message="Taken back. It may be suggested again."
    )


@page(EDUCATOR, methods="POST")
def factors(request: Any) -> HttpResponse:
    """Switch parts of the match on and off (what is ticked is on), and say how much each counts."""
    on = set(request.POST.getlist("on"))
    offered = queries.switches(request.actor)
    weights = {key: request.POST.get(f"weight-{key}", "1") for key in offered}
    if not set(weights.values()) <= set(SLIDERS):
        raise Invalid({"sliders": "Choose how much a part counts from the list."})
    commands.set_factors(
        request.actor,
        off=[key for key in offered if key not in on],
        sliders={key: float(weight) for key, weight in weights.items()},
    )
    return answers.done(request, "home:suggestions", message="Done. Your suggestions follow it from now on.")
