"""What may be asked about hours: one's own ledger, the rule in force, and whether something will count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from lantern.domain.catalog import queries as catalog
from lantern.domain.courses import queries as courses
from lantern.domain.credits.models import CreditEntry, CreditRule, Licence
from lantern.domain.credits.policy import visible
from lantern.domain.credits.types import FROM_BEFORE, REFLECTION, Counts, LicenceProgress, Total, Verdict
from lantern.domain.evidence import queries as evidence
from lantern.engine import credit
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed
from lantern.kernel.prepared import prepared


def my_entries(actor: Actor, credit_type: str | None = None, period: str | None = None) -> QuerySet[CreditEntry]:
    """Return the actor's ledger, newest first, of one credit type or period when asked."""
    return _ledger(actor, credit_type, period).select_related("rule", "reverses", "reversed_by")


def list_entries(actor: Actor, credit_type: str | None = None, period: str | None = None) -> list[CreditEntry]:
    """Return the same as a list, with what the page shows of each line."""
    return _entries.list(actor, credit_type, period)


def _ledger(actor: Actor, credit_type: str | None, period: str | None) -> QuerySet[CreditEntry]:
    rows = CreditEntry.objects.filter(visible(actor))
    if credit_type is not None:
        rows = rows.filter(credit_type=credit_type)
    if period is not None:
        rows = rows.filter(period=period)
    return rows.order_by("-earned_on", "-at", "-pk")


_SHOWN = ("credit_type", "period", "title", "earned_on", "at", "minutes", "hundredths", "reason", "reverses",
          "rule__name", "rule__version", "reversed_by__reverses")  # fmt: skip
"""What a line of the record shows: there are many lines, and each column of each costs."""


@prepared
def _entries(actor: Actor, credit_type: str | None, period: str | None) -> QuerySet[CreditEntry]:
    return _ledger(actor, credit_type, period).select_related("rule", "reversed_by").only(*_SHOWN)


def totals(actor: Actor) -> list[Total]:
    """Return the actor's hours by credit type and period, the newest period first; reversals are taken off."""
    return [Total(*row) for row in _totals.list(actor)]


@prepared
def _totals(actor: Actor) -> QuerySet[CreditEntry, tuple[str, str, int, int]]:
    rows = CreditEntry.objects.filter(visible(actor)).values("credit_type", "period")
    summed = rows.annotate(total=Sum("hundredths"), lines=Count("pk")).order_by("credit_type", "-period")
    return summed.values_list("credit_type", "period", "total", "lines")


def total_hundredths(actor: Actor) -> int:
    """Return all the actor's hours, in hundredths."""
    return sum(total.hundredths for total in totals(actor))


def hours_from(actor: Actor, source_kind: str, source_id: UUID) -> int | None:
    """Return the hundredths of hours that a source earned the actor, less reversals; None when it earned none."""
    return hours_by_source(actor, source_kind, [source_id]).get(source_id)


