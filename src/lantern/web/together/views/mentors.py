"""Mentors and coaches: who could help me and why, asking one, and offering help oneself."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.coaching import commands, queries
from lantern.domain.coaching.types import LinkState
from lantern.domain.competencies import queries as competencies
from lantern.domain.people import queries as people
from lantern.domain.privacy import queries as privacy
from lantern.domain.privacy.types import Purpose
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid
from lantern.kernel.ids import ids_among
from lantern.web.answers import again, done, paged, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.together.forms.coaching import AskForm, OfferForm


@page(EDUCATOR)
def mentors(request: Any) -> HttpResponse:
    """Who offers help, the best match first, and who coaches by role."""
    actor = request.actor
    return show(
        request,
        "together/mentors.html",
        mentors=paged(request, queries.find_mentors(actor)),
        coaches=queries.list_coaches(actor),
        links={link.coach_id: link for link in queries.my_links(actor)},
        matched=privacy.may_use(actor.person_id, Purpose.RECOMMENDATION),
        offer=queries.my_offer(actor),
    )


@page(EDUCATOR, methods="GET POST")
def offer(request: Any) -> HttpResponse:
    """Offer help, change the offer, or stop offering."""
    actor = request.actor
    mine = queries.my_offer(actor)
    if request.POST.get("stop"):
        commands.withdraw_offer(actor)
        return done(
            request, "together:mentors", message="You offer no help now. People you already help stay with you."
        )
    choices = _choices(actor, mine)
    extra: dict[str, Any] = {"offer": mine}
    if request.method == "GET":
        known: dict[str, Any] = {
            "competency_ids": [str(each) for each in ids_among(people.get_profile(actor).strengths)]
        }
        if mine is not None:
            chosen = [str(link.competency_id) for link in mine.strength_links.all()]
            known = {"competency_ids": chosen, "about": mine.about, "most_people": mine.most_people}
        return show(request, "together/offer.html", form=OfferForm(initial=known, competencies=choices), **extra)
    form = OfferForm(request.POST, competencies=choices)
    if not form.is_valid():
        return again(request, "together/offer.html", form, **extra)
    try:
        commands.offer_help(actor, **form.cleaned_data)
    except Invalid as problem:
        return again(request, "together/offer.html", form, problem, **extra)
    return done(request, "together:mentors", message="Colleagues can find you now. You decide about each one who asks.")


@page(EDUCATOR, methods="GET POST")
def ask(request: Any, person_id: UUID) -> HttpResponse:
    """Ask somebody to work with me."""
    actor = request.actor
    person = people.get_person(actor, person_id)
    extra: dict[str, Any] = {"person": person}
    if request.method == "GET":
        return show(request, "together/ask.html", form=AskForm(), **extra)
    form = AskForm(request.POST)
    if not form.is_valid():
        return again(request, "together/ask.html", form, **extra)
    try:
        link = commands.ask_coach(actor, coach_id=person_id, **form.cleaned_data)
    except Invalid as problem:
        return again(request, "together/ask.html", form, problem, **extra)
    except Conflict as problem:
        return again(request, "together/ask.html", form, Invalid(str(problem)), **extra)
    words = "You work with each other already." if link.state == LinkState.ACTIVE else f"You asked {person.full_name}."
    return done(request, "together:link", link.pk, message=words)


def _choices(actor: Actor, mine: Any) -> list[tuple[str, str]]:
    about = {str(each.pk): each.name for each in competencies.my_competencies(actor)}
    for link in mine.strength_links.all() if mine is not None else ():
        about.setdefault(str(link.competency_id), link.competency.name)
    return list(about.items())
