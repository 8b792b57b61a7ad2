"""What others opened to me: whose, what kind, until when. Reading one is a look that its owner sees."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from lantern.domain.privacy import queries as privacy
from lantern.flows import sharing
from lantern.kernel.errors import NotFound
from lantern.web.answers import show
from lantern.web.gate import EDUCATOR, page


@page(EDUCATOR)
def shared(request: Any) -> HttpResponse:
    """Everything that is shared with me at this moment."""
    rows = [
        (each, thing, f"{thing.one if each.item_id else thing.every.partition(',')[0]} from {each.owner_name}")
        for each in privacy.shared_with_me(request.actor)
        for thing in [sharing.sharable(each.item_kind)]
    ]
    return show(request, "together/shared.html", rows=rows)


@page(EDUCATOR)
def shared_one(request: Any, share_id: UUID) -> HttpResponse:
    """Read what one share opens; where it opens several things, choose one."""
    share = privacy.get_shared_with_me(request.actor, share_id)
    if share.item_id is not None:
        return _read(request, share, share.item_id)
    thing = sharing.sharable(share.item_kind)
    items = [
        (
            f"{thing.one.partition(' ')[2].capitalize()} {number}",
            reverse("together:shared_item", args=[share.id, item_id]),
        )
        for number, item_id in enumerate(sharing.items_under(request.actor, share), start=1)
    ]
    return show(request, "together/shared_several.html", share=share, thing=thing, items=items)


@page(EDUCATOR)
def shared_item(request: Any, share_id: UUID, item_id: UUID) -> HttpResponse:
    """Read one of several."""
    return _read(request, privacy.get_shared_with_me(request.actor, share_id), item_id)


def _read(request: Any, share: Any, item_id: UUID) -> HttpResponse:
    if share.item_id not in (None, item_id):
        raise NotFound("There is nothing here.")
    shown = sharing.opened(request.actor, share.item_kind, item_id, share.purpose)
    thing = sharing.sharable(share.item_kind)
    return show(request, "together/shared_one.html", share=share, thing=thing, shown=shown)
