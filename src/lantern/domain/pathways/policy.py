"""Who may: everybody sees what is offered here or above; operators and coordinators of a tenant prepare its own."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from lantern.domain.pathways.models import Pathway
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


def visible(actor: Actor) -> Q:
    """Return which pathways exist for this actor: what is offered, and for managers their own retired ones."""
    public = privacy.visible(actor, Pathway.privacy) & Q(tenant_id__in=actor.tenancy.reach)
    offered = Q(state=PathwayState.OFFERED)
    return public & (offered | Q(tenant_id=actor.tenancy.own) if can_manage(actor) else offered)
