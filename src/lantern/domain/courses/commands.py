"""What an educator does with an activity: take it up, say how far she is, finish it, set it aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import Kind, Status
from lantern.domain.competencies import queries as competencies
from lantern.domain.courses import policy
from lantern.domain.courses.events import (
    ActivityFinished,
    ActivityProgressed,
    ActivitySetAside,
    ActivityTakenUp,
    PastBroughtIn,
    PastTakenAway,
)
from lantern.domain.courses.models import Activity
from lantern.domain.courses.queries import activity_for_resource, held_already
from lantern.domain.courses.types import MOST_MINUTES, MOST_YEARS_BACK, ActivityState, Past
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotFound
from lantern.kernel.events import publish
from lantern.kernel.turns import take_turn

_KINDS = frozenset(kind.value for kind in Kind)


@transaction.atomic
def take_up(actor: Actor, *, resource_id: UUID) -> Activity:
    """Take a resource up as an activity of one's own; a second time returns the same one, also after it was set aside.
    What was brought in from before stays beside it: who does it again learns it here.

    Raises NotFound for a resource out of sight, Invalid for one that is no longer offered.
    """
    person_id = privacy.acting_person(actor)
    existing = activity_for_resource(actor, resource_id)
    if existing is not None and not existing.from_before:
        return existing if existing.state != ActivityState.SET_ASIDE else _take_up_again(actor, existing)
    resource = catalog.get_resource(actor, resource_id)
    if resource.status != Status.PUBLISHED:
        raise Invalid("This is not offered any more.")
    now = clock.now()
    activity = Activity(
        person_id=person_id,
        resource=resource,
        title=resource.title,
        kind=resource.kind,
        provider=resource.provider,
        url=resource.url,
        minutes=min(resource.minutes or 0, MOST_MINUTES),
        created_at=now,
        updated_at=now,
    )
    try:
        with transaction.atomic():
            activity.save()
    except IntegrityError:  # the same person took it up at the same moment in another window
        found = activity_for_resource(actor, resource_id)
        if found is None or found.from_before:
            raise
        return found
    publish(actor, ActivityTakenUp(activity.pk, resource_id))
    return activity


def _take_up_again(actor: Actor, activity: Activity) -> Activity:
    activity.state = ActivityState.STARTED if activity.percent else ActivityState.PLANNED
    activity.updated_at = clock.now()
    activity.save(update_fields=["state", "updated_at"])
    publish(actor, ActivityTakenUp(activity.pk, activity.resource_id))
    return activity


@transaction.atomic
def add_outside(
    actor: Actor,
    *,
    title: str,
    kind: str,
    minutes: int,
    url: str = "",
    provider: str = "",
    happened_on: date | None = None,
    competency_id: UUID | None = None,
) -> Activity:
    """Add something from anywhere else; with a date it is done already, without one it is to come. Raises Invalid."""
    person_id = privacy.acting_person(actor)
    title, url, provider = " ".join(title.split()), url.strip(), " ".join(provider.split())
    _refuse_wrong_outside(title, kind, minutes, url, provider, happened_on)
    if competency_id is not None:
        competencies.get_competency(actor, competency_id)
    now = clock.now()
    activity = Activity(
        person_id=person_id,
        title=title,
        kind=kind,
        minutes=minutes,
        url=url,
        provider=provider,
        competency_id=competency_id,
        happened_on=happened_on,
        created_at=now,
        updated_at=now,
    )
    if happened_on is not None:
        activity.state, activity.percent, activity.minutes_spent = ActivityState.FINISHED, 100, minutes
        activity.started_at = activity.finished_at = now
    activity.save()
    publish(actor, ActivityTakenUp(activity.pk, None))
    if happened_on is not None:
        publish(actor, ActivityFinished(activity.pk, None))
    return activity


@transaction.atomic
def bring_in(actor: Actor, *, things: Sequence[Past]) -> list[Activity]:
    """Keep what one learned before, as done on its day; it earns no hours here. What is there already stays as it is.

    Return what is new. Raises NotFound for a resource out of sight, Invalid.
    """
    person_id = privacy.acting_person(actor)
    take_turn("past learning", person_id)
    wanted = {one.resource_id for one in things if one.resource_id is not None}
    resources = {row.pk: row for row in catalog.list_resources_by_ids(actor, wanted)}
    there, outside = held_already(actor)
    taken, named = set(there), set(outside)
    made: list[Activity] = []
    for one in things:
        key = (one.title.casefold(), one.happened_on)
        if (one.resource_id in taken) if one.resource_id else (key in named):
            continue
        if one.resource_id:
            taken.add(one.resource_id)
        else:
            named.add(key)
        made.append(_past_activity(actor, person_id, one, resources))
    Activity.objects.bulk_create(made, batch_size=100)
    if made:
        publish(actor, PastBroughtIn(len(made)))
    return made


def _past_activity(actor: Actor, person_id: UUID, one: Past, resources: Mapping[UUID, Any]) -> Activity:
    title, kind, provider, url, minutes = one.title, Kind.EXTERNAL_COURSE.value, one.provider, one.url, one.minutes
    resource = None
    if one.resource_id is not None:
        resource = resources.get(one.resource_id)
        if resource is None:
            raise NotFound("There is no such resource.")
        title, kind, provider, url = resource.title, resource.kind, resource.provider, resource.url
        minutes = min(resource.minutes or 0, MOST_MINUTES) if minutes is None else minutes
    try:
        # What the catalog says of a resource stands; what she says herself has to hold.
        said = (one.title, Kind.EXTERNAL_COURSE.value, max(minutes or 0, 1), one.url, one.provider, one.happened_on)
        _refuse_wrong_outside(*said, MOST_YEARS_BACK)
    except Invalid as problem:
        raise Invalid({name: f"“{one.title[:60]}”: {why}" for name, why in problem.fields.items()}) from None
    now, day = clock.now(), timezone.make_aware(datetime.combine(one.happened_on, time(12)))
    return Activity(
        tenant_id=actor.tenancy.own,
        person_id=person_id,
        resource=resource,
        title=title,
        kind=kind,
        provider=provider,
        url=url,
        minutes=min(minutes or 0, MOST_MINUTES),
        minutes_spent=min(minutes or 0, MOST_MINUTES),
        state=ActivityState.FINISHED,
        percent=100,
        happened_on=one.happened_on,
        from_before=True,
        created_at=now,
        updated_at=now,
        started_at=min(day, now),
        finished_at=min(day, now),
    )


@transaction.atomic
def set_progress(actor: Actor, *, activity_id: UUID, percent: int, minutes_spent: int | None = None) -> Activity:
    """Say how far one is (0 to 100; 100 is done, for good) and how many minutes it took so far.

    A repeat changes nothing. What is done stays done: later only its minutes change.
    Raises NotFound, Invalid, Conflict.
    """
    privacy.acting_person(actor)
    activity = _mine_locked(actor, activity_id)
    if activity.state == ActivityState.SET_ASIDE:
        raise Conflict("You set this aside. Take it up again first.")
    wrong = {}
    if not 0 <= percent <= 100:
        wrong["percent"] = "Choose a number from 0 to 100."
    if minutes_spent is not None and not 0 <= minutes_spent <= MOST_MINUTES:
        wrong["minutes_spent"] = f"Choose a number from 0 to {MOST_MINUTES:,}."
    if wrong:
        raise Invalid(wrong)
    return _progressed(actor, activity, percent, minutes_spent)


def _progressed(actor: Actor, activity: Activity, percent: int, minutes_spent: int | None) -> Activity:
    was_finished = activity.state == ActivityState.FINISHED
    percent = 100 if was_finished else percent
    spent = activity.minutes_spent if minutes_spent is None else minutes_spent
    if (percent, spent) == (activity.percent, activity.minutes_spent):
        return activity
    now = clock.now()
    activity.percent, activity.minutes_spent, activity.updated_at = percent, spent, now
    if percent and activity.started_at is None:
        activity.started_at = now
    if percent and activity.state == ActivityState.PLANNED:
        activity.state = ActivityState.STARTED
    finishing = percent == 100 and not was_finished
    if finishing:
        activity.state, activity.finished_at = ActivityState.FINISHED, now
    activity.save()
    publish(actor, ActivityProgressed(activity.pk, percent, spent))
    if finishing:
        publish(actor, ActivityFinished(activity.pk, activity.resource_id))
    return activity


@transaction.atomic
def set_aside(actor: Actor, *, activity_id: UUID) -> Activity:
    """Put an activity away unfinished; a repeat changes nothing. Raises NotFound, Conflict when it is done."""
    privacy.acting_person(actor)
    activity = _mine_locked(actor, activity_id)
    if activity.state == ActivityState.FINISHED:
        raise Conflict("This is done, so it stays with what you have done.")
    if activity.state == ActivityState.SET_ASIDE:
        return activity
    activity.state, activity.updated_at = ActivityState.SET_ASIDE, clock.now()
    activity.save(update_fields=["state", "updated_at"])
    publish(actor, ActivitySetAside(activity.pk))
    return activity


@transaction.atomic
def resume(actor: Actor, *, activity_id: UUID) -> Activity:
    """Take an activity up again that was set aside; one that was not stays as it is. Raises NotFound, Conflict."""
    privacy.acting_person(actor)
    activity = _mine_locked(actor, activity_id)
    if activity.state != ActivityState.SET_ASIDE:
        return activity
    if activity.is_outside:
        return _take_up_again(actor, activity)
    return take_up(actor, resource_id=activity.resource_id)


@transaction.atomic
def take_away(actor: Actor, *, activity_id: UUID) -> UUID | None:
    """Delete something one brought in from before, as if it had not been; return its resource, None from outside.

    Raises NotFound, Conflict for what was learned here: that stays.
    """
    privacy.acting_person(actor)
    activity = _mine_locked(actor, activity_id)
    if not activity.from_before:
        raise Conflict("You learned this here, so it stays with what you have done.")
    resource_id = activity.resource_id
    activity.delete()
    publish(actor, PastTakenAway(activity_id, resource_id))
    return resource_id


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete every activity of a person; return how many. Raises NotFound."""
    privacy.allow_erasure(actor, person_id)
    rows = Activity.objects.filter(person_id=person_id)
    count = rows.count()
    rows.delete()
    return {"activities deleted": count}


