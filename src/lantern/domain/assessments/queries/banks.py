"""Banks as their authors see them, and the answers that a calibration may read."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import QuerySet

from lantern.domain.assessments import policy
from lantern.domain.assessments.models import AssessmentItem, Check, CheckAnswer
from lantern.domain.assessments.types import (
    FEWEST_OPTIONS,
    LEAST_PEOPLE_SHOWN,
    LONGEST_OPTION,
    LONGEST_QUESTION,
    LONGEST_WHY,
    MOST_OPTIONS,
    BankView,
    ItemData,
    ItemStatus,
)
from lantern.domain.competencies import queries as competencies
from lantern.engine.assess.items import GRID, MOST_GUESSING, Floats
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed, NotFound


def list_items(actor: Actor, competency_id: UUID | None = None, status: str = "") -> QuerySet[AssessmentItem]:
    """Return the items an author sees, by competency and level; nothing for anybody else."""
    rows = AssessmentItem.objects.filter(policy.visible(actor)).select_related("competency", "tenant")
    if competency_id is not None:
        rows = rows.filter(competency_id=competency_id)
    if status:
        rows = rows.filter(status=status)
    return rows.order_by("competency__name", "competency_id", "level", "external_id", "pk")


def get_item(actor: Actor, item_id: UUID) -> AssessmentItem:
    """Return one item with its key. Raises NotFound."""
    item = list_items(actor).filter(pk=item_id).first()
    if item is None:
        raise NotFound("There is no such item.")
    return item


def count_drafts(actor: Actor, competency_id: UUID) -> int:
    """Return how many drafts of the actor's own tenant a bank has: those she may take into use."""
    return list_items(actor, competency_id, ItemStatus.DRAFT).filter(tenant_id=actor.tenancy.own).count()


def list_banks(actor: Actor) -> list[BankView]:
    """Return every bank an author sees: the competencies that have items, with how many of which status."""
    counts: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    look: dict[UUID, int] = defaultdict(int)
    columns = ("competency_id", "status", "verdict", "answers")
    for competency_id, status, verdict, answers in list_items(actor).values_list(*columns):
        counts[competency_id][status] += 1
        told = answers >= LEAST_PEOPLE_SHOWN and status != ItemStatus.RETIRED
        look[competency_id] += told and verdict not in {"", "keep"}
    found = competencies.list_competencies_by_ids(actor, counts)
    return [BankView(one, dict(counts[one.pk]), look[one.pk]) for one in found]


def bank_sizes(actor: Actor) -> dict[UUID, int]:
    """Return how many items are in use for each competency."""
    sizes: dict[UUID, int] = defaultdict(int)
    for competency_id in AssessmentItem.objects.filter(policy.asked(actor)).values_list("competency_id", flat=True):
        sizes[competency_id] += 1
    return dict(sizes)


def problems_of(data: ItemData) -> dict[str, str]:
    """Return what is wrong with an item as it was said, by field; nothing for a sound one."""
    found: dict[str, str] = {}
    if not data.external_id.strip() or len(data.external_id) > 120:
        found["external_id"] = "Give it a short id of its own, at most 120 characters."
    if not data.question.strip():
        found["question"] = "There is no question."
    elif len(data.question) > LONGEST_QUESTION:
        found["question"] = f"Please keep a question to {LONGEST_QUESTION} characters."
    found |= _options(data)
    if data.level not in range(1, 5):
        found["level"] = "The level is 1 to 4: the one that a right answer shows."
    numbers = (
        ("difficulty", data.difficulty, float(GRID[0]), float(GRID[-1])),
        ("discrimination", data.discrimination, 0.05, 10.0),
        ("guessing", data.guessing, 0.0, MOST_GUESSING),
    )
    for name, value, low, high in numbers:
        if value is not None and not (math.isfinite(value) and low <= value <= high):
            found[name] = f"This is a number from {low:g} to {high:g}."
    if not data.language.strip() or len(data.language) > 35:
        found["language"] = "The language is a code such as en or es, at most 35 characters."
    if len(data.area) > 120:
        found["area"] = "Please keep the name of a part to 120 characters."
    return found


def _options(data: ItemData) -> dict[str, str]:
    texts = [option.text.strip() for option in data.options]
    if not FEWEST_OPTIONS <= len(texts) <= MOST_OPTIONS:
        return {"options": f"Give {FEWEST_OPTIONS} to {MOST_OPTIONS} answers to choose from."}
    if not all(texts):
        return {"options": "One of the answers is empty."}
    if len({text.casefold() for text in texts}) < len(texts):
        return {"options": "Two answers say the same."}
    if any(len(text) > LONGEST_OPTION for text in texts):
        return {"options": f"Please keep an answer to {LONGEST_OPTION} characters."}
    if any(len(option.why) > LONGEST_WHY for option in data.options):
        return {"options": f"Please keep what is said of an answer to {LONGEST_WHY} characters."}
    if data.right not in range(len(texts)):
        return {"right": "Say which answer is the right one."}
    return {}


def checked(actor: Actor, data: ItemData) -> dict[str, str]:
    """Return the same, and whether its competency is here."""
    found = problems_of(data)
    if not competencies.competency_names(actor, [data.competency_id]):
        found["competency_id"] = "Choose a competency that is here."
    return found


def contributed(actor: Actor, items: list[AssessmentItem]) -> Floats | None:
    """Return the answers that may be computed with (checks × items: 1 right, 0 wrong, NaN not asked), without who gave
    them; None below 30 people. One check a person: the newest that she gave for it. Raises NotAllowed for anybody but
    Lantern itself.
    """
    if not policy.can_calibrate(actor):
        raise NotAllowed("Answers are gone through by Lantern's calibration only.")
    places = {item.pk: place for place, item in enumerate(items)}
    worded = {item.pk: item.worded_at for item in items}
    newest = _newest_checks({item.competency_id for item in items})
    if len(newest) < LEAST_PEOPLE_SHOWN:
        return None
    table = np.full((len(newest), len(items)), np.nan)
    numbers = {check_id: number for number, check_id in enumerate(sorted(newest.values()))}
    rows: Any = CheckAnswer.objects.filter(check_taken_id__in=list(numbers), item_id__in=list(places))
    for check_id, item_id, right, at in rows.values_list("check_taken_id", "item_id", "right", "at"):
        if at >= worded[item_id]:
            table[numbers[check_id], places[item_id]] = float(right)
    counted = np.asarray(table[~np.isnan(table).all(axis=1)])
    return counted if len(counted) >= LEAST_PEOPLE_SHOWN else None  # answers to other wordings do not make people


def _newest_checks(competency_ids: set[UUID]) -> dict[UUID, UUID]:
    rows = Check.objects.filter(
        contributes=True, finished_at__isnull=False, competency_id__in=competency_ids
    ).order_by("started_at", "pk")
    return dict(rows.values_list("person_id", "pk"))
