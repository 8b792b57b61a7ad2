"""What untagged resources probably lead to, judged by their words: kept as links that say so, until somebody who knows
ties the resource herself (engine/tagging; figures in docs/developer/benchmarks.md).
"""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.db import transaction

from lantern.domain.catalog.commands.indexing import count_change
from lantern.domain.catalog.models import Resource, ResourceCompetency
from lantern.domain.catalog.policy import offered
from lantern.domain.catalog.types import Status
from lantern.domain.competencies import queries as competencies
from lantern.engine import tagging
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed
from lantern.kernel.ids import uuid7

LEAST_TAGGED = 20
"""With fewer resources that people tied to competencies nothing is judged: there is nothing to be like."""
MOST_READ = 3000
MOST_LINKS = 2
SURE_ENOUGH = 0.5
_LONGEST = 2000


@transaction.atomic
def guess_links(actor: Actor) -> int:
    """Judge what each offered resource of the tenant that nobody tied to a competency probably leads to; return how
    many have such links now. Links that were judged before are judged anew. Raises NotAllowed but for the system.
    """
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself judges what resources lead to.")
    tied = ResourceCompetency.objects.filter(guessed=False)
    mine = Resource.objects.filter(tenant_id=actor.tenancy.own, status=Status.PUBLISHED)
    untied = list(mine.exclude(pk__in=tied.values("resource_id")).order_by("pk"))
    before = ResourceCompetency.objects.filter(tenant_id=actor.tenancy.own, guessed=True)
    wanted = _guesses(actor, untied) if untied else {}
    if wanted == _as_they_are(before):
        return len(wanted)
    changed = set(wanted) | set(before.values_list("resource_id", flat=True))
    revision = count_change(actor)
    before.delete()
    ResourceCompetency.objects.bulk_create(
        ResourceCompetency(
            id=uuid7(), tenant_id=actor.tenancy.own, resource_id=resource_id, competency_id=competency_id, level=level,
            guessed=True,
        )
        for resource_id, links in wanted.items()
        for competency_id, level in links.items()
    )  # fmt: skip
    Resource.objects.filter(pk__in=changed).update(revision=revision)
    return len(wanted)


def _as_they_are(links: object) -> dict[UUID, dict[UUID, int | None]]:
    found: dict[UUID, dict[UUID, int | None]] = defaultdict(dict)
    for resource_id, competency_id, level in links.values_list("resource_id", "competency_id", "level"):  # type: ignore[attr-defined]
        found[resource_id][competency_id] = level
    return dict(found)


def _guesses(actor: Actor, untied: list[Resource]) -> dict[UUID, dict[UUID, int | None]]:
    tagger = _tagger(actor)
    found: dict[UUID, dict[UUID, int | None]] = {}
    for resource in untied if tagger is not None else ():
        assert tagger is not None  # noqa: S101 - for the type checker
        told = tagging.guess(tagger, _words(resource), _language(resource))
        sure = [one for one in told[:MOST_LINKS] if one.probability >= SURE_ENOUGH and one.like is not None]
        if sure:
            found[resource.pk] = {one.competency: one.level for one in sure}
    return found


def _tagger(actor: Actor) -> tagging.Tagger | None:
    leads: dict[UUID, dict[UUID, int | None]] = defaultdict(dict)
    links = ResourceCompetency.objects.filter(guessed=False, resource__in=Resource.objects.filter(offered(actor)))
    for resource_id, competency_id, level in links.values_list("resource_id", "competency_id", "level"):
        leads[resource_id][competency_id] = level
    if len(leads) < LEAST_TAGGED:
        return None
    rows = Resource.objects.filter(pk__in=leads).order_by("-updated_at", "pk")[:MOST_READ]
    things = [tagging.Tagged(row.pk, _words(row), leads[row.pk], _language(row)) for row in rows]
    ids = {competency for thing in things for competency in thing.leads_to}
    names = {row.pk: f"{row.name} {row.statement}" for row in competencies.list_competencies_by_ids(actor, ids)}
    languages = [thing.language for thing in things]
    return tagging.prepare(things, names, max(set(languages), key=languages.count))


def _words(resource: Resource) -> str:
    return f"{resource.title} {resource.title} {resource.summary} {resource.description[:_LONGEST]}"


def _language(resource: Resource) -> str:
    return resource.language.partition("-")[0]
