"""Releases the figures of a closed term: once for a whole state, by the rule of trust.md 3.5 (decision 0019).

What is gathered stays in memory (`gathering`); what is written is the roster, and for each group a band or a reason.
All tenants of a tree are written in one transaction, so that no number is out without the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from lantern.domain.insights import commands as insights
from lantern.domain.insights import queries as released
from lantern.domain.insights.types import NOBODY, SERVICE_BANDS, Level, LineData, RosterRow, Way, Why
from lantern.domain.people import queries as people
from lantern.engine.release import (
    Cell,
    Figure,
    Group,
    Node,
    Outcome,
    Term,
    Verdict,
    atoms,
    audit,
    figures,
    publish_set,
)
from lantern.flows.gathering import Counted, Gathered, MetricFacts, Place, gather
from lantern.kernel import tenancy
from lantern.kernel.actor import Actor, system
from lantern.kernel.ids import made_at
from lantern.kernel.jobs import Progress, job

_WHY = {
    Verdict.PUBLISHED: Why.SHOWN,
    Verdict.TOO_FEW: Why.TOO_FEW,
    Verdict.PROTECTS_ANOTHER: Why.PROTECTS_ANOTHER,
}


@job(
    "insights.release_term",
    reads=("private", "public", "official", "aggregate"),
    reaches="leaders and officials, as ranges about groups with ten others or more",
)
def release_term(actor: Actor, progress: Progress | None, *, term: str = "") -> dict[str, Any]:
    """Release a closed term ("2026-spring"; without one the last that is over) for the tree whose top the tenant is.

    A tenant below another does nothing: its figures come out with those of the whole state. A term that is out is
    left alone, and so, unless it is named, is one that was over before the tenant was set up: it would say that nobody
    did anything. Raises Invalid for what is no term, or not over.
    """
    wanted = released.closed_term(term)
    too_early = not term and timezone.localdate(made_at(actor.tenancy.own)) >= wanted.ends_before
    if actor.tenancy.above or too_early or released.is_released(actor, wanted.key):
        return {"term": wanted.key, "figures": 0}
    with transaction.atomic():
        written = _release(actor.tenancy.own, wanted, actor.request_id)
    return {"term": wanted.key, "figures": written}


def _release(root: UUID, term: Term, request_id: str) -> int:
    """Gather, decide and write one term for every tenant of a tree; return how many figures went out at the top."""
    gathered = gather(root, term)
    by_tenant: dict[UUID, list[LineData]] = defaultdict(list)
    cohorts: dict[tuple[frozenset[UUID], str, bool], _Cohort] = {}
    for metric in gathered.metrics:
        same_people = (metric.cohort, metric.top, metric.has_cut)
        if same_people not in cohorts:
            cohorts[same_people] = _Cohort.of(gathered, *same_people)
        for tenant_id, line in _lines(gathered, cohorts[same_people], metric):
            by_tenant[tenant_id].append(line)
    for tenant_id in gathered.tenants:
        scope = people.tenancy_of(tenant_id)
        with tenancy.within(scope):
            insights.store_term(
                system(scope, request_id),
                key=term.key,
                begins_on=term.begins_on,
                ends_before=term.ends_before,
                roster=[_roster_row(person) for person in gathered.people if person.tenant_id == tenant_id],
                lines=by_tenant[tenant_id],
            )
    return sum(line.low is not None for line in by_tenant[root])


def _roster_row(person: Counted) -> RosterRow:
    return RosterRow(
        person.id, person.organisation_id, person.grade_band, person.service_band, person.framework_id
    )


@dataclass(frozen=True, slots=True)
class _Cut:
    """The second cut of one district: its classes as a small tree, what is shown of them, or why none is."""

    nodes: tuple[Node, ...]
    verdicts: Mapping[str, Verdict]
    dropped: Why


@dataclass(frozen=True, slots=True)
class _Cohort:
    """What the roster alone decides about some people, once for every metric that counts exactly them."""

    people: tuple[Counted, ...]
    places: tuple[Place, ...]
    nodes: tuple[Node, ...]
    verdicts: Mapping[str, Verdict]
    cuts: Mapping[str, _Cut]

    @classmethod
    def of(cls, gathered: Gathered, ids: frozenset[UUID], top: str, has_cut: bool) -> _Cohort:
        """Decide which groups are published, and where the second cut is (nowhere for a metric that has none)."""
        counted = tuple(person for person in gathered.people if person.id in ids)
        places = gathered.below(top)
        here: dict[str, Group] = defaultdict(Group)
        for person in counted:
            here[person.node] += _one(person)
        nodes = tuple(
            Node(place.node, place.parent if place.node != top else None, here[place.node]) for place in places
        )
        verdicts = publish_set(nodes)
        shown = [node for node, verdict in verdicts.items() if verdict is Verdict.PUBLISHED]
        owner = {member: atom for atom, members in atoms(nodes, shown).items() for member in members}
        cuts = {
            place.node: _cut(place, [person for person in counted if person.tenant_id == place.tenant_id], owner)
            for place in places
            if has_cut and place.level == Level.DISTRICT and place.node in shown
        }
        return cls(counted, places, nodes, verdicts, cuts)


def _one(person: Counted) -> Group:
    return Group(1, 0, person.least)


def _cut(district: Place, members: Sequence[Counted], owner: Mapping[str, str]) -> _Cut:
    """Cut a district by years of service, and ask the joint auditor whether that may be shown beside its schools."""
    here: dict[str, Group] = defaultdict(Group)
    for person in members:
        here[person.service_band] += _one(person)
    nodes = (Node("all", None), *(Node(band, "all", here[band]) for band in SERVICE_BANDS if here[band].people))
    verdicts = publish_set(nodes)
    if not any(verdicts[node.id] is Verdict.PUBLISHED for node in nodes[1:]):
        return _Cut(nodes, verdicts, Why.TOO_FEW)
    cells: dict[frozenset[str], Group] = defaultdict(Group)
    for person in members:
        rows = {f"place {owner[person.node]}"}
        if verdicts[person.service_band] is Verdict.PUBLISHED:
            rows.add(f"service {person.service_band}")
        cells[frozenset(rows)] += _one(person)
    outcome = audit([Cell(frozenset(rows), group) for rows, group in cells.items()]).outcome
    why = {Outcome.SAFE: Why.SHOWN, Outcome.LEAK: Why.CUT_LEAKS, Outcome.RAN_OUT: Why.CUT_NOT_CHECKED}[outcome]
    return _Cut(nodes, verdicts, why)


def _lines(gathered: Gathered, cohort: _Cohort, metric: MetricFacts) -> list[tuple[UUID, LineData]]:
    """Return the lines of one metric with the tenant each is for: its own, and for tenants also those above."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for person in cohort.people:
        sums[person.node] += metric.scores.get(person.id, Fraction(0))
    found: list[tuple[UUID, LineData]] = []
    is_out = cohort.verdicts[cohort.places[0].node] is Verdict.PUBLISHED
    by_node = {figure.node: figure for figure in figures(cohort.nodes, sums, cohort.verdicts)}
    for place in cohort.places:
        line = _line(metric, place, by_node[place.node], Way.PLACE, is_out)
        found += [(tenant_id, line) for tenant_id in gathered.readers_of(place)]
    for node, cut in cohort.cuts.items():
        place = next(place for place in cohort.places if place.node == node)
        found += [(place.tenant_id, line) for line in _cut_lines(cohort, metric, place, cut)]
    return found


