"""What a coach saw: she writes it for one educator, who may take it up or set it aside. Nobody else reads it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.coaching import commands, queries
from lantern.domain.coaching.types import OBSERVATION_WORDS, LinkState, ObservationView
from lantern.domain.needs import queries as needs
from lantern.domain.needs.types import LEVEL_WORDS, Noted
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.together.forms.observations import ObservationForm


@page(EDUCATOR, methods="GET POST")
def write(request: Any, link_id: UUID) -> HttpResponse:
    """Write down what I saw of somebody I coach."""
    actor = request.actor
    link = queries.get_link(actor, link_id)
    if link.coach_id != actor.person_id or link.state != LinkState.ACTIVE:
        raise NotFound("There is nothing here.")
    choices = [(str(each.pk), each.name) for each in queries.competencies_of(actor, link)]
    extra: dict[str, Any] = {"link": link, "to": link.educator}
    if request.method == "GET":
        form = ObservationForm(initial={"on": clock.today()}, competencies=choices)
        return show(request, "together/observation_write.html", form=form, **extra)
    form = ObservationForm(request.POST, competencies=choices)
    if not form.is_valid():
        return again(request, "together/observation_write.html", form, **extra)
    try:
        commands.write_observation(actor, link_id=link_id, **form.cleaned_data)
    except Invalid as problem:
        return again(request, "together/observation_write.html", form, problem, **extra)
    return done(
        request, "together:link", link_id, message=f"Written. Only {link.educator.full_name} and you can read it."
    )


@page(EDUCATOR, methods="GET POST")
def observation(request: Any, observation_id: UUID) -> HttpResponse:
    """One observation: what was seen, and for the educator what she makes of it."""
    actor = request.actor
    found = queries.get_observation(actor, observation_id)
    if request.method == "GET":
        return show(request, "together/observation.html", **_about(found))
    need, level = request.POST.get("as_need") == "yes", request.POST.get("as_evidence") == "yes"
    take = request.POST.get("decision") == "take"
    try:
        if take and not (need or level):
            raise Invalid("Tick what you want to take up, or set it aside.")
        commands.answer_observation(
            actor, observation_id=observation_id, as_need=take and need, as_evidence=take and level
        )
    except Invalid as problem:
        response = show(request, "together/observation.html", refused=str(problem), **_about(found))
        response.status_code = 422
        return response
    words = "Set aside. It counts for nothing."
    if take:
        words = "Taken up. Only you can see what you made of it." + _left_out(actor, found, need)
    return done(request, "together:observation", observation_id, message=words)


def _left_out(actor: Actor, found: ObservationView, need: bool) -> str:
    """Say it where her need on this competency had no room for what was seen."""
    if not need or found.competency_id is None:
        return ""
    noted = needs.my_open_need(actor, found.competency_id)
    return "" if noted is None else Noted(1, int(not noted.says(found.saw))).about_words


@page(EDUCATOR, methods="POST")
def withdraw(request: Any, observation_id: UUID) -> HttpResponse:
    """Take back what I wrote."""
    link_id = commands.withdraw_observation(request.actor, observation_id=observation_id)
    return done(request, "together:link", link_id, message="You took it back.")


def _about(found: ObservationView) -> dict[str, Any]:
    return {
        "observation": found,
        "level_words": "" if found.level is None else LEVEL_WORDS[found.level],
        "state_words": OBSERVATION_WORDS.get(found.state, ""),
        "can_count": found.level is not None and found.competency_id is not None,
    }
