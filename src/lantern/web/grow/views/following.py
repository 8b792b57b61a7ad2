"""What the page of a prepared pathway and that of an own one have in common: where I am, choosing, another way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import KIND_WORDS, Search
from lantern.engine.pathway.outline import Entry, find
from lantern.engine.pathway.standing import State, flattened
from lantern.flows.pathway_standing import Whereabouts
from lantern.flows.start_pathway import Started
from lantern.kernel.errors import Invalid, NotFound
from lantern.kernel.ids import ids_among
from lantern.ui.durations import duration
from lantern.web.answers import done, show
from lantern.web.grow.views.pathway_lines import lines, lock_words, name_of, routes_of, set_words

MOST_FOUND = 12


@dataclass(frozen=True, slots=True)
class Way:
    """A resource that may be done instead, or that was looked for."""

    id: UUID
    title: str
    meta: str
    here: bool = False


def shown(request: Any, found: Whereabouts, urls: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page shows of where I am: the next step first, then all of it."""
    here = found.here
    whole = lines(found)
    step, choice = here.next_step, here.choose_in
    steps = list(flattened(here.top))
    return {
        "urls": urls,
        "whole": whole,
        "next_step": step,
        "next_title": found.known[step.route].title if step and step.route in found.known else "",
        "next_id": UUID(step.route) if step else None,
        "next_minutes": (found.known[step.route].minutes or step.entry.minutes) if step else None,
        "choice": choice,
        "choice_name": choice.section.name if choice else "",
        "choice_words": set_words(choice) if choice else "",
        "waits_for": _waits_for(found) if not step and not choice else (),
        "done_count": here.done,
        "asked_count": here.asked,
        "left": here.asked - here.done,
        "minutes_left": here.minutes_left,
        "complete": here.top.progress.complete and bool(steps),
        "gone": sum(one.state is State.GONE for one in steps),
    }


def _waits_for(found: Whereabouts) -> tuple[str, ...]:
    """Return in words what stands in the way where nothing is open: the first locked step and why."""
    routes = routes_of(found)
    for one in flattened(found.here.top):
        if one.state is State.LOCKED:
            name = name_of(one.entry.key, found.outline, found.known, routes)
            words = (lock_words(lock, found, routes) for lock in one.locks)
            return (f"Next is {name}.", *words)
    return ()


def start_words(started: Started) -> str:
    """Return what came of putting a pathway into weeks."""
    said = ["Nothing new went into your plan."]
    if started.added:
        said = [f"{started.added} steps of it are in your plan now."]
        said = ["One step of it is in your plan now."] if started.added == 1 else said
    if started.done:
        said.append(f"{started.done} steps done already." if started.done > 1 else "One step was done already.")
    if started.planned:
        said.append(f"{started.planned} steps planned already." if started.planned > 1 else "One was planned already.")
    if started.waiting:
        said.append("What found no week with room waits below your plan.")
    if started.for_a_level:
        who = f"{started.for_a_level} steps wait" if started.for_a_level > 1 else "One step waits"
        said.append(f"{who} until you are at the level that the pathway asks for.")
    if started.choices:
        named = [f"“{one}”" for one in started.choices if one]
        said.append(f"Choose in {', '.join(named)} first." if named else "Choose in its sets to put those in too.")
    return " ".join(said)


def choose_and_go_back(request: Any, keep: Callable[[str, list[str]], None], back: str) -> HttpResponse:
    """Keep which parts of a choice were ticked, and go back to the choice."""
    set_key = request.POST.get("set", "")[:40]
    keep(set_key, request.POST.getlist("part"))
    return done(request, f"{back}#{set_key}", message="Your choice is kept.")


def swap_page(
    request: Any, title: str, found: Whereabouts, take: Callable[[str, UUID], None], urls: Mapping[str, str]
) -> HttpResponse:
    """Offer what leads to the same as a step, and search the catalog; what leads elsewhere is refused with the reason.

    Raises NotFound for a step that is not there.
    """
    sent = request.POST if request.method == "POST" else request.GET
    here = found.here.next_step or next(flattened(found.here.top), None)
    key = sent.get("step", here.entry.key if here else "")
    step = find(found.outline, key)
    if not isinstance(step, Entry):
        raise NotFound("There is no such step.")
    here = next(one for one in flattened(found.here.top) if one.entry.key == key)
    refused = ""
    if request.method == "POST":
        wanted = ids_among([request.POST.get("resource", "")])
        try:
            if not wanted:
                raise Invalid({"resource": "Choose something from the list."})
            take(key, next(iter(wanted)))
        except Invalid as problem:
            refused = next(iter(problem.fields.values()))
        else:
            return done(request, f"{urls['here']}#{key}", message="It stands in its place now. It leads to the same.")
    q = " ".join(sent.get("q", "").split())[:200]
    answer = show(
        request,
        "grow/pathway_swap.html",
        pathway_title=title,
        urls=urls,
        step=step,
        step_title=name_of(key, found.outline, found.known),
        ways=_ways(found, step, here.route),
        refused=refused,
        q=q,
        results=_results(request, q, step),
        query=urlencode({"step": key}),
    )
    answer.status_code = 422 if refused else 200
    return answer


def _ways(found: Whereabouts, step: Entry, route: str) -> list[Way]:
    return [
        Way(UUID(one), known.title, _meta(known.kind, known.minutes), one == route)
        for one in step.routes
        for known in (found.known.get(one),)
        if known is not None and (known.offered or one == route)
    ]


def _results(request: Any, q: str, step: Entry) -> list[Way]:
    if not q:
        return []
    rows = catalog.search(request.actor, Search(q=q)).resources[:MOST_FOUND]
    return [Way(row.pk, row.title, _meta(row.kind, row.minutes)) for row in rows if str(row.pk) not in step.routes]


def _meta(kind: str, minutes: int | None) -> str:
    return ", ".join(filter(None, (KIND_WORDS.get(kind, ""), duration(minutes))))
