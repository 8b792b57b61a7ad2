"""Writing, changing and retiring items, and calibrating a bank."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.assessments import policy, queries
from lantern.domain.assessments.events import BankCalibrated, ItemChanged, ItemWritten
from lantern.domain.assessments.models import AssessmentItem
from lantern.domain.assessments.types import LEAST_PEOPLE_SHOWN, SCALE, Calibrated, ItemData, ItemStatus
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
def publish_drafts(actor: Actor, *, competency_id: UUID) -> int:
    """Take every draft of one's own tenant for a competency into use; return how many it were. Raises NotAllowed."""
    if not policy.can_manage(actor):
        raise NotAllowed("Items are written by coordinators and operators.")
    rows = AssessmentItem.objects.select_for_update().filter(
        tenant_id=actor.tenancy.own, competency_id=competency_id, status=ItemStatus.DRAFT
    )
    drafts = list(rows.order_by("pk").values_list("pk", flat=True))
    AssessmentItem.objects.filter(pk__in=drafts).update(status=ItemStatus.PUBLISHED, updated_at=clock.now())
    for key in drafts:
        publish(actor, ItemChanged(key))
    return len(drafts)


@transaction.atomic
def calibrate(actor: Actor, *, competency_id: UUID) -> int:
    """Compute the numbers of a bank anew from the answers that were given for it; return how many items were
    gone over, 0 below 30 people. For Lantern itself, as a job. Raises NotAllowed.

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
    items = [
        assess.Item(str(row.pk), row.author_difficulty, row.author_discrimination, row.guessing, row.area)
        for row in rows
    ]
    found = assess.calibrate(items, answers, exposed=seen)
    now = clock.now()
    told = 0
    for row, new in zip(rows, found.items, strict=True):
        # By its wording: one that was changed while this went on began anew; these answers were to another question.
        same = AssessmentItem.objects.filter(pk=row.pk, worded_at=row.worded_at)
        told += same.update(**_found(row, new, round(seen[str(row.pk)], 2), now))
    publish(actor, BankCalibrated(competency_id, told))
    return told


def _found(row: AssessmentItem, new: assess.CalibratedItem, seen: float, now: datetime) -> dict[str, Any]:
    """Return the columns that a calibration writes. Below 30 people it says nothing of an item; numbers that rested on
    answers which do not count any more go back to the author's.
    """
    columns: dict[str, Any] = {"seen": seen}
    if new.source.value != Calibrated.AUTHOR or row.calibrated != Calibrated.AUTHOR:
        columns |= {"difficulty": new.item.difficulty, "discrimination": new.item.discrimination}
        columns["calibrated"] = new.source.value
    if new.answers < LEAST_PEOPLE_SHOWN:
        return columns | {"calibrated_at": None, "answers": 0, "verdict": "", "flags": []}
    flags = [{"reason": one.reason.value, "value": round(one.value, 2)} for one in new.flags]
    answers = new.answers // _ROUNDED_TO * _ROUNDED_TO
    return columns | {"calibrated_at": now, "answers": answers, "verdict": new.verdict.value, "flags": flags}


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
    difficulty = level_difficulty(data.level) if data.difficulty is None else data.difficulty
    discrimination = 1.0 if data.discrimination is None else data.discrimination
    return {
        "author_difficulty": difficulty,
        "author_discrimination": discrimination,
        "difficulty": difficulty,
        "discrimination": discrimination,
        "guessing": round(1 / len(data.options), 2) if data.guessing is None else data.guessing,
    }


_AUTHORED = {
    "difficulty": "author_difficulty", "discrimination": "author_discrimination", "guessing": "guessing",
}  # fmt: skip
"""Where a number that a file gives stands in a row; what answers made of it stands elsewhere and stays."""


def _asked(row: Mapping[str, Any]) -> list[Any]:
    """Return what makes an item the question it is: its words, answers, key, level and competency; not what is said of
    an answer afterwards."""
    same = [row[name] for name in ("question", "right", "level", "competency_id")]
    return [*same, [option["text"] for option in row["options"]]]


def change(row: AssessmentItem, data: ItemData) -> bool:
    """Put what an author says into a row, unsaved; return whether anything is different. Numbers that rest on answers
    stay as long as the question does.
    """
    said = written(data)
    given = {name: getattr(data, source) for source, name in _AUTHORED.items() if getattr(data, source) is not None}
    stands = {name: getattr(row, name) for name in said | given}
    asks_another = _asked(stands) != _asked(said)
    if not asks_another and stands == said | given:
        return False
    if row.calibrated == Calibrated.AUTHOR:
        given |= {source: given[name] for source, name in _AUTHORED.items() if name in given}
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
