"""The tree of organisations, as far as one may see it: one's own tenant and the line above it."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.db.models import Count, QuerySet

from lantern.domain.people import policy
from lantern.domain.people.models import Membership, Organisation, Person
from lantern.domain.people.queries.directory import holding
from lantern.domain.people.types import OrganisationNode
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed, NotFound


def get_organisation(actor: Actor, organisation_id: UUID) -> Organisation:
    """Return an organisation of the own tenant or above it. Raises NotFound."""
    found = Organisation.objects.select_related("parent").filter(pk=organisation_id).first()
    if found is None:
        raise NotFound("There is no such organisation.")
    return found


def list_organisations(actor: Actor) -> list[OrganisationNode]:
    """Return the tree in reading order: the line above (not ours to change), the own tenant, its schools by name.

    Head counts are of the own tenant only.
    """
    rows = list(Organisation.objects.all())
    here = dict(
        Membership.objects.filter(holding(), person__active=True)
        .values_list("organisation_id")
        .annotate(Count("person", distinct=True))
    )
    children: dict[UUID | None, list[Organisation]] = defaultdict(list)
    known = {row.pk for row in rows}
    for row in rows:
        children[row.parent_id if row.parent_id in known else None].append(row)
    nodes: list[OrganisationNode] = []
    waiting = [(row, 0) for row in _ordered(children[None])]
    while waiting:
        row, depth = waiting.pop(0)
        own = row.tenant_id == actor.tenancy.own
        nodes.append(
            OrganisationNode(row.pk, row.name, row.kind, row.active, own, here.get(row.pk, 0) if own else 0, depth)
        )
        waiting = [(child, depth + 1) for child in _ordered(children[row.pk])] + waiting
    return nodes


def _ordered(rows: list[Organisation]) -> list[Organisation]:
    return sorted(rows, key=lambda row: (not row.active, row.name.casefold()))


def managed_organisations(actor: Actor) -> QuerySet[Organisation]:
    """Return the active organisations at which the actor manages people, by name (for the choices of a form)."""
    rows = Organisation.objects.filter(tenant_id=actor.tenancy.own, active=True).order_by("name")
    if actor.is_system:
        return rows
    return rows.filter(pk__in=actor.organisations(*policy.MANAGERS))


def count_people(actor: Actor) -> dict[str, int]:
    """Return what an operator sees first: people here, with an account, schools. Raises NotAllowed."""
    scope = policy.managed(actor)
    if scope is None:
        raise NotAllowed("These figures are for operators and coordinators.")
    people = Person.objects.filter(scope, active=True).distinct()
    return {
        "people": people.count(),
        "accounts": people.filter(account__isnull=False).count(),
        "schools": managed_organisations(actor).filter(kind="school").count(),
    }
