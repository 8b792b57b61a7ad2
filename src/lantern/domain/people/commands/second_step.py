"""Taking a lost second step away, so that its owner can set up another one."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lantern.domain.people import policy
from lantern.domain.people.events import SecondStepReset
from lantern.domain.people.models import Account, Person
from lantern.domain.people.types import RESET_CHECKS, RESET_REASONS
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish
from lantern.kernel.sign_in import factors


def reset_second_step(actor: Actor, *, person_id: UUID, reason: str, checked: str) -> tuple[int, int]:
    """Take every second step of a person's account away and end all its sessions; return how many of each.

    A password that was long enough only beside a second step stops working: she asks for a new one. A repeat finds
    nothing more to take away. Raises NotAllowed, NotFound, Invalid.
    """
    if not policy.can_reset_second_step(actor):
        raise NotAllowed("Only the operator of the installation takes a second step away, with `lantern account`.")
    problems = {}
    if reason not in RESET_REASONS:
        problems["reason"] = f"Say why: {', '.join(RESET_REASONS)}."
    if checked not in RESET_CHECKS:
        problems["checked"] = f"Say how you made sure who asks: {', '.join(RESET_CHECKS)}."
    if problems:
        raise Invalid(problems)
    with transaction.atomic():
        person = Person.objects.filter(policy.visible(actor), pk=person_id, account__isnull=False).first()
        if person is None or person.account_id is None:
            raise NotFound("There is no such person with an account.")
        account = Account.objects.select_for_update().get(pk=person.account_id)
        removed, ended = factors.remove_second_steps(account.pk), factors.end_sessions(account.pk)
        if account.short_password:
            account.set_unusable_password()
            account.short_password = False
            account.save(update_fields=["password", "short_password"])
        publish(actor, SecondStepReset(person.pk, reason, checked))
    return removed, ended
