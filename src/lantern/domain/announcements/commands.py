"""Publishing an announcement. It has one permanent page and is not changed afterwards; a correction is a new one."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from lantern.domain.announcements import policy
from lantern.domain.announcements.events import AnnouncementPublished
from lantern.domain.announcements.models import Announcement
from lantern.domain.announcements.types import LONGEST_BODY, LONGEST_TITLE
from lantern.domain.people import queries as people
from lantern.domain.people.types import JobKind
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed
from lantern.kernel.events import publish


@transaction.atomic
def publish_announcement(
    actor: Actor, *, organisation_id: UUID, title: str, body: str, job_kinds: Iterable[str] = ()
) -> Announcement:
    """Tell the people of an organisation, or those of some kinds of job there (none named: all).

    Raises NotFound for an organisation out of sight, NotAllowed for one the actor does not lead, Invalid by field.
    """
    organisation = people.get_organisation(actor, organisation_id)
    if not policy.can_publish(actor, organisation.pk):
        raise NotAllowed("You can announce for organisations that you lead.")
    kinds = sorted(set(job_kinds))
    problems = _problems(title, body, kinds)
    if problems:
        raise Invalid(problems)
    row = Announcement.objects.create(
        tenant_id=actor.tenancy.own,
        organisation_id=organisation.pk,
        title=title.strip(),
        body=body.strip(),
        job_kinds=kinds,
        author_id=actor.person_id,
        published_at=clock.now(),
    )
    publish(actor, AnnouncementPublished(announcement_id=row.pk, organisation_id=organisation.pk))
    return row


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Take a person's name off what she announced; the announcements stay. Only the person herself or the system."""
    privacy.allow_erasure(actor, person_id)
    return {"announcements_without_name": Announcement.objects.filter(author_id=person_id).update(author=None)}


def _problems(title: str, body: str, kinds: list[str]) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not title.strip():
        problems["title"] = "Give it a title, so that people know what it is about."
    elif len(title.strip()) > LONGEST_TITLE:
        problems["title"] = f"Please keep the title to {LONGEST_TITLE} characters."
    if not body.strip():
        problems["body"] = "Write what people should know."
    elif len(body.strip()) > LONGEST_BODY:
        problems["body"] = f"Please keep this to {LONGEST_BODY:,} characters, and link to the rest."
    unknown = [kind for kind in kinds if kind not in set(JobKind)]
    if unknown:
        problems["job_kinds"] = f"There is no kind of job called {unknown[0]}."
    return problems
