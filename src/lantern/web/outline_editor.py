"""Changing a pathway part by part, without JavaScript: one list with small buttons, a page for a part, a search.

Coordinators' pathways and own ones are changed by the same pages; each area says where it keeps its `Draft`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import KIND_WORDS, Search, Status
from lantern.domain.competencies import queries as competencies
from lantern.domain.needs.types import LEVEL_WORDS
from lantern.domain.pathways import queries
from lantern.engine.pathway import outline as outlines
from lantern.engine.pathway.outline import MOST_ROUTES, MOST_STEPS, TOP, Entry, Section, Written
from lantern.engine.pathway.outline_faults import Fault, faults
from lantern.engine.pathway.standing import Known
from lantern.engine.pathway.structure import Rule
from lantern.kernel.errors import Conflict, Invalid, NotFound
from lantern.kernel.ids import ids_among
from lantern.ui.durations import duration
from lantern.web.answers import again, done, show
from lantern.web.outline_forms import SetForm, StepForm

MOST_FOUND = 20
GONE = "It is not there any more: the pathway changed in another window. Nothing else was lost."


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being written, how it is changed, and the addresses of its pages: `edit`, `outline`, `part`, `choose`;
    `used` are the keys that parts had before, which no new part gets.
    """

    title: str
    outline: Section
    change: Callable[[Callable[[Section], Section]], object]
    urls: Mapping[str, str]
    used: Callable[[], Iterable[str]] = tuple


@dataclass(frozen=True, slots=True)
class Line:
    """One part in the list, with what it says in words and what is to be put right in it."""

    key: str
    name: str
    says: tuple[str, ...]
    faults: tuple[str, ...]
    parts: tuple[Line, ...]
    is_set: bool
    moves: tuple[tuple[str, str, str], ...] = ()


def editing(request: Any, draft: Draft) -> dict[str, Any]:
    """Return what the page with the list shows; three queries for the catalog, whatever there is."""
    known = queries.known(request.actor, outlines.resources(draft.outline))
    names = queries.competency_names(request.actor, draft.outline)
    found = faults(draft.outline, known, names)
    whole = _Lines(draft.outline, known, names, found).line(draft.outline, None, 0)
    unsaid = sum(entry.prior is None for entry in outlines.entries(draft.outline))
    return {"whole": whole, "urls": draft.urls, "fault_count": len(found), "unsaid": unsaid, "top": TOP}


def act(request: Any, draft: Draft) -> HttpResponse:
    """Move, add or take out a part, as the pressed button says, and go back to its place in the list."""
    what, _, rest = request.POST.get("act", "").partition(":")
    key, _, route = rest.partition(":")
    if outlines.find(draft.outline, key) is None:
        raise NotFound(GONE)
    if what == "set":
        if not outlines.fits_into(draft.outline, key):
            return done(request, draft.urls["edit"], message="Sets nest no deeper than this.")
        try:
            fresh = _added(draft, key, lambda free: Section(free, Rule.ALL), "g")
        except Invalid:
            return done(request, draft.urls["edit"], message="It holds as many sets as it can.")
        return done(request, f"{draft.urls['part']}?part={fresh}", message="A new set. Say when it is complete.")
    change = _change(what, key, route)
    draft.change(change)
    place = outlines.parent_of(draft.outline, key) if what == "remove" else None
    back = draft.urls["part"] + f"?part={key}" if what.startswith("route-") else draft.urls["edit"]
    return done(request, back if what.startswith("route-") else f"{back}#{place.key if place else key}")


def _change(what: str, key: str, route: str) -> Callable[[Section], Section]:
    if what in ("up", "down", "in", "out"):
        return lambda top: outlines.moved(top, key, what)
    if what == "remove":
        return lambda top: outlines.removed(top, key)
    if what == "none-needed":
        return _none_needed
    if what in ("route-first", "route-drop"):
        return lambda top: _routed(top, key, route, what)
    raise NotFound("There is no such act.")


def _none_needed(top: Section) -> Section:
    for entry in outlines.entries(top):
        if entry.prior is None:
            top = outlines.put(top, replace(entry, prior=""))
    return top


def _routed(top: Section, key: str, route: str, what: str) -> Section:
    step = outlines.find(top, key)
    if not isinstance(step, Entry) or route not in step.routes:
        return top
    others = tuple(one for one in step.routes if one != route)
    if what == "route-first":
        return outlines.put(top, replace(step, routes=(route, *others)))
    return outlines.put(top, replace(step, routes=others)) if others else top


