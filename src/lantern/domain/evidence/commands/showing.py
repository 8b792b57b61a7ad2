"""Opening a picture or video: to its owner, and to whom she shares it with, decided anew for every piece of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from lantern.domain.evidence import policy
from lantern.domain.evidence.models import Evidence
from lantern.domain.evidence.types import ITEM_KIND, VIEWING_HOURS, OpenedFile, Part
from lantern.domain.privacy import commands as privacy
from lantern.domain.privacy.policy import scope
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound
from lantern.kernel.files.models import SERVED, FileRole, StoredFile

_VIEWING = timedelta(hours=VIEWING_HOURS)
_SHOWN = "Watching"


@transaction.atomic
def open_shared_evidence(actor: Actor, *, evidence_id: UUID, purpose: str) -> Evidence:
    """Return a piece of evidence that is mine, or that its owner shares with me and whose look is written down.

    Raises NotFound, also when it is not ready or must not be shown to others any more.
    """
    evidence = _found(actor, evidence_id)
    _decide(actor, evidence, purpose)
    return evidence


@transaction.atomic
def open_bytes(actor: Actor, *, evidence_id: UUID, part: str = Part.FILE) -> OpenedFile:
    """Return the bytes of a piece of evidence that the actor may have now, or raise NotFound.

    Asked for every range of a video, so that a share that ended ends the playing too. Somebody else's viewing is
    written down once in VIEWING_HOURS, however many ranges it takes.
    """
    evidence = _found(actor, evidence_id)
    _decide(actor, evidence, _SHOWN, viewing=_VIEWING)
    stored = _bytes_of(evidence, part)
    mine = evidence.person_id == actor.person_id
    return OpenedFile(stored.key, stored.name, stored.media_type, stored.sha256, mine)


def _found(actor: Actor, evidence_id: UUID) -> Evidence:
    """Look only among what she may open: a refusal costs the same whether there is such a row or not (trust.md C8)."""
    found: Evidence | None = scope(actor, Evidence).select_related("file").filter(pk=evidence_id).first()
    if found is None or not found.is_ready:
        raise NotFound("There is no such evidence.")
    return found


def _decide(actor: Actor, evidence: Evidence, purpose: str, viewing: timedelta = timedelta(0)) -> None:
    if evidence.person_id != actor.person_id and not policy.can_be_shared(evidence):
        raise NotFound("There is no such evidence.")
    privacy.open_item(
        actor,
        owner_id=evidence.person_id,
        tenant_id=evidence.tenant_id,
        item_kind=ITEM_KIND,
        item_id=evidence.pk,
        purpose=purpose,
        viewing=viewing,
    )


def _bytes_of(evidence: Evidence, part: str) -> StoredFile:
    """Give the row whose bytes answer: the file itself, or what was made from a video. Never what came from outside."""
    stored: StoredFile | None = evidence.file
    if part == Part.POSTER or evidence.is_video:
        role = FileRole.POSTER if part == Part.POSTER else FileRole.FILM
        stored = evidence.file.derivatives.filter(role=role).first()
    if stored is None or stored.role not in SERVED:
        raise NotFound("There is no such evidence.")
    return stored
