"""Who may: everybody reads the frameworks of her tenancy; those who run a whole tenant bring in and assign them."""

from django.db.models import Q

from lantern.domain.competencies.models import Competency
from lantern.domain.people.types import Role
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor

_WHO = (Role.OPERATOR, Role.COORDINATOR, Role.OFFICIAL)


def visible(actor: Actor) -> Q:
    """Return the filter for frameworks, competencies and their ties: all that the tenancy owns or inherits."""
    return privacy.visible(actor, Competency.privacy) & Q(tenant_id__in=actor.tenancy.reach)


def can_import(actor: Actor) -> bool:
    """Tell whether the actor may bring frameworks into the own tenant."""
    return actor.is_system or actor.has_over(actor.tenancy.own, *_WHO)


def can_assign(actor: Actor) -> bool:
    """Tell whether the actor may say which framework a kind of job uses in the own tenant."""
    return can_import(actor)
