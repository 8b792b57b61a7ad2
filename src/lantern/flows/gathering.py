"""Gathers what a term's release is made of, tenant by tenant, each thing through its own feature as Lantern itself.

What comes together here is in memory for the length of one job and is never written: for each person one leaf of the
tree, and for each metric one bit or one score from 0 to 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from lantern.domain.competencies import queries as competencies
from lantern.domain.courses import queries as courses
from lantern.domain.goals import queries as goals
from lantern.domain.initiatives import queries as initiatives
from lantern.domain.insights import queries as released
from lantern.domain.insights.types import GRADE_BANDS, Level, Metric, grade_band, service_band
from lantern.domain.needs import queries as needs
from lantern.domain.people import queries as people
from lantern.domain.plans import queries as plans
from lantern.domain.privacy import queries as privacy
from lantern.domain.privacy.types import Purpose
from lantern.engine.release import Term
from lantern.flows import timeliness
from lantern.kernel import tenancy
from lantern.kernel.actor import Actor, system

if TYPE_CHECKING:
    from lantern.domain.competencies.models import Competency
    from lantern.domain.people.models import Organisation


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the tree: a tenant, a school, or the grades of a school; `position` is its place in reading order."""

    node: str
    parent: str | None
    level: Level
    name: str
    organisation_id: UUID
    tenant_id: UUID
    position: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """One person in her leaf, and how many others her tenant asks for."""

    id: UUID
    tenant_id: UUID
    organisation_id: UUID
    node: str
    grade_band: str
    service_band: str
    framework_id: UUID | None
    least: int


@dataclass(frozen=True, slots=True)
class MetricFacts:
    """One metric: who is counted (`cohort`, all at or below the node `top`), and the score of each who has one."""

    metric: Metric
    subject_id: UUID | None
    label: str
    about: str
    cohort: frozenset[UUID]
    top: str
    scores: Mapping[UUID, Fraction]
    framework_id: UUID | None = None
    has_cut: bool = True


@dataclass(slots=True)
class Gathered:
    """Everything of one term of one tree."""

    tenants: list[UUID]
    above: Mapping[UUID, tuple[UUID, ...]]
    places: list[Place]
    people: list[Counted]
    metrics: list[MetricFacts] = field(default_factory=list)

    def below(self, top: str) -> tuple[Place, ...]:
        """Return a place and all below it, in reading order."""
        inside = {top}
        for place in self.places:
            if place.parent in inside:
                inside.add(place.node)
        return tuple(place for place in self.places if place.node in inside)

    def readers_of(self, place: Place) -> tuple[UUID, ...]:
        """Return the tenants in which a place's line is written: its own, and those above for a state or district."""
        if place.level in {Level.SCHOOL, Level.GRADES}:
            return (place.tenant_id,)
        return (place.tenant_id, *self.above[place.tenant_id])


@dataclass(slots=True)
class _Facts:
    """What the tenants said, put together."""

    explored: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    hours: dict[UUID, Fraction] = field(default_factory=dict)
    timely: dict[UUID, Fraction] = field(default_factory=dict)
    linked: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    aims: list[tuple[UUID, str, str, str]] = field(default_factory=list)
    frameworks: dict[UUID, tuple[str, dict[UUID, Competency]]] = field(default_factory=dict)


def gather(root: UUID, term: Term) -> Gathered:
    """Return roster and metrics of a closed term for the tree below a tenant that has none above it.

    Who refused to be counted is in neither. Nor is who reads released figures (a reader would know herself, and other
    readers would look at a group of readers), nor who has no account: she could not have done anything here, and
    everybody knows it.
    """
    tenants = _tenants(root)
    chain = {tenant.pk: people.tenancy_of(tenant.pk).above for tenant in tenants}
    gathered = Gathered([tenant.pk for tenant in tenants], chain, [], [])
    facts = _Facts()
    for tenant in tenants:
        scope = people.tenancy_of(tenant.pk)
        with tenancy.within(scope):
            _ask_tenant(system(scope), tenant, root, term, gathered, facts)
    gathered.places = _in_reading_order(gathered.places)
    gathered.metrics = _metrics(gathered, facts, str(root))
    return gathered


def _tenants(root: UUID) -> list[Organisation]:
    """Return the root and every tenant below it, those above before those below."""
    inside = [
        tenant for tenant in people.list_tenants() if root in (tenant.pk, *people.tenancy_of(tenant.pk).above)
    ]
    return sorted(inside, key=lambda tenant: (len(people.tenancy_of(tenant.pk).above), tenant.name.casefold()))