def part(request: Any, draft: Draft, template: str) -> HttpResponse:
    """Show one part with its form, or keep what was said of it. Raises NotFound for a part that is not there."""
    key = (request.POST if request.method == "POST" else request.GET).get("part", TOP)
    found = outlines.find(draft.outline, key)
    if found is None:
        raise NotFound(GONE)
    known = queries.known(request.actor, outlines.resources(draft.outline))
    form = _form(request, draft, found, known)
    context = {"part": found, "is_set": isinstance(found, Section), "is_top": key == TOP, "urls": draft.urls}
    context |= {"pathway_title": draft.title, "part_name": _name(found, known)}
    seen = request.POST.get("seen") if request.method == "POST" else outlines.digest(found)
    context["seen"] = seen or ""
    context["routes"] = _routes(found, known) if isinstance(found, Entry) else []
    if request.method != "POST":
        return show(request, template, form=form, **context)
    if not form.is_valid():
        return again(request, template, form, None, **context)

    def keep(top: Section) -> Section:
        now = outlines.find(top, key)
        if type(now) is not type(found) or now is None:
            raise NotFound(GONE)
        if seen and seen != outlines.digest(now):
            raise Conflict("This part changed in another window. Open it again; what was kept there stays.")
        return outlines.put(top, form.put_into(now))

    try:
        draft.change(keep)
    except Invalid as problem:
        return again(request, template, form, problem, **context)
    return done(request, f"{draft.urls['edit']}#{key}", message="It is kept.")


def choose(request: Any, draft: Draft, template: str) -> HttpResponse:
    """Search the catalog for a step of a set, or for another way to do a step, and take one. Raises NotFound."""
    sent = request.POST if request.method == "POST" else request.GET
    into = outlines.find(draft.outline, sent.get("into", TOP))
    if into is None:
        raise NotFound(GONE)
    q = " ".join(sent.get("q", "").split())[:200]
    refused = ""
    if request.method == "POST":
        try:
            return _take(request, draft, into)
        except Invalid as problem:
            refused = next(iter(problem.fields.values()))
    rows = catalog.search(request.actor, Search(q=q)).resources[:MOST_FOUND] if q else ()
    known = queries.known(request.actor, into.routes) if isinstance(into, Entry) else {}
    answer = show(
        request,
        template,
        urls=draft.urls,
        pathway_title=draft.title,
        into=into,
        is_set=isinstance(into, Section),
        into_name=_name(into, known),
        q=q,
        refused=refused,
        results=[(row.pk, row.title, _meta(row.kind, row.minutes)) for row in rows],
    )
    answer.status_code = 422 if refused else 200
    return answer


def _take(request: Any, draft: Draft, into: Written) -> HttpResponse:
    wanted = ids_among([request.POST.get("resource", "")])
    rows = catalog.list_resources_by_ids(request.actor, wanted)
    if not rows or rows[0].status != Status.PUBLISHED:
        raise Invalid({"resource": "Choose something that the catalog offers."})
    route = str(rows[0].pk)
    if isinstance(into, Entry):
        if route in into.routes:
            raise Invalid({"resource": "It is a way to do this step already."})
        if len(into.routes) >= MOST_ROUTES:
            raise Invalid({"resource": f"A step has {MOST_ROUTES} ways at most."})
        draft.change(lambda top: _with_route(top, into.key, route))
        return done(request, f"{draft.urls['part']}?part={into.key}", message="One of these ways is enough for it.")
    if len(outlines.entries(draft.outline)) >= MOST_STEPS:
        raise Invalid({"resource": f"A pathway has {MOST_STEPS} steps at most."})
    fresh = _added(draft, into.key, lambda free: Entry(free, (route,)), "s")
    message = "It is in. Say what it leads to, and what one should know before it."
    return done(request, f"{draft.urls['part']}?part={fresh}", message=message)


def _added(draft: Draft, into: str, make: Callable[[str], Written], letter: str) -> str:
    """Put a new part at the end of a set and return its key, which is free when it is written."""
    keys: list[str] = []

    def add(top: Section) -> Section:
        keys.append(outlines.new_key(top, letter, draft.used()))
        return outlines.added(top, into, make(keys[-1]))

    draft.change(add)
    return keys[-1]


def _with_route(top: Section, key: str, route: str) -> Section:
    step = outlines.find(top, key)
    if not isinstance(step, Entry) or route in step.routes:
        return top
    return outlines.put(top, replace(step, routes=(*step.routes, route)))


def _form(request: Any, draft: Draft, found: Written, known: Mapping[str, Known]) -> Any:
    sent = request.POST if request.method == "POST" else None
    if isinstance(found, Section):
        return SetForm(sent, initial=SetForm.said(found))
    steps = [
        (entry.key, f"{place}. {_name(entry, known)}")
        for place, entry in enumerate(outlines.entries(draft.outline), start=1)
        if entry.key != found.key
    ]
    choices = _competencies(request.actor, found)
    return StepForm(sent, initial=StepForm.said(found), steps=steps, competencies=choices)


