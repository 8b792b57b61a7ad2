"""Who may: Lantern alone releases; a leader reads her own level and the next below, and everybody the line of an aim.

A coordinator reads her district and its schools, a school leader her school and its grades, an official the state or
region and the districts below. No role reads the roster.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from lantern.domain.insights.models import RosterEntry
from lantern.domain.insights.types import Level, Metric, Way
from lantern.domain.people.types import Role
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor

_TENANTS = (Level.STATE, Level.REGION, Level.DISTRICT)


def can_release(actor: Actor) -> bool:
    """Only Lantern itself releases, by its rule; nobody asks for a number about people."""
    return privacy.can_release(actor)


def can_set_smallest_group(actor: Actor) -> bool:
    """Tell whether the actor may raise the smallest group: a coordinator or operator of the whole tenant."""
    return actor.has_over(actor.tenancy.own, Role.COORDINATOR, Role.OPERATOR, Role.OFFICIAL)


def visible(actor: Actor) -> Q:
    """Return the filter for the lines that a leader may read; none for anybody else."""
    found = Q(pk__in=())
    if actor.has_over(actor.tenancy.own, Role.OFFICIAL):
        found |= Q(level__in=_TENANTS, way=Way.PLACE)
    coordinated = actor.organisations(Role.COORDINATOR)
    if coordinated:
        found |= Q(organisation_id__in=coordinated, level__in=(*_TENANTS, Level.SCHOOL, Level.SERVICE))
    led = actor.organisations(Role.SCHOOL_LEADER)
    if led:
        found |= Q(organisation_id__in=led, level__in=(Level.SCHOOL, Level.GRADES))
    return found


def visible_of_aim(actor: Actor, initiative_id: UUID, organisation_id: UUID) -> Q:
    """Return the filter for the one line that everybody may read on an aim's page: of its own organisation, or of the
    reader's district where a state or region published it.
    """
    return Q(
        metric=Metric.INITIATIVE_GOALS,
        subject_id=initiative_id,
        way=Way.PLACE,
        organisation_id__in={organisation_id, actor.tenancy.own},
    ) & ~Q(level__in=(Level.GRADES, Level.SERVICE))


def my_entries(actor: Actor) -> Q:
    """Return the filter for where I was counted; nobody reads another's."""
    return privacy.visible(actor, RosterEntry.privacy)
