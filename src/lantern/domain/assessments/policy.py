"""Who may: coordinators and operators write the items of their tenant; a check is its owner's alone."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from lantern.domain.assessments.models import Check, CheckAnswer
from lantern.domain.assessments.types import ItemStatus
from lantern.domain.catalog import policy as catalog
from lantern.domain.privacy import policy as privacy
from lantern.kernel.actor import Actor


def can_manage(actor: Actor) -> bool:
    """Tell whether the actor writes the items of her tenant: whoever manages its catalog does."""
    return catalog.can_manage(actor)


def can_edit(actor: Actor, tenant_id: UUID) -> bool:
    """Tell whether the actor may change an item of this tenant; what is inherited is changed where it belongs."""
    return catalog.can_edit(actor, tenant_id)


def visible(actor: Actor) -> Q:
    """Return which items an author sees with their keys: own and inherited ones; none for anybody else."""
    return Q(tenant_id__in=actor.tenancy.reach) if can_manage(actor) else Q(pk__in=())


def asked(actor: Actor) -> Q:
    """Return which items a check may ask: what is in use here or above."""
    return Q(tenant_id__in=actor.tenancy.reach, status=ItemStatus.PUBLISHED)


def visible_checks(actor: Actor) -> Q:
    """Return the filter for my checks."""
    return privacy.visible(actor, Check.privacy)


def visible_answers(actor: Actor) -> Q:
    """Return the filter for the answers of my checks."""
    return privacy.visible(actor, CheckAnswer.privacy)


def can_calibrate(actor: Actor) -> bool:
    """Only Lantern itself goes over the answers of everybody who gave them for that."""
    return actor.is_system
