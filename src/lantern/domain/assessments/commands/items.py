"""Writing, changing and retiring items, and calibrating a bank."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.assessments import policy, queries
from lantern.domain.assessments.events import BankCalibrated, ItemChanged, ItemWritten
from lantern.domain.assessments.models import AssessmentItem
from lantern.domain.assessments.types import SCALE, Calibrated, ItemData, ItemStatus
from lantern.engine import assess
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish

_ROUNDED_TO = 10


@transaction.atomic
def create_item(actor: Actor, *, data: ItemData) -> AssessmentItem:
    """Write an item as a draft. Raises NotAllowed, Invalid by field."""
    if not policy.can_manage(actor):
        raise NotAllowed("Items are written by coordinators and operators.")
    problems = queries.checked(actor, data)
    if AssessmentItem.objects.filter(tenant_id=actor.tenancy.own, external_id=data.external_id).exists():
        problems["external_id"] = "Another item has this id."
    if problems:
        raise Invalid(problems)
    now = clock.now()
    row = AssessmentItem.objects.create(
        tenant_id=actor.tenancy.own, worded_at=now, updated_at=now, **written(data), **numbers(data)
    )
    publish(actor, ItemWritten(row.pk))
    return row


@transaction.atomic
def edit_item(actor: Actor, *, item_id: UUID, data: ItemData) -> AssessmentItem:
    """Change an item. Where its words, key or level change, its numbers begin anew: earlier answers were to another
    question. Raises NotFound, NotAllowed, Invalid by field.
    """
    row = _lock(actor, item_id)
    problems = queries.checked(actor, data)
    same_id = AssessmentItem.objects.filter(tenant_id=row.tenant_id, external_id=data.external_id).exclude(pk=row.pk)
    if same_id.exists():
        problems["external_id"] = "Another item has this id."
    if problems:
        raise Invalid(problems)
    if change(row, data):
        row.save()
        publish(actor, ItemChanged(row.pk))
    return row


@transaction.atomic
def set_status(actor: Actor, *, item_id: UUID, status: str, because: str = "") -> AssessmentItem:
    """Take an item into use, back to drafts, or out of use (with a reason). Raises NotFound, NotAllowed, Invalid,
    Conflict for a draft that people answered already.
    """
    row = _lock(actor, item_id)
    if status not in set(ItemStatus):
        raise Invalid({"status": "Choose a status from the list."})
    because = " ".join(because.split())
    if status == ItemStatus.RETIRED and not because:
        raise Invalid({"because": "Say in a few words why it is taken out of use."})
    if len(because) > 200:
        raise Invalid({"because": "Please keep this to 200 characters."})
    if status == ItemStatus.DRAFT and row.status != ItemStatus.DRAFT:
        raise Conflict("This was in use. Retire it, or change it and keep it in use.")
    if row.status != status:
        row.status, row.retired_because, row.updated_at = status, because, clock.now()
        row.save(update_fields=["status", "retired_because", "updated_at"])
        publish(actor, ItemChanged(row.pk))
    return row


@transaction.atomic
def calibrate(actor: Actor, *, competency_id: UUID) -> int:
    """Compute the numbers of a bank anew from the answers that were given for it; return how many items got them, 0
    below 30 people. For Lantern itself, as a job. Raises NotAllowed.

    Only the tenant's own items and its own people: nothing crosses districts.
    """
    rows = list(
        AssessmentItem.objects.filter(
            tenant_id=actor.tenancy.own, competency_id=competency_id, status=ItemStatus.PUBLISHED
        ).order_by("pk")
    )
    answers = queries.contributed(actor, rows) if rows else None
    if answers is None or not len(answers):
        return 0
    asked = (answers == answers).sum(axis=0)
    seen = {str(row.pk): float(count) / len(answers) for row, count in zip(rows, asked, strict=True)}
    items = [assess.Item(str(row.pk), row_difficulty(row), 1.0, row.guessing, row.area) for row in rows]
    found = assess.calibrate(items, answers, exposed=seen)
    now = clock.now()
    for row, new in zip(rows, found.items, strict=True):
        row.difficulty, row.discrimination = new.item.difficulty, new.item.discrimination
        row.calibrated, row.calibrated_at = new.source.value, now
        row.answers = new.answers // _ROUNDED_TO * _ROUNDED_TO
        row.seen, row.verdict = round(seen[str(row.pk)], 2), new.verdict.value
        row.flags = [{"reason": one.reason.value, "value": round(one.value, 2)} for one in new.flags]
    written_fields = ["difficulty", "discrimination", "calibrated", "calibrated_at", "answers", "seen", "verdict"]
    AssessmentItem.objects.bulk_update(rows, [*written_fields, "flags"])
    publish(actor, BankCalibrated(competency_id, len(rows)))
    return len(rows)


def row_difficulty(row: AssessmentItem) -> float:
    """Return where the author put an item: what a calibration begins from."""
    return level_difficulty(row.level) if row.calibrated != Calibrated.AUTHOR else row.difficulty


def level_difficulty(level: int) -> float:
    """Return the difficulty of an item that shows a level: where the level begins."""
    return SCALE.cuts[level - 1]


def written(data: ItemData) -> dict[str, Any]:
    """Return the columns of what an author says."""
    return {
        "competency_id": data.competency_id,
        "external_id": data.external_id.strip(),
        "question": data.question.strip(),
        "options": [{"text": one.text.strip(), "why": one.why.strip()} for one in data.options],
        "right": data.right,
        "level": data.level,
        "area": data.area.strip(),
        "language": data.language,
    }


def numbers(data: ItemData) -> dict[str, float]:
    """Return the columns of an item's numbers before any answer: as the file says, or by level and options."""
    return {
        "difficulty": level_difficulty(data.level) if data.difficulty is None else data.difficulty,
        "discrimination": 1.0 if data.discrimination is None else data.discrimination,
        "guessing": round(1 / len(data.options), 2) if data.guessing is None else data.guessing,
    }


_ASKED = ("question", "options", "right", "level", "competency_id")


def change(row: AssessmentItem, data: ItemData) -> bool:
    """Put what an author says into a row, unsaved; return whether anything is different."""
    said = written(data)
    given = {name: value for name, value in numbers(data).items() if getattr(data, name) is not None}
    asks_another = any(getattr(row, name) != said[name] for name in _ASKED)
    differs = asks_another or any(getattr(row, name) != value for name, value in (said | given).items())
    if not differs:
        return False
    now = clock.now()
    for name, value in (said | (numbers(data) if asks_another else given)).items():
        setattr(row, name, value)
    if asks_another:
        row.worded_at, row.calibrated, row.calibrated_at = now, Calibrated.AUTHOR.value, None
        row.answers, row.seen, row.verdict, row.flags = 0, 0.0, "", []
    row.updated_at = now
    return True


def _lock(actor: Actor, item_id: UUID) -> AssessmentItem:
    row = AssessmentItem.objects.select_for_update().filter(policy.visible(actor), pk=item_id).first()
    if row is None:
        raise NotFound("There is no such item.")
    if not policy.can_edit(actor, row.tenant_id):
        raise NotAllowed("This item belongs to another level, which changes it.")
    return row