def _mine_locked(actor: Actor, activity_id: UUID) -> Activity:
    found = Activity.objects.select_for_update().filter(policy.visible(actor), pk=activity_id).first()
    if found is None:
        raise NotFound("There is no such activity.")
    return found


def _refuse_wrong_outside(
    title: str, kind: str, minutes: int, url: str, provider: str, happened_on: date | None, years: int = 20
) -> None:
    wrong: dict[str, str] = {}
    if not 1 <= len(title) <= 300:
        wrong["title"] = "Give it a title of at most 300 characters."
    if kind not in _KINDS:
        wrong["kind"] = "Choose what it is from the list."
    if not 1 <= minutes <= MOST_MINUTES:
        wrong["minutes"] = f"Say how many minutes it takes, from 1 to {MOST_MINUTES:,}."
    if url and not _is_web_address(url):
        wrong["url"] = "Paste a full web address that starts with https:// or http://."
    if len(provider) > 160:
        wrong["provider"] = "Use at most 160 characters."
    if happened_on is not None and happened_on > clock.today():
        wrong["happened_on"] = "This day has not come yet. Add it to your plan instead."
    if happened_on is not None and happened_on.year < clock.today().year - years:
        wrong["happened_on"] = f"This is more than {years} years ago. Please check the year."
    if wrong:
        raise Invalid(wrong)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return len(url) <= 500 and parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in url
