"""Who may: everybody sees what is offered here or above; operators and coordinators of a tenant manage its own
resources.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from lantern.domain.catalog.models import SavedResource, SavedSearch
from lantern.domain.catalog.types import Status
from lantern.domain.people.types import Role
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor

MANAGERS = (Role.OPERATOR, Role.COORDINATOR)


def can_manage(actor: Actor) -> bool:
    """Tell whether the actor manages the catalog of her tenant: resources, terms, imports."""
    return actor.is_system or actor.has_over(actor.tenancy.own, *MANAGERS)


def can_edit(actor: Actor, tenant_id: UUID) -> bool:
    """Tell whether the actor may change a row of this tenant; what is inherited is changed where it belongs."""
    return can_manage(actor) and tenant_id == actor.tenancy.own


def visible(actor: Actor) -> Q:
    """Return which resources exist for this actor: own and inherited ones, drafts only for those who manage them.

    Retired ones stay visible, for they are on plans and transcripts; `offered` leaves them out.
    """
    return visible_to(actor, can_manage(actor))


def visible_to(actor: Actor, manages: bool) -> Q:
    """Return the same, for whoever has asked already whether the actor manages the catalog."""
    reach = Q(tenant_id__in=actor.tenancy.reach)
    if not manages:
        return reach & ~Q(status=Status.DRAFT)
    return reach & (~Q(status=Status.DRAFT) | Q(tenant_id=actor.tenancy.own))


def offered(actor: Actor) -> Q:
    """Return which resources are offered to learn from."""
    return Q(tenant_id__in=actor.tenancy.reach, status=Status.PUBLISHED)


def visible_kept(actor: Actor) -> Q:
    """Return which kept resources exist for this actor: her own."""
    return privacy.visible(actor, SavedResource.privacy)


def visible_searches(actor: Actor) -> Q:
    """Return which saved searches exist for this actor: her own."""
    return privacy.visible(actor, SavedSearch.privacy)