def _ask_tenant(
    actor: Actor, tenant: Organisation, root: UUID, term: Term, gathered: Gathered, facts: _Facts
) -> None:
    """Add one tenant's places, people and facts; the tenancy in force is that tenant's."""
    own = str(tenant.pk)
    parent = None if tenant.pk == root else str(actor.tenancy.above[0])
    gathered.places.append(Place(own, parent, Level(tenant.kind), tenant.name, tenant.pk, tenant.pk))
    least = max(released.smallest_group(actor), *(_least_above(above) for above in actor.tenancy.above), 0)
    frameworks = {each.job_kind: each.framework for each in competencies.assignments(actor)}
    refused = privacy.refusers(actor, Purpose.RELEASE)
    bands: dict[UUID, set[str]] = defaultdict(set)
    for person in people.placed_people(actor, term.last_day):
        band = grade_band(person.grades)
        if person.at_school:
            bands[person.organisation_id].add(band)
        if person.person_id in refused or person.reader or not person.has_account:
            continue
        framework = frameworks.get(person.job_kind)
        if framework is not None and framework.pk not in facts.frameworks:
            facts.frameworks[framework.pk] = (framework.title, competencies.areas(actor, framework.pk))
        gathered.people.append(
            Counted(
                id=person.person_id,
                tenant_id=tenant.pk,
                organisation_id=person.organisation_id,
                node=f"{person.organisation_id}:{band}" if person.at_school else own,
                grade_band=band,
                service_band=service_band(person.years),
                framework_id=framework.pk if framework else None,
                least=least,
            )
        )
    schools = {school.pk: school.name for school in people.managed_organisations(actor) if school.kind == "school"}
    for school_id in schools.keys() | bands.keys():
        name = schools.get(school_id) or people.get_organisation(actor, school_id).name
        gathered.places.append(Place(str(school_id), own, Level.SCHOOL, name, school_id, tenant.pk))
        for band in bands[school_id]:
            gathered.places.append(
                Place(
                    f"{school_id}:{band}", str(school_id), Level.GRADES, GRADE_BANDS[band][0], school_id, tenant.pk,
                    list(GRADE_BANDS).index(band),
                )
            )  # fmt: skip
    _ask_features(actor, term, facts)
    counted = (person.id for person in gathered.people if person.tenant_id == tenant.pk)
    facts.timely.update(timeliness.shares(actor, _moment(term.begins_on), _moment(term.ends_before), counted))


def _least_above(tenant_id: UUID) -> int:
    scope = people.tenancy_of(tenant_id)
    with tenancy.within(scope):
        return released.smallest_group(system(scope))


def _ask_features(actor: Actor, term: Term, facts: _Facts) -> None:
    begins_at, ends_before = _moment(term.begins_on), _moment(term.ends_before)
    facts.explored.update(needs.explored(actor, begins_at, ends_before))
    facts.hours.update(_hours(actor, term))
    for initiative_id, persons in goals.people_who_linked(actor, term.begins_on, term.ends_before).items():
        facts.linked[initiative_id] |= persons
    for aim in initiatives.list_for_release(actor, term.begins_on, term.ends_before):
        facts.aims.append((aim.pk, aim.title, aim.organisation.name, str(aim.organisation_id)))


def _hours(actor: Actor, term: Term) -> dict[UUID, Fraction]:
    """Return for each person who finished something the share of its minutes that her plan ties to a goal of hers."""
    for_goals = plans.activities_for_goals(actor)
    whole: dict[UUID, int] = defaultdict(int)
    tied: dict[UUID, int] = defaultdict(int)
    for person_id, activity_id, minutes in courses.minutes_learned(actor, term.begins_on, term.ends_before):
        whole[person_id] += minutes
        tied[person_id] += minutes if activity_id in for_goals else 0
    return {person_id: Fraction(tied[person_id], minutes) for person_id, minutes in whole.items() if minutes}


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _metrics(gathered: Gathered, facts: _Facts, root: str) -> list[MetricFacts]:
    everybody = frozenset(person.id for person in gathered.people)
    found = [
        MetricFacts(Metric.GOAL_HOURS, None, "", "", everybody, root, facts.hours),
        MetricFacts(Metric.TIMELY_NEEDS, None, "", "", everybody, root, facts.timely),
    ]
    for framework_id, (title, areas) in facts.frameworks.items():
        cohort = frozenset(person.id for person in gathered.people if person.framework_id == framework_id)
        tops = {area.pk: area for area in areas.values()}
        for area in sorted(tops.values(), key=lambda area: (area.position, area.pk)):
            inside = {competency_id for competency_id, top in areas.items() if top.pk == area.pk}
            who = {person_id for person_id in cohort if not inside.isdisjoint(facts.explored.get(person_id, ()))}
            scores = dict.fromkeys(who, Fraction(1))
            found.append(
                MetricFacts(Metric.NEED_AREA, area.pk, area.name, title, cohort, root, scores, framework_id)
            )
    nodes = {place.node: place for place in gathered.places}
    for initiative_id, title, organisation, node in facts.aims:
        if node not in nodes:
            continue
        inside_node = {place.node for place in gathered.below(node)}
        cohort = frozenset(person.id for person in gathered.people if person.node in inside_node)
        scores = dict.fromkeys(facts.linked[initiative_id] & cohort, Fraction(1))
        found.append(
            MetricFacts(
                Metric.INITIATIVE_GOALS, initiative_id, title, organisation, cohort, node, scores, has_cut=False
            )
        )
    return found


def _in_reading_order(places: Sequence[Place]) -> list[Place]:
    """Return the places with their positions: each before what is below it, siblings by name, grades in their order."""
    below: dict[str | None, list[Place]] = defaultdict(list)
    for place in places:
        below[place.parent].append(place)
    ordered: list[Place] = []
    waiting = list(below[None])
    while waiting:
        place = waiting.pop()
        ordered.append(
            Place(
                place.node, place.parent, place.level, place.name, place.organisation_id, place.tenant_id, len(ordered)
            )
        )
        children = sorted(below[place.node], key=lambda one: (one.level, one.position, one.name.casefold(), one.node))
        waiting += reversed(children)
    return ordered
