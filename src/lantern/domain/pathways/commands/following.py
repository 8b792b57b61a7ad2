"""Being in a pathway: starting it, choosing in it, going over to its newest version, leaving it. Hers alone."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from lantern.domain.pathways import policy, queries
from lantern.domain.pathways.commands.choosing import chosen_in, swapped_in
from lantern.domain.pathways.events import PathwayChosenIn, PathwayLeft, PathwayStarted, PathwayVersionTaken
from lantern.domain.pathways.models import PathwayStart, PathwayVersion
from lantern.domain.pathways.types import Choices, PathwayState
from lantern.domain.privacy import policy as privacy_policy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, NotFound
from lantern.kernel.events import publish


@transaction.atomic
def start_pathway(actor: Actor, *, pathway_id: UUID) -> PathwayStart:
    """Be in a pathway from now on, in the version that is offered; who is in it already stays where she is.

    Raises NotFound for what is not offered.
    """
    me = privacy_policy.acting_person(actor)
    pathway = queries.get_pathway(actor, pathway_id)
    there = queries.my_start(actor, pathway_id)
    if there is not None:
        return there
    version = PathwayVersion.objects.filter(pathway_id=pathway.pk, number=pathway.version).first()
    if version is None or pathway.state != PathwayState.OFFERED:
        raise NotFound("There is no such pathway.")
    row, made = PathwayStart.objects.get_or_create(
        person_id=me,
        pathway_id=pathway.pk,
        defaults={"version": version, "started_at": clock.now(), "tenant_id": actor.tenancy.own},
    )
    if made:
        publish(actor, PathwayStarted(pathway.pk, version.number))
    return row


@transaction.atomic
def choose(actor: Actor, *, pathway_id: UUID, set_key: str, keys: Iterable[str]) -> PathwayStart:
    """Choose these parts of a choice, and no others of it; whoever was not in the pathway is now.

    Raises NotFound, Invalid by `parts`.
    """
    row = _mine(actor, pathway_id)
    outline = queries.outline_of(actor, row.pathway, row.version_id)
    return _keep(actor, row, chosen_in(outline, queries.choices_in(row), set_key, keys))


@transaction.atomic
def swap(actor: Actor, *, pathway_id: UUID, key: str, resource_id: UUID) -> PathwayStart:
    """Do this instead for a step, where it leads to the same; whoever was not in the pathway is now.

    Raises NotFound, Invalid by `resource` with the reason in words.
    """
    row = _mine(actor, pathway_id)
    outline = queries.outline_of(actor, row.pathway, row.version_id)
    return _keep(actor, row, swapped_in(actor, outline, queries.choices_in(row), key, resource_id))


@transaction.atomic
def go_over(actor: Actor, *, pathway_id: UUID, number: int | None = None) -> PathwayStart:
    """Go over to the version that is offered now; what was chosen stays where it still means something.

    Raises NotFound for a pathway I am not in or that is offered no more; Conflict where `number` is given and a newer
    one came since.
    """
    pathway = queries.get_pathway(actor, pathway_id)
    row = _locked(actor, pathway_id)
    newest = PathwayVersion.objects.filter(pathway_id=pathway_id, number=pathway.version).first()
    if row is None or newest is None or pathway.state != PathwayState.OFFERED:
        raise NotFound("There is nothing newer to go over to.")
    if number is not None and number != newest.number:
        raise Conflict("A newer version came since you opened this page. Look at what it changes first.")
    if row.version_id != newest.pk:
        kept = queries.choices_in(row).kept_in(queries.outline_of(actor, pathway, newest.pk))
        row.version, row.choices = newest, kept.plain()
        row.save(update_fields=["version", "choices"])
        publish(actor, PathwayVersionTaken(row.pk, newest.number))
    return row


@transaction.atomic
def leave(actor: Actor, *, pathway_id: UUID) -> None:
    """Be in a pathway no more; what is in the plan and what was learned stays. Raises NotFound."""
    row = _locked(actor, pathway_id)
    if row is None:
        raise NotFound("You are not in this pathway.")
    row.delete()
    publish(actor, PathwayLeft(pathway_id))


def _locked(actor: Actor, pathway_id: UUID) -> PathwayStart | None:
    mine = PathwayStart.objects.select_for_update().filter(policy.visible_starts(actor), pathway_id=pathway_id)
    return mine.first()


def _mine(actor: Actor, pathway_id: UUID) -> PathwayStart:
    start_pathway(actor, pathway_id=pathway_id)
    row = _locked(actor, pathway_id)
    if row is None:
        raise NotFound("There is no such pathway.")
    return row


def _keep(actor: Actor, row: PathwayStart, choices: Choices) -> PathwayStart:
    if choices.plain() != row.choices:
        row.choices = choices.plain()
        row.save(update_fields=["choices"])
        publish(actor, PathwayChosenIn(row.pk))
    return row
