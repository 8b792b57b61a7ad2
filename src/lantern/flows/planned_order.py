"""What the things in a plan build on, and where that stands: prerequisites visible where one looks for them."""

from __future__ import annotations

from uuid import UUID

from django.utils.formats import date_format

from lantern.domain.catalog import queries as catalog
from lantern.domain.courses import queries as courses
from lantern.domain.plans.types import ItemView, PlanView
from lantern.kernel.actor import Actor


def builds_on(actor: Actor, view: PlanView) -> dict[UUID, str]:
    """Return for each item of a plan that builds on something a sentence with where each of these is, by item id."""
    items = {item.resource_id: item for item in view.items if item.resource_id is not None}
    wanted = catalog.titled_prerequisites_of(actor, items)
    if not wanted:
        return {}
    done = courses.finished_resource_ids(actor)
    found: dict[UUID, list[str]] = {}
    for resource_id, required in wanted.items():
        item = items[resource_id]
        if not item.done:
            found[item.id] = [_where(title, items.get(pk), pk in done) for pk, title in required]
    return {item_id: f"It builds on {'; '.join(words)}" for item_id, words in found.items()}


def _where(title: str, planned: ItemView | None, done: bool) -> str:
    if done:
        return f"“{title}” (done)"
    if planned is None:
        return f"“{title}” (not in your plan)"
    week = f"in the week of {date_format(planned.monday, 'j F')}" if planned.monday else "in no week yet"
    return f"“{title}” ({week})"
