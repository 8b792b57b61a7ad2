"""Who may tell whom: leaders tell the people of organisations they cover; who works there, or below, reads it.

A state's or region's announcement reaches everybody below it; a district's its whole district; a school's its own
staff and those
who lead it. One for some kinds of job reaches only those, and who could have written it.
"""

from uuid import UUID

from django.db.models import Q

from lantern.domain.people.types import Role
from lantern.kernel.actor import Actor

PUBLISHERS = (Role.COORDINATOR, Role.SCHOOL_LEADER, Role.OFFICIAL)


def visible(actor: Actor) -> Q:
    """Return the announcements that exist for the actor: of where she works, of everything above it, and of what she
    leads.

    Needs the rows to be annotated with `kinds`, the list of job kinds as text.
    """
    if actor.is_system:
        return Q()
    return reaching(places_of(actor), actor.job_kind, tuple(actor.organisations(*PUBLISHERS)))


def places_of(actor: Actor) -> tuple[UUID, ...]:
    """Return where the actor works, and everything above it."""
    return tuple(sorted(set(actor.tenancy.reach) | {grant.organisation_id for grant in actor.grants}))


def reaching(places: tuple[UUID, ...], job_kind: str, led: tuple[UUID, ...]) -> Q:
    """Return the announcements for who works in these places in this kind of job, and those of what she leads."""
    for_me = Q(organisation_id__in=places) & (Q(kinds="[]") | Q(kinds__contains=f'"{job_kind}"'))
    return for_me | Q(organisation_id__in=led)


def can_publish(actor: Actor, organisation_id: UUID | None = None) -> bool:
    """Tell whether the actor may announce anything at all, or for this organisation."""
    if organisation_id is None:
        return actor.has(*PUBLISHERS)
    return actor.has_over(organisation_id, *PUBLISHERS)
