"""Mail with an outbox: queued in the transaction of its cause, claimed before it is sent, never sent twice (trust.md
A4).

E-mail cannot be exactly-once. We claim, then send: a crash in between leaves a message "unknown", which nobody
resends by itself.
The notice inside Lantern is the truth; mail only says that there is one.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from lantern.kernel import clock, tenancy
from lantern.kernel.actor import Actor
from lantern.kernel.ids import uuid7
from lantern.kernel.mail.models import OutboxMessage

log = logging.getLogger(__name__)
STUCK_AFTER = timedelta(minutes=10)


def queue_mail(actor: Actor, *, person_id: UUID | None, address: str, subject: str, body: str) -> OutboxMessage:
    """Write a message into the outbox, in the present transaction."""
    key = uuid7()
    message = OutboxMessage(
        person_id=person_id,
        address=address,
        subject=subject[:150].replace("\n", " "),
        body=body,
        message_id=f"<{key}@{settings.LANTERN_MAIL_DOMAIN}>",
        created_at=clock.now(),
    )
    message.tenant_id = actor.tenancy.own
    message.save()
    return message


def deliver_outbox(limit: int = 200) -> int:
    """Send waiting messages, each claimed first by a conditional update; return how many were handed over."""
    sent = 0
    with tenancy.unscoped("the outbox is delivered for every tenant"):
        stuck = OutboxMessage.objects.filter(
            state=OutboxMessage.State.SENDING, claimed_at__lt=clock.now() - STUCK_AFTER
        )
        stuck.update(state=OutboxMessage.State.UNKNOWN)
        waiting = list(OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING).order_by("created_at")[:limit])
        for message in waiting:
            claimed = OutboxMessage.objects.filter(pk=message.pk, state=OutboxMessage.State.WAITING).update(
                state=OutboxMessage.State.SENDING, claimed_at=clock.now()
            )
            if claimed and _send(message):
                sent += 1
    return sent


def _send(message: OutboxMessage) -> bool:
    mail = EmailMessage(message.subject, message.body, to=[message.address], headers={"Message-ID": message.message_id})
    try:
        mail.send()
    except OSError:
        log.warning("mail not accepted", extra={"message_id": message.message_id})
        OutboxMessage.objects.filter(pk=message.pk).update(state=OutboxMessage.State.UNKNOWN)
        return False
    OutboxMessage.objects.filter(pk=message.pk).update(state=OutboxMessage.State.SENT, sent_at=clock.now())
    return True


def forget(person_id: UUID) -> int:
    """Remove every message to a person, sent or not; return how many."""
    return OutboxMessage.objects.filter(person_id=person_id).delete()[0]
