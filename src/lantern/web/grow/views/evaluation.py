"""Bringing in one's own evaluation results: read, choose what to take up as private needs, and forget the rest."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.engine import own_ratings
from lantern.engine.untrusted import Unreadable
from lantern.flows import needs_from_evaluation
from lantern.flows.needs_from_evaluation import Chosen
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.grow.forms.evaluation import EvaluationForm

WORDS_ONLY = "words"
"""What a form sends for an area that no competency fits: it is noted under its own name."""


@page(EDUCATOR, methods="GET POST")
def evaluation(request: Any) -> HttpResponse:
    """Read my results and offer to take up areas of them. Nothing is kept before I choose, and never the results."""
    if request.method == "GET":
        return show(request, "grow/evaluation.html", form=EvaluationForm())
    if request.POST.get("take") == "yes":
        return _take_up(request)
    form = EvaluationForm(request.POST, request.FILES)
    if not form.is_valid():
        return again(request, "grow/evaluation.html", form)
    sent = form.cleaned_data["file"]
    try:
        ratings = own_ratings.read_ratings(sent.read()) if sent else own_ratings.read_lines(form.cleaned_data["lines"])
    except Unreadable as problem:
        refused = Invalid({"file" if sent else "lines": f"{str(problem)[:1].upper()}{str(problem)[1:]}."})
        return again(request, "grow/evaluation.html", form, refused)
    areas = _areas(request.actor, ratings)
    ticked = any(one["ticked"] for one in areas)
    return show(request, "grow/evaluation_choose.html", areas=areas, some_ticked=ticked, words_only=WORDS_ONLY)


def _areas(actor: Actor, ratings: tuple[own_ratings.OwnRating, ...]) -> list[dict[str, Any]]:
    low = own_ratings.lowest(ratings)
    return [
        {
            "area": one.area,
            "said": one.said,
            "ticked": one.area in low,
            "matches": needs_from_evaluation.suggest(actor, one.area),
        }
        for one in ratings
    ]


def _take_up(request: Any) -> HttpResponse:
    areas = [" ".join(area.split())[: own_ratings.LONGEST] for area in request.POST.getlist("area")]
    wanted = {int(place) for place in request.POST.getlist("wanted") if place.isascii() and place.isdigit()}
    try:
        chosen = [
            Chosen(area, _competency(request.POST.get(f"means_{place}", WORDS_ONLY)))
            for place, area in enumerate(areas)
            if place in wanted and area
        ]
        noted = needs_from_evaluation.take_up(request.actor, chosen=chosen)
    except (Invalid, ValueError) as problem:
        reason = problem if isinstance(problem, Invalid) else Invalid("Choose from the list.")
        ratings = tuple(own_ratings.OwnRating(area) for area in areas if area)
        rows = [row | {"ticked": place in wanted} for place, row in enumerate(_areas(request.actor, ratings))]
        context = {"areas": rows, "words_only": WORDS_ONLY, "refused": str(reason)}
        response = show(request, "grow/evaluation_choose.html", **context)
        response.status_code = 422
        return response
    noun = "need is" if noted.needs == 1 else "needs are"
    return done(
        request,
        "grow:needs",
        message=f"{noted.needs} {noun} on your list. Only you can see them, and the results were not kept."
        + noted.about_words,
    )


def _competency(text: str) -> UUID | None:
    return None if text == WORDS_ONLY else UUID(text)
