"""Who may see hours (the educator whose they are) and who may write, take back, and set rules."""

from django.db.models import Q

from lantern.domain.credits.models import CreditEntry
from lantern.domain.people.types import Role
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor

_KEEPERS = (Role.COORDINATOR.value, Role.OPERATOR.value)


def visible(actor: Actor) -> Q:
    """Return the filter for the ledger entries and licences the actor may see: her own."""
    return privacy.visible(actor, CreditEntry.privacy)


def can_award(actor: Actor) -> bool:
    """Tell whether the actor may write hours into a ledger: only Lantern, by a rule."""
    return actor.is_system


def can_reverse(actor: Actor) -> bool:
    """Tell whether the actor may take hours back: a coordinator of the whole tenant, or Lantern by a rule."""
    return actor.is_system or actor.has_over(actor.tenancy.own, Role.COORDINATOR.value)


def can_set_rule(actor: Actor) -> bool:
    """Tell whether the actor may add a version of a rule in her tenant."""
    return actor.is_system or actor.has_over(actor.tenancy.own, *_KEEPERS)
