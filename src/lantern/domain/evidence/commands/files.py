"""Files that show attendance or work: taken in safely, tied to an activity, removed for good."""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from lantern.domain.courses import queries as courses
from lantern.domain.evidence import policy
from lantern.domain.evidence.events import EvidenceAdded, EvidenceRemoved
from lantern.domain.evidence.models import Evidence
from lantern.domain.evidence.types import FILE_TYPES, MOST_FILES, EvidenceKind, EvidenceState
from lantern.domain.privacy import policy as privacy
from lantern.kernel import files
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound, Unavailable
from lantern.kernel.events import publish
from lantern.kernel.files import keeping
from lantern.kernel.files.models import FileRole, StoredFile
from lantern.kernel.turns import take_turn

_KINDS = frozenset(kind.value for kind in EvidenceKind)


def add_evidence(
    actor: Actor, *, activity_id: UUID, kind: str, upload: BinaryIO, filename: str, note: str = ""
) -> Evidence:
    """Take a file in as evidence for an activity of one's own; the same content a second time is the same evidence.

    The file is opened and written anew before the transaction begins, so that a slow picture holds up nobody.
    Raises NotFound, Invalid (with the reason under "upload"), Unavailable when there is no room.
    """
    person_id = privacy.acting_person(actor)
    courses.get_activity(actor, activity_id)
    note = " ".join(note.split())
    if wrong := wrong_facts(kind, note):
        raise Invalid(wrong)
    ingested = _taken_in(upload, filename)
    try:
        return _keep(actor, person_id, activity_id, kind, note, ingested)
    finally:
        files.discard(ingested)  # what was kept has another name by now


def wrong_facts(kind: str, note: str) -> dict[str, str]:
    """Return what is wrong with what is said about a file, by field."""
    wrong: dict[str, str] = {}
    if kind not in _KINDS:
        wrong["kind"] = "Choose what the file shows."
    if len(note) > 200:
        wrong["note"] = "Use at most 200 characters."
    return wrong


def kept_as(
    person_id: UUID, ingested: files.Ingested, role: FileRole = FileRole.KEPT, **facts: StoredFile | int | None
) -> StoredFile:
    """Keep a file as a person's. Raises Invalid under "upload" when her files take all the room she may have."""
    try:
        return keeping.keep(person_id, ingested, role=role, **facts)  # type: ignore[arg-type]  # parent and seconds
    except files.FileRefused as refused:
        raise Invalid({"upload": refused.reason}) from None


def _taken_in(upload: BinaryIO, filename: str) -> files.Ingested:
    try:
        return files.ingest(upload, filename, allowed=FILE_TYPES)
    except files.FileRefused as refused:
        raise Invalid({"upload": refused.reason}) from None
    except files.StorageFull as full:
        raise Unavailable(str(full)) from None


@transaction.atomic
def _keep(actor: Actor, person_id: UUID, activity_id: UUID, kind: str, note: str, ingested: files.Ingested) -> Evidence:
    take_turn("evidence", activity_id)
    of_activity = Evidence.objects.select_related("file").filter(policy.visible(actor), activity_id=activity_id)
    same = same_or_room(of_activity, ingested.sha256)
    if same is not None:
        return same
    stored = kept_as(person_id, ingested)
    evidence = Evidence(person_id=person_id, activity_id=activity_id, file=stored, kind=kind, note=note, at=stored.at)
    evidence.save()
    publish(actor, EvidenceAdded(evidence.pk, activity_id))
    return evidence


def same_or_room(of_activity: QuerySet[Evidence], sha256: str) -> Evidence | None:
    """Return the piece that has this content already, or None where another may be added; else raise Invalid."""
    same = of_activity.filter(file__sha256=sha256).exclude(state__in=(EvidenceState.REFUSED, EvidenceState.ENDED))
    found = same.first()
    if found is None and of_activity.count() >= MOST_FILES:
        raise Invalid({"upload": f"There are {MOST_FILES} files here already. Remove one first."})
    return found


@transaction.atomic
def remove_evidence(actor: Actor, *, evidence_id: UUID) -> UUID:
    """Delete a piece of evidence, its row now and its file once this is committed; return its activity's id.

    Raises NotFound; Conflict when a record of hours rests on it (flows/credit_for_learning.py).
    """
    privacy.acting_person(actor)
    rows = Evidence.objects.select_related("file").filter(policy.visible(actor))
    evidence = rows.filter(pk=evidence_id).first()
    if evidence is None:
        raise NotFound("There is no such evidence.")
    activity_id = evidence.activity_id
    was_proof = evidence.is_ready
    keeping.drop(evidence.file)  # takes the evidence with it
    left = rows.filter(activity_id=activity_id, state=EvidenceState.READY).count()
    if not was_proof:
        left = max(left, 1)  # what showed nothing leaves no hours without proof
    publish(actor, EvidenceRemoved(evidence_id, activity_id, left))
    return activity_id
