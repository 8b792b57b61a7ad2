"""Sharing one thing with one person: choose, find, see exactly what she will see, say yes; and the receipt of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from lantern.domain.coaching import queries as coaching
from lantern.domain.people import queries as people
from lantern.domain.privacy import queries
from lantern.domain.privacy.types import EVERY, WORDING, WORDINGS, wording
from lantern.flows import sharing
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound
from lantern.ui.durations import time_until
from lantern.web.account.forms import ConfirmShareForm
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page


@page(EDUCATOR)
def new(request: Any) -> HttpResponse:
    """Choose a thing of mine and find a person; with both chosen, see what she will see."""
    if request.GET.get("person"):
        return show(request, "account/share_confirm.html", **_confirm(request, request.GET))
    chosen, words = request.GET.get("what", ""), request.GET.get("q", "").strip()[:80]
    found = people.find_people(request.actor, words)
    if chosen:
        _thing(request.actor, chosen)
    return show(
        request,
        "account/share_new.html",
        things=_things(request.actor),
        chosen=chosen,
        words=words,
        found=[(person, _address(chosen, person.pk)) for person in found] if chosen else [],
        looked=bool(words and chosen),
    )


@page(EDUCATOR, methods="POST")
def confirm(request: Any) -> HttpResponse:
    """Share it."""
    context = _confirm(request, request.POST)
    form: ConfirmShareForm = context.pop("form")
    if not form.is_valid():
        return again(request, "account/share_confirm.html", form, **context)
    kind, item_id = _thing(request.actor, context["what"])
    try:
        share_id = sharing.share_with(
            request.actor, grantee_id=context["person"].pk, kind=kind, item_id=item_id, **form.cleaned_data
        )
    except Invalid as problem:
        return again(request, "account/share_confirm.html", form, problem, **context)
    return done(request, "account:share", share_id, message="Shared. This is your receipt; you can end it here.")


@page(EDUCATOR)
def receipt(request: Any, share_id: UUID) -> HttpResponse:
    """One share of mine, whether it holds or ended: what, with whom, why, from when to when, and what I was told."""
    titles = sharing.my_titles(request.actor)
    found = queries.get_share(request.actor, share_id, titles)
    thing = sharing.sharable(found.item_kind)
    now = clock.now()
    looks = queries.my_looks(request.actor).filter(viewer_id=found.grantee_id, item_kind=found.item_kind)
    if found.item_id is not None:
        looks = looks.filter(item_id=found.item_id)
    return show(
        request,
        "account/share.html",
        share=found,
        thing=thing,
        what=thing.every if found.is_rule else found.item_title or f"{thing.one}, deleted",
        told=wording(found.wording),
        ended_at=found.ended_at(now),
        days_left=time_until(max(0, (found.expires_at - now).days)),
        looks=list(looks.filter(at__gte=found.created_at)[:50]),
    )


@page(EDUCATOR)
def words(request: Any) -> HttpResponse:
    """What one is told before one shares: the words of today, and those before."""
    return show(request, "account/wording.html", now=WORDING, before=list(reversed(WORDINGS[:-1])))


def _things(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return everything of mine that can be shared, in groups: (group, (value, words) each)."""
    groups = []
    for each in sharing.SHARABLE.values():
        mine = [(f"{each.kind}:{item_id}", title) for item_id, title in each.mine(actor).items()]
        if mine and each.every:
            mine.append((f"{each.kind}:{EVERY}", each.every))
        if mine:
            groups.append((f"{each.one.partition(' ')[2].capitalize()}s" if each.every else each.one, mine))
    return groups


def _thing(actor: Actor, chosen: str) -> tuple[str, UUID | None]:
    """Return kind and id of what was chosen (None: every one). Raises NotFound for what is not mine."""
    kind, _, item = chosen.partition(":")
    thing = sharing.sharable(kind)
    if item == EVERY and thing.every:
        return kind, None
    item_id = next((each for each in thing.mine(actor) if str(each) == item), None)
    if item_id is None:
        raise NotFound("There is nothing here.")
    return kind, item_id


def _confirm(request: Any, given: Any) -> dict[str, Any]:
    actor, chosen = request.actor, given.get("what", "")
    kind, item_id = _thing(actor, chosen)
    person = people.get_person(actor, _id(given.get("person", "")))
    thing = sharing.sharable(kind)
    leads_me = coaching.leads_me(actor, person.pk)
    return {
        "form": ConfirmShareForm(request.POST if request.method == "POST" else None, leads_me=leads_me),
        "what": chosen,
        "person": person,
        "thing": thing,
        "preview": sharing.opened(actor, kind, item_id, "") if item_id else None,
        "titles": [] if item_id else list(thing.mine(actor).values()),
        "leads_me": leads_me,
        "told": WORDING,
        "back": f"{reverse('account:share_new')}?{urlencode({'what': chosen})}",
    }


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such person.") from None


def _address(chosen: str, person_id: UUID) -> str:
    return f"{reverse('account:share_new')}?{urlencode({'what': chosen, 'person': person_id})}"
