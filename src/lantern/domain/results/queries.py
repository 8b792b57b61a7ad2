"""What may be asked about the results of classes: always of one's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lantern.domain.competencies import queries as competencies
from lantern.domain.results import policy
from lantern.domain.results.models import ClassStandard, GoalMeasure, OwnClass, StandardResult
from lantern.domain.results.types import ClassView, DayResult, MeasureView, StandardView
from lantern.engine.class_results import Share, moved, share_of, weakest
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound


def my_classes(actor: Actor) -> QuerySet[OwnClass]:
    """Return my classes, the newest first."""
    return OwnClass.objects.filter(policy.visible(actor)).order_by("-created_at", "-pk")


def get_class(actor: Actor, class_id: UUID) -> OwnClass:
    """Return a class of mine. Raises NotFound."""
    row = my_classes(actor).filter(pk=class_id).first()
    if row is None:
        raise NotFound("There is no such class.")
    return row


def list_classes(actor: Actor) -> list[tuple[OwnClass, date | None, int]]:
    """Return my classes, each with the last day of results and how many standards it has."""
    found: dict[UUID, tuple[date | None, set[UUID]]] = {}
    rows = StandardResult.objects.filter(policy.visible_results(actor))
    for class_id, standard_id, on in rows.values_list("standard__own_class_id", "standard_id", "on"):
        last, standards = found.get(class_id, (None, set[UUID]()))
        found[class_id] = (max(on, last or on), standards | {standard_id})
    return [(row, *_counted(found.get(row.pk))) for row in my_classes(actor)]


def _counted(found: tuple[date | None, set[UUID]] | None) -> tuple[date | None, int]:
    return (found[0], len(found[1])) if found else (None, 0)


def class_view(actor: Actor, class_id: UUID) -> ClassView:
    """Return a class of mine with its standards, those that went worst first. Raises NotFound."""
    row = get_class(actor, class_id)
    standards = _views(actor, _standards(actor).filter(own_class=row))
    days = {result.on for one in standards for result in one.days}
    return ClassView(row, tuple(sorted(standards, key=_worst_first)), tuple(sorted(days, reverse=True)))


def _worst_first(one: StandardView) -> tuple[bool, float, str]:
    share = one.newest.share
    return (not share.enough, share.share, one.code)


def standard_view(actor: Actor, standard_id: UUID) -> StandardView:
    """Return one standard of a class of mine with all its results. Raises NotFound."""
    row = _standards(actor).filter(pk=standard_id).first()
    if row is None:
        raise NotFound("There is no such standard.")
    views = _views(actor, _standards(actor).filter(own_class_id=row.own_class_id))
    return next(one for one in views if one.row.pk == standard_id)


def _standards(actor: Actor) -> QuerySet[ClassStandard]:
    rows = ClassStandard.objects.filter(policy.visible_standards(actor))
    return rows.select_related("own_class", "competency").prefetch_related("results").order_by("pk")


def _views(actor: Actor, rows: Iterable[ClassStandard]) -> list[StandardView]:
    """Return standards that have results, each told apart from its class as a whole on its newest day."""
    found = [(row, _days(row)) for row in rows]
    found = [(row, days) for row, days in found if days]
    statements = competencies.statements_for(actor, [row.code for row, _ in found])
    by_day: dict[tuple[UUID, date], dict[str, Share]] = defaultdict(dict)
    for row, days in found:
        for each in days:
            by_day[row.own_class_id, each.on][str(row.pk)] = each.share
    low = {key: weakest(shares) for key, shares in by_day.items()}
    return [
        StandardView(
            row=row,
            code=row.code,
            statement=statements.get(row.code, ""),
            days=days,
            stands_out=str(row.pk) in low[row.own_class_id, days[-1].on],
            moved=_moved(days),
            competency_id=row.competency_id,
            competency_name=row.competency.name if row.competency else "",
        )
        for row, days in found
    ]


def _days(row: ClassStandard) -> tuple[DayResult, ...]:
    results = sorted(row.results.all(), key=lambda result: result.on)
    return tuple(DayResult(result.on, share_of(result.right, result.of)) for result in results)


def _moved(days: tuple[DayResult, ...]) -> int:
    return moved(days[-2].share, days[-1].share) if len(days) > 1 else 0


def counted_standards(actor: Actor, class_id: UUID, competency_id: UUID) -> list[StandardView]:
    """Return the standards of a class of mine that I let speak for my level on a competency."""
    rows = _standards(actor).filter(own_class_id=class_id, competency_id=competency_id, counts=True)
    return _views(actor, rows)


def counted_competencies(actor: Actor, class_id: UUID) -> frozenset[UUID]:
    """Return the competencies for which standards of a class of mine count."""
    rows = ClassStandard.objects.filter(policy.visible_standards(actor), own_class_id=class_id, counts=True)
    return frozenset(pk for pk in rows.values_list("competency_id", flat=True) if pk is not None)


def measures_of(actor: Actor, goal_id: UUID) -> list[MeasureView]:
    """Return the class measures beside a goal of mine, each over time."""
    rows = GoalMeasure.objects.filter(policy.visible_measures(actor), goal_id=goal_id)
    ids = list(rows.values_list("standard_id", flat=True))
    if not ids:
        return []
    found = _views(actor, _standards(actor).filter(pk__in=ids))
    return [
        MeasureView(
            one.row.pk, one.row.own_class_id, one.row.own_class.label, one.code, one.statement, one.days, one.moved
        )
        for one in found
    ]


def goals_beside(actor: Actor, standard_id: UUID) -> frozenset[UUID]:
    """Return the goals of mine that a standard stands beside."""
    rows = GoalMeasure.objects.filter(policy.visible_measures(actor), standard_id=standard_id)
    return frozenset(rows.values_list("goal_id", flat=True))


def export_for(actor: Actor) -> dict[str, Any]:
    """Return my classes with their results, whole."""
    standards: dict[UUID, list[ClassStandard]] = defaultdict(list)
    for row in _standards(actor):
        standards[row.own_class_id].append(row)
    beside = GoalMeasure.objects.filter(policy.visible_measures(actor)).select_related("goal")
    return {
        "classes": [
            {
                "id": str(own.pk),
                "label": own.label,
                "created_at": own.created_at.isoformat(),
                "standards": [
                    {
                        "id": str(row.pk),
                        "code": row.code,
                        "competency": row.competency.name if row.competency else None,
                        "counts_for_my_level": row.counts,
                        "results": [
                            {"on": result.on.isoformat(), "right": result.right, "of": result.of}
                            for result in sorted(row.results.all(), key=lambda result: result.on)
                        ],
                    }
                    for row in standards[own.pk]
                ],
            }
            for own in my_classes(actor)
        ],
        "measures": [{"goal": row.goal.title, "standard_id": str(row.standard_id)} for row in beside],
    }
