"""Who may manage people and organisations, and what of a person everybody in the district may know.

Operators and coordinators manage; the directory (name, job, organisations) is for the same tenant. Nobody here can read
what an educator keeps to herself: that is not in these tables but for the profile, which only its owner's queries load.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from lantern.domain.people.models import Organisation
from lantern.domain.people.types import OrganisationKind, Role
from lantern.kernel.actor import Actor

SEE_OTHERS = frozenset(Role) - {Role.EDUCATOR}
"""The roles that show somebody else's data: they need a second step, and their sessions are short (decision 0025)."""
MANAGERS = (Role.OPERATOR, Role.COORDINATOR)
GRANTED_BY_COORDINATORS = frozenset({Role.EDUCATOR, Role.COACH, Role.SCHOOL_LEADER})


def visible(actor: Actor) -> Q:
    """Return which persons exist for this actor at all: those of the own tenant."""
    return Q(tenant_id=actor.tenancy.own)


def sees_others(actor: Actor) -> bool:
    """Tell whether any role that holds today shows the actor other people's data."""
    return actor.has(*SEE_OTHERS)


def can_reset_second_step(actor: Actor) -> bool:
    """Tell whether the actor may take a second step away: the operator of the installation, from the command line."""
    return actor.is_system


def can_manage(actor: Actor) -> bool:
    """Tell whether the actor manages people anywhere."""
    return actor.is_system or actor.has(*MANAGERS)


def can_manage_tenant(actor: Actor) -> bool:
    """Tell whether the actor manages the whole tenant: imports, the audit list, organisations."""
    return actor.is_system or actor.has_over(actor.tenancy.own, *MANAGERS)


def can_manage_organisation(actor: Actor, organisation_id: UUID) -> bool:
    """Tell whether the actor manages people at this organisation."""
    return actor.is_system or actor.has_over(organisation_id, *MANAGERS)


def can_create_organisation(actor: Actor, kind: str, parent: Organisation | None) -> bool:
    """Tell whether the actor may add an organisation below `parent`: tenants only by an operator."""
    if actor.is_system:
        return True
    if parent is None or parent.tenant_id != actor.tenancy.own:
        return False
    who = MANAGERS if kind == OrganisationKind.SCHOOL else (Role.OPERATOR,)
    return actor.has_over(parent.pk, *who)


def can_grant(actor: Actor, role: str, organisation_id: UUID) -> bool:
    """Tell whether the actor may give or end this role there: a coordinator gives no power over the district."""
    if actor.is_system or actor.has_over(organisation_id, Role.OPERATOR):
        return True
    return role in GRANTED_BY_COORDINATORS and actor.has_over(organisation_id, Role.COORDINATOR)


def can_manage_person(actor: Actor, held: Iterable[tuple[str, UUID]]) -> bool:
    """Tell whether the actor may change somebody who holds these (role, organisation): never with more power."""
    roles = list(held)
    if not roles:
        return can_manage_tenant(actor)
    return all(can_grant(actor, role, organisation_id) for role, organisation_id in roles)


def managed(actor: Actor) -> Q | None:
    """Return which persons the actor manages, or None when nobody."""
    if can_manage_tenant(actor):
        return visible(actor)
    covered = actor.organisations(*MANAGERS)
    return visible(actor) & Q(memberships__organisation_id__in=covered) if covered else None
