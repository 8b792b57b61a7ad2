"""Reflecting: what one takes away, where one will try it, and how that went."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from lantern.domain.courses import commands as courses
from lantern.domain.courses import queries as course_queries
from lantern.domain.courses.types import ActivityState
from lantern.domain.evidence import policy, queries
from lantern.domain.evidence.events import (
    ReflectionAnswered,
    ReflectionAsked,
    ReflectionEdited,
    ReflectionSubmitted,
)
from lantern.domain.evidence.models import Reflection
from lantern.domain.evidence.types import LONGEST_TEXT, MOST_REFLECTED_MINUTES, Outcome
from lantern.domain.privacy import commands as sharing
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish

_OUTCOMES = frozenset(outcome.value for outcome in Outcome)
_TWICE = "You have already reflected on this. You can change your words on the reflection's own page."


@transaction.atomic
def open_shared_reflection(actor: Actor, *, reflection_id: UUID, purpose: str) -> Reflection:
    """Return a reflection that its owner shared with me, and write the look down for her; mine without a look.

    Raises NotFound for any other.
    """
    row = Reflection.objects.select_related("activity").filter(pk=reflection_id).first()
    if row is None:
        raise NotFound("There is no such reflection.")
    sharing.open_item(
        actor, owner_id=row.person_id, tenant_id=row.tenant_id, item_kind="reflection", item_id=row.pk, purpose=purpose
    )
    return row


@transaction.atomic
def submit_reflection(
    actor: Actor, *, activity_id: UUID, takeaway: str, minutes: int, try_class: str = "", try_on: date | None = None
) -> Reflection:
    """Keep a reflection on an activity of one's own, and mark the activity as done if it was not.

    The same reflection sent twice is one. Raises NotFound, Invalid, and Conflict for a second, different one.
    """
    person_id = privacy.acting_person(actor)
    activity = course_queries.get_activity(actor, activity_id)
    takeaway, try_class = takeaway.strip(), " ".join(try_class.split())
    wrong = _wrong_words(takeaway, try_class) | _wrong_day(try_on)
    if not 1 <= minutes <= MOST_REFLECTED_MINUTES:
        wrong["minutes"] = f"Say how many minutes you spent, from 1 to {MOST_REFLECTED_MINUTES:,}."
    if activity.state == ActivityState.SET_ASIDE:
        wrong[""] = "You set this aside. Take it up again first."
    if wrong:
        raise Invalid(wrong)
    existing = queries.reflection_of(actor, activity_id)
    if existing is not None:
        if (existing.takeaway, existing.minutes) == (takeaway, minutes):
            return existing
        raise Conflict(_TWICE)
    courses.set_progress(actor, activity_id=activity_id, percent=100, minutes_spent=minutes)
    reflection = Reflection(
        person_id=person_id,
        activity_id=activity_id,
        takeaway=takeaway,
        minutes=minutes,
        try_class=try_class,
        try_on=try_on,
        submitted_at=clock.now(),
    )
    try:
        with transaction.atomic():
            reflection.save()
    except IntegrityError:
        raise Conflict(_TWICE) from None
    has_evidence = queries.has_evidence(actor, activity_id)
    publish(actor, ReflectionSubmitted(reflection.pk, activity_id, minutes, activity.is_outside, has_evidence))
    return reflection


@transaction.atomic
def edit_reflection(
    actor: Actor, *, reflection_id: UUID, takeaway: str, try_class: str = "", try_on: date | None = None
) -> Reflection:
    """Change one's own words, the class or the day; minutes and credit stay as they are. Raises NotFound, Invalid."""
    privacy.acting_person(actor)
    reflection = _mine_locked(actor, reflection_id)
    takeaway, try_class = takeaway.strip(), " ".join(try_class.split())
    new_day = try_on != reflection.try_on
    wrong = _wrong_words(takeaway, try_class) | (_wrong_day(try_on) if new_day else {})
    if wrong:
        raise Invalid(wrong)
    if (takeaway, try_class, try_on) == (reflection.takeaway, reflection.try_class, reflection.try_on):
        return reflection
    reflection.takeaway, reflection.try_class, reflection.try_on = takeaway, try_class, try_on
    if new_day:
        reflection.asked_at = None
    reflection.save(update_fields=["takeaway", "try_class", "try_on", "asked_at"])
    publish(actor, ReflectionEdited(reflection.pk))
    return reflection


