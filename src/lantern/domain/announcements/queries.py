"""What may be asked about announcements: those that are for the actor, newest first, and the page of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from lantern.domain.announcements import policy
from lantern.domain.announcements.models import Announcement
from lantern.domain.people import queries as people
from lantern.domain.people.types import JOB_WORDS, OrganisationNode
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound
from lantern.kernel.prepared import prepared


def list_announcements(actor: Actor) -> QuerySet[Announcement]:
    """Return what was announced to the actor, newest first, each with its organisation."""
    return _newest_first().filter(policy.visible(actor))


def latest(actor: Actor, most: int) -> list[Announcement]:
    """Return the newest of them, with title and organisation only; for home. The system has none."""
    if actor.is_system:
        return []
    led = tuple(sorted(actor.organisations(*policy.PUBLISHERS)))
    return _latest.list(policy.places_of(actor), actor.job_kind, led, most)


@prepared
def _latest(
    places: tuple[UUID, ...], job_kind: str, led: tuple[UUID, ...], most: int
) -> QuerySet[Announcement]:
    rows = _newest_first().filter(policy.reaching(places, job_kind, led))
    return rows.only("title", "organisation__name")[:most]


def _newest_first() -> QuerySet[Announcement]:
    rows = Announcement.objects.annotate(kinds=Cast("job_kinds", TextField()))
    return rows.select_related("organisation").order_by("-published_at", "pk")


def get_announcement(actor: Actor, announcement_id: UUID) -> Announcement:
    """Return one announcement for its permanent page. Raises NotFound, also for one that is for others."""
    row = list_announcements(actor).filter(pk=announcement_id).first()
    if row is None:
        raise NotFound("There is no such announcement.")
    return row


def audience_words(announcement: Announcement) -> str:
    """Return in words for whom it is: "Everyone at Riverbend", or "At Riverbend, for: teacher, coach"."""
    names = [JOB_WORDS.get(kind, kind).lower() for kind in announcement.job_kinds]
    place = announcement.organisation.name
    return f"At {place}, for: {', '.join(names)}" if names else f"Everyone at {place}"


def organisations_to_tell(actor: Actor) -> list[OrganisationNode]:
    """Return the organisations for which the actor may announce, the widest first; for the choices of a form."""
    return [node for node in people.list_organisations(actor) if node.active and policy.can_publish(actor, node.id)]


def count_published(actor: Actor) -> int:
    """Return how many announcements there are for organisations the actor leads."""
    return Announcement.objects.filter(organisation_id__in=actor.organisations(*policy.PUBLISHERS)).count()


def export_for(actor: Actor) -> dict[str, Any]:
    """Return the announcements the actor wrote."""
    rows = Announcement.objects.filter(author_id=actor.person_id).order_by("published_at")
    return {
        "written_by_me": [
            {"title": row.title, "body": row.body, "published_at": row.published_at.isoformat()} for row in rows
        ]
    }
