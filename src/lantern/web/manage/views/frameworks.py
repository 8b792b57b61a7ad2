"""Competency frameworks: what is here, which kind of job uses which (C.5), and one of them as a tree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.competencies import commands, policy, queries
from lantern.domain.competencies.types import Node
from lantern.domain.people.types import JOB_WORDS
from lantern.kernel.errors import Invalid
from lantern.web.answers import done, show
from lantern.web.gate import COORDINATOR, OPERATOR, page
from lantern.web.manage.forms.frameworks import AssignForm

MOST_SHOWN = 1500
DEEPEST = 12


@page(OPERATOR, COORDINATOR)
def frameworks(request: Any) -> HttpResponse:
    """The frameworks one may use here, and which kind of job uses which."""
    actor = request.actor
    choosable = queries.count_selectable(actor)
    rows = [
        {"framework": one, "choices": choosable.get(one.pk, 0), "own": one.tenant_id == actor.tenancy.own}
        for one in queries.frameworks_for(actor)
    ]
    return show(
        request,
        "manage/frameworks.html",
        rows=rows,
        assignments=[(one, JOB_WORDS[one.job_kind]) for one in queries.assignments(actor)],
        may_assign=policy.can_assign(actor),
    )


@page(OPERATOR, COORDINATOR, methods="POST")
def assign(request: Any) -> HttpResponse:
    """Say which framework a kind of job uses here."""
    known = [(str(one.pk), one.title) for one in queries.frameworks_for(request.actor)]
    form = AssignForm(request.POST, frameworks=known)
    if not form.is_valid():
        raise Invalid("Choose a kind of job and a framework from the lists.")
    row = commands.assign_framework(request.actor, **form.cleaned_data)
    job = JOB_WORDS[form.cleaned_data["job_kind"]]
    message = f"{job}: chosen." if row else f"{job}: as the level above has it."
    return done(request, "manage:frameworks", message=message)


@dataclass(frozen=True, slots=True)
class Branch:
    """A competency as the tree shows it; `open` where a search found something below, `found` where it found this."""

    competency: Any
    children: tuple[Branch, ...]
    open: bool
    found: bool


@page(OPERATOR, COORDINATOR)
def framework(request: Any, framework_id: UUID) -> HttpResponse:
    """One framework as a tree, with its licence and source; ?q= shows only what has these words, in its place."""
    actor = request.actor
    shown = queries.get_framework(actor, framework_id)
    wanted = request.GET.get("q", "").strip()[:100]
    nodes = queries.tree(actor, framework_id)
    total = _size(nodes)
    deepest = DEEPEST if wanted or total <= MOST_SHOWN else _depth_that_fits(nodes)
    branches = _branches(nodes, wanted.casefold(), deepest)
    return show(
        request,
        "manage/framework.html",
        framework=shown,
        branches=branches,
        wanted=wanted,
        found=_found(branches),
        total=total,
        cut=not wanted and deepest < DEEPEST,
        levels=shown.levels,
        licence_link=shown.licence_uri.startswith(("https://", "http://")),
    )


def _branches(nodes: Iterable[Node], wanted: str, deepest: int) -> tuple[Branch, ...]:
    """Return what to show of these nodes: all, or those with the wanted words and the way to them."""
    kept: list[Branch] = []
    for node in nodes:
        own = bool(wanted) and _has(node.competency, wanted)
        below = _branches(node.children, "" if own else wanted, deepest - 1) if deepest > 1 else ()
        if not wanted or own or below:
            kept.append(Branch(node.competency, below, open=bool(wanted) and not own, found=own))
    return tuple(kept)


def _has(competency: Any, wanted: str) -> bool:
    return wanted in f"{competency.code} {competency.name} {competency.statement}".casefold()


def _found(branches: Iterable[Branch]) -> int:
    return sum(branch.found + _found(branch.children) for branch in branches)


def _levels(nodes: Iterable[Node]) -> Iterable[list[Node]]:
    here = list(nodes)
    while here:
        yield here
        here = [child for node in here for child in node.children]


def _size(nodes: Iterable[Node]) -> int:
    return sum(len(level) for level in _levels(nodes))


def _depth_that_fits(nodes: Iterable[Node]) -> int:
    """Return how many levels can be shown without a page that is too long; at least the top one."""
    depth = seen = 0
    for level in _levels(nodes):
        seen += len(level)
        if seen > MOST_SHOWN:
            break
        depth += 1
    return max(1, min(depth, DEEPEST - 1))
