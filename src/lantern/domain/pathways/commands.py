"""Preparing a pathway, changing it, retiring it. None of it changes anybody's plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import Status
from lantern.domain.pathways import policy, queries
from lantern.domain.pathways.events import PathwayChanged, PathwayCreated, PathwayOfferedAgain, PathwayRetired
from lantern.domain.pathways.models import Pathway, PathwayStep
from lantern.domain.pathways.types import FEWEST_STEPS, MOST_STEPS, PathwayState, StepData
from lantern.domain.people.types import JobKind
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed
from lantern.kernel.events import publish

_TITLE_MOST, _SUMMARY_MOST, _OUTCOME_MOST = 160, 500, 200


@transaction.atomic
def create_pathway(
    actor: Actor,
    *,
    title: str,
    steps: Sequence[StepData],
    summary: str = "",
    job_kinds: Iterable[str] = (),
    level_from: int = 0,
    level_to: int = 1,
) -> Pathway:
    """Offer a pathway of the own tenant. Raises NotAllowed, Invalid by field (`steps` for the steps)."""
    if not policy.can_manage(actor):
        raise NotAllowed("Pathways are prepared by coordinators and operators.")
    facts = _checked(actor, title, summary, job_kinds, level_from, level_to, steps)
    now = clock.now()
    pathway = Pathway.objects.create(tenant_id=actor.tenancy.own, created_at=now, updated_at=now, **facts)
    _write_steps(pathway, steps)
    publish(actor, PathwayCreated(pathway.pk))
    return pathway


@transaction.atomic
def edit_pathway(
    actor: Actor,
    *,
    pathway_id: UUID,
    title: str,
    steps: Sequence[StepData],
    summary: str = "",
    job_kinds: Iterable[str] = (),
    level_from: int = 0,
    level_to: int = 1,
) -> Pathway:
    """Change a pathway of the own tenant, which makes its next version; plans keep what they hold.

    Raises NotFound, NotAllowed, Invalid by field.
    """
    pathway = _to_write(actor, pathway_id)
    facts = _checked(actor, title, summary, job_kinds, level_from, level_to, steps)
    for name, value in facts.items():
        setattr(pathway, name, value)
    pathway.version += 1
    pathway.updated_at = clock.now()
    pathway.save()
    PathwayStep.objects.filter(pathway=pathway).delete()
    _write_steps(pathway, steps)
    publish(actor, PathwayChanged(pathway.pk, pathway.version))
    return pathway


@transaction.atomic
def retire_pathway(actor: Actor, *, pathway_id: UUID) -> Pathway:
    """Offer a pathway no more; the same again changes nothing. Raises NotFound, NotAllowed."""
    return _set_state(actor, pathway_id, PathwayState.RETIRED)


@transaction.atomic
def offer_again(actor: Actor, *, pathway_id: UUID) -> Pathway:
    """Offer a retired pathway again; the same again changes nothing. Raises NotFound, NotAllowed."""
    return _set_state(actor, pathway_id, PathwayState.OFFERED)


def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete nothing: no row of this feature is tied to a person."""
    return {}


def _set_state(actor: Actor, pathway_id: UUID, state: PathwayState) -> Pathway:
    pathway = _to_write(actor, pathway_id)
    if pathway.state != state:
        pathway.state, pathway.updated_at = state.value, clock.now()
        pathway.save(update_fields=["state", "updated_at"])
        publish(
            actor,
            PathwayRetired(pathway.pk) if state is PathwayState.RETIRED else PathwayOfferedAgain(pathway.pk),
        )
    return pathway


def _to_write(actor: Actor, pathway_id: UUID) -> Pathway:
    pathway = queries.get_pathway(actor, pathway_id)
    if not policy.can_edit(actor, pathway.tenant_id):
        raise NotAllowed("This pathway belongs to another organisation, or you do not prepare pathways.")
    return Pathway.objects.select_for_update().get(policy.visible(actor), pk=pathway_id)


def _write_steps(pathway: Pathway, steps: Sequence[StepData]) -> None:
    PathwayStep.objects.bulk_create(
        PathwayStep(
            tenant_id=pathway.tenant_id,
            pathway=pathway,
            resource_id=step.resource_id,
            position=place,
            outcome=step.outcome.strip(),
        )
        for place, step in enumerate(steps, start=1)
    )


def _checked(
    actor: Actor,
    title: str,
    summary: str,
    job_kinds: Iterable[str],
    level_from: int,
    level_to: int,
    steps: Sequence[StepData],
) -> dict[str, Any]:
    title, summary, kinds = title.strip(), summary.strip(), [str(kind) for kind in dict.fromkeys(job_kinds)]
    problems: dict[str, str] = {}
    if not title:
        problems["title"] = "Give the pathway a name that people will recognise."
    elif len(title) > _TITLE_MOST:
        problems["title"] = f"Please keep the name to {_TITLE_MOST} characters."
    if len(summary) > _SUMMARY_MOST:
        problems["summary"] = f"Please keep this to {_SUMMARY_MOST} characters."
    if not set(kinds) <= {kind.value for kind in JobKind}:
        problems["job_kinds"] = "Choose from the kinds of work."
    if not 0 <= level_from < level_to <= 4:
        problems["level_to"] = "It must end at a higher level than it begins."
    wrong = _wrong_steps(actor, steps)
    if wrong:
        problems["steps"] = wrong
    if problems:
        raise Invalid(problems)
    levels = {"level_from": level_from, "level_to": level_to}
    return {"title": title, "summary": summary, "job_kinds": kinds, **levels}


def _wrong_steps(actor: Actor, steps: Sequence[StepData]) -> str:
    """Return in words what is wrong with the steps; "" where nothing is."""
    if not FEWEST_STEPS <= len(steps) <= MOST_STEPS:
        return f"A start has {FEWEST_STEPS} to {MOST_STEPS} steps."
    if any(not step.outcome.strip() for step in steps):
        return "Say of each step what it leads to."
    if any(len(step.outcome.strip()) > _OUTCOME_MOST for step in steps):
        return f"Please keep what a step leads to to {_OUTCOME_MOST} characters."
    wanted = [step.resource_id for step in steps]
    if len(set(wanted)) < len(wanted):
        return "Each resource can be a step once."
    offered = {row.pk for row in catalog.list_resources_by_ids(actor, wanted) if row.status == Status.PUBLISHED}
    if not offered.issuperset(wanted):
        return "Each step is a resource that the catalog offers."
    return ""
