"""Forgetting a person, as far as this feature holds anything of her (a full request joins the features)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lantern.domain.people.models import ImportRun, Membership, Person, Profile
from lantern.domain.people.queries.tenants import count_persons_of
from lantern.domain.privacy import policy as privacy
from lantern.kernel import sealing
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound


def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete profile and roles, cut the account off and blank what describes her; the name stays while records need it.

    Only the person herself or the system may. Returns counts. Raises NotFound.
    """
    privacy.allow_erasure(actor, person_id)
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(pk=person_id).first()
        if person is None:
            raise NotFound("There is no such person.")
        profiles, _ = Profile.objects.filter(person=person).delete()
        roles, _ = Membership.objects.filter(person=person).delete()
        ImportRun.objects.filter(actor=person).update(actor=None)
        account = person.account
        person.account, person.email, person.job_title = None, "", ""
        person.subjects, person.grades_mask, person.years_experience = [], 0, None
        person.active, person.sealing_key = False, b""
        person.save()
        accounts = 0
        if account is not None and not count_persons_of(account.pk):
            accounts, _ = account.delete()
    sealing.forget(person_id)
    return {"profiles_deleted": profiles, "roles_deleted": roles, "accounts_deleted": min(accounts, 1), "names_kept": 1}
