"""Emergency access: two operators, a reason, an hour, one person, read only, and she is told (trust.md 3.3)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from lantern.domain.privacy import policy
from lantern.domain.privacy.commands.looking import record_look
from lantern.domain.privacy.events import EmergencyAgreed, EmergencyAsked, EmergencyHoldEnded
from lantern.domain.privacy.models import EmergencyAccess
from lantern.domain.privacy.types import EMERGENCY_MINUTES
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish

LEAST_REASON = 20


@transaction.atomic
def ask_emergency(actor: Actor, *, person_id: UUID, reason: str, legal_hold: str = "") -> EmergencyAccess:
    """Ask a second operator to let us both read one person's data; nothing is open yet.

    `legal_hold` names the order by which the person may not be told for now. Raises NotAllowed, NotFound, Invalid.
    """
    if not policy.can_ask_emergency(actor):
        raise NotAllowed("Only an operator can ask for emergency access.")
    if person_id == actor.person_id:
        raise Invalid({"person_id": "You see what is yours without this."})
    reason, legal_hold = " ".join(reason.split()), " ".join(legal_hold.split())
    problems = {}
    if not LEAST_REASON <= len(reason) <= 400:
        problems["reason"] = f"Say why in {LEAST_REASON} to 400 characters. The person will read it."
    if len(legal_hold) > 200:
        problems["legal_hold"] = "Please keep this to 200 characters."
    if problems:
        raise Invalid(problems)
    if not policy.is_here(person_id):
        raise NotFound("There is no such person here.")
    row = EmergencyAccess.objects.create(
        person_id=person_id,
        reason=reason,
        legal_hold=legal_hold,
        asked_by_id=actor.person_id,
        asked_by_name=actor.name[:160],
        asked_at=clock.now(),
    )
    publish(actor, EmergencyAsked(row.pk))
    return row


@transaction.atomic
def agree_emergency(actor: Actor, *, access_id: UUID) -> EmergencyAccess:
    """Agree, as a second operator: both may read for an hour, and the person is told at once unless a legal hold
    forbids it. Raises NotAllowed, NotFound, Conflict.
    """
    row = _locked(access_id)
    if not policy.can_agree_emergency(actor, row.asked_by_id):
        raise NotAllowed("A second operator has to agree, not the one who asked.")
    if row.agreed_at is not None or row.person_id is None:
        raise Conflict("This was agreed on already.")
    now = clock.now()
    row.agreed_by_id, row.agreed_by_name, row.agreed_at = actor.person_id, actor.name[:160], now
    row.ends_at = now + timedelta(minutes=EMERGENCY_MINUTES)
    row.told_at = None if row.legal_hold else now
    row.save()
    publish(actor, EmergencyAgreed(row.pk, row.person_id, told=not row.legal_hold))
    return row


@transaction.atomic
def open_emergency(actor: Actor, *, access_id: UUID) -> UUID:
    """Let one of the two read within the hour, write the look down, and return whose data it is.

    Raises NotAllowed when the hour is over or for anybody else.
    """
    row = _locked(access_id)
    both = frozenset({row.asked_by_id, row.agreed_by_id})
    if row.person_id is None or not policy.can_read_emergency(actor, both, row.ends_at, clock.now()):
        raise NotAllowed("Emergency access is for the two operators who agreed on it, for one hour.")
    record_look(
        actor,
        owner_id=row.person_id,
        item_kind="everything",
        item_id=row.pk,
        purpose=row.reason,
        via="emergency",
        emergency_id=row.pk,
    )
    return row.person_id


@transaction.atomic
def end_hold(actor: Actor, *, access_id: UUID) -> EmergencyAccess:
    """Say that the legal hold is over: the person is told now, and sees that she could not be told before.

    Ending it twice changes nothing. Raises NotAllowed, NotFound, Conflict.
    """
    if not policy.can_ask_emergency(actor):
        raise NotAllowed("Only an operator can end a legal hold.")
    row = _locked(access_id)
    if row.agreed_at is None or row.person_id is None:
        raise Conflict("Nobody was let in, so there is nothing to tell.")
    if row.told_at is None:
        row.told_at = clock.now()
        row.save(update_fields=["told_at"])
        publish(actor, EmergencyHoldEnded(row.pk, row.person_id))
    return row


def _locked(access_id: UUID) -> EmergencyAccess:
    row = EmergencyAccess.objects.select_for_update().filter(pk=access_id).first()
    if row is None:
        raise NotFound("There is no such access.")
    return row
