"""What may be asked about frameworks and their competencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from lantern.domain.competencies import policy
from lantern.domain.competencies.models import Association, Competency, Framework, JobFramework
from lantern.domain.competencies.types import (
    IS_CHILD_OF,
    Assignment,
    AssociationData,
    FrameworkData,
    ItemData,
    LevelData,
    Match,
    Node,
    Standing,
)
from lantern.domain.people.types import JobKind
from lantern.engine import matching
from lantern.engine.standard_codes import meeting_key
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound
from lantern.kernel.prepared import prepared

_LONGEST_QUERY = 2000


def frameworks_for(actor: Actor) -> list[Framework]:
    """Return every framework one may see, by title, the newest version first."""
    return list(Framework.objects.filter(policy.visible(actor)).order_by("title", "-version", "pk"))


def get_framework(actor: Actor, framework_id: UUID) -> Framework:
    """Return one framework. Raises NotFound."""
    framework = Framework.objects.filter(policy.visible(actor), pk=framework_id).first()
    if framework is None:
        raise NotFound("There is no such framework.")
    return framework


def my_framework(actor: Actor) -> Framework | None:
    """Return the framework of my kind of job, as the nearest tenant has it, or None where nobody chose one (C.5)."""
    rows = JobFramework.objects.filter(policy.visible(actor), job_kind=actor.job_kind).select_related("framework")
    nearest = min(rows, key=lambda row: actor.tenancy.reach.index(row.tenant_id), default=None)
    return nearest.framework if nearest else None


def my_competencies(actor: Actor) -> QuerySet[Competency]:
    """Return what I may choose from: the selectable competencies of my framework, in order; none without one."""
    framework = my_framework(actor)
    return list_competencies(actor, framework.pk, selectable_only=True) if framework else Competency.objects.none()


def assignments(actor: Actor) -> tuple[Assignment, ...]:
    """Return for every kind of job the framework that counts here, and whether this tenant chose it itself."""
    rows: dict[str, JobFramework] = {}
    reach = actor.tenancy.reach
    for row in JobFramework.objects.filter(policy.visible(actor)).select_related("framework"):
        held = rows.get(row.job_kind)
        if held is None or reach.index(row.tenant_id) < reach.index(held.tenant_id):
            rows[row.job_kind] = row
    return tuple(
        Assignment(kind.value, found.framework if found else None, bool(found and found.tenant_id == actor.tenancy.own))
        for kind in JobKind
        for found in (rows.get(kind.value),)
    )


def list_competencies(actor: Actor, framework_id: UUID, selectable_only: bool = False) -> QuerySet[Competency]:
    """Return the competencies of a framework in the order of its tree, without those that ended."""
    rows = Competency.objects.filter(policy.visible(actor), framework_id=framework_id, ended_on__isnull=True)
    rows = rows.select_related("parent")
    return (rows.filter(selectable=True) if selectable_only else rows).order_by("position", "pk")


def count_selectable(actor: Actor) -> dict[UUID, int]:
    """Return how many competencies people choose from in each framework one may see."""
    found: dict[UUID, int] = defaultdict(int)
    rows = Competency.objects.filter(policy.visible(actor), selectable=True, ended_on__isnull=True)
    for framework_id in rows.values_list("framework_id", flat=True):
        found[framework_id] += 1
    return dict(found)


def get_competency(actor: Actor, competency_id: UUID) -> Competency:
    """Return one competency with its framework and parent, also one that ended. Raises NotFound."""
    rows = Competency.objects.filter(policy.visible(actor), pk=competency_id).select_related("framework", "parent")
    competency = rows.first()
    if competency is None:
        raise NotFound("There is no such competency.")
    return competency


def list_competencies_by_ids(actor: Actor, ids: Iterable[UUID]) -> list[Competency]:
    """Return these competencies, as far as one may see them, framework by framework in the order of the tree."""
    rows = Competency.objects.filter(policy.visible(actor), pk__in=set(ids)).select_related("framework")
    return list(rows.order_by("framework__title", "position", "pk"))


def competency_names(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of these competencies, as far as one may see them."""
    return dict(Competency.objects.filter(policy.visible(actor), pk__in=set(ids)).values_list("pk", "name"))


def names_in_reach(actor: Actor) -> Mapping[str, str]:
    """Return the names of all competencies one may see, by id as text; kept in memory while no framework changes."""
    names: dict[str, str] = {}
    for framework_id, content_hash, stamp in _stamps.list(actor):
        names |= _names(framework_id, content_hash, stamp)
    return names


