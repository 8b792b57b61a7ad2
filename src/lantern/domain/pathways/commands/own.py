"""Own pathways: made from nothing or as a copy, changed at any time, removed; and forgetting what somebody started."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import transaction

from lantern.domain.pathways import policy, queries
from lantern.domain.pathways.commands.choosing import chosen_in, swapped_in
from lantern.domain.pathways.events import OwnPathwayKept, OwnPathwayRemoved, PathwayChosenIn
from lantern.domain.pathways.models import OwnPathway, PathwayStart
from lantern.domain.pathways.types import MOST_OWN, Choices, outline_of_json
from lantern.domain.privacy import policy as privacy_policy
from lantern.engine.pathway import outline as outlines
from lantern.engine.pathway.outline import Malformed, Section
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound
from lantern.kernel.events import publish
from lantern.kernel.turns import take_turn

TITLE_MOST = 160


@transaction.atomic
def create_own(actor: Actor, *, title: str) -> OwnPathway:
    """Begin a pathway of my own with nothing in it. Raises Invalid by field."""
    return _create(actor, title, outlines.empty(), Choices(), None)


@transaction.atomic
def copy_pathway(actor: Actor, *, pathway_id: UUID) -> OwnPathway:
    """Make a pathway of my own of one I may see, in the version I am in, with what I chose in it. Raises NotFound,
    Invalid.
    """
    pathway = queries.get_pathway(actor, pathway_id)
    start = queries.my_start(actor, pathway_id)
    outline = queries.outline_of(actor, pathway, start.version_id if start else None)
    return _create(actor, pathway.title, outline, queries.choices_in(start), pathway.pk)


@transaction.atomic
def rename_own(actor: Actor, *, own_id: UUID, title: str) -> OwnPathway:
    """Call an own pathway otherwise. Raises NotFound, Invalid."""
    row = _locked(actor, own_id)
    row.title, row.updated_at = _titled(title), clock.now()
    row.save(update_fields=["title", "updated_at"])
    publish(actor, OwnPathwayKept(row.pk))
    return row


@transaction.atomic
def keep_own(actor: Actor, *, own_id: UUID, change: Callable[[Section], Section]) -> OwnPathway:
    """Change the steps of an own pathway; what I chose stays where it still means something. It may have faults.

    Raises NotFound, Invalid where it cannot be kept at all.
    """
    row = _locked(actor, own_id)
    before = queries.outline_of_own(row)
    after = change(before)
    if after != before:
        row.structure = _plain(after)
        row.choices = queries.choices_in(row).kept_in(after).plain()
        row.updated_at = clock.now()
        row.save(update_fields=["structure", "choices", "updated_at"])
        publish(actor, OwnPathwayKept(row.pk))
    return row


@transaction.atomic
def choose_in_own(actor: Actor, *, own_id: UUID, set_key: str, keys: Iterable[str]) -> OwnPathway:
    """Choose these parts of a choice in an own pathway, and no others of it. Raises NotFound, Invalid by `parts`."""
    row = _locked(actor, own_id)
    return _chosen(actor, row, chosen_in(queries.outline_of_own(row), queries.choices_in(row), set_key, keys))


@transaction.atomic
def swap_in_own(actor: Actor, *, own_id: UUID, key: str, resource_id: UUID) -> OwnPathway:
    """Do this instead for a step of an own pathway, where it leads to the same. Raises NotFound, Invalid by
    `resource`.
    """
    row = _locked(actor, own_id)
    outline = queries.outline_of_own(row)
    return _chosen(actor, row, swapped_in(actor, outline, queries.choices_in(row), key, resource_id))


@transaction.atomic
def remove_own(actor: Actor, *, own_id: UUID) -> None:
    """Remove an own pathway; what is in the plan and what was learned stays. Raises NotFound."""
    row = _locked(actor, own_id)
    event = OwnPathwayRemoved(row.pk)
    row.delete()
    publish(actor, event)


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete what a person started and her own pathways; return the counts."""
    privacy_policy.allow_erasure(actor, person_id)
    starts, _ = PathwayStart.objects.filter(person_id=person_id).delete()
    own, _ = OwnPathway.objects.filter(person_id=person_id).delete()
    return {"started_pathways": starts, "own_pathways": own}


def _create(actor: Actor, title: str, outline: Section, choices: Choices, copied_from: UUID | None) -> OwnPathway:
    me = privacy_policy.acting_person(actor)
    take_turn("own pathways", me)
    if OwnPathway.objects.filter(policy.visible_own(actor)).count() >= MOST_OWN:
        raise Invalid({"title": f"You have {MOST_OWN} pathways of your own. Remove one that you need no more."})
    now = clock.now()
    row = OwnPathway.objects.create(
        person_id=me,
        tenant_id=actor.tenancy.own,
        title=_titled(title),
        structure=_plain(outline),
        choices=choices.plain(),
        copied_from_id=copied_from,
        created_at=now,
        updated_at=now,
    )
    publish(actor, OwnPathwayKept(row.pk))
    return row


def _titled(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Invalid({"title": "Give it a name that tells you what it is for."})
    if len(title) > TITLE_MOST:
        raise Invalid({"title": f"Please keep the name to {TITLE_MOST} characters."})
    return title


def _locked(actor: Actor, own_id: UUID) -> OwnPathway:
    row = OwnPathway.objects.select_for_update().filter(policy.visible_own(actor), pk=own_id).first()
    if row is None:
        raise NotFound("There is no such pathway.")
    return row


def _plain(outline: Section) -> dict[str, object]:
    plain = outlines.as_json(outline)
    try:
        outline_of_json(plain)
    except Malformed as problem:
        raise Invalid({"outline": f"This cannot be kept: {problem.where} {problem.reason}."}) from None
    return plain


def _chosen(actor: Actor, row: OwnPathway, choices: Choices) -> OwnPathway:
    if choices.plain() != row.choices:
        row.choices = choices.plain()
        row.save(update_fields=["choices"])
        publish(actor, PathwayChosenIn(row.pk))
    return row
