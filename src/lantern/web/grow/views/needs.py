"""Needs, mine alone: the map of where I stand, the list, rating myself, saying it in my own words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language_info

from lantern.domain.assessments import queries as assessments
from lantern.domain.competencies import queries as competencies
from lantern.domain.goals import queries as goals
from lantern.domain.needs import commands, queries
from lantern.domain.needs.types import LEVEL_WORDS, STATE_WORDS, MapRow, NeedSource, NeedState, sources_in_words
from lantern.flows import needs_from_words
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid
from lantern.ui.charts import NeedRow
from lantern.web.answers import again, done, safe_next, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.grow.forms.needs import NeedForm, RateForm, WordsForm

_SAID = {
    NeedState.MET: "Marked as met. It stays on your list.",
    NeedState.PUT_AWAY: "Put away. It stays on your list, and you can take it up again.",
    NeedState.OPEN: "Taken up again.",
}
_JOINED = "You have this on your list already. Where the other one came from stands there too."


@page(EDUCATOR)
def needs(request: Any) -> HttpResponse:
    """Where I stand, as a picture with its table, and my needs: open ones first, the others behind a tab."""
    actor = request.actor
    state = request.GET.get("state", NeedState.OPEN)
    state = state if state in STATE_WORDS else NeedState.OPEN.value
    mine = list(queries.my_needs(actor, state=None))
    here = reverse("grow:needs")
    tabs = [
        {
            "label": words,
            "url": f"{here}?state={key}#needs",
            "current": key == state,
            "count": sum(need.state == key for need in mine),
        }
        for key, words in STATE_WORDS.items()
    ]
    drawn, said, unsaid = _map(actor)
    return show(
        request,
        "grow/needs.html",
        framework=competencies.my_framework(actor),
        rows=drawn,
        said=said,
        unsaid=unsaid,
        levels=tuple(LEVEL_WORDS.values()),
        checks_offered=bool(assessments.all_offers(actor)),
        needs=[_told(need) for need in mine if need.state == state],
        state=state,
        tabs=tabs,
        any_need=bool(mine),
    )


def _map(actor: Actor) -> tuple[list[NeedRow], list[MapRow], list[MapRow]]:
    """Return what can be drawn (with the level a need or a goal asks for), the same as rows, and what nothing is known
    about yet.
    """
    aimed = {goal.competency_id: goal.target_level for goal in goals.my_goals(actor) if goal.target_level}
    rows = queries.needs_map(actor)
    drawn = [
        NeedRow(row.competency.name, row.level, row.low, row.high, row.wanted or aimed.get(row.competency.pk))
        for row in rows
        if row.level is not None
    ]
    said = [row for row in rows if row.level is not None]
    return drawn, said, [row for row in rows if row.level is None]


def _told(need: Any) -> dict[str, Any]:
    title = need.competency.name if need.competency else need.words
    return {
        "need": need,
        "title": title,
        "words": need.words if need.competency else "",
        "source": sources_in_words(need.source, need.also_from),
        "wanted": LEVEL_WORDS.get(need.wanted_level, "") if need.wanted_level is not None else "",
    }


@page(EDUCATOR, methods="GET POST")
def add(request: Any) -> HttpResponse:
    """Write down a need from the list; the button on a competency's page posts here too."""
    actor = request.actor
    framework = competencies.my_framework(actor)
    choices = [(str(row.pk), row.name) for row in competencies.my_competencies(actor)]
    wanted = request.POST.get("competency_id") or request.GET.get("competency", "")
    if wanted and wanted not in dict(choices):
        choices += [(str(one.pk), one.name) for one in _asked_for(actor, wanted)]
    context: dict[str, Any] = {"framework": framework}
    if request.method == "GET":
        form = NeedForm(initial={"competency_id": wanted}, competencies=choices)
        return show(request, "grow/need_form.html", form=form, **context)
    form = NeedForm(request.POST, competencies=choices)
    if not form.is_valid():
        return again(request, "grow/need_form.html", form, **context)
    try:
        commands.add_need(actor, source=NeedSource.OWN_RATING.value, **form.cleaned_data)
    except Invalid as problem:
        return again(request, "grow/need_form.html", form, problem, **context)
    return done(request, safe_next(request, "grow:needs"), message="It is on your list. Only you can see it.")


def _asked_for(actor: Actor, wanted: str) -> list[Any]:
    try:
        return competencies.list_competencies_by_ids(actor, [UUID(wanted)])
    except ValueError:
        return []


@page(EDUCATOR, methods="GET POST")
def words(request: Any) -> HttpResponse:
    """Say it in my own words; Lantern suggests competencies, I tell which fit or keep just my words."""
    actor = request.actor
    if request.method == "GET":
        return show(request, "grow/needs_words.html", form=WordsForm())
    form = WordsForm(request.POST)
    if not form.is_valid():
        return again(request, "grow/needs_words.html", form)
    said = form.cleaned_data["words"]
    if "keep" not in request.POST:
        matches = needs_from_words.suggest(actor, said)
        framework = None if matches else competencies.my_framework(actor)
        written_in = _language_of(framework)
        found = {"said": said, "matches": matches, "framework": framework, "written_in": written_in}
        return show(request, "grow/needs_words.html", form=form, **found)
    try:
        chosen = [UUID(value) for value in request.POST.getlist("competency_id")] if "fits" in request.POST else []
        kept = needs_from_words.keep(actor, words=said, competency_ids=chosen)
    except ValueError:
        return again(request, "grow/needs_words.html", form, Invalid("Choose from the list."))
    except Invalid as problem:
        return again(request, "grow/needs_words.html", form, problem)
    noun = "need is" if len(kept) == 1 else "needs are"
    return done(request, "grow:needs", message=f"{len(kept)} {noun} on your list. Only you can see them.")


def _language_of(framework: Any) -> str:
    """Return the name of the language a framework is written in; nothing without one, or for a code without a name."""
    try:
        return str(get_language_info(framework.language)["name"]) if framework else ""
    except KeyError:
        return ""


@page(EDUCATOR, methods="GET POST")
def rate(request: Any) -> HttpResponse:
    """Say how I see myself on the whole framework; only what changed is saved."""
    actor = request.actor
    framework = competencies.my_framework(actor)
    held = {key: row.level for key, row in queries.my_ratings(actor).items()}
    about: dict[str, Any] = {"competencies": list(competencies.my_competencies(actor)), "levels": held}
    if request.method == "GET":
        return show(request, "grow/needs_rate.html", form=RateForm(**about), framework=framework)
    form = RateForm(request.POST, **about)
    if not form.is_valid():
        return again(request, "grow/needs_rate.html", form, framework=framework)
    changed = commands.rate_many(actor, levels=form.levels)
    noun = "answer is" if changed == 1 else "answers are"
    message = f"{changed} {noun} saved. Only you can see them." if changed else "Nothing was changed."
    return done(request, "grow:needs", message=message)


@page(EDUCATOR, methods="POST")
def end(request: Any, need_id: UUID) -> HttpResponse:
    """Call a need met, put it away, or take it up again."""
    need = commands.end_need(request.actor, need_id=need_id, state=request.POST.get("state", ""))
    said = _SAID[NeedState(need.state)] if need.pk == need_id else _JOINED
    return done(request, "grow:needs", message=said)