@prepared
def _stamps(actor: Actor) -> QuerySet[Framework, tuple[UUID, str, datetime]]:
    return Framework.objects.filter(policy.visible(actor)).values_list("pk", "content_hash", "imported_at")


@lru_cache(maxsize=64)
def _names(framework_id: UUID, content_hash: str, stamp: datetime) -> dict[str, str]:
    """Return a framework's names; the caller has made sure that the actor may see it."""
    rows = Competency.objects.filter(framework_id=framework_id).values_list("pk", "name")
    return {str(id): name for id, name in rows}


def statements_for(actor: Actor, codes: Iterable[str]) -> dict[str, str]:
    """Return what standards for students say, by their code as it was given; none for what no framework here has.

    Frameworks that a kind of job uses are for educators and are not asked: their codes mean something else.
    """
    wanted = {code: meeting_key(code) for code in codes}
    if not wanted:
        return {}
    ours = set(JobFramework.objects.filter(policy.visible(actor)).values_list("framework_id", flat=True))
    known: dict[str, str] = {}
    for framework_id, content_hash, stamp in _stamps.list(actor):
        if framework_id not in ours:
            known = _statements(framework_id, content_hash, stamp) | known
    return {code: known[key] for code, key in wanted.items() if key in known}


@lru_cache(maxsize=64)
def _statements(framework_id: UUID, content_hash: str, stamp: datetime) -> dict[str, str]:
    """Return a framework's statements by the key of their code; the caller has made sure that the actor may see it."""
    rows = Competency.objects.filter(framework_id=framework_id, ended_on__isnull=True).exclude(code="")
    return {meeting_key(code): statement for code, statement in rows.values_list("code", "statement")}


def find_by_code(actor: Actor, framework_ref: str, code: str) -> Competency | None:
    """Return the competency with this code in the framework that the reference means, or None.

    A reference is a framework's identifier or title in any case, or a part of the title that only one framework has
    ("DigCompEdu"). The nearest tenant's newest version counts.
    """
    framework = _referred(actor, framework_ref)
    wanted = code.strip()
    if framework is None or not wanted:
        return None
    rows = Competency.objects.filter(policy.visible(actor), framework=framework, ended_on__isnull=True)
    return rows.filter(Q(code__iexact=wanted) | Q(identifier__iexact=wanted)).order_by("position").first()


def _referred(actor: Actor, reference: str) -> Framework | None:
    wanted = reference.strip()
    if not wanted:
        return None
    rows = Framework.objects.filter(policy.visible(actor))
    reach = actor.tenancy.reach
    exact = list(rows.filter(Q(identifier__iexact=wanted) | Q(title__iexact=wanted)))
    if not exact:
        exact = list(rows.filter(title__icontains=wanted))
        if len({one.identifier for one in exact}) > 1:
            return None
    exact.sort(key=lambda one: one.version, reverse=True)
    return min(exact, key=lambda one: reach.index(one.tenant_id), default=None)


def tree(actor: Actor, framework_id: UUID) -> tuple[Node, ...]:
    """Return the framework's open competencies as a tree, in one query. Raises NotFound."""
    framework = get_framework(actor, framework_id)
    rows = list(list_competencies(actor, framework.pk))
    here = {row.pk for row in rows}
    below: dict[UUID | None, list[Competency]] = defaultdict(list)
    for row in rows:
        below[row.parent_id if row.parent_id in here else None].append(row)
    nodes: dict[UUID, Node] = {}
    for row in sorted(rows, key=lambda row: row.depth, reverse=True):  # children first, so that no depth is too deep
        nodes[row.pk] = Node(row, tuple(nodes[child.pk] for child in below[row.pk] if child.pk in nodes))
    return tuple(nodes[row.pk] for row in below[None])


def areas(actor: Actor, framework_id: UUID) -> dict[UUID, Competency]:
    """Return for each competency of a framework, also those that ended, the top of the tree it stands under."""
    rows = {row.pk: row for row in Competency.objects.filter(policy.visible(actor), framework_id=framework_id)}
    found: dict[UUID, Competency] = {}
    for row in sorted(rows.values(), key=lambda row: (row.depth, row.position)):
        above = found.get(row.parent_id) if row.parent_id is not None else None
        found[row.pk] = above or row
    return found


