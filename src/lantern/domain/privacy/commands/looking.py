"""The one door to what somebody else shared: the decision, the look written down, then the content."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from lantern.domain.privacy import policy, queries
from lantern.domain.privacy.events import ItemOpened
from lantern.domain.privacy.models import Look
from lantern.domain.privacy.types import Action, DataClass, Item
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound
from lantern.kernel.events import publish


@transaction.atomic
def open_item(
    actor: Actor,
    *,
    owner_id: UUID,
    tenant_id: UUID,
    item_kind: str,
    item_id: UUID,
    purpose: str,
    via: str = "page",
    viewing: timedelta = timedelta(0),
) -> Look | None:
    """Let the actor read this item, or raise NotFound; somebody else's reading is written down in the same transaction.

    The only door to another person's private row: call it in the transaction that loads the row, and show nothing
    when it raises. What comes in many requests, such as a video, names the `viewing` within which an earlier look of
    the same person stands for this one; the decision is made anew each time all the same.
    Returns the look, or None for the owner herself.
    """
    grantees = queries.grantees_of(owner_id, item_kind, item_id)
    item = Item(
        data_class=DataClass.CONSENTED if grantees else DataClass.PRIVATE,
        owner_id=owner_id,
        tenant_id=tenant_id,
        shared_with=grantees,
    )
    if not policy.decide(actor, Action.READ, item).allowed:
        raise NotFound("There is nothing here.")
    if actor.person_id == owner_id:
        return None
    if viewing:
        looks = Look.objects.filter(person_id=owner_id, viewer_id=actor.person_id, item_kind=item_kind, item_id=item_id)
        same = looks.filter(at__gt=clock.now() - viewing).order_by("-at").first()
        if same is not None:
            return same
    return record_look(actor, owner_id=owner_id, item_kind=item_kind, item_id=item_id, purpose=purpose, via=via)


@transaction.atomic
def record_look(
    actor: Actor,
    *,
    owner_id: UUID,
    item_kind: str,
    item_id: UUID,
    purpose: str,
    via: str = "page",
    emergency_id: UUID | None = None,
) -> Look:
    """Write down that the actor reads an item of somebody else; its owner sees it on her privacy page."""
    viewer = policy.acting_person(actor)
    look = Look.objects.create(
        person_id=owner_id,
        viewer_id=viewer,
        viewer_name=actor.name[:160],
        viewer_role=", ".join(sorted(actor.roles))[:80],
        via=via,
        emergency_id=emergency_id,
        item_kind=item_kind,
        item_id=item_id,
        purpose=purpose[:120],
        at=clock.now(),
    )
    publish(actor, ItemOpened(look.pk))
    return look
