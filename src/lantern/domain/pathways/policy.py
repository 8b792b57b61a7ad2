"""Who may: everybody sees what is offered here or above, and what she started; operators and coordinators of a tenant
prepare its own. Who started what, and own pathways, are seen by nobody else.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from lantern.domain.pathways.models import OwnPathway, Pathway, PathwayStart
from lantern.domain.pathways.types import PathwayState
from lantern.domain.people.types import Role
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor

MANAGERS = (Role.OPERATOR, Role.COORDINATOR)


def can_manage(actor: Actor) -> bool:
    """Tell whether the actor prepares pathways for her tenant."""
    return actor.is_system or actor.has_over(actor.tenancy.own, *MANAGERS)


def can_edit(actor: Actor, tenant_id: UUID) -> bool:
    """Tell whether the actor may change a pathway of this tenant; what is inherited is changed where it belongs."""
    return can_manage(actor) and tenant_id == actor.tenancy.own


def offered(actor: Actor) -> Q:
    """Return which pathways anybody here may start."""
    public = privacy.visible(actor, Pathway.privacy) & Q(tenant_id__in=actor.tenancy.reach)
    return public & Q(state=PathwayState.OFFERED)


def visible(actor: Actor) -> Q:
    """Return which pathways exist for this actor: what is offered, and for managers all of their own."""
    public = privacy.visible(actor, Pathway.privacy) & Q(tenant_id__in=actor.tenancy.reach)
    seen = Q(state=PathwayState.OFFERED)
    return public & (seen | Q(tenant_id=actor.tenancy.own) if can_manage(actor) else seen)


def started(actor: Actor) -> Q:
    """Return which pathways stay for this actor though they are offered no more: those she is in.

    Apart from `visible`, so that pages of an office never ask who is in one.
    """
    mine = PathwayStart.objects.filter(visible_starts(actor), tenant_id=actor.tenancy.own)
    public = privacy.visible(actor, Pathway.privacy) & Q(tenant_id__in=actor.tenancy.reach)
    return public & Q(pk__in=mine.values("pathway_id"))


def visible_starts(actor: Actor) -> Q:
    """Return the filter for what I started."""
    return privacy.visible(actor, PathwayStart.privacy)


def visible_own(actor: Actor) -> Q:
    """Return the filter for my own pathways."""
    return privacy.visible(actor, OwnPathway.privacy)