def standing(actor: Actor, competency: Competency) -> Standing:
    """Return where a competency stands: above it, directly below it, and other parents it has."""
    rows = {row.pk: row for row in list_competencies(actor, competency.framework_id)}
    above: list[Competency] = []
    step = competency.parent_id
    while step in rows and len(above) < len(rows):
        above.insert(0, rows[step])
        step = rows[step].parent_id
    by_identifier = {row.identifier: row for row in rows.values()}
    ties = Association.objects.filter(
        policy.visible(actor), framework_id=competency.framework_id, kind=IS_CHILD_OF, origin=competency.identifier
    ).values_list("destination", flat=True)
    others = [by_identifier[end] for end in ties if end in by_identifier]
    return Standing(
        above=tuple(above),
        below=tuple(row for row in rows.values() if row.parent_id == competency.pk),
        also_under=tuple(row for row in others if row.pk != competency.parent_id),
    )


def match_words(actor: Actor, text: str, limit: int = 5) -> list[Match]:
    """Return which competencies of my framework fit what I wrote, best first; nothing without a framework or a fit."""
    framework = my_framework(actor)
    if framework is None or not text.strip():
        return []
    prepared = _prepared(framework.pk, framework.content_hash, framework.imported_at.isoformat(), framework.language)
    fits = matching.find(text[:_LONGEST_QUERY], prepared, limit)
    rows = Competency.objects.filter(policy.visible(actor)).in_bulk([fit.id for fit in fits])
    return [Match(rows[fit.id], fit.score, fit.words) for fit in fits if fit.id in rows]


@lru_cache(maxsize=16)
def _prepared(framework_id: UUID, content_hash: str, stamp: str, language: str) -> matching.Prepared:
    """Return a framework made ready for matching; the caller has made sure that the actor may see it."""
    rows = list(Competency.objects.filter(framework_id=framework_id, ended_on__isnull=True).order_by("position"))
    parents = {row.pk: row.parent_id for row in rows}
    chosen = {row.pk for row in rows if row.selectable}
    below: dict[UUID, list[str]] = defaultdict(list)
    for row in rows:
        top = _nearest_above(row.pk, parents, chosen)
        if top is not None and row.pk not in chosen:
            below[top].append(row.statement)
    return matching.prepare(
        (
            matching.Candidate(row.pk, row.name, row.statement, " ".join(below[row.pk]))
            for row in rows
            if row.selectable
        ),
        language.partition("-")[0].lower() or "en",
    )


def _nearest_above(competency_id: UUID, parents: Mapping[UUID, UUID | None], chosen: set[UUID]) -> UUID | None:
    """Return the nearest chosen competency above this one, or None; a circle of parents ends the search."""
    step = parents.get(competency_id)
    for _ in range(len(parents)):
        if step is None or step in chosen:
            return step
        step = parents.get(step)
    return None


def framework_data(actor: Actor, framework_id: UUID) -> FrameworkData:
    """Return a framework whole, to be written out, with those of its competencies that ended. Raises NotFound."""
    framework = get_framework(actor, framework_id)
    items = Competency.objects.filter(policy.visible(actor), framework=framework).order_by("position", "pk")
    ties = Association.objects.filter(policy.visible(actor), framework=framework).order_by("pk")
    plain = ("identifier", "title", "version", "uri", "creator", "publisher", "language", "adoption_status")
    rest = ("licence_title", "licence_uri", "source_url", "notes", "extra")
    return FrameworkData(
        **{name: getattr(framework, name) for name in (*plain, *rest)},
        items=tuple(
            ItemData(
                identifier=row.identifier,
                statement=row.statement,
                code=row.code,
                abbreviated=row.extra.get("abbreviated", ""),
                item_type=row.item_type,
                uri=row.uri,
                ended_on=row.ended_on,
                extra={name: value for name, value in row.extra.items() if name != "abbreviated"},
            )
            for row in items
        ),
        associations=tuple(
            AssociationData(
                row.identifier, row.kind, row.origin, row.destination, row.destination_title, row.sequence, row.extra
            )
            for row in ties
        ),
        levels=tuple(LevelData(one["position"], one["code"], one["name"]) for one in framework.levels),
    )


def export_for(actor: Actor) -> dict[str, Any]:
    """Return nothing: no row of this feature is tied to a person."""
    return {}
