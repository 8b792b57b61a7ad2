"""Who may see hours (the educator whose they are) and who may write, take back, and set rules."""

from uuid import UUID

from django.db.models import Q

from lantern.domain.people.types import Role
from lantern.kernel.actor import Actor

_KEEPERS = (Role.COORDINATOR.value, Role.OPERATOR.value)


def visible(actor: Actor) -> Q:
    """Return the filter for the ledger entries and licences the actor may see: her own."""
    return Q(person_id=actor.person_id)


def can_award(actor: Actor) -> bool:
    """Tell whether the actor may write hours into a ledger: only Lantern, by a rule."""
    return actor.is_system


def can_reverse(actor: Actor) -> bool:
    """Tell whether the actor may take hours back: a coordinator of the whole tenant, or Lantern by a rule."""
    return actor.is_system or actor.has_over(actor.tenancy.own, Role.COORDINATOR.value)


def can_set_rule(actor: Actor) -> bool:
    """Tell whether the actor may add a version of a rule in her tenant."""
    return actor.is_system or actor.has_over(actor.tenancy.own, *_KEEPERS)


def can_set_licence(actor: Actor) -> bool:
    """Tell whether the actor may say which licence she holds: every person, for herself."""
    return actor.person_id is not None


def can_erase(actor: Actor, person_id: UUID) -> bool:
    """Tell whether the actor may erase what belongs to a person: she herself, or Lantern on her request."""
    return actor.is_system or actor.person_id == person_id
