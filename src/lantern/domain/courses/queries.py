"""What may be asked about one's own activities."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from lantern.domain.courses.models import Activity
from lantern.domain.courses.policy import visible
from lantern.domain.courses.types import ActivityState, Moments
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed, NotFound
from lantern.kernel.prepared import prepared


def _mine(actor: Actor) -> QuerySet[Activity]:
    return Activity.objects.filter(visible(actor)).select_related("resource", "competency")


def get_activity(actor: Actor, activity_id: UUID) -> Activity:
    """Return one activity of the actor's. Raises NotFound."""
    found = _mine(actor).filter(pk=activity_id).first()
    if found is None:
        raise NotFound("There is no such activity.")
    return found


def my_activities(actor: Actor, states: Iterable[str] = ()) -> QuerySet[Activity]:
    """Return the actor's activities, the latest touched first; without `states` all but those set aside."""
    wanted = tuple(states)
    mine = _mine(actor).order_by("-updated_at")
    return mine.filter(state__in=wanted) if wanted else mine.exclude(state=ActivityState.SET_ASIDE)


def activity_for_resource(actor: Actor, resource_id: UUID) -> Activity | None:
    """Return the actor's activity for a resource, or None when she never took it up: what she learns here before what
    she set aside, and that before what she brought in from before.
    """
    found = _for_resource.list(actor, resource_id)
    return min(found, key=lambda row: (row.from_before, row.state == ActivityState.SET_ASIDE), default=None)


@prepared
def _for_resource(actor: Actor, resource_id: UUID) -> QuerySet[Activity]:
    return _mine(actor).filter(resource_id=resource_id).order_by("-updated_at")


def latest_begun(actor: Actor) -> Activity | None:
    """Return what the actor is in the middle of and touched last, or None."""
    return _begun.first(actor)


@prepared
def _begun(actor: Actor) -> QuerySet[Activity]:
    return Activity.objects.filter(visible(actor), state=ActivityState.STARTED).order_by("-updated_at")[:1]


def finished_resource_ids(actor: Actor) -> frozenset[UUID]:
    """Return the ids of the resources the actor is done with."""
    return frozenset(pk for pk in _finished.list(actor) if pk is not None)


@prepared
def _finished(actor: Actor) -> QuerySet[Activity, UUID | None]:
    rows = Activity.objects.filter(visible(actor), state=ActivityState.FINISHED, resource__isnull=False)
    return rows.values_list("resource_id", flat=True)


def held_already(actor: Actor) -> tuple[frozenset[UUID], frozenset[tuple[str, date | None]]]:
    """Return the resources among the actor's activities, and (title, day) of what came from outside; what was set aside
    is in neither.
    """
    rows = Activity.objects.filter(visible(actor)).exclude(state=ActivityState.SET_ASIDE)
    found = list(rows.only("resource_id", "title", "happened_on"))
    outside = {(row.title.casefold(), row.happened_on) for row in found if row.resource_id is None}
    return frozenset(row.resource_id for row in found if row.resource_id is not None), frozenset(outside)


def count_finished(actor: Actor) -> int:
    """Return how many activities the actor is done with."""
    return Activity.objects.filter(visible(actor), state=ActivityState.FINISHED).count()


def minutes_learned(
    actor: Actor, begins_on: date, ends_before: date
) -> list[tuple[UUID, UUID, int]]:
    """Return (person, activity, minutes) of everything finished that happened in these days, for the release rule; what
    was brought in from before is not among it.

    Raises NotAllowed for anybody but Lantern itself.
    """
    if not actor.is_system:
        raise NotAllowed("Minutes are added up by Lantern's release rule only.")
    # A day is where the installation is: one more on both sides, then `learned_on` decides.
    around = {"gte": begins_on - timedelta(days=1), "lte": ends_before}
    near = Q(**{f"happened_on__{how}": day for how, day in around.items()}) | Q(
        happened_on__isnull=True, **{f"finished_at__date__{how}": day for how, day in around.items()}
    )
    rows = Activity.objects.filter(near, state=ActivityState.FINISHED, from_before=False).only(
        "person_id", "state", "minutes", "minutes_spent", "happened_on", "finished_at"
    )
    return [
        (row.person_id, row.pk, row.minutes_counted)
        for row in rows
        if row.learned_on is not None and begins_on <= row.learned_on < ends_before
    ]


