"""Who may: an aim of a school is for its people, any other for everybody below; those who lead there write it."""

from uuid import UUID

from django.db.models import F, Q

from lantern.domain.initiatives.models import Initiative
from lantern.domain.people.types import Role
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor

LEADERS = (Role.SCHOOL_LEADER, Role.COORDINATOR, Role.OFFICIAL)


def visible(actor: Actor) -> Q:
    """Return the filter: aims of the tenants one belongs to, and of the schools one works at or leads."""
    mine = {grant.organisation_id for grant in actor.grants} | actor.organisations(*LEADERS)
    public = privacy.visible(actor, Initiative.privacy)
    return public & (Q(organisation_id=F("tenant_id")) | Q(organisation_id__in=mine))


def can_write(actor: Actor, organisation_id: UUID) -> bool:
    """Tell whether the actor may publish, change and take back aims of this organisation."""
    return actor.is_system or actor.has_over(organisation_id, *LEADERS)
