"""What sources say of an educator's levels: noted by the flow that knows the source, shown and taken away by her."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from lantern.domain.competencies import queries as competencies
from lantern.domain.needs import policy
from lantern.domain.needs.events import CompetencyRated, LevelEvidenceChanged, LevelEvidenceTakenAway
from lantern.domain.needs.models import LevelEvidence, Rating
from lantern.domain.needs.types import EvidenceKind
from lantern.domain.privacy import policy as privacy
from lantern.engine.mastery import BadEvidence, Evidence
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound
from lantern.kernel.events import publish


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One thing that a source says: a level (0 to 4) on a competency, how unsure it is, and what she will read."""

    competency_id: UUID
    level: float
    sd: float | None = None
    words: str = ""


@transaction.atomic
def note_evidence(
    actor: Actor,
    *,
    kind: EvidenceKind,
    source_id: UUID,
    signs: Iterable[Sign],
    giver: UUID | None = None,
    at: datetime | None = None,
) -> int:
    """Keep what a source says of my levels, instead of what the same source said before; return how many it says.

    Raises NotFound for a competency that is not there, Invalid for a level or an uncertainty that cannot be.
    """
    me, moment, said = privacy.acting_person(actor), at or clock.now(), list(signs)
    for one in said:
        try:
            Evidence(kind, one.level, 0.0, one.sd)
        except BadEvidence as problem:
            raise Invalid({problem.field: f"{problem.field.capitalize()} {problem.reason}."}) from None
    ids = {one.competency_id for one in said}
    if len(competencies.competency_names(actor, ids)) != len(ids):
        raise NotFound("One of these competencies is not there.")
    before, _ = LevelEvidence.objects.filter(policy.visible_evidence(actor), kind=kind, source_id=source_id).delete()
    LevelEvidence.objects.bulk_create(
        LevelEvidence(
            tenant_id=actor.tenancy.own, person_id=me, competency_id=one.competency_id, kind=kind.value,
            level=one.level, sd=one.sd, giver=giver, source_id=source_id, words=one.words, at=moment,
        )
        for one in said
    )  # fmt: skip
    if said or before:
        publish(actor, LevelEvidenceChanged(len(said) or before))
    return len(said)


@transaction.atomic
def remove_evidence(actor: Actor, *, evidence_id: UUID) -> None:
    """Take away one thing that a source said of my level, my own rating too; the source says no more by itself.

    Raises NotFound.
    """
    privacy.acting_person(actor)
    row = LevelEvidence.objects.filter(policy.visible_evidence(actor), pk=evidence_id).first()
    if row is not None:
        event = LevelEvidenceTakenAway(row.source_id)
        row.delete()
        publish(actor, event)
        publish(actor, LevelEvidenceChanged(1))
        return
    gone, _ = Rating.objects.filter(policy.visible_ratings(actor), pk=evidence_id).delete()
    if not gone:
        raise NotFound("There is nothing of that kind.")
    publish(actor, CompetencyRated(1))
