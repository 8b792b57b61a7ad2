"""The secret address of a plan: whose it is."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from lantern.domain.calendars import policy
from lantern.domain.calendars.models import PlanFeed
from lantern.kernel import tenancy
from lantern.kernel.actor import Actor


def digest_of(secret: str) -> str:
    """Return what is kept of a secret. It holds 256 bits of chance, so nothing slow or salted is needed."""
    return hashlib.sha256(f"lantern.plan-address.{secret}".encode()).hexdigest()


def plan_address_made_at(actor: Actor) -> datetime | None:
    """Return when the address of my plan was made, or None where it has none."""
    return PlanFeed.objects.filter(policy.visible_feed(actor)).values_list("made_at", flat=True).first()


def owner_of_address(secret: str) -> tuple[UUID, UUID] | None:
    """Return (person, tenant) of the plan behind a secret address, or None where there is none (any more)."""
    with tenancy.unscoped("whoever knows the secret has no tenancy"):
        rows = PlanFeed.objects.filter(secret_digest=digest_of(secret), person__active=True)
        return rows.values_list("person_id", "tenant_id").first()
