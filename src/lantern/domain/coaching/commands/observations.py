"""What a coach saw: written for one educator, seen by the two of them, and worth nothing until she takes it up."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from lantern.domain.coaching import policy
from lantern.domain.coaching.events import ObservationAnswered, ObservationWithdrawn, ObservationWritten
from lantern.domain.coaching.models import CoachLink, Observation
from lantern.domain.coaching.types import ObservationState
from lantern.domain.competencies import queries as competencies
from lantern.domain.needs import commands as needs
from lantern.domain.needs.types import EvidenceKind, NeedSource
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from lantern.kernel.events import publish

_WORDS_MOST = 2000
_OLDEST_DAYS = 400
_LEVELS = range(5)


@transaction.atomic
def write_observation(
    actor: Actor, *, link_id: UUID, saw: str, on: date, competency_id: UUID | None = None, level: int | None = None
) -> Observation:
    """Write down what I saw of somebody I coach, for her to read; nothing of hers changes.

    Raises NotFound, NotAllowed for anybody but an active coach, Invalid by field.
    """
    link = CoachLink.objects.select_for_update().filter(policy.visible_links(actor), pk=link_id).first()
    if link is None:
        raise NotFound("There is no such link.")
    if not policy.can_propose(actor, link):
        raise NotAllowed("Only a coach who said yes can write what she saw.")
    _check(saw.strip(), on, competency_id, level)
    if competency_id is not None:
        competencies.get_competency(actor, competency_id)
    row = Observation.objects.create(
        link=link, educator_id=link.educator_id, competency_id=competency_id, level=level, saw=saw.strip(), on=on,
        at=clock.now(),
    )  # fmt: skip
    publish(actor, ObservationWritten(row.pk, link.educator_id))
    return row


def _check(saw: str, on: date, competency_id: UUID | None, level: int | None) -> None:
    problems = {}
    if not saw:
        problems["saw"] = "Say what you saw."
    elif len(saw) > _WORDS_MOST:
        problems["saw"] = f"Please keep this to {_WORDS_MOST} characters."
    if on > clock.today():
        problems["on"] = "Choose a day that has been."
    elif (clock.today() - on).days > _OLDEST_DAYS:
        problems["on"] = "That is more than a year ago. Write about something newer."
    if level is not None and level not in _LEVELS:
        problems["level"] = "Choose a level from the list."
    elif level is not None and competency_id is None:
        problems["level"] = "A level belongs to a competency. Choose one, or leave the level out."
    if problems:
        raise Invalid(problems)


@transaction.atomic
def withdraw_observation(actor: Actor, *, observation_id: UUID) -> UUID:
    """Take back what I wrote and she has not answered; return its link. Raises NotFound, NotAllowed, Conflict."""
    row = _observation(actor, observation_id)
    if row.link.coach_id != actor.person_id:
        raise NotAllowed("Only the coach can take this back. You can set it aside.")
    if not policy.can_withdraw_observation(actor, row):
        raise Conflict("This was answered already.")
    link_id: UUID = row.link_id
    event = ObservationWithdrawn(row.pk)
    row.delete()
    publish(actor, event)
    return link_id


@transaction.atomic
def answer_observation(
    actor: Actor, *, observation_id: UUID, as_need: bool = False, as_evidence: bool = False
) -> Observation:
    """Take up what my coach saw, as a need, as evidence of my level, or both; neither sets it aside.

    What was set aside can be taken up later. Raises NotFound, NotAllowed, Conflict for what was taken up already, and
    Invalid where it names no competency or level.
    """
    row = _observation(actor, observation_id)
    if not policy.can_answer_observation(actor, row):
        raise NotAllowed("Only the person it was written for can answer it.")
    if row.state == ObservationState.TAKEN_UP:
        raise Conflict("You took this up already. You find it among your needs, and can take it away there.")
    if as_evidence and (row.competency_id is None or row.level is None):
        raise Invalid({"as_evidence": "It names no level, so it can say nothing of yours."})
    if as_need:
        source = NeedSource.COACH_OBSERVATION.value
        needs.add_need(actor, competency_id=row.competency_id, words=row.saw, source=source)
    if as_evidence and row.competency_id is not None and row.level is not None:
        needs.note_evidence(
            actor,
            kind=EvidenceKind.COACH_OBSERVATION,
            source_id=row.pk,
            giver=row.link.coach_id,
            signs=[needs.Sign(competency_id=row.competency_id, level=float(row.level), words=row.saw)],
            at=min(timezone.make_aware(datetime.combine(row.on, time(12))), clock.now()),
        )
    taken = as_need or as_evidence
    row.state = (ObservationState.TAKEN_UP if taken else ObservationState.SET_ASIDE).value
    row.answered_at = clock.now()
    row.save(update_fields=["state", "answered_at"])
    publish(actor, ObservationAnswered(row.pk))
    return row


def _observation(actor: Actor, observation_id: UUID) -> Observation:
    rows = Observation.objects.select_for_update(of=("self",)).select_related("link__coach")
    row = rows.filter(policy.visible_observations(actor), pk=observation_id).first()
    if row is None:
        raise NotFound("There is no such observation.")
    return row
