"""A district whose people finished things for official hours, so that what others went on to can be worked out.

Three rings of four resources: everybody begins somewhere in one ring and goes three steps on, ten days apart. So after
"Ring 2, part 1" most go on to "Ring 2, part 2". Other rings are walked by as few people as a test says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from lantern.domain.catalog.models import Resource
from lantern.domain.courses.models import Activity
from lantern.domain.credits.models import CreditEntry
from lantern.domain.evidence.models import Reflection
from lantern.domain.people.models import Person
from lantern.domain.recommendations import commands, queries
from lantern.domain.recommendations.models import PeerWeights
from lantern.engine.recommend.collaborative import Blend, Settings, fit, to_bytes
from lantern.flows.peers import choices_until
from lantern.kernel import clock, tenancy
from tests.cast import Cast, system_of
from tests.domain.learning_factory import make_rule
from tests.release_factory import staff, term

RINGS, PARTS, STEPS = 3, 4, 3
BLEND = Blend(together=1.0, following=1.0, topics=0.1)


@dataclass
class District:
    """The resources by title, the rule their hours go by, and who walked the rare rings."""

    cast: Cast
    resources: dict[str, Resource]
    rule: Any
    rare: dict[str, list[Person]]

    def of(self, ring: int | str, part: int) -> Resource:
        """Return one resource."""
        name = f"Ring {ring}" if isinstance(ring, int) else ring
        return self.resources[f"{name}, part {part % PARTS}"]


def make_district(cast: Cast, people: int = 210, **rare: int) -> District:
    """Make a district where `people` walked the three rings, and so many each of the rings that are named."""
    now = clock.now()
    names = [*(f"Ring {ring}" for ring in range(RINGS)), *rare]
    with tenancy.unscoped("factory"):
        made = Resource.objects.bulk_create(
            Resource(
                tenant_id=cast.district.pk, kind="video", modality="self_paced", title=f"{name}, part {part}",
                minutes=30, status="published", created_at=now, updated_at=now,
            )
            for name in names
            for part in range(PARTS)
        )  # fmt: skip
    built = District(cast, {row.title: row for row in made}, make_rule(cast.district), {})
    walkers = staff(cast.school, people)
    for number, person in enumerate(walkers):
        start = number // RINGS
        walk(built, person, [built.of(number % RINGS, start + step) for step in range(STEPS)])
    for name, count in rare.items():
        built.rare[name] = staff(cast.school, count)
        for person in built.rare[name]:
            walk(built, person, [built.of(name, 0), built.of(name, 1), built.of(0, 0)])
    return built


def keep_weights(built: District, floor: int = 10) -> PeerWeights:
    """Keep the weights of that term with a blend that is given, as the job does with one that it tuned."""
    actor = system_of(built.cast.district)
    with tenancy.within(actor.tenancy):
        shelf = queries.shelf_for(actor)
        items = tuple(item.id for item in shelf.items)
        choices = choices_until(actor, term(), {key: place for place, key in enumerate(items)})
        tags, _ = queries.tagged(shelf.items)
        model = fit(choices, tags, term().last_day.toordinal(), Settings(ridge=50, floor=floor), BLEND, BLEND)
        return commands.keep_peer_weights(
            actor, term=term().key, ends_before=term().ends_before, floor=floor, outcome="on", items=items,
            arrays=to_bytes(model),
        )  # fmt: skip


def walk(built: District, person: Person, resources: Sequence[Resource], official: bool = True) -> None:
    """Let somebody finish these things of that term, ten days apart; each for official hours, or for herself alone."""
    tenant, days = person.tenant_id, [term().begins_on + timedelta(days=10 * n) for n in range(len(resources))]
    with tenancy.unscoped("factory"):
        activities = Activity.objects.bulk_create(
            Activity(
                tenant_id=tenant, person=person, resource=one, title=one.title, kind=one.kind, minutes=30,
                state="finished", percent=100, happened_on=day, created_at=_at(day), started_at=_at(day),
                finished_at=_at(day), updated_at=_at(day),
            )
            for one, day in zip(resources, days, strict=True)
        )  # fmt: skip
        reflections = Reflection.objects.bulk_create(
            Reflection(tenant_id=tenant, person=person, activity=one, takeaway="t", minutes=30, submitted_at=_at(day))
            for one, day in zip(activities, days, strict=True)
        )
        if official:
            CreditEntry.objects.bulk_create(
                _entry(built, person, one.pk, day) for one, day in zip(reflections, days, strict=True)
            )


def _entry(built: District, person: Person, reflection_id: Any, day: date, **facts: Any) -> CreditEntry:
    said: dict[str, Any] = {"hundredths": 50, "source_kind": "reflection", "source_id": reflection_id} | facts
    return CreditEntry(
        tenant_id=person.tenant_id, person=person, rule=built.rule, credit_type=built.rule.credit_type, minutes=30,
        title="Something", earned_on=day, period="2025-2026", at=_at(day), **said,
    )  # fmt: skip


def take_back(built: District, person: Person) -> None:
    """Take somebody's hours back, all of them."""
    with tenancy.unscoped("factory"):
        for entry in CreditEntry.objects.filter(person=person):
            _entry(
                built, person, uuid4(), entry.earned_on, hundredths=-50, reverses=entry, reason="A mistake"
            ).save()


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
