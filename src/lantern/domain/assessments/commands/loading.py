"""Bringing in a whole file of items: each row that does not fit is refused with its reason, the others go in; the same
file twice changes nothing, and nothing is retired by its absence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from lantern.domain.assessments import policy, queries
from lantern.domain.assessments.commands.items import change, numbers, written
from lantern.domain.assessments.events import ItemsImported
from lantern.domain.assessments.models import AssessmentItem
from lantern.domain.assessments.types import ItemCounts, ItemData, ItemRefused, ItemStatus
from lantern.domain.competencies import queries as competencies
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed
from lantern.kernel.events import publish


@transaction.atomic
def import_items(
    actor: Actor,
    *,
    rows: Sequence[ItemData],
    refused: Sequence[ItemRefused] = (),
    publish_new: bool = False,
    dry_run: bool = False,
) -> ItemCounts:
    """Bring items in, each known by its id in this tenant; new ones are drafts unless they are to be in use at once.

    `refused` are rows that were refused before, to be counted with the others. Raises NotAllowed.
    """
    if not policy.can_manage(actor):
        raise NotAllowed("Items are written by coordinators and operators.")
    bad = list(refused)
    here = competencies.competency_names(actor, {row.competency_id for row in rows})
    known = {
        row.external_id: row
        for row in AssessmentItem.objects.select_for_update().filter(tenant_id=actor.tenancy.own)
    }
    seen: dict[str, int] = {}
    new: list[AssessmentItem] = []
    changed: list[AssessmentItem] = []
    for data in rows:
        problem = _problem(data, seen, here)
        if problem is not None:
            bad.append(problem)
            continue
        seen[data.external_id] = data.row
        row = known.get(data.external_id)
        if row is None:
            new.append(_new(actor, data, publish_new))
        elif change(row, data):
            changed.append(row)
    if not dry_run:
        AssessmentItem.objects.bulk_create(new)
        for row in changed:
            row.save()
        publish(actor, ItemsImported(len(new), len(changed), len(seen) - len(new) - len(changed), len(bad)))
    bad.sort(key=lambda one: one.row)
    return ItemCounts(len(new), len(changed), len(seen) - len(new) - len(changed), tuple(bad))


def _problem(data: ItemData, seen: dict[str, int], here: Mapping[UUID, str]) -> ItemRefused | None:
    first = seen.get(data.external_id)
    if first is not None:
        return ItemRefused(data.row, "external_id", f"{data.external_id} was already used in row {first}")
    found = queries.problems_of(data)
    if data.competency_id not in here:
        found["competency_id"] = "This competency is not here."
    return next((ItemRefused(data.row, name, reason) for name, reason in found.items()), None)


def _new(actor: Actor, data: ItemData, published: bool) -> AssessmentItem:
    now = clock.now()
    status = ItemStatus.PUBLISHED if published else ItemStatus.DRAFT
    said = written(data) | numbers(data)
    return AssessmentItem(tenant_id=actor.tenancy.own, status=status.value, worded_at=now, updated_at=now, **said)
