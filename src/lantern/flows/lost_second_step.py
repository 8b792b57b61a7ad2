"""Whose second step was taken away is told so, inside Lantern and by mail, so that a false request is noticed."""

from __future__ import annotations

from lantern.domain.notices import commands as notices
from lantern.domain.people import queries as people
from lantern.domain.people.events import SecondStepReset
from lantern.kernel import mail
from lantern.kernel.actor import Actor
from lantern.kernel.events import handles

SUBJECT = "Your second step for Lantern was taken away"
BODY = (
    "Hello,\n\nyour operator took away the second step with which you sign in to Lantern, because somebody said that "
    "it was lost, and signed you out everywhere. Please sign in and set up a new one.\n\n"
    "If it was not you who asked, tell your operator at once.\n\nLantern\n"
)


@handles(SecondStepReset)
def tell_her(actor: Actor, event: SecondStepReset) -> None:
    """Leave a notice, and queue a mail whatever she chose about mail: this one guards her account."""
    notices.notify(actor, person_id=event.person_id, kind="second_step_reset", renew=True)
    address = people.get_me(people.actor_for(event.person_id, actor.tenancy.own)).email
    if address:
        mail.queue_mail(actor, person_id=event.person_id, address=address, subject=SUBJECT, body=BODY)
