"""Taking a check: begin, answer, stop, remove. Answers are stored; all else is computed from them."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.db import transaction

from lantern.domain.assessments import policy, queries
from lantern.domain.assessments.events import CheckFinished, CheckRemoved, CheckStarted
from lantern.domain.assessments.models import Check, CheckAnswer
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotFound
from lantern.kernel.events import publish
from lantern.kernel.turns import take_turn


@transaction.atomic
def start(actor: Actor, *, competency_id: UUID, contributes: bool = False, seed: int | None = None) -> Check:
    """Begin a check on a competency, or go on with mine that is under way.

    `seed` settles which of several equally good questions comes (none: at random). Raises NotFound for a competency
    that is not there, Conflict while its bank is too small for a new one.
    """
    me = privacy.acting_person(actor)
    take_turn("checks", me)
    open_one = Check.objects.filter(
        policy.visible_checks(actor), competency_id=competency_id, finished_at__isnull=True
    ).first()
    if open_one is not None:  # before the bank is counted: it may have grown small since
        return open_one
    if queries.offer_for(actor, competency_id) is None:
        raise Conflict("There are not enough questions on this yet, so there is no check.")
    row = Check.objects.create(
        person_id=me,
        competency_id=competency_id,
        seed=secrets.randbelow(2**31) if seed is None else seed,
        contributes=contributes,
        started_at=clock.now(),
    )
    publish(actor, CheckStarted(row.pk))
    return row


@transaction.atomic
def answer(actor: Actor, *, check_id: UUID, item_id: UUID, chosen: int) -> Check:
    """Answer the question that the check asks; the same answer twice is one. The last one ends the check.

    Raises NotFound, Invalid for an option that is not there, Conflict for a question that is not asked now.
    """
    row = _lock(actor, check_id)
    earlier = CheckAnswer.objects.filter(policy.visible_answers(actor), check_taken=row, item_id=item_id).first()
    if earlier is not None:
        if earlier.chosen == chosen:
            return row
        raise Conflict("You answered this question already. An answer stays as it was.")
    if row.finished_at is not None:
        raise Conflict("This check is over.")
    question = queries.question_of(actor, row)
    if question is None or question.item_id != item_id:
        raise Conflict("The check asks another question now.")
    if chosen not in {place for place, _ in question.options}:
        raise Invalid({"chosen": "Choose one of the answers."})
    item = queries.item_asked(actor, item_id)
    CheckAnswer.objects.create(
        check_taken=row, item=item, position=question.number, chosen=chosen, right=chosen == item.right, at=clock.now()
    )
    if queries.question_of(actor, row) is None:
        _end(actor, row)
    return row


@transaction.atomic
def finish(actor: Actor, *, check_id: UUID) -> Check:
    """Stop a check here; harmless for one that is over. One without an answer is removed. Raises NotFound."""
    row = _lock(actor, check_id)
    if row.finished_at is None:
        if row.answers.exists():
            _end(actor, row)
        else:
            row.delete()
    return row


@transaction.atomic
def set_contributes(actor: Actor, *, check_id: UUID, contributes: bool) -> Check:
    """Say whether my answers may help to calibrate the items, from the next calibration on. Raises NotFound."""
    row = _lock(actor, check_id)
    row.contributes = contributes
    row.save(update_fields=["contributes"])
    return row


@transaction.atomic
def remove(actor: Actor, *, check_id: UUID) -> None:
    """Remove a check of mine with its answers. Raises NotFound."""
    row = _lock(actor, check_id)
    publish(actor, CheckRemoved(row.pk))
    row.delete()


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete a person's checks and answers."""
    privacy.allow_erasure(actor, person_id)
    answers, _ = CheckAnswer.objects.filter(check_taken__person_id=person_id).delete()
    checks, _ = Check.objects.filter(person_id=person_id).delete()
    return {"checks": checks, "check_answers": answers}


def _lock(actor: Actor, check_id: UUID) -> Check:
    row = Check.objects.select_for_update().filter(policy.visible_checks(actor), pk=check_id).first()
    if row is None:
        raise NotFound("There is no such check.")
    return row


def _end(actor: Actor, row: Check) -> None:
    row.finished_at = clock.now()
    row.save(update_fields=["finished_at"])
    publish(actor, CheckFinished(row.pk))
