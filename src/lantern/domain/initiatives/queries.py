"""What may be asked about initiatives; never who linked a goal."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from lantern.domain.initiatives import policy
from lantern.domain.initiatives.models import Initiative
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed, NotFound


def list_initiatives(actor: Actor, also_ended: bool = False) -> QuerySet[Initiative]:
    """Return the aims that concern me, newest first; those that ended only when asked for."""
    rows = Initiative.objects.filter(policy.visible(actor)).select_related("organisation")
    if not also_ended:
        rows = rows.filter(_going_on(clock.today()))
    return rows.order_by("-created_at", "-pk")


def list_mine_to_write(actor: Actor) -> QuerySet[Initiative]:
    """Return the aims that I may change, with those that ended, newest first."""
    covered = actor.organisations(*policy.LEADERS)
    return list_initiatives(actor, also_ended=True).filter(organisation_id__in=covered)


def get_initiative(actor: Actor, initiative_id: UUID) -> Initiative:
    """Return one aim, also one that ended. Raises NotFound."""
    rows = Initiative.objects.filter(policy.visible(actor), pk=initiative_id).select_related("organisation")
    initiative = rows.first()
    if initiative is None:
        raise NotFound("There is no such aim.")
    return initiative


def get_initiative_to_write(actor: Actor, initiative_id: UUID) -> Initiative:
    """Return an aim that I may change. Raises NotFound, and NotAllowed where I do not lead."""
    initiative = get_initiative(actor, initiative_id)
    if not policy.can_write(actor, initiative.organisation_id):
        raise NotAllowed("This aim belongs to another organisation. Those who lead it may change it.")
    return initiative


def list_for_release(actor: Actor, begins_on: date, ends_before: date) -> list[Initiative]:
    """Return the aims of the tenant itself that went on in these days, of whichever school, for the release rule.

    Raises NotAllowed for anybody but Lantern itself.
    """
    if not actor.is_system:
        raise NotAllowed("All aims are gone through by Lantern's release rule only.")
    rows = Initiative.objects.filter(tenant_id=actor.tenancy.own, created_at__date__lt=ends_before)
    begun = Q(begins_on__isnull=True) | Q(begins_on__lt=ends_before)
    return list(rows.filter(begun, _going_on(begins_on)).select_related("organisation").order_by("created_at", "pk"))


def _going_on(today: date) -> Q:
    return Q(ends_on__isnull=True) | Q(ends_on__gte=today)


def export_for(actor: Actor) -> dict[str, Any]:
    """Return nothing: no row of this feature is tied to a person."""
    return {}
