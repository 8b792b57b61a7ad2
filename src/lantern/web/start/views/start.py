"""The two-minute start: one page, nothing obligatory, and the first suggestions at once."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.catalog import queries as catalog
from lantern.domain.recommendations import queries as recommendations
from lantern.flows import two_minute_start
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid
from lantern.web import answers
from lantern.web.about_me import Offered, offered
from lantern.web.gate import EDUCATOR, page
from lantern.web.start.forms import StartForm

TO_RECOGNISE = 8
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
THANKS = "Thank you. Here is what may suit you. You can change every answer under your account."


@page(EDUCATOR, methods="GET POST")
def start(request: Any) -> HttpResponse:
    """Ask what suits her; keep it, and go home."""
    sent = request.POST if request.method == "POST" else None
    known = offered(request.actor)
    resources = _named(request.actor, known, sent.getlist("valued") if sent is not None else [])
    form = StartForm(sent, offered=known, resources=resources)
    if sent is None:
        return answers.show(request, "start/start.html", form=form)
    if not form.is_valid():
        return answers.again(request, "start/start.html", form)
    said = form.said
    valued = [UUID(resource_id) for resource_id in said.pop("valued")]
    try:
        two_minute_start.finish(request.actor, valued=valued, **said)
    except Invalid as problem:
        return answers.again(request, "start/start.html", form, problem)
    return answers.done(request, "home:home", message=THANKS)


@page(EDUCATOR, methods="POST")
def skip(request: Any) -> HttpResponse:
    """Leave the start without answering anything."""
    two_minute_start.finish(request.actor)
    return answers.done(request, "home:home", message="Skipped. The same questions are under your account.")


def _named(actor: Actor, known: Offered, sent: list[str]) -> list[tuple[str, str]]:
    """Return what she valued already, a few things more to recognise and, of what was sent, what is in the catalog:
    sent again, it is no longer offered but still true.
    """
    ids = [UUID(text) for text in sent if _UUID.fullmatch(text)]
    listed = dict(known.choices["valued"]) | dict(_to_recognise(actor))
    found = {str(row.pk): row.title for row in catalog.list_offered_by_ids(actor, ids)}
    return list((listed | {key: title for key, title in found.items() if key not in listed}).items())


def _to_recognise(actor: Actor) -> list[tuple[str, str]]:
    """Return a few resources for her kind of work, as different as can be in kind and competency; what she has done,
    valued or has under way is not among them.
    """
    shown = recommendations.varied_for_start(actor, TO_RECOGNISE)
    return [(str(view.resource_id), f"{view.title} ({view.kind_words.lower()})") for view in shown]
