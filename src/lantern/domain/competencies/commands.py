"""Bringing a framework in, and saying which kind of job uses which."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.competencies import policy, queries
from lantern.domain.competencies.events import FrameworkAssigned, FrameworkImported
from lantern.domain.competencies.models import Association, Competency, Framework, JobFramework
from lantern.domain.competencies.types import IS_CHILD_OF, Counts, FrameworkData, ItemData, problems
from lantern.domain.people.types import JobKind
from lantern.engine import framework_tree
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed
from lantern.kernel.events import publish

_RULES = "1"  # of names, places and the chosen level; a new number works them out again at the next import
_AT_ONCE = 400
_NO_LEVEL = ("framework", "parent", "uri", "code", "name", "statement", "item_type", "position", "depth", "selectable")
_FIELDS = (*_NO_LEVEL, "ended_on", "extra")
_TIE_FIELDS = ("kind", "origin", "destination", "destination_title", "sequence", "extra")
_DOCUMENT_FIELDS = (
    "uri", "title", "creator", "publisher", "language", "adoption_status", "licence_title", "licence_uri",
    "source_url", "notes",
)  # fmt: skip

Told = Callable[[int, int, str], None]


@transaction.atomic
def import_framework(
    actor: Actor, *, data: FrameworkData, dry_run: bool = False, progress: Told | None = None
) -> tuple[Framework | None, Counts]:
    """Store a framework in the own tenant, or bring it up to date (identifier and version); return it and what changed.

    All or nothing. The same content again changes nothing; a competency that vanished gets an end and stays, because
    needs refer to it. A dry run counts and writes nothing (and returns None for a framework that is not here yet).
    Raises NotAllowed, and Invalid with the place and reason of everything that keeps it out.
    """
    if not policy.can_import(actor):
        raise NotAllowed("Frameworks are brought in by those who run the whole district or state.")
    found = problems(data)
    if found:
        raise Invalid({f"{one.row} {one.field}".strip(): one.reason for one in found})
    framework = (
        Framework.objects.select_for_update()
        .filter(tenant_id=actor.tenancy.own, identifier=data.identifier, version=data.version)
        .first()
    )
    digest = _digest(data)
    if framework is not None and framework.content_hash == digest:
        return framework, _nothing_changed(framework)
    target = framework or Framework(tenant_id=actor.tenancy.own, identifier=data.identifier, version=data.version)
    items, item_counts = _settled_items(target, data)
    ties, gone, tie_counts = _settled_ties(target, data, {row.identifier for row in items if row.ended_on})
    state = "updated" if framework else "created"
    counts = {"frameworks": {state: 1}, "competencies": item_counts, "associations": tie_counts}
    if dry_run:
        return framework, counts
    for name in _DOCUMENT_FIELDS:
        setattr(target, name, getattr(data, name))
    target.levels = [asdict(level) for level in data.levels]
    target.extra, target.content_hash, target.imported_at = dict(data.extra), digest, clock.now()
    target.save()
    items.sort(key=lambda row: row.depth)  # the database wants a parent to be there before its children
    _store(Competency, items, _FIELDS, progress)
    Association.objects.filter(framework=target, identifier__in=gone).delete()
    _store(Association, ties, _TIE_FIELDS, None)
    publish(
        actor,
        FrameworkImported(
            target.pk,
            created=item_counts["created"],
            updated=item_counts["updated"],
            ended=item_counts["deactivated"],
        ),
    )
    return target, counts


def _digest(data: FrameworkData) -> str:
    written = json.dumps([_RULES, asdict(data)], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _nothing_changed(framework: Framework) -> Counts:
    rows = Competency.objects.filter(framework=framework, ended_on__isnull=True)
    ties = Association.objects.filter(framework=framework)
    return {
        "frameworks": {"unchanged": 1},
        "competencies": {"created": 0, "updated": 0, "unchanged": rows.count(), "deactivated": 0},
        "associations": {"created": 0, "updated": 0, "unchanged": ties.count(), "deactivated": 0},
    }


def _settled_items(framework: Framework, data: FrameworkData) -> tuple[list[Competency], dict[str, int]]:
    """Return the competencies to write (new, changed, ended) and the counts; reads once, writes nothing."""
    existing = {row.identifier: row for row in Competency.objects.filter(framework_id=framework.pk)}
    places = framework_tree.place(_tree_items(data))
    if len(places) != len(data.items):
        raise Invalid({"associations": "some items are their own ancestors, so there is no order to show them in"})
    ids = {
        item.identifier: existing[item.identifier].pk if item.identifier in existing else Competency().pk
        for item in data.items
    }
    counts = {"created": 0, "updated": 0, "unchanged": 0, "deactivated": 0}
    write: list[Competency] = []
    for item in data.items:
        place = places[item.identifier]
        row = Competency(
            pk=ids[item.identifier],
            tenant_id=framework.tenant_id,
            framework=framework,
            parent_id=ids[str(place.parent)] if place.parent is not None else None,
            identifier=item.identifier,
            uri=item.uri,
            code=item.code,
            name=framework_tree.short_name(item.statement, item.abbreviated),
            statement=item.statement,
            item_type=item.item_type,
            position=place.position,
            depth=place.depth,
            selectable=place.selectable and not _ended(item, clock.today()),
            ended_on=item.ended_on if _ended(item, clock.today()) else None,
            extra={**item.extra, **({"abbreviated": item.abbreviated} if item.abbreviated else {})},
        )
        held = existing.get(item.identifier)
        state = "created" if held is None else "unchanged" if _same(held, row, _FIELDS) else "updated"
        counts[state] += 1
        if state != "unchanged":
            write.append(row)
    for identifier, row in existing.items():
        if identifier not in ids and row.ended_on is None:
            row.ended_on = clock.today()
            row.framework = framework
            counts["deactivated"] += 1
            write.append(row)
    return write, counts


def _ended(item: ItemData, today: date) -> bool:
    return item.ended_on is not None and item.ended_on <= today


def _tree_items(data: FrameworkData) -> list[framework_tree.TreeItem]:
    parents: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
    for one in data.associations:
        if one.kind == IS_CHILD_OF:
            parents[one.origin].append((one.destination, one.sequence))
    return [
        framework_tree.TreeItem(
            item.identifier,
            item.item_type,
            framework_tree.short_name(item.statement, item.abbreviated),
            tuple(parents[item.identifier]),
        )
        for item in data.items
    ]


def _settled_ties(
    framework: Framework, data: FrameworkData, ended: set[str]
) -> tuple[list[Association], list[str], dict[str, int]]:
    """Return the associations to write, those to remove, and the counts. What an ended competency hung on stays."""
    existing = {row.identifier: row for row in Association.objects.filter(framework_id=framework.pk)}
    counts = {"created": 0, "updated": 0, "unchanged": 0, "deactivated": 0}
    write: list[Association] = []
    for one in data.associations:
        held = existing.get(one.identifier)
        row = Association(
            framework=framework,
            tenant_id=framework.tenant_id,
            identifier=one.identifier,
            kind=one.kind,
            origin=one.origin,
            destination=one.destination,
            destination_title=one.destination_title[:300],
            sequence=one.sequence,
            extra=dict(one.extra),
        )
        state = "created" if held is None else "unchanged" if _same(held, row, _TIE_FIELDS) else "updated"
        counts[state] += 1
        if held is not None:
            row.pk = held.pk
        if state != "unchanged":
            write.append(row)
    listed = {one.identifier for one in data.associations}
    gone = [name for name, row in existing.items() if name not in listed and row.origin not in ended]
    counts["deactivated"] = len(gone)
    return write, gone, counts


def _same(held: Any, row: Any, names: Iterable[str]) -> bool:
    columns = [f"{name}_id" if name in {"framework", "parent"} else name for name in names]
    return all(getattr(held, column) == getattr(row, column) for column in columns)


def _store(model: type[Any], rows: list[Any], names: tuple[str, ...], progress: Told | None) -> None:
    """Insert the rows, or overwrite those whose id is there, a few hundred at a time."""
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        model.objects.bulk_create(part, update_conflicts=True, unique_fields=["id"], update_fields=list(names))
        if progress is not None:
            progress(start + len(part), len(rows), "Storing competencies")


@transaction.atomic
def assign_framework(actor: Actor, *, job_kind: str, framework_id: UUID | None) -> JobFramework | None:
    """Say which framework a kind of job uses in the own tenant; None takes that back, so that the level above decides.

    Saying the same twice changes nothing. Raises NotAllowed, NotFound, Invalid.
    """
    if not policy.can_assign(actor):
        raise NotAllowed("Those who run the whole district or state choose the frameworks.")
    if job_kind not in set(JobKind):
        raise Invalid({"job_kind": "Choose a kind of job from the list."})
    own = JobFramework.objects.select_for_update().filter(tenant_id=actor.tenancy.own, job_kind=job_kind).first()
    if framework_id is None:
        if own is not None:
            own.delete()
            publish(actor, FrameworkAssigned(None))
        return None
    framework = queries.get_framework(actor, framework_id)
    if own is not None and own.framework_id == framework.pk:
        return own
    row = own or JobFramework(job_kind=job_kind)
    row.framework = framework
    row.save()
    publish(actor, FrameworkAssigned(framework.pk))
    return row


def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete nothing: no row of this feature is tied to a person."""
    return {}
