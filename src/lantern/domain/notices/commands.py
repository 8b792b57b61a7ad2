"""Telling somebody that there is news, and opening it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from lantern.domain.notices import policy
from lantern.domain.notices.events import NoticeRead, NoticeSent
from lantern.domain.notices.models import Notice
from lantern.domain.notices.types import NOTICE_WORDS
from lantern.domain.people import queries as people
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock, mail
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed, NotFound
from lantern.kernel.events import publish
from lantern.kernel.mail.models import OutboxMessage

SUBJECT = "There is news for you in Lantern"
BODY = (
    "Hello,\n\nsomething new is waiting for you in Lantern. Please sign in and open your inbox to read it.\n\n"
    "For your privacy this mail does not say what it is. You can choose how often we write, or that we do not, "
    "on your account page.\n\nLantern\n"
)
_APART = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
"""How long a person is left in peace after a mail; who chose "none" gets none."""


@transaction.atomic
def notify(
    actor: Actor, *, person_id: UUID, kind: str, item_id: UUID | None = None, from_name: str = "", renew: bool = False
) -> Notice:
    """Put news into a person's inbox, once for each kind and item; mail says only that there is some.

    With `renew` a notice that was read becomes new again. Raises LookupError for an unknown kind, NotFound for a person
    who is not of the actor's tenant.
    """
    if kind not in NOTICE_WORDS:
        raise LookupError(f"No notice is of the kind {kind}: add it to NOTICE_WORDS")
    receiver = people.actor_for(person_id, actor.tenancy.own)
    notice, is_news = _placed(person_id, kind, item_id, from_name[:160], renew)
    if is_news:
        _queue_mail(actor, receiver, person_id)
        publish(actor, NoticeSent(notice.pk, person_id))
    return notice


def _placed(person_id: UUID, kind: str, item_id: UUID | None, from_name: str, renew: bool) -> tuple[Notice, bool]:
    """Return the notice and whether it says something new."""
    same = Notice.objects.filter(person_id=person_id, kind=kind, item_id=item_id)
    existing = same.order_by("read_at").first() if item_id else same.filter(read_at__isnull=True).first()
    if existing is not None:
        if not renew or existing.read_at is None:
            return existing, False
        existing.at, existing.read_at = clock.now(), None
        existing.save(update_fields=["at", "read_at"])
        return existing, True
    notice = Notice(person_id=person_id, kind=kind, item_id=item_id, from_name=from_name, at=clock.now())
    try:
        with transaction.atomic():
            notice.save()
    except IntegrityError:  # said at the same moment by another request
        return same.get(), False
    return notice, True


def _queue_mail(actor: Actor, receiver: Actor, person_id: UUID) -> None:
    """Queue one mail that says nothing, unless she wants none or had one lately."""
    apart = _APART.get(people.get_profile(receiver).mail_digest)
    address = people.get_me(receiver).email
    if apart is None or not address:
        return
    lately = OutboxMessage.objects.filter(person_id=person_id, subject=SUBJECT, created_at__gt=clock.now() - apart)
    if not lately.exists():
        mail.queue_mail(actor, person_id=person_id, address=address, subject=SUBJECT, body=BODY)


@transaction.atomic
def read_notice(actor: Actor, *, notice_id: UUID) -> Notice:
    """Note that a notice of one's own was opened; a repeat changes nothing. Raises NotFound."""
    notice = Notice.objects.select_for_update().filter(policy.visible(actor), pk=notice_id).first()
    if notice is None:
        raise NotFound("There is no such notice.")
    if notice.read_at is None:
        notice.read_at = clock.now()
        notice.save(update_fields=["read_at"])
        publish(actor, NoticeRead(notice.pk))
    return notice


@transaction.atomic
def take_back(actor: Actor, *, kind: str, item_id: UUID) -> int:
    """Delete the news of something that is not there any more; return how many notices. Raises NotAllowed for anybody
    but Lantern itself.
    """
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself takes news back.")
    gone, _ = Notice.objects.filter(kind=kind, item_id=item_id).delete()
    return gone


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete every notice of a person; return how many. Raises NotFound."""
    privacy.allow_erasure(actor, person_id)
    rows = Notice.objects.filter(person_id=person_id)
    count = rows.count()
    rows.delete()
    return {"notices deleted": count}
