"""A generated district for benchmarks: 5,000 educators, 10,000 resources, 60 competencies in each of 3 frameworks,
250,000 events.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern import models as tables
from lantern.domain.people import queries as people
from lantern.kernel import clock, tenancy
from lantern.kernel.actor import Actor

EDUCATORS, RESOURCES, COMPETENCIES, FRAMEWORKS, EVENTS, SCHOOLS = 5_000, 10_000, 60, 3, 250_000, 100
KINDS = ("course", "module", "live_session", "video", "podcast", "article", "book", "conference", "external_course")
MODALITIES = ("self_paced", "live_online", "in_person", "hybrid", "on_the_job")
VERBS = (
    "Asking",
    "Planning",
    "Reading",
    "Building",
    "Leading",
    "Assessing",
    "Supporting",
    "Teaching",
    "Grouping",
    "Modelling",
)
NOUNS = (
    "questions",
    "fractions",
    "number talks",
    "feedback",
    "small groups",
    "vocabulary",
    "routines",
    "writing",
    "phonics",
    "discussion",
    "exit tickets",
    "projects",
    "multilingual learners",
    "lab work",
    "reading aloud",
    "grading",
    "data",
    "families",
)
PLACES = (
    "in grade 4",
    "across a year",
    "in ten minutes",
    "with colleagues",
    "online",
    "in science",
    "every week",
    "for newcomers",
)


@dataclass(frozen=True)
class World:
    """The district and the one educator whose pages are measured."""

    district_id: UUID
    person_id: UUID

    @property
    def actor(self) -> Actor:
        """The measured educator."""
        return people.actor_for(self.person_id, self.district_id)


def build_world(seed: int = 7) -> World:
    """Write the district into the present, migrated database; returns the existing one on a second call."""
    with tenancy.unscoped("benchmark"), transaction.atomic():
        existing = tables.Organisation.objects.filter(name="Bench district").first()
        if existing:
            person = tables.Person.objects.filter(tenant_id=existing.pk, sourced_id="measured").get()
            return World(existing.pk, person.pk)
        dice = random.Random(seed)
        state = _organisation("state", "Bench state", None)
        district = _organisation("district", "Bench district", state)
        competencies = _frameworks(district.pk, dice)
        resources = _catalog(district.pk, dice, competencies)
        persons = _people(district, dice)
        _lives(district.pk, dice, persons, resources, competencies)
        return World(district.pk, persons[0].pk)


def _organisation(kind: str, name: str, parent: Any) -> Any:
    organisation = tables.Organisation(kind=kind, name=name, parent=parent)
    organisation.tenant_id = organisation.pk
    organisation.save()
    return organisation


def _frameworks(tenant_id: UUID, dice: random.Random) -> list[Any]:
    now, rows = clock.now(), []
    for number, job in zip(range(FRAMEWORKS), ("teacher", "paraprofessional", "counsellor"), strict=True):
        framework = tables.Framework.objects.create(
            tenant_id=tenant_id, identifier=f"bench-{number}", title=f"Framework {number}", version="1", imported_at=now
        )
        tables.JobFramework.objects.create(tenant_id=tenant_id, job_kind=job, framework=framework)
        for place in range(COMPETENCIES):
            name = f"{dice.choice(VERBS)} {dice.choice(NOUNS)}"
            rows.append(
                tables.Competency(
                    tenant_id=tenant_id,
                    framework=framework,
                    identifier=f"{number}-{place}",
                    code=f"{number}.{place}",
                    name=name,
                    statement=f"{name} {dice.choice(PLACES)}.",
                    position=place,
                    selectable=True,
                )
            )
    return tables.Competency.objects.bulk_create(rows)


def _catalog(tenant_id: UUID, dice: random.Random, competencies: list[Any]) -> list[Any]:
    now = clock.now()
    terms = tables.Term.objects.bulk_create(
        tables.Term(tenant_id=tenant_id, scheme=scheme, code=f"{scheme}-{n}", label=f"{scheme.title()} {n}")
        for scheme, count in (("topic", 40), ("subject", 14))
        for n in range(count)
    )
    resources = tables.Resource.objects.bulk_create(
        (
            tables.Resource(
                tenant_id=tenant_id,
                source="bench",
                external_id=str(n),
                kind=dice.choice(KINDS),
                modality=dice.choice(MODALITIES),
                title=f"{dice.choice(VERBS)} {dice.choice(NOUNS)} {dice.choice(PLACES)}",
                summary=" ".join(dice.choice(NOUNS) for _ in range(12)),
                description=" ".join(dice.choice(VERBS + NOUNS) for _ in range(60)),
                minutes=dice.choice((10, 15, 20, 30, 45, 60, 90, 180, 600)),
                level=dice.randint(1, 4),
                grades_mask=dice.choice((0, 0b11110000, 0b1110, 0b1111)),
                provider=f"Provider {dice.randint(1, 60)}",
                cost_cents=dice.choice((0, 0, 0, 4500)),
                access_features=dice.sample(["captions", "transcript", "keyboard"], 2),
                created_at=now,
                updated_at=now,
            )
            for n in range(RESOURCES)
        ),
        batch_size=500,
    )
    tables.ResourceTerm.objects.bulk_create(
        (
            tables.ResourceTerm(tenant_id=tenant_id, resource=resource, term=term)
            for resource in resources
            for term in dice.sample(terms, 3)
        ),
        batch_size=1000,
    )
    tables.ResourceCompetency.objects.bulk_create(
        (
            tables.ResourceCompetency(
                tenant_id=tenant_id, resource=resource, competency=competency, level=dice.randint(1, 4)
            )
            for resource in resources
            for competency in dice.sample(competencies, 2)
        ),
        batch_size=1000,
    )
    return resources


def _people(district: Any, dice: random.Random) -> list[Any]:
    schools = tables.Organisation.objects.bulk_create(
        tables.Organisation(tenant_id=district.pk, kind="school", name=f"School {n}", parent=district)
        for n in range(SCHOOLS)
    )
    return add_people(district.pk, schools, dice, range(EDUCATORS))


def add_people(tenant_id: UUID, schools: Sequence[Any], dice: random.Random, numbers: range) -> list[Any]:
    """Write educators of these numbers into the district; number 0 is the measured one."""
    accounts = tables.Account.objects.bulk_create(
        (tables.Account(email=f"bench{n}@example.org", password="!") for n in numbers),
        batch_size=500,
    )
    persons = tables.Person.objects.bulk_create(
        (
            tables.Person(
                tenant_id=tenant_id,
                account=account,
                given_name=f"Given{n}",
                family_name=f"Family{n}",
                email=account.email,
                years_experience=dice.randint(0, 35),
                grades_mask=0b110000,
                subjects=["subject-1"],
                source="bench",
                sourced_id="measured" if n == 0 else str(n),
            )
            for n, account in zip(numbers, accounts, strict=True)
        ),
        batch_size=500,
    )
    tables.Membership.objects.bulk_create(
        (
            tables.Membership(
                tenant_id=tenant_id, person=person, organisation=dice.choice(schools), role="educator", primary=True
            )
            for person in persons
        ),
        batch_size=500,
    )
    tables.Profile.objects.bulk_create(
        (
            tables.Profile(tenant_id=tenant_id, person=person, started_at=clock.now(), liked_kinds=["video"])
            for person in persons
        ),
        batch_size=500,
    )
    return persons


def _lives(
    tenant_id: UUID, dice: random.Random, persons: list[Any], resources: list[Any], competencies: list[Any]
) -> None:
    """Give the measured educator a full life and everybody a plain one; fill the log."""
    now, today = clock.now(), clock.today()
    monday = clock.week_start(today)
    rule = tables.CreditRule.objects.create(
        tenant_id=tenant_id, name="Bench hours", credit_type="hours", effective_from=date(2020, 1, 1)
    )
    me, mine = persons[0], competencies[:COMPETENCIES]
    for competency in dice.sample(mine, 12):
        tables.Rating.objects.create(
            tenant_id=tenant_id, person=me, competency=competency, level=dice.randint(0, 3), source="own_rating", at=now
        )
    for competency in dice.sample(mine, 4):
        tables.Need.objects.create(
            tenant_id=tenant_id, person=me, competency=competency, source="own_rating", wanted_level=3, created_at=now
        )
        tables.Goal.objects.create(
            tenant_id=tenant_id,
            person=me,
            title=f"Better at {competency.name}",
            competency=competency,
            measure="Count a week",
            baseline="0",
            target="3",
            due_on=today + timedelta(days=90),
            created_at=now,
            updated_at=now,
        )
    plan = tables.Plan.objects.create(tenant_id=tenant_id, person=me, begins_on=monday, weeks=12, updated_at=now)
    activities = tables.Activity.objects.bulk_create(
        tables.Activity(
            tenant_id=tenant_id,
            person=me,
            resource=resource,
            title=resource.title,
            kind=resource.kind,
            minutes=resource.minutes,
            state="planned" if n < 30 else "finished",
            percent=0 if n < 30 else 100,
            created_at=now,
            updated_at=now,
        )
        for n, resource in enumerate(dice.sample(resources, 90))
    )
    tables.PlanItem.objects.bulk_create(
        tables.PlanItem(
            tenant_id=tenant_id,
            plan=plan,
            activity=activity,
            monday=monday + timedelta(weeks=n % 12),
            position=n // 12,
            added_at=now,
        )
        for n, activity in enumerate(activities[:30])
    )
    reflections = tables.Reflection.objects.bulk_create(
        tables.Reflection(
            tenant_id=tenant_id,
            person=me,
            activity=activity,
            takeaway="Shorter questions.",
            minutes=60,
            submitted_at=now,
        )
        for activity in activities[30:]
    )
    tables.CreditEntry.objects.bulk_create(
        tables.CreditEntry(
            tenant_id=tenant_id,
            person=me,
            rule=rule,
            credit_type="hours",
            hundredths=100,
            minutes=60,
            title="An hour of learning",
            source_kind="reflection",
            source_id=reflection.pk,
            earned_on=today - timedelta(days=n),
            period="2026-27",
            at=now,
        )
        for n, reflection in enumerate(reflections)
    )
    tables.Licence.objects.create(
        tenant_id=tenant_id,
        person=me,
        name="Teaching licence",
        credit_type="hours",
        hours_needed=120,
        counts_from=today - timedelta(days=700),
        renews_on=today + timedelta(days=400),
    )
    names = ("ActivityProgressed", "ReflectionSubmitted", "PlanItemMoved", "CompetencyRated", "ActivityFinished")
    tables.EventRecord.objects.bulk_create(
        (
            tables.EventRecord(
                tenant_id=tenant_id,
                name=dice.choice(names),
                actor=dice.choice(persons),
                at=now - timedelta(seconds=n),
                data={"n": n},
            )
            for n in range(EVENTS)
        ),
        batch_size=2000,
    )
