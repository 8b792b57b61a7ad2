"""My checks: what I can take one on, the question to answer, and what a finished one says."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lantern.domain.assessments import policy
from lantern.domain.assessments.models import AssessmentItem, Check, CheckAnswer
from lantern.domain.assessments.queries.banks import bank_sizes
from lantern.domain.assessments.types import (
    FRESH_DAYS,
    LEAST_ITEMS,
    RULES,
    SCALE,
    Answered,
    CheckView,
    Offer,
    Question,
    Result,
)
from lantern.domain.competencies import queries as competencies
from lantern.engine import assess
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound


def all_offers(actor: Actor) -> list[Offer]:
    """Return the competencies of my framework, and others with a check of mine, that have enough items; and each with a
    check of mine under way, however few items are left.
    """
    sizes = bank_sizes(actor)
    under_way = _under_way(actor)
    here = {key for key, size in sizes.items() if size >= LEAST_ITEMS} | under_way.keys()
    mine = {row.pk: row for row in competencies.my_competencies(actor) if row.pk in here}
    taken = set(Check.objects.filter(policy.visible_checks(actor)).values_list("competency_id", flat=True))
    others = (taken & here) - mine.keys()
    rows = [*mine.values(), *(competencies.list_competencies_by_ids(actor, others) if others else [])]
    return [Offer(row, min(RULES.most, sizes.get(row.pk, 0)), under_way.get(row.pk)) for row in rows]


def offer_for(actor: Actor, competency_id: UUID) -> Offer | None:
    """Return whether I can take a check on a competency, or None while its bank is too small and I have none open."""
    size = AssessmentItem.objects.filter(policy.asked(actor), competency_id=competency_id).count()
    open_one = _under_way(actor).get(competency_id)
    if size < LEAST_ITEMS and open_one is None:
        return None
    return Offer(competencies.get_competency(actor, competency_id), min(RULES.most, size), open_one)


def _under_way(actor: Actor) -> dict[UUID, UUID]:
    rows = Check.objects.filter(policy.visible_checks(actor), finished_at__isnull=True)
    return dict(rows.values_list("competency_id", "pk"))


def get_check(actor: Actor, check_id: UUID) -> Check:
    """Return a check of mine. Raises NotFound."""
    row = Check.objects.filter(policy.visible_checks(actor), pk=check_id).select_related("competency").first()
    if row is None:
        raise NotFound("There is no such check.")
    return row


def my_checks(actor: Actor, competency_id: UUID | None = None) -> list[CheckView]:
    """Return my checks, newest first, each with the levels it found: none for one that is open, or that too few answers
    were given in.
    """
    rows = Check.objects.filter(policy.visible_checks(actor)).select_related("competency")
    if competency_id is not None:
        rows = rows.filter(competency_id=competency_id)
    found = list(rows.order_by("-started_at", "-pk"))
    material = _material(actor, {row.competency_id for row in found})
    return [_view(row, material) for row in found]


def _view(row: Check, material: Material) -> CheckView:
    count = len(material.answers.get(row.pk, ()))
    run = _replayed(row, material) if row.finished_at and count >= RULES.least else None
    band = assess.outcome(run.state).band if run else None
    return CheckView(
        row.pk, row.competency, row.started_at, row.finished_at, count,
        band.lowest if band else None, band.highest if band else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Material:
    """What my checks on some competencies are replayed from, fetched once for all of them: the items in use of each
    competency, and my answers of each check in their order.
    """

    offered: dict[UUID, list[AssessmentItem]]
    answers: dict[UUID, list[CheckAnswer]]


def _material(actor: Actor, competency_ids: set[UUID]) -> Material:
    offered: dict[UUID, list[AssessmentItem]] = defaultdict(list)
    answers: dict[UUID, list[CheckAnswer]] = defaultdict(list)
    for item in AssessmentItem.objects.filter(policy.asked(actor), competency_id__in=competency_ids).order_by("pk"):
        offered[item.competency_id].append(item)
    given = CheckAnswer.objects.filter(
        policy.visible_answers(actor), check_taken__competency_id__in=competency_ids
    )
    for answer in given.select_related("item", "check_taken").order_by("position"):
        answers[answer.check_taken_id].append(answer)
    return Material(dict(offered), dict(answers))


@dataclass(frozen=True, slots=True)
class Replayed:
    """A stored check as `engine/assess` knows it, with its rows."""

    row: Check
    items: dict[str, AssessmentItem]
    answers: tuple[CheckAnswer, ...]
    state: assess.Check


def replay(actor: Actor, row: Check) -> Replayed:
    """Return a check of mine as far as it went: its answers, on the items as they are now. Raises NotFound where there
    is neither an answer nor an item to ask.
    """
    return _there(_replayed(row, _material(actor, {row.competency_id})))


def _there(run: Replayed | None) -> Replayed:
    if run is None:
        raise NotFound("The questions of this check are not in use any more.")
    return run


def _replayed(row: Check, material: Material) -> Replayed | None:
    """Return a check as far as it went, or None where nothing was answered and nothing is left to ask."""
    answers = tuple(material.answers.get(row.pk, ()))
    fresh = _without_recent(row, material)
    items = {str(item.pk): item for item in [*fresh, *(answer.item for answer in answers)]}
    if not items:
        return None
    bank = assess.compile_bank(_engine_item(item) for item in sorted(items.values(), key=lambda item: item.pk))
    exposed = {str(item.pk): item.seen for item in items.values()}
    started = assess.start(bank, SCALE, row.seed, RULES, exposed=exposed)
    state = assess.resume(started, [(str(answer.item_id), answer.right) for answer in answers])
    return Replayed(row, items, answers, state)


def _without_recent(row: Check, material: Material) -> list[AssessmentItem]:
    """Leave out what she answered in an earlier check not long ago, as long as a whole check is left."""
    offered = material.offered.get(row.competency_id, [])
    since = row.started_at - timedelta(days=FRESH_DAYS)
    given = {answer.item_id for answer in material.answers.get(row.pk, ())}
    recent = {
        answer.item_id
        for answers in material.answers.values()
        for answer in answers
        if answer.at >= since
        and answer.check_taken.started_at < row.started_at
        and answer.check_taken.competency_id == row.competency_id
    } - given
    fresh = [item for item in offered if item.pk not in recent]
    return fresh if len(fresh) >= RULES.most else offered


def _engine_item(item: AssessmentItem) -> assess.Item:
    return assess.Item(str(item.pk), item.difficulty, item.discrimination, item.guessing, item.area)


def question_of(actor: Actor, row: Check) -> Question | None:
    """Return the question to answer now, or None when the check is over or nothing is left to ask."""
    if row.finished_at is not None:
        return None
    run = _replayed(row, _material(actor, {row.competency_id}))
    chosen = assess.next_item(run.state) if run else None
    if run is None or chosen is None:
        return None
    item = run.items[chosen.id]
    order = list(range(len(item.options)))
    random.Random(f"{row.seed} {item.pk}").shuffle(order)  # noqa: S311 an order, not a secret
    return Question(
        check_id=row.pk,
        number=len(run.answers) + 1,
        most=min(RULES.most, len(run.items)),
        item_id=item.pk,
        words=item.question,
        options=tuple((place, item.options[place]["text"]) for place in order),
        language=item.language,
    )


def item_asked(actor: Actor, item_id: UUID) -> AssessmentItem:
    """Return an item in use, with its key, for the command that judges an answer. Raises NotFound."""
    item = AssessmentItem.objects.filter(policy.asked(actor), pk=item_id).first()
    if item is None:
        raise NotFound("That question is not in use any more.")
    return item


def posterior_of(actor: Actor, row: Check) -> assess.Posterior:
    """Return what a check of mine tells; for the one model of mastery to weigh, not to show."""
    return replay(actor, row).state.posterior


def result_of(actor: Actor, row: Check) -> Result:
    """Return what a finished check of mine says, with the growth since the one before on the same competency."""
    material = _material(actor, {row.competency_id})
    run = _there(_replayed(row, material))
    earlier = _one_before(actor, row, material)
    grown = None
    if earlier is not None:
        before = _there(_replayed(earlier, material))
        grown = assess.growth(before.state.posterior, run.state.posterior, SCALE)
    return Result(
        outcome=assess.outcome(run.state),
        placement=assess.place(run.state),
        answered=tuple(_answered(answer) for answer in run.answers),
        growth=grown,
        earlier_at=earlier.finished_at if earlier else None,
    )


def _one_before(actor: Actor, row: Check, material: Material) -> Check | None:
    rows = Check.objects.filter(
        policy.visible_checks(actor), competency_id=row.competency_id, finished_at__isnull=False,
        started_at__lt=row.started_at,
    )  # fmt: skip
    long_enough = (one for one in rows.order_by("-started_at") if len(material.answers.get(one.pk, ())) >= RULES.least)
    return next(long_enough, None)


def _changed_since(answer: CheckAnswer) -> bool:
    return answer.at < answer.item.worded_at


def _answered(answer: CheckAnswer) -> Answered:
    if _changed_since(answer):
        return Answered(answer.item.question, "", "", answer.right, "", changed=True)
    options = answer.item.options
    chosen = options[answer.chosen] if answer.chosen < len(options) else {"text": "", "why": ""}
    right = options[answer.item.right]
    why = " ".join(dict.fromkeys(filter(None, (chosen.get("why", ""), right.get("why", "")))))
    return Answered(answer.item.question, chosen["text"], right["text"], answer.right, why)


def export_for(actor: Actor) -> dict[str, Any]:
    """Return my checks whole, each with my answers in their order."""
    rows = Check.objects.filter(policy.visible_checks(actor)).select_related("competency").order_by("started_at")
    return {"checks": [_told(row) for row in rows.prefetch_related("answers__item")]}


def _told(row: Check) -> dict[str, Any]:
    answers: Iterable[CheckAnswer] = sorted(row.answers.all(), key=lambda answer: answer.position)
    return {
        "id": str(row.pk),
        "competency": row.competency.name,
        "seed": row.seed,
        "contributes": row.contributes,
        "started_at": _moment(row.started_at),
        "finished_at": _moment(row.finished_at),
        "answers": [_told_answer(answer) for answer in answers],
    }


def _told_answer(answer: CheckAnswer) -> dict[str, Any]:
    changed = _changed_since(answer)
    return {
        "item": answer.item.external_id,
        "question": answer.item.question,
        "question_changed_since": changed,
        "chosen": None if changed else _option(answer.item.options, answer.chosen),
        "right": answer.right,
        "position": answer.position,
        "at": _moment(answer.at),
    }


def _option(options: list[dict[str, str]], place: int) -> str:
    return options[place]["text"] if place < len(options) else ""


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