def _cut_lines(cohort: _Cohort, metric: MetricFacts, place: Place, cut: _Cut) -> list[LineData]:
    if cut.dropped:
        verdict = Figure(place.node, Verdict.TOO_FEW)
        return [_line(metric, place, verdict, Way.SERVICE, False, cut.dropped)]
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for person in cohort.people:
        if person.tenant_id == place.tenant_id:
            sums[person.service_band] += metric.scores.get(person.id, Fraction(0))
    classes = [figure for figure in figures(cut.nodes, sums, cut.verdicts) if figure.node != "all"]
    return [
        _line(metric, _class_place(place, figure.node, number), figure, Way.SERVICE, False)
        for number, figure in enumerate(classes)
    ]


def _class_place(district: Place, band: str, number: int) -> Place:
    return Place(
        node=f"{district.node}:{band}",
        parent=district.node,
        level=Level.SERVICE,
        name=SERVICE_BANDS[band][0],
        organisation_id=district.organisation_id,
        tenant_id=district.tenant_id,
        position=number,
    )


def _line(
    metric: MetricFacts, place: Place, figure: Figure, way: Way, above: bool, why: Why | None = None
) -> LineData:
    value, size = figure.value, figure.size
    return LineData(
        metric=metric.metric,
        subject_id=metric.subject_id or NOBODY,
        label=metric.label[:200],
        about=metric.about[:300],
        framework_id=metric.framework_id,
        way=way,
        level=place.level,
        node=place.node,
        name=place.name,
        organisation_id=place.organisation_id,
        position=place.position,
        why=why if why is not None else _WHY[figure.verdict],
        low=value.low if value else None,
        high=value.high if value else None,
        size_from=size[0] if size else None,
        size_to=size[1] if size else None,
        above=above,
    )
