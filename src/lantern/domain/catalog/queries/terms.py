"""The words of the taxonomy."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lantern.domain.catalog.models import Term
from lantern.domain.catalog.types import Status
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound


def list_terms(actor: Actor, scheme: str) -> QuerySet[Term]:
    """Return the own and inherited terms of a scheme, by label."""
    return Term.objects.filter(tenant_id__in=actor.tenancy.reach, scheme=scheme).order_by("label", "pk")


def list_terms_with_counts(actor: Actor) -> QuerySet[Term]:
    """Return all terms by scheme and label, each with `uses`: how many offered resources are about it."""
    offered = Q(resource_terms__resource__status=Status.PUBLISHED)
    within = Q(resource_terms__resource__tenant_id__in=actor.tenancy.reach)
    terms = Term.objects.filter(tenant_id__in=actor.tenancy.reach).annotate(
        uses=Count("resource_terms", filter=offered & within)
    )
    return terms.order_by("scheme", "label", "pk")


def get_term(actor: Actor, term_id: UUID) -> Term:
    """Return a term in reach. Raises NotFound."""
    term = Term.objects.filter(tenant_id__in=actor.tenancy.reach, pk=term_id).first()
    if term is None:
        raise NotFound("There is no such term.")
    return term