@transaction.atomic
def answer_reflection(
    actor: Actor, *, reflection_id: UUID, outcome: str, what_happened: str = "", try_on: date | None = None
) -> Reflection:
    """Say how the trial went. "Not tried yet" with a new day `try_on` lets Lantern come back after it.

    The answer may be changed later; a repeat changes nothing. Raises NotFound, Invalid.
    """
    privacy.acting_person(actor)
    reflection = _mine_locked(actor, reflection_id)
    what_happened = what_happened.strip()
    again = try_on if outcome == Outcome.NOT_TRIED else None
    wrong = _wrong_day(again)
    if outcome not in _OUTCOMES:
        wrong["outcome"] = "Choose how it went."
    if len(what_happened) > LONGEST_TEXT:
        wrong["what_happened"] = f"Use at most {LONGEST_TEXT:,} characters."
    if wrong:
        raise Invalid(wrong)
    if again is not None:
        return _postponed(actor, reflection, again, what_happened)
    if (reflection.outcome, reflection.what_happened) == (outcome, what_happened) and reflection.answered_at:
        return reflection
    reflection.outcome, reflection.what_happened, reflection.answered_at = outcome, what_happened, clock.now()
    reflection.save(update_fields=["outcome", "what_happened", "answered_at"])
    publish(actor, ReflectionAnswered(reflection.pk, reflection.activity_id))
    return reflection


def _postponed(actor: Actor, reflection: Reflection, day: date, what_happened: str) -> Reflection:
    if (reflection.try_on, reflection.what_happened, reflection.outcome) == (day, what_happened, Outcome.NOT_TRIED):
        return reflection
    reflection.try_on, reflection.what_happened, reflection.outcome = day, what_happened, Outcome.NOT_TRIED
    reflection.asked_at = reflection.answered_at = None
    reflection.save(update_fields=["try_on", "what_happened", "outcome", "asked_at", "answered_at"])
    publish(actor, ReflectionEdited(reflection.pk))
    return reflection


@transaction.atomic
def mark_asked(actor: Actor, *, reflection_id: UUID) -> bool:
    """Note that Lantern asked how it went; tell whether this was the first time. Raises NotAllowed for a person."""
    if not policy.can_ask(actor):
        raise NotAllowed("Only Lantern itself asks how it went.")
    waiting = Reflection.objects.filter(pk=reflection_id, asked_at__isnull=True, answered_at__isnull=True)
    if not waiting.update(asked_at=clock.now()):
        return False
    publish(actor, ReflectionAsked(reflection_id))
    return True


def _mine_locked(actor: Actor, reflection_id: UUID) -> Reflection:
    found = Reflection.objects.select_for_update().filter(policy.visible(actor), pk=reflection_id).first()
    if found is None:
        raise NotFound("There is no such reflection.")
    return found


def _wrong_words(takeaway: str, try_class: str) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not takeaway:
        wrong["takeaway"] = "Write at least one sentence on what you take away."
    elif len(takeaway) > LONGEST_TEXT:
        wrong["takeaway"] = f"Use at most {LONGEST_TEXT:,} characters."
    if len(try_class) > 120:
        wrong["try_class"] = "Use at most 120 characters."
    return wrong


def _wrong_day(try_on: date | None) -> dict[str, str]:
    if try_on is None:
        return {}
    if try_on < clock.today() - timedelta(days=1):
        return {"try_on": "This day is over. Choose a day to come, or leave it empty."}
    if try_on > clock.today() + timedelta(days=730):
        return {"try_on": "This is more than two years away. Please check the year."}
    return {}
