"""Hours for learning: a reflection earns what the rule gives, and proof that hours rest on stays where it is.

Runs in the transaction of its cause: if hours cannot be written, the reflection is not saved either. Evidence never
learns that credits exist; this is the one place that joins them.
"""

from __future__ import annotations

from uuid import UUID

from lantern.domain.courses import queries as courses
from lantern.domain.credits import commands as credits
from lantern.domain.credits import queries as credit_queries
from lantern.domain.credits.events import CreditReversed
from lantern.domain.credits.types import REFLECTION
from lantern.domain.evidence import queries as evidence
from lantern.domain.evidence.events import EvidenceAdded, EvidenceRemoved, ReflectionSubmitted
from lantern.domain.notices import commands as notices
from lantern.kernel import clock
from lantern.kernel.actor import Actor, system
from lantern.kernel.errors import Conflict
from lantern.kernel.events import handles


@handles(ReflectionSubmitted)
def award_for_reflection(actor: Actor, event: ReflectionSubmitted) -> None:
    """Award the hours when the reflection is in and the rule misses nothing."""
    _award(actor, event.activity_id)


@handles(EvidenceAdded)
def award_when_proof_arrives(actor: Actor, event: EvidenceAdded) -> None:
    """Award what only the proof was missing for."""
    _award(actor, event.activity_id)


def _award(actor: Actor, activity_id: UUID) -> None:
    reflection = evidence.reflection_of(actor, activity_id)
    if reflection is None:
        return
    activity = courses.get_activity(actor, activity_id)
    if activity.from_before:  # hours of earlier years were given elsewhere, or were not
        return
    earned_on = activity.learned_on or clock.today()
    verdict = credit_queries.verdict_for(
        actor,
        minutes=reflection.minutes,
        outside=activity.is_outside,
        has_evidence=evidence.has_evidence(actor, activity_id),
        resource=activity.resource,
        day=earned_on,
    )
    if verdict.what_is_missing:
        return
    credits.award(
        system(actor.tenancy, actor.request_id),
        person_id=reflection.person_id,
        source_kind=REFLECTION,
        source_id=reflection.pk,
        title=activity.title,
        minutes=reflection.minutes,
        earned_on=earned_on,
        most_minutes=activity.resource.credit_minutes if activity.resource else None,
    )


@handles(EvidenceRemoved)
def keep_proof_of_hours(actor: Actor, event: EvidenceRemoved) -> None:
    """Refuse to let go of the last proof that hours rest on; nothing of the removal is kept then."""
    if event.left:
        return
    activity = courses.get_activity(actor, event.activity_id)
    reflection = evidence.reflection_of(actor, event.activity_id)
    if reflection is None or not activity.is_outside:
        return
    entries = credit_queries.my_entries(actor).filter(
        source_kind=REFLECTION, source_id=reflection.pk, reverses__isnull=True, reversed_by__isnull=True
    )
    entry = entries.first()
    if entry is not None and entry.rule.outside_needs_evidence:
        raise Conflict(
            f"This file is the proof behind {entry.hours} hours on your record. Add another proof first, "
            "then you can remove this one."
        )


@handles(CreditReversed)
def tell_of_hours_taken_back(actor: Actor, event: CreditReversed) -> None:
    """Let the educator know; the reason stands beside the entry."""
    notices.notify(actor, person_id=event.person_id, kind="hours_taken_back", item_id=event.entry_id)