def hours_by_source(actor: Actor, source_kind: str, source_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return the same for many sources, in one query, by the source's id."""
    rows = CreditEntry.objects.filter(visible(actor), source_kind=source_kind, source_id__in=list(source_ids))
    return {row["source_id"]: row["total"] for row in rows.values("source_id").annotate(total=Sum("hundredths"))}


def list_rules(actor: Actor) -> list[CreditRule]:
    """Return every version of the rules in the actor's tenant and those above it, the nearest tenant's newest first."""
    rules = _rules.list()
    nearness = {tenant: place for place, tenant in enumerate(actor.tenancy.reach)}
    rules.sort(key=lambda rule: (-nearness[rule.tenant_id], rule.effective_from, rule.version), reverse=True)
    return rules


@prepared
def _rules() -> QuerySet[CreditRule]:
    return CreditRule.objects.select_related("tenant")


def rule_on(actor: Actor, day: date | None = None) -> CreditRule | None:
    """Return the rule in force on a day (today when not given): the nearest tenant's newest version, or None."""
    on = day or clock.today()
    return next((rule for rule in list_rules(actor) if rule.effective_from <= on), None)


def verdict_for(
    actor: Actor,
    *,
    minutes: int | None,
    outside: bool,
    has_evidence: bool = False,
    resource: Any = None,
    day: date | None = None,
) -> Verdict:
    """Return whether so many minutes of learning count, how many hours, by which rule, and what is missing.

    `resource`, where there is one, may limit the minutes by its own `credit_minutes`. `day` is the day of learning.
    """
    return judge(rule_on(actor, day), minutes=minutes, outside=outside, has_evidence=has_evidence, resource=resource)


def judge(
    rule: CreditRule | None, *, minutes: int | None, outside: bool, has_evidence: bool, resource: Any = None
) -> Verdict:
    """Return the verdict by a rule at hand, for pages that show many at once (see `rule_on`)."""
    if rule is None:
        return Verdict(Counts.NO, 0, "", "", ("a rule for hours, which your district has not set for that day",))
    arithmetic = arithmetic_of(rule, resource)
    hundredths = credit.hours(minutes or 0, arithmetic)
    if hundredths == 0:
        short = (
            f"at least {_least(arithmetic)} minutes" if minutes else "how many minutes it takes, which is not stated"
        )
        return Verdict(Counts.NO, 0, rule.credit_type, rule.name, (short,))
    missing = (
        ("a file that shows you took part",) if outside and rule.outside_needs_evidence and not has_evidence else ()
    )
    capped = (minutes or 0) > arithmetic.most_minutes
    note = f"At most {arithmetic.most_minutes:,} minutes of one activity count." if capped else ""
    counts = Counts.PARTLY if missing or capped else Counts.YES
    return Verdict(counts, hundredths, rule.credit_type, rule.name, missing, note)


def arithmetic_of(rule: CreditRule, resource: Any = None) -> credit.CreditRule:
    """Return the numbers of a rule for the engine, with the limit that a resource states for itself."""
    stated = getattr(resource, "credit_minutes", None)
    most = min(rule.most_minutes, stated) if stated else rule.most_minutes
    return credit.CreditRule(rule.minutes_per_hour, rule.step_minutes, max(1, most))


def _least(arithmetic: credit.CreditRule) -> int:
    """Return the fewest minutes that earn anything."""
    step = arithmetic.step_minutes
    return step if credit.hours(step, arithmetic) else step * -(-arithmetic.minutes_per_hour // (100 * step))


def reflections_waiting_for_evidence(actor: Actor) -> list[Any]:
    """Return the actor's reflections on outside learning that would earn hours once a file shows it."""
    rule = rule_on(actor)
    if rule is None or not rule.outside_needs_evidence:
        return []
    outside = evidence.my_reflections(actor).filter(activity__resource__isnull=True, activity__from_before=False)
    found = list(outside.exclude(activity_id__in=evidence.activities_with_evidence(actor))[:50])
    earned = hours_by_source(actor, REFLECTION, [row.pk for row in found])
    return [row for row in found if row.pk not in earned and credit.hours(row.minutes, arithmetic_of(rule))]


def my_licence(actor: Actor) -> Licence | None:
    """Return the licence the actor said she holds, or None."""
    return _licences.first(actor)


@prepared
def _licences(actor: Actor) -> QuerySet[Licence]:
    return Licence.objects.filter(visible(actor)).order_by("-renews_on")[:1]


def licence_progress(actor: Actor) -> LicenceProgress | None:
    """Return how far the actor's licence is, or None when she has not said which she holds."""
    licence = my_licence(actor)
    if licence is None:
        return None
    counted = _counted.list(actor, licence.credit_type, licence.counts_from, licence.renews_on)
    return _progress(licence, sum(counted))


def _progress(licence: Licence, hundredths: int) -> LicenceProgress:
    return LicenceProgress(
        name=licence.name,
        credit_type=licence.credit_type,
        hundredths=hundredths,
        hours_needed=licence.hours_needed,
        counts_from=licence.counts_from,
        renews_on=licence.renews_on,
        days_left=max(0, (licence.renews_on - clock.today()).days),
    )


def licences_in_progress(actor: Actor, person_ids: Iterable[UUID]) -> dict[UUID, LicenceProgress]:
    """Return how far the licence of each of these people is, as `licence_progress` says it of one, in two questions.

    For Lantern's own nightly work. Raises NotAllowed.
    """
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself goes through everybody.")
    held: dict[UUID, Licence] = {}
    for licence in Licence.objects.filter(person_id__in=list(person_ids)).order_by("-renews_on"):
        held.setdefault(licence.person_id, licence)
    if not held:
        return {}
    sums: dict[UUID, int] = dict.fromkeys(held, 0)
    entries = CreditEntry.objects.filter(person_id__in=list(held))
    for person_id, kind, day, hundredths in entries.values_list("person_id", "credit_type", "earned_on", "hundredths"):
        if person_id is not None:
            licence = held[person_id]
            if kind == licence.credit_type and licence.counts_from <= day <= licence.renews_on:
                sums[person_id] += hundredths
    return {person_id: _progress(licence, sums[person_id]) for person_id, licence in held.items()}


@prepared
def _counted(actor: Actor, credit_type: str, first: date, last: date) -> QuerySet[CreditEntry, int]:
    rows = CreditEntry.objects.filter(visible(actor), credit_type=credit_type, earned_on__range=(first, last))
    return rows.order_by().values("credit_type").annotate(total=Sum("hundredths")).values_list("total", flat=True)


def list_credit_types(actor: Actor) -> list[str]:
    """Return the credit types there are for the actor: those of the rules in reach and those in her ledger."""
    of_rules = {rule.credit_type for rule in list_rules(actor)}
    of_entries = set(CreditEntry.objects.filter(visible(actor)).values_list("credit_type", flat=True).distinct())
    return sorted(of_rules | of_entries)


def verdict_for_resource(actor: Actor, resource_id: UUID) -> Verdict:
    """Return whether a resource of the catalog counts if one takes the minutes it states. Raises NotFound."""
    resource = catalog.get_resource(actor, resource_id)
    return verdict_for(
        actor, minutes=resource.credit_minutes or resource.minutes, outside=False, has_evidence=False, resource=resource
    )


def verdict_for_activity(actor: Actor, activity_id: UUID) -> Verdict:
    """Return whether an activity of the actor's counts, with the minutes and evidence there are. Raises NotFound."""
    activity = courses.get_activity(actor, activity_id)
    if activity.from_before:
        return Verdict(Counts.NO, 0, "", "", note=FROM_BEFORE)
    return verdict_for(
        actor,
        minutes=activity.minutes_counted,
        outside=activity.is_outside,
        has_evidence=evidence.has_evidence(actor, activity_id),
        resource=activity.resource,
        day=activity.learned_on,
    )


_PAGE = 5000
"""Entries read at once where everybody's are: memory does not grow with the district."""


def earned_until(actor: Actor, ends_before: date) -> Iterator[tuple[UUID, UUID, date]]:
    """Yield (person, reflection, day) of each entry that stands and was earned before a day; ids and days only.

    For Lantern itself (decision 0051). Raises NotAllowed.
    """
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself goes through everybody.")
    rows = CreditEntry.objects.filter(
        source_kind=REFLECTION, earned_on__lt=ends_before, reverses__isnull=True, reversed_by__isnull=True
    ).order_by("pk")
    page = list(rows.values_list("pk", "person_id", "source_id", "earned_on")[:_PAGE])
    while page:
        yield from (line[1:] for line in page)
        page = list(rows.filter(pk__gt=page[-1][0]).values_list("pk", "person_id", "source_id", "earned_on")[:_PAGE])


def export_for(actor: Actor) -> dict[str, Any]:
    """Return everything this feature keeps about the actor, as plain values."""
    return {
        "credit_entries": [
            {
                "id": str(row.pk),
                "title": row.title,
                "credit_type": row.credit_type,
                "hundredths_of_hours": row.hundredths,
                "minutes": row.minutes,
                "earned_on": row.earned_on.isoformat(),
                "period": row.period,
                "rule": str(row.rule),
                "source_kind": row.source_kind,
                "source": str(row.source_id),
                "reverses": None if row.reverses_id is None else str(row.reverses_id),
                "reason": row.reason,
                "at": row.at.isoformat(),
            }
            for row in my_entries(actor)
        ],
        "licences": [
            {
                "id": str(row.pk),
                "name": row.name,
                "credit_type": row.credit_type,
                "hours_needed": row.hours_needed,
                "counts_from": row.counts_from.isoformat(),
                "renews_on": row.renews_on.isoformat(),
            }
            for row in Licence.objects.filter(visible(actor))
        ],
    }
