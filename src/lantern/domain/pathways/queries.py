"""What may be asked about pathways; never who took one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from lantern.domain.catalog import queries as catalog
from lantern.domain.pathways import policy
from lantern.domain.pathways.models import Pathway, PathwayStep
from lantern.domain.pathways.types import PathwayState
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound


def list_offered(actor: Actor) -> list[Pathway]:
    """Return the pathways that are offered to the actor, with how many steps each has (`step_count`), by title."""
    return list(_listed(actor).filter(state=PathwayState.OFFERED))


def list_managed(actor: Actor) -> list[Pathway]:
    """Return what the actor may see of pathways, her own retired ones too, by title."""
    return list(_listed(actor))


def _listed(actor: Actor) -> QuerySet[Pathway]:
    rows = Pathway.objects.filter(policy.visible(actor)).select_related("tenant")
    return rows.annotate(step_count=Count("steps")).order_by("title", "pk")


def get_pathway(actor: Actor, pathway_id: UUID) -> Pathway:
    """Return one pathway. Raises NotFound."""
    found = Pathway.objects.filter(policy.visible(actor), pk=pathway_id).select_related("tenant").first()
    if found is None:
        raise NotFound("There is no such pathway.")
    return found


def steps_of(actor: Actor, pathway_id: UUID) -> list[tuple[PathwayStep, Any]]:
    """Return the steps of a pathway in order, each with its resource; what is not seen here any more is left out."""
    rows = list(
        PathwayStep.objects.filter(pathway__in=Pathway.objects.filter(policy.visible(actor), pk=pathway_id)).order_by(
            "position"
        )
    )
    found = {row.pk: row for row in catalog.list_resources_by_ids(actor, [row.resource_id for row in rows])}
    return [(row, found[row.resource_id]) for row in rows if row.resource_id in found]


def export_for(actor: Actor) -> dict[str, Any]:
    """Return nothing: no row of this feature is tied to a person."""
    return {}
