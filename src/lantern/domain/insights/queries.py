"""What may be asked about released figures. Every page about groups reads here, and these tables only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from lantern.domain.insights import policy
from lantern.domain.insights.models import ReleasedLine, ReleasedTerm, RosterEntry, SmallestGroup
from lantern.domain.insights.types import (
    LEAST_PEOPLE,
    METRIC_WORDS,
    WHY_WORDS,
    Level,
    Metric,
    MetricChoice,
    MyRelease,
    Report,
    Row,
    TermView,
    Way,
)
from lantern.engine.release import Band, Term, last_closed, term_called
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound
from lantern.kernel.ids import ids_among

REPORT_TABLES: tuple[str, ...] = tuple(table._meta.db_table for table in (ReleasedTerm, ReleasedLine, SmallestGroup))
"""The tables that pages about groups read, all of them; who is reading is asked before, by the gate."""

_ORDER = {level: place for place, level in enumerate(Level)}


def smallest_group(actor: Actor) -> int:
    """Return how many other people a group must have in the actor's tenant: ten, or more where it was raised."""
    row = SmallestGroup.objects.first()
    return max(LEAST_PEOPLE, row.people) if row else LEAST_PEOPLE


def closed_term(key: str = "") -> Term:
    """Return a term by its key, the last closed one without one. Raises Invalid for what is none or is not over."""
    today = clock.today()
    try:
        term = term_called(key) if key else last_closed(today)
    except ValueError:
        raise Invalid({"term": "Write the term as year and season, such as 2026-spring."}) from None
    if term.ends_before > today:
        raise Invalid({"term": "This term is not over yet."})
    return term


def is_released(actor: Actor, key: str) -> bool:
    """Tell whether a term is out in the actor's tenant."""
    return ReleasedTerm.objects.filter(key=key).exists()


def list_terms(actor: Actor) -> list[TermView]:
    """Return the released terms, the newest first."""
    return [
        TermView(row.key, term_called(row.key).words, row.begins_on, term_called(row.key).last_day, row.released_at)
        for row in ReleasedTerm.objects.order_by("-begins_on")
    ]


def list_metrics(actor: Actor, term_key: str) -> list[MetricChoice]:
    """Return what may be chosen in a term: hours first, then areas by framework, then aims.

    What has no figure for the actor, since every group is too small, comes last and is grouped under that.
    """
    rows = (
        ReleasedLine.objects.filter(policy.visible(actor), term__key=term_key)
        .values_list("metric", "subject_id", "label", "about")
        .annotate(shown=Count("low"))
    )
    order = {metric: place for place, metric in enumerate((Metric.GOAL_HOURS, Metric.TIMELY_NEEDS, Metric.NEED_AREA))}
    listed = sorted(
        rows,
        key=lambda row: (not row[4], order.get(Metric(row[0]), len(order)), row[3].casefold(), row[2].casefold()),
    )
    return [
        MetricChoice(
            f"{metric}:{subject_id}",
            METRIC_WORDS[metric][0].format(label=label),
            about if shown else f"No figure, too few people: {about}".removesuffix(": "),
        )
        for metric, subject_id, label, about, shown in listed
    ]


def get_report(actor: Actor, term_key: str, metric_key: str) -> Report:
    """Return one metric of one term, as far as the actor may see it. Raises NotFound for what is not there for her."""
    metric, _, subject = metric_key.partition(":")
    lines = ReleasedLine.objects.filter(policy.visible(actor), term__key=term_key, metric=metric)
    listed = list(lines.filter(subject_id__in=ids_among([subject])).order_by("way", "position", "node"))
    if not listed:
        raise NotFound("There is no such figure.")
    name, meaning = METRIC_WORDS[metric]
    cut = [line for line in listed if line.way == Way.SERVICE]
    dropped = next((WHY_WORDS[line.why] for line in cut if line.level != Level.SERVICE), "")
    return Report(
        name=name.format(label=listed[0].label),
        meaning=meaning,
        about=listed[0].about,
        rows=_rows(line for line in listed if line.way == Way.PLACE),
        cut=_rows(line for line in cut if line.level == Level.SERVICE),
        cut_dropped=dropped,
        has_cut=bool(cut),
    )


def figure_of_aim(actor: Actor, initiative_id: UUID, organisation_id: UUID) -> tuple[str, Row] | None:
    """Return the newest term's words and line about an aim, for everybody who may see it, or None before a release.

    Of the aim's own organisation where that is here, else of the reader's district.
    """
    lines = ReleasedLine.objects.filter(policy.visible_of_aim(actor, initiative_id, organisation_id))
    newest_last = sorted(
        lines.select_related("term"), key=lambda line: (line.term.begins_on, line.organisation_id == organisation_id)
    )
    found = newest_last[-1:]
    return (term_called(found[0].term.key).words, _row(found[0], 0)) if found else None


def my_releases(actor: Actor) -> list[MyRelease]:
    """Return the released figures in which I was counted, the newest term first; never a value."""
    found = []
    entries = RosterEntry.objects.filter(policy.my_entries(actor)).select_related("term").order_by("-term__begins_on")
    for entry in entries:
        lines = ReleasedLine.objects.filter(
            Q(framework_id__isnull=True) | Q(framework_id=entry.framework_id),
            Q(low__isnull=False) | Q(above=True),
            term=entry.term,
            way=Way.PLACE,
            organisation_id__in={entry.organisation_id, entry.tenant_id},
        ).exclude(level=Level.GRADES)
        named = {(line.metric, line.label) for line in lines}
        words = sorted(METRIC_WORDS[metric][0].format(label=label) for metric, label in named)
        term = term_called(entry.term.key).words
        found += [MyRelease(term, each, entry.term.released_at) for each in words]
    return found


def export_for(actor: Actor) -> dict[str, Any]:
    """Return where I was counted, and in which released figures."""
    entries = RosterEntry.objects.filter(policy.my_entries(actor)).select_related("term", "organisation")
    return {
        "counted": [
            {
                "term": entry.term.key,
                "place": entry.organisation.name,
                "grade_band": entry.grade_band,
                "service_band": entry.service_band,
            }
            for entry in entries.order_by("term__begins_on")
        ],
        "figures": [
            {"term": each.term, "metric": each.metric, "released_at": each.released_at.isoformat()}
            for each in my_releases(actor)
        ],
    }


def _rows(lines: Iterable[ReleasedLine]) -> tuple[Row, ...]:
    listed = list(lines)
    levels = sorted({_ORDER[Level(line.level)] for line in listed})
    return tuple(_row(line, levels.index(_ORDER[Level(line.level)])) for line in listed)


def _row(line: ReleasedLine, depth: int) -> Row:
    share = Band(line.low, line.high).words if line.low is not None and line.high is not None else ""
    why = WHY_WORDS[line.why] if line.why else ""
    return Row(line.name, line.level, depth, line.low, line.high, share, size_words(line), why)


def size_words(line: ReleasedLine) -> str:
    """Return the size of a group as a band: "21 to 40 people"; nothing where it is not shown."""
    if line.size_from is None:
        return ""
    if line.size_to is None:
        return f"more than {line.size_from - 1} people"
    return f"{line.size_from} to {line.size_to} people"
