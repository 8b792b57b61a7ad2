"""Bringing in a whole catalogue: every row is checked against what is known here, then all are written in bulk.

A row that does not fit is refused with its reason and the others go on; the same file twice changes nothing; nothing
is ever retired by
its absence. All is resolved before the first row is written, so that a dry run counts exactly what the real one does.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.catalog import policy
from lantern.domain.catalog.commands.indexing import count_change
from lantern.domain.catalog.commands.matching import Words, without_circles
from lantern.domain.catalog.events import CatalogImported
from lantern.domain.catalog.models import Resource, ResourceCompetency, ResourcePrerequisite, ResourceTerm, Term
from lantern.domain.catalog.types import EvidenceTier, ImportCounts, ResourceData, RowRefused, Status
from lantern.domain.people.types import grades_to_mask
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed
from lantern.kernel.events import publish
from lantern.kernel.ids import uuid7

Progress = Callable[[int, int, str], None]
BATCH = 500
MOST_WARNINGS = 200
LIMITS: dict[str, int] = {
    "external_id": 200, "source": 300, "title": 300, "description": 200_000, "url": 2000, "provider": 200,
    "credit_type": 40,
    "licence": 300, "attribution": 1000, "language": 35, "currency": 3,
}  # fmt: skip
_COPIED = (
    "source", "external_id", "kind", "modality", "title", "description", "url", "minutes", "level", "language",
    "cost_cents", "currency", "provider", "credit_type", "credit_minutes", "licence", "attribution", "published_on",
)  # fmt: skip
_WRITTEN = (
    *_COPIED,
    "summary",
    "grades_mask",
    "access_features",
    "initiative_id",
    "content_hash",
    "revision",
    "updated_at",
)


@dataclass(slots=True)
class _Planned:
    """A row that fits: its columns, what it is linked to, and the id it has or will have."""

    id: UUID
    is_new: bool
    columns: dict[str, Any]
    terms: tuple[UUID, ...]
    competencies: dict[UUID, int | None]
    requires: tuple[str, ...]
    prerequisites: tuple[UUID, ...] = ()
    digest: str = ""


@dataclass(slots=True)
class _Plan:
    """What the import will do."""

    rows: list[_Planned] = field(default_factory=list)
    unchanged: int = 0
    refused: list[RowRefused] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)


def import_resources(
    actor: Actor,
    *,
    rows: Sequence[ResourceData],
    source: str,
    progress: Progress | None = None,
    create_terms: bool = False,
    dry_run: bool = False,
) -> ImportCounts:
    """Bring rows in, each known by (tenant, source, external_id); `source` is for rows that name none.

    Unknown topics and subjects refuse their row, or become terms with `create_terms`. Unknown competencies,
    initiatives and
    prerequisites leave the row without them and are warned of. Raises NotAllowed.
    """
    if not policy.can_manage(actor):
        raise NotAllowed("The catalog is managed by coordinators and operators.")
    told = progress or _tell_nobody
    with transaction.atomic():
        changes = 0 if dry_run else count_change(actor)
        words = Words(actor, create_terms)
        plan = _plan(actor, rows, source, words, told)
        counts = ImportCounts(
            created=sum(row.is_new for row in plan.rows),
            updated=sum(not row.is_new for row in plan.rows),
            unchanged=plan.unchanged,
            refused=tuple(plan.refused),
            warnings=_worded(plan.warnings),
            new_terms=tuple(sorted(f"{term.scheme} {term.label}" for term in words.new_terms)),
        )
        if not dry_run:
            _write(actor, plan.rows, words.new_terms, changes, told)
            publish(
                actor,
                CatalogImported(
                    counts.created, counts.updated, counts.unchanged, len(counts.refused), len(counts.new_terms)
                ),
            )
    return counts


def _tell_nobody(done: int, total: int, message: str) -> None:
    pass


def _plan(actor: Actor, rows: Sequence[ResourceData], source: str, words: Words, told: Progress) -> _Plan:
    plan = _Plan()
    known = _known(actor, {row.source or source for row in rows})
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows):
        if number % BATCH == 0:
            told(number, 2 * len(rows), "Checking")
        key = (row.source or source, row.external_id)
        reason = _misfit(row, key, key in seen) or words.refusal(row)
        if reason is not None:
            plan.refused.append(RowRefused(row.row, *reason))
            continue
        seen.add(key)
        id, _ = known.get(key, (None, ""))
        plan.rows.append(_planned(row, key[0], id, words, plan.warnings))
    _tie_prerequisites(plan, {key: id for key, (id, _) in known.items()})
    digests = dict(known.values())
    before = len(plan.rows)
    plan.rows = [row for row in plan.rows if digests.get(row.id) != row.digest]
    plan.unchanged = before - len(plan.rows)
    return plan


def _known(actor: Actor, sources: set[str]) -> dict[tuple[str, str], tuple[UUID, str]]:
    rows = Resource.objects.filter(tenant_id=actor.tenancy.own, source__in=sources).exclude(external_id="")
    return {
        (source, external_id): (id, digest)
        for id, source, external_id, digest in rows.values_list("pk", "source", "external_id", "content_hash")
    }


def _misfit(row: ResourceData, key: tuple[str, str], repeated: bool) -> tuple[str, str] | None:
    if not row.external_id:
        return "external_id", "is missing"
    if repeated:
        return "external_id", f"{row.external_id} was already used in another row"
    for name, most in LIMITS.items():
        text = key[0] if name == "source" else getattr(row, name)
        if len(text) > most:
            return name, f"is {len(text):,} characters long; at most {most:,} fit"
    return None


def _planned(row: ResourceData, source: str, id: UUID | None, words: Words, warnings: Counter[str]) -> _Planned:
    initiative_id = words.initiative(row.initiative)
    if row.initiative and initiative_id is None:
        warnings[f"initiative {row.initiative!r} is not known here and was left out"] += 1
    linked: dict[UUID, int | None] = {}
    for ref in row.competencies:
        found = words.competency(ref)
        if found is None:
            warnings[f"competency {ref.framework}:{ref.code} is not known here and was left out"] += 1
        else:
            linked.setdefault(*found)
    columns = {name: getattr(row, name) for name in _COPIED}
    columns |= {
        "source": source,
        "summary": _shortened(row.summary),
        "grades_mask": grades_to_mask(row.grades),
        "access_features": list(row.access_features),
        "initiative_id": initiative_id,
    }
    if row.evidence_tier:  # left out, a tier that somebody gave here stays, and so does the digest of older imports
        columns["evidence_tier"] = row.evidence_tier
    return _Planned(id or uuid7(), id is None, columns, words.terms(row), linked, row.prerequisites)


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 500 else plain[:499].rsplit(" ", 1)[0] + "…"


def _tie_prerequisites(plan: _Plan, known: dict[tuple[str, str], UUID]) -> None:
    """Resolve what each row builds on, within its source, and digest each row as it will stand."""
    ids = known | {(row.columns["source"], row.columns["external_id"]): row.id for row in plan.rows}
    wanted: dict[UUID, list[UUID]] = {}
    for row in plan.rows:
        found = [(name, ids.get((row.columns["source"], name))) for name in row.requires]
        for name, id in found:
            if id is None:
                plan.warnings[f"prerequisite {name} is not in this catalogue and was left out"] += 1
        wanted[row.id] = [id for _, id in found if id is not None]
    tied, circles = without_circles(wanted)
    if circles:
        plan.warnings["a prerequisite led back to its own resource and was left out"] += circles
    for row in plan.rows:
        row.prerequisites = tuple(tied[row.id])
        row.digest = _digest(row)


def _digest(row: _Planned) -> str:
    content = [
        sorted((name, value) for name, value in row.columns.items()),
        sorted(map(str, row.terms)),
        sorted((str(id), level) for id, level in row.competencies.items()),
        sorted(map(str, row.prerequisites)),
    ]
    return hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()


def _worded(warnings: Counter[str]) -> tuple[str, ...]:
    listed = [f"{words} ({count:,} times)" if count > 1 else words for words, count in sorted(warnings.items())]
    rest = len(listed) - MOST_WARNINGS
    return (*listed[:MOST_WARNINGS], *((f"and {rest:,} more",) if rest > 0 else ()))


def _write(actor: Actor, rows: list[_Planned], new_terms: list[Term], changes: int, told: Progress) -> None:
    own, now = actor.tenancy.own, clock.now()
    Term.objects.bulk_create(new_terms, batch_size=BATCH)
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        told(len(rows) + start, 2 * len(rows), "Saving")
        Resource.objects.bulk_create(
            [
                Resource(
                    id=row.id,
                    tenant_id=own,
                    status=Status.PUBLISHED.value,
                    content_hash=row.digest,
                    revision=changes,
                    created_at=now,
                    updated_at=now,
                    **row.columns,
                )
                for row in batch
            ],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=_WRITTEN,
        )
        _relink(own, batch)
    _vet(rows)
    _tie(own, rows)


def _vet(rows: list[_Planned]) -> None:
    """Write the tiers that the import names for what was here before; new rows have theirs already."""
    for tier in EvidenceTier:
        said = [row.id for row in rows if not row.is_new and row.columns.get("evidence_tier") == tier]
        for start in range(0, len(said), BATCH):
            Resource.objects.filter(pk__in=said[start : start + BATCH]).update(evidence_tier=tier.value)


def _relink(own: UUID, batch: list[_Planned]) -> None:
    changed = [row.id for row in batch if not row.is_new]
    for model in (ResourceTerm, ResourceCompetency, ResourcePrerequisite):
        model.objects.filter(resource_id__in=changed).delete()
    ResourceTerm.objects.bulk_create(
        ResourceTerm(tenant_id=own, resource_id=row.id, term_id=term) for row in batch for term in row.terms
    )
    ResourceCompetency.objects.bulk_create(
        ResourceCompetency(tenant_id=own, resource_id=row.id, competency_id=id, level=level)
        for row in batch
        for id, level in row.competencies.items()
    )


def _tie(own: UUID, rows: list[_Planned]) -> None:
    """Tie prerequisites once every resource is there."""
    ResourcePrerequisite.objects.bulk_create(
        (
            ResourcePrerequisite(tenant_id=own, resource_id=row.id, requires_id=id)
            for row in rows
            for id in row.prerequisites
        ),
        batch_size=BATCH,
    )
