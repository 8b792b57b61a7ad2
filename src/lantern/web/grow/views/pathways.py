"""Pathways: those for my kind of work first; where I am in one, what is next, and into my weeks with one press."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from lantern.domain.catalog import queries as catalog
from lantern.domain.goals import queries as goals
from lantern.domain.needs import queries as needs
from lantern.domain.needs.types import LEVEL_WORDS
from lantern.domain.pathways import commands, queries
from lantern.domain.pathways.types import PathwayState
from lantern.domain.people import queries as people
from lantern.domain.people.types import JOB_WORDS
from lantern.engine.pathway.outline import Section, resources
from lantern.engine.pathway.standing import flattened
from lantern.engine.pathway.versions import changes
from lantern.engine.starting_pathway import Fit, Her, Start, Step, fit
from lantern.flows import start_pathway
from lantern.flows.pathway_standing import Whereabouts, whereabouts
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid
from lantern.kernel.ids import ids_among
from lantern.web.answers import done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.grow.views.following import choose_and_go_back, shown, start_words, swap_page
from lantern.web.grow.views.pathway_lines import name_of


@page(EDUCATOR)
def pathways(request: Any) -> HttpResponse:
    """List what I am in and my own pathways, then the prepared ones: those for my kind of work, then the others."""
    actor = request.actor
    offered = queries.list_offered(actor)
    started = queries.my_starts(actor)
    inside = {row.pathway_id for row in started}
    rest = [row for row in offered if row.pk not in inside]
    job = people.get_me(actor).job_kind
    mine = [row for row in rest if not row.job_kinds or job in row.job_kinds]
    return show(
        request,
        "grow/pathways.html",
        started=started,
        own=queries.my_own(actor),
        mine=[(row, _goes(row)) for row in sorted(mine, key=lambda row: (job not in row.job_kinds, row.level_from))],
        others=[(row, f"{_for_whom(row)} · {_goes(row)}") for row in rest if row not in mine],
    )


@page(EDUCATOR)
def pathway(request: Any, pathway_id: UUID) -> HttpResponse:
    """One pathway: what is next for me in it, what is done, open and locked, and why; whether it fits me."""
    actor = request.actor
    row, start, found = _found(actor, pathway_id)
    newer = start is not None and start.version.number != row.version and row.state == PathwayState.OFFERED
    return show(
        request,
        "grow/pathway.html",
        pathway=row,
        start=start,
        retired=row.state != PathwayState.OFFERED,
        for_whom=_for_whom(row),
        newer=_what_changes(actor, row, found) if newer else (),
        fit=_fit(actor, row, found),
        **shown(request, found, _urls(pathway_id)),
    )


@page(EDUCATOR, methods="POST")
def start(request: Any, pathway_id: UUID) -> HttpResponse:
    """Be in it, and put what is left of it into my weeks."""
    started = start_pathway.start(request.actor, pathway_id=pathway_id)
    return done(request, "grow:plan", message=start_words(started))


@page(EDUCATOR, methods="POST")
def choose(request: Any, pathway_id: UUID) -> HttpResponse:
    """Choose parts of a choice."""

    def keep(set_key: str, keys: list[str]) -> None:
        commands.choose(request.actor, pathway_id=pathway_id, set_key=set_key, keys=keys)

    return choose_and_go_back(request, keep, reverse("grow:pathway", args=[pathway_id]))


@page(EDUCATOR, methods="GET POST")
def swap(request: Any, pathway_id: UUID) -> HttpResponse:
    """Do this instead: what leads to the same is offered; anything else is refused with the reason."""
    row, _, found = _found(request.actor, pathway_id)

    def take(key: str, resource_id: UUID) -> None:
        commands.swap(request.actor, pathway_id=pathway_id, key=key, resource_id=resource_id)

    return swap_page(request, row.title, found, take, _urls(pathway_id))


@page(EDUCATOR, methods="POST")
def newest(request: Any, pathway_id: UUID) -> HttpResponse:
    """Go over to the newest version."""
    number = request.POST.get("number", "")
    commands.go_over(
        request.actor, pathway_id=pathway_id, number=int(number) if number.isdecimal() and len(number) < 9 else None
    )
    return done(request, "grow:pathway", pathway_id, message="This is the newest version. What you did counts in it.")


@page(EDUCATOR, methods="POST")
def leave(request: Any, pathway_id: UUID) -> HttpResponse:
    """Be in it no more."""
    commands.leave(request.actor, pathway_id=pathway_id)
    return done(request, "grow:pathways", message="You left it. What is in your plan and what you learned stays.")


@page(EDUCATOR, methods="POST")
def copy(request: Any, pathway_id: UUID) -> HttpResponse:
    """Make it my own, to change as I like."""
    try:
        own = commands.copy_pathway(request.actor, pathway_id=pathway_id)
    except Invalid as refused:
        return done(request, "grow:pathways", message=str(refused))
    return done(request, "grow:own_pathway_edit", own.pk, message="This copy is yours alone. Change what you like.")


def _found(actor: Actor, pathway_id: UUID) -> tuple[Any, Any, Whereabouts]:
    row, start = queries.get_pathway(actor, pathway_id), queries.my_start(actor, pathway_id)
    outline = queries.outline_of(actor, row, start.version_id if start else None)
    return row, start, whereabouts(actor, outline, queries.choices_in(start), start.started_at if start else None)


def _urls(pathway_id: UUID) -> dict[str, str]:
    names = {"here": "pathway", "start": "pathway_start", "choose": "pathway_choose", "swap": "pathway_swap"}
    return {key: reverse(f"grow:{name}", args=[pathway_id]) for key, name in names.items()}


def _what_changes(actor: Actor, row: Any, found: Whereabouts) -> list[str]:
    """Return in words what the newest version changes for her."""
    new = queries.outline_of(actor, row)
    facts = {**found.known, **queries.known(actor, resources(new))}
    differ = changes(found.outline, new)
    said = [f"New: {name_of(one.key, new, facts)}, “{one.outcome}”." for one in differ.added]
    said += [f"Not in it any more: {name_of(one.key, found.outline, facts)}." for one in differ.removed]
    for before, after in differ.changed:
        said.append(f"Changed: {name_of(after.key, new, facts)}{_how(before, after)}.")
    said += [f"At another place: {name_of(one.key, new, facts)}." for one in differ.moved]
    said += [f"Another rule for {_set(one)}." for one in differ.rules]
    said += [f"A new set: {_set(one)}." for one in differ.sets_added]
    said += [f"No set of its own any more: {_set(one)}." for one in differ.sets_removed]
    said += [f"At another place: {_set(one)}." for one in differ.sets_moved]
    return said or ["Nothing in its steps changed."]


def _set(one: Section) -> str:
    return f"“{one.name}”" if one.name else "a set without a name"


def _how(before: Any, after: Any) -> str:
    if before.routes != after.routes:
        return ", other ways to do it"
    if before.practice != after.practice:
        return ", another time of practice before it"
    return ", in what it says" if before.outcome != after.outcome else ""


def _goes(row: Any) -> str:
    return f"{row.step_count} steps, from “{LEVEL_WORDS[row.level_from]}” to “{LEVEL_WORDS[row.level_to]}”"


def _for_whom(row: Any) -> str:
    names = ", ".join(JOB_WORDS.get(kind, kind) for kind in row.job_kinds)
    return names or "For every kind of work"


def _fit(actor: Actor, row: Any, found: Whereabouts) -> Fit:
    """Gather what is known of her and of the steps, and let the engine say why."""
    me, profile = people.get_me(actor), people.get_profile(actor)
    way = set(found.here.way)
    steps = [one for one in flattened(found.here.top) if one.done_by or one.entry.key in way]
    built = catalog.competencies_of(actor, ids_among([one.route for one in steps]))
    wants = {need.competency_id: need.competency.name for need in needs.my_needs(actor) if need.competency}
    wants |= {goal.competency_id: goal.competency.name for goal in goals.my_goals(actor) if goal.competency}
    her = Her(me.job_kind, profile.minutes_per_week, me.years_experience, needs.my_levels(actor), wants)
    of_steps = tuple(
        Step(
            (found.known[one.route].minutes if one.route in found.known else None) or one.entry.minutes,
            built.get(UUID(one.route), frozenset()),
            bool(one.done_by),
        )
        for one in steps
    )
    asked = Start(frozenset(row.job_kinds), row.level_from, row.level_to, of_steps)
    return fit(asked, her, JOB_WORDS, LEVEL_WORDS)