def resources_by_state(actor: Actor, person_ids: Iterable[UUID]) -> dict[UUID, dict[str, frozenset[UUID]]]:
    """Return for each of these people the resources she took up, by the state they are in; ids only.

    For Lantern's own nightly work. Raises NotAllowed.
    """
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself goes through everybody.")
    rows = Activity.objects.filter(person_id__in=list(person_ids), resource__isnull=False)
    found: dict[UUID, dict[str, set[UUID]]] = {}
    for person_id, resource_id, state in rows.values_list("person_id", "resource_id", "state"):
        if resource_id is not None:
            found.setdefault(person_id, {}).setdefault(state, set()).add(resource_id)
    return {person: {state: frozenset(ids) for state, ids in states.items()} for person, states in found.items()}


def finished_days(actor: Actor) -> dict[UUID, date | None]:
    """Return the resources the actor is done with, each with the day she was."""
    return _days(_finished_when.list(actor))


def finished_once(actor: Actor) -> frozenset[UUID]:
    """Return the resources the actor finished here: taken up again they stay finished."""
    rows = _mine(actor).filter(state=ActivityState.FINISHED, from_before=False, resource__isnull=False)
    return frozenset(row for row in rows.values_list("resource_id", flat=True) if row is not None)


@prepared
def _finished_when(actor: Actor) -> QuerySet[Activity]:
    return _with_days(Activity.objects.filter(visible(actor)))


def finished_here(actor: Actor, since: date) -> list[Activity]:
    """Return what the actor finished here from a day on, the latest first; nothing of what she brought in."""
    rows = _mine(actor).filter(state=ActivityState.FINISHED, from_before=False, finished_at__date__gte=since)
    return list(rows.order_by("-finished_at", "pk"))


def finished_days_of(actor: Actor, person_ids: Iterable[UUID]) -> dict[UUID, dict[UUID, date | None]]:
    """Return the same for each of these people, for Lantern's own nightly work. Raises NotAllowed."""
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself goes through everybody.")
    rows: dict[UUID, list[Activity]] = {}
    for row in _with_days(Activity.objects.filter(person_id__in=list(person_ids))):
        rows.setdefault(row.person_id, []).append(row)
    return {person_id: _days(found) for person_id, found in rows.items()}


def _with_days(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    finished = rows.filter(state=ActivityState.FINISHED, resource__isnull=False)
    return finished.only("person_id", "resource_id", "happened_on", "finished_at")


def _days(rows: Iterable[Activity]) -> dict[UUID, date | None]:
    """Return the latest day for each resource: what she brought in of earlier years she may have done again here."""
    found: dict[UUID, date | None] = {}
    for row in rows:
        if row.resource_id is not None:
            days = [day for day in (found.get(row.resource_id), row.learned_on) if day is not None]
            found[row.resource_id] = max(days, default=None)
    return found


def moments(actor: Actor) -> list[Moments]:
    """Return of each of the actor's activities that is not set aside or from before what it is about and when she took
    it up (only what is from the catalog), began and finished it.
    """
    rows = Activity.objects.filter(visible(actor), from_before=False).exclude(state=ActivityState.SET_ASIDE)
    found = rows.values_list("resource_id", "competency_id", "created_at", "started_at", "finished_at")
    return [
        Moments(resource_id, competency_id, None if resource_id is None else created_at, started_at, finished_at)
        for resource_id, competency_id, created_at, started_at, finished_at in found
    ]


def export_for(actor: Actor) -> dict[str, Any]:
    """Return everything this feature keeps about the actor, as plain values."""
    return {
        "activities": [
            {
                "id": str(row.pk),
                "resource": _text(row.resource_id),
                "title": row.title,
                "kind": row.kind,
                "provider": row.provider,
                "url": row.url,
                "minutes": row.minutes,
                "competency": _text(row.competency_id),
                "state": row.state,
                "percent": row.percent,
                "minutes_spent": row.minutes_spent,
                "happened_on": _text(row.happened_on),
                "from_before": row.from_before,
                "created_at": _text(row.created_at),
                "started_at": _text(row.started_at),
                "finished_at": _text(row.finished_at),
                "updated_at": _text(row.updated_at),
            }
            for row in Activity.objects.filter(visible(actor)).order_by("created_at")
        ]
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
