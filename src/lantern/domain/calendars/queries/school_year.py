"""The school year: what was set by whom, and what it means for one person."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from django.db.models import QuerySet

from lantern.domain.calendars import policy
from lantern.domain.calendars.models import SchoolTime
from lantern.domain.calendars.types import LONGEST_BREAK, SchoolTimeKind, SchoolTimeView, Year
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed, NotFound

DAY = timedelta(days=1)
BETWEEN_TERMS = "Between terms"


def list_school_times(actor: Actor) -> list[SchoolTimeView]:
    """Return every term, days off and staff day of where I work or coordinate, in their order."""
    return [_view(actor, row) for row in _seen(actor).order_by("begins_on", "ends_on", "pk")]


def list_coming(actor: Actor, most: int = 6) -> list[SchoolTimeView]:
    """Return the next ones that count for my weeks and are not over, for a short look."""
    rows = _seen(actor).filter(policy.concerns(actor), ends_on__gte=clock.today())
    return [_view(actor, row) for row in rows.order_by("begins_on", "ends_on", "pk")[:most]]


def get_school_time(actor: Actor, school_time_id: UUID) -> SchoolTimeView:
    """Return one that concerns me. Raises NotFound."""
    row = _seen(actor).filter(pk=school_time_id).first()
    if row is None:
        raise NotFound("There is no such entry in the school year.")
    return _view(actor, row)


def get_school_time_to_write(actor: Actor, school_time_id: UUID) -> SchoolTimeView:
    """Return one that I may change. Raises NotFound; NotAllowed for what another organisation set."""
    view = get_school_time(actor, school_time_id)
    if not view.mine_to_change:
        raise NotAllowed("This was set by another organisation. Those who coordinate there may change it.")
    return view


def year_of(actor: Actor, first: date, last: date) -> Year:
    """Return which days, from `first` to `last`, are off or without class for the actor. One statement.

    Days off and staff days of all her organisations count. Terms are those of the nearest organisation that has any:
    a school she works at, then her tenant, then those above; a day between two terms is off. Before the first,
    after the last, and between two that lie further apart than any break, nothing is known: every day is an ordinary
    one.
    """
    rows = list(_seen(actor).filter(policy.concerns(actor)).order_by("begins_on", "ends_on", "pk"))
    off: dict[date, str] = {}
    no_class: set[date] = set()
    terms: dict[UUID, list[SchoolTime]] = defaultdict(list)
    for row in rows:
        if row.kind == SchoolTimeKind.TERM:
            terms[row.organisation_id].append(row)
            continue
        for day in _days(max(row.begins_on, first), min(row.ends_on, last)):
            if row.kind == SchoolTimeKind.HOLIDAY:
                off.setdefault(day, row.name)
            else:
                no_class.add(day)
    nearest = min(terms, key=lambda place: _distance(actor, place), default=None)
    for before, after in pairwise(terms[nearest]) if nearest else ():
        if after.begins_on - before.ends_on > LONGEST_BREAK:
            continue
        for day in _days(max(before.ends_on + DAY, first), min(after.begins_on - DAY, last)):
            off.setdefault(day, BETWEEN_TERMS)
    return Year(off, frozenset(no_class))


def _distance(actor: Actor, place: UUID) -> tuple[int, str]:
    """Return how far an organisation stands above the actor; two schools of hers are told apart by their ids."""
    chain = (actor.tenancy.own, *actor.tenancy.above)
    return (chain.index(place) + 1 if place in chain else 0), str(place)


def _days(first: date, last: date) -> list[date]:
    return [first + DAY * step for step in range((last - first).days + 1)]


def _seen(actor: Actor) -> QuerySet[SchoolTime]:
    return SchoolTime.objects.filter(policy.visible_school_times(actor)).select_related("organisation")


def _view(actor: Actor, row: SchoolTime) -> SchoolTimeView:
    return SchoolTimeView(
        id=row.pk,
        kind=row.kind,
        name=row.name,
        begins_on=row.begins_on,
        ends_on=row.ends_on,
        organisation_id=row.organisation_id,
        organisation=row.organisation.name,
        mine_to_change=policy.can_write(actor, row.organisation_id),
    )
