"""Who may: time and calendars of one's own are one's own; a school year is written by those who coordinate there."""

from uuid import UUID

from django.db.models import F, Q

from lantern.domain.calendars.models import CalendarSubscription, OwnTime, PlanFeed, SchoolTime
from lantern.domain.people.types import Role
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor

WRITERS = (Role.COORDINATOR, Role.OPERATOR)
_DUTIES = frozenset({*WRITERS, Role.OFFICIAL})
"""Roles over places where one need not work."""


def visible_time(actor: Actor) -> Q:
    """Return the filter for my own time."""
    return privacy.visible(actor, OwnTime.privacy)


def visible_subscription(actor: Actor) -> Q:
    """Return the filter for my own calendar."""
    return privacy.visible(actor, CalendarSubscription.privacy)


def visible_feed(actor: Actor) -> Q:
    """Return the filter for the address of my plan."""
    return privacy.visible(actor, PlanFeed.privacy)


def concerns(actor: Actor) -> Q:
    """Return the filter for the actor's own weeks: her tenants, and the schools she works at.

    A duty over a school makes it no place of work, unless duties are all that she has.
    """
    mine = {grant.organisation_id for grant in actor.grants if grant.role not in _DUTIES} or {
        grant.organisation_id for grant in actor.grants
    }
    return Q(organisation_id=F("tenant_id")) | Q(organisation_id__in=mine)


def visible_school_times(actor: Actor) -> Q:
    """Return the filter: what the tenants one belongs to set, and the schools one works at or writes for."""
    written = Q(organisation_id__in=actor.organisations(*WRITERS))
    return privacy.visible(actor, SchoolTime.privacy) & (concerns(actor) | written)


def can_write(actor: Actor, organisation_id: UUID) -> bool:
    """Tell whether the actor may change the school year of this organisation."""
    return actor.is_system or actor.has_over(organisation_id, *WRITERS)


def can_read_all(actor: Actor) -> bool:
    """Tell whether this is Lantern itself, which reads everybody's calendar again at its time."""
    return actor.is_system
