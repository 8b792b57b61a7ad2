"""Publishing an aim, rewording it, taking it back. None of it ever changes anybody's goal (P1.5)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.initiatives import policy, queries
from lantern.domain.initiatives.events import InitiativeChanged, InitiativeCreated, InitiativeDeleted
from lantern.domain.initiatives.models import Initiative
from lantern.kernel import clock, tenancy
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed
from lantern.kernel.events import publish

_TITLE_MOST, _SUMMARY_MOST = 160, 4000


@transaction.atomic
def create_initiative(
    actor: Actor,
    *,
    organisation_id: UUID,
    title: str,
    summary: str = "",
    begins_on: date | None = None,
    ends_on: date | None = None,
) -> Initiative:
    """Publish an aim of an organisation that the actor leads. Raises NotAllowed, Invalid by field."""
    if not policy.can_write(actor, organisation_id):
        raise NotAllowed("Aims are published by those who lead the school or district.")
    facts = _checked(title, summary, begins_on, ends_on)
    initiative = Initiative.objects.create(organisation_id=organisation_id, created_at=clock.now(), **facts)
    publish(actor, InitiativeCreated(initiative.pk))
    return initiative


@transaction.atomic
def edit_initiative(
    actor: Actor,
    *,
    initiative_id: UUID,
    title: str,
    summary: str = "",
    begins_on: date | None = None,
    ends_on: date | None = None,
) -> Initiative:
    """Reword an aim. Raises NotFound, NotAllowed, Invalid by field."""
    initiative = _to_write(actor, initiative_id)
    facts = _checked(title, summary, begins_on, ends_on)
    if all(getattr(initiative, name) == value for name, value in facts.items()):
        return initiative
    for name, value in facts.items():
        setattr(initiative, name, value)
    initiative.save(update_fields=list(facts))
    publish(actor, InitiativeChanged(initiative.pk))
    return initiative


@transaction.atomic
def delete_initiative(actor: Actor, *, initiative_id: UUID) -> None:
    """Take an aim back. Goals that were linked to it lose the link and keep every word. Raises NotFound, NotAllowed."""
    initiative = _to_write(actor, initiative_id)
    gone = initiative.pk
    with tenancy.unscoped("goals of educators in the tenants below lose the link"):
        initiative.delete()
    publish(actor, InitiativeDeleted(gone))


def _to_write(actor: Actor, initiative_id: UUID) -> Initiative:
    queries.get_initiative_to_write(actor, initiative_id)
    return Initiative.objects.select_for_update().get(policy.visible(actor), pk=initiative_id)


def _checked(title: str, summary: str, begins_on: date | None, ends_on: date | None) -> dict[str, Any]:
    problems: dict[str, str] = {}
    title, summary = title.strip(), summary.strip()
    if not title:
        problems["title"] = "Give the aim a name that people will recognise."
    elif len(title) > _TITLE_MOST:
        problems["title"] = f"Please keep the name to {_TITLE_MOST} characters."
    if len(summary) > _SUMMARY_MOST:
        problems["summary"] = f"Please keep this to {_SUMMARY_MOST} characters."
    if begins_on and ends_on and ends_on < begins_on:
        problems["ends_on"] = "The last day comes before the first one."
    if problems:
        raise Invalid(problems)
    return {"title": title, "summary": summary, "begins_on": begins_on, "ends_on": ends_on}


def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete nothing: no row of this feature is tied to a person."""
    return {}