def _competencies(actor: Any, step: Entry) -> list[tuple[str, Any]]:
    """Return the competencies one may choose from by framework, and those that the step names already."""
    groups: list[tuple[str, Any]] = []
    here: set[str] = set()
    for framework in competencies.frameworks_for(actor):
        rows = competencies.list_competencies(actor, framework.pk, selectable_only=True)
        listed = [(str(row.pk), row.name) for row in rows]
        here |= {pk for pk, _ in listed}
        groups.append((f"{framework.title} {framework.version}".strip(), listed))
    named = {one.competency for one in step.levels} | ({step.check} if step.check else set())
    names = competencies.competency_names(actor, ids_among(sorted(named - here)))
    others = [(one, names.get(UUID(one), "Not here any more")) for one in sorted(named - here)]
    return [*others, *(group for group in groups if group[1])]


def _routes(step: Entry, known: Mapping[str, Known]) -> list[dict[str, Any]]:
    return [
        {
            "id": route,
            "title": known[route].title if route in known else "Not in the catalog here any more",
            "meta": _meta(known[route].kind, known[route].minutes) if route in known else "",
            "offered": route in known and known[route].offered,
            "first": place == 0,
        }
        for place, route in enumerate(step.routes)
    ]


def _name(found: Written, known: Mapping[str, Known]) -> str:
    if isinstance(found, Section):
        return found.name or ("The whole" if found.key == TOP else "A set")
    return known[found.routes[0]].title if found.routes[0] in known else "Something that is not in the catalog here"


def _meta(kind: str, minutes: int | None) -> str:
    return ", ".join(filter(None, (KIND_WORDS.get(kind, ""), duration(minutes))))


class _Lines:
    def __init__(
        self, top: Section, known: Mapping[str, Known], competencies: Mapping[str, str], found: list[Fault]
    ) -> None:
        self.top, self.known, self.competencies = top, known, competencies
        self.faults: dict[str, list[str]] = {}
        for one in found:
            self.faults.setdefault(one.key, []).append(one.words)

    def line(self, found: Written, parent: Section | None, place: int) -> Line:
        name, wrong = _name(found, self.known), tuple(self.faults.get(found.key, ()))
        moves = self._moves(parent, place) if parent else ()
        if isinstance(found, Entry):
            return Line(found.key, name, self._step_says(found), wrong, (), False, moves)
        parts = tuple(self.line(one, found, n) for n, one in enumerate(found.parts))
        return Line(found.key, name, self._set_says(found), wrong, parts, True, moves)

    def _moves(self, parent: Section, place: int) -> tuple[tuple[str, str, str], ...]:
        found = [("up", "Up", "arrow-up")] if place else []
        found += [("down", "Down", "arrow-down")] if place < len(parent.parts) - 1 else []
        found += [("in", "Into the set above", "arrow-right")] if place and _is_set(parent.parts[place - 1]) else []
        found += [("out", "Out of its set", "arrow-left")] if parent.key != TOP else []
        return (*found, ("remove", "Take out", "x"))

    def _set_says(self, found: Section) -> tuple[str, ...]:
        if found.rule is Rule.ANY:
            return (f"Any {found.least} of these {len(found.parts)}",)
        if found.rule is Rule.MINUTES:
            return (f"At least {duration(found.least)} of these",)
        return ("All of it, in this order" if found.rule is Rule.IN_ORDER else "All of it, in any order",)

    def _step_says(self, found: Entry) -> tuple[str, ...]:
        said = [found.outcome] if found.outcome else []
        first = self.known.get(found.routes[0])
        minutes = (first.minutes if first else None) or found.minutes
        facts = [_meta(first.kind if first else "", minutes)]
        facts += [f"{len(found.routes)} ways to do it"] if len(found.routes) > 1 else []
        facts += ["what was brought in from before does not count"] if not found.counts_before else []
        said.append(" · ".join(filter(None, facts)))
        if found.prior is not None:
            said.append(f"Before it: {found.prior or 'nothing is needed'}")
        said += [f"Opens at “{LEVEL_WORDS[one.level]}” in {self._about(one.competency)}" for one in found.levels]
        if found.practice is not None:
            after = outlines.find(self.top, found.practice.after)
            name = _name(after, self.known) if after else "a step that is not here any more"
            weeks = f"{found.practice.weeks} week{'' if found.practice.weeks == 1 else 's'}"
            said.append(f"{weeks} of practice{' in class' if found.practice.in_class else ''} after {name}")
        if found.check:
            said.append(f"Asks to look again at where one stands in {self._about(found.check)}")
        return tuple(filter(None, said))

    def _about(self, competency: str) -> str:
        return self.competencies.get(competency, "a competency that is not here any more")


def _is_set(found: Written) -> bool:
    return isinstance(found, Section)
