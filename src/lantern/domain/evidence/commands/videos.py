"""Videos as evidence: handed in, prepared by a job, kept for a time that its owner decides, and then deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from lantern.domain.courses import queries as courses
from lantern.domain.evidence import policy
from lantern.domain.evidence.commands.files import kept_as, same_or_room, wrong_facts
from lantern.domain.evidence.events import (
    EvidenceAdded,
    VideoEnded,
    VideoExtended,
    VideoReceived,
    VideoRefused,
    VideoStudentsSaid,
)
from lantern.domain.evidence.models import Evidence
from lantern.domain.evidence.types import STUDENT_WORDS, VIDEO_DAYS, EvidenceState
from lantern.domain.privacy import policy as privacy
from lantern.kernel import clock, files
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from lantern.kernel.events import publish
from lantern.kernel.files import keeping
from lantern.kernel.files.models import FileRole
from lantern.kernel.turns import take_turn

Told = Callable[[int, int], None]


def add_video(
    actor: Actor, *, activity_id: UUID, kind: str, students: str, upload: BinaryIO, filename: str, note: str = ""
) -> Evidence:
    """Take a video in for an activity of one's own; it opens for nobody until a job has written it anew.

    `students` says whether students are in it, a word of STUDENT_WORDS. It is kept for VIDEO_DAYS from today. The same
    content a second time is the same evidence. Raises NotFound, Invalid, Unavailable when there is no room.
    """
    person_id = privacy.acting_person(actor)
    courses.get_activity(actor, activity_id)
    note = " ".join(note.split())
    wrong = wrong_facts(kind, note) | _wrong_students(students)
    if wrong:
        raise Invalid(wrong)
    try:
        ingested = files.take_in_video(upload, filename)
    except files.FileRefused as refused:
        raise Invalid({"upload": refused.reason}) from None
    except files.StorageFull as full:
        raise Unavailable(str(full)) from None
    try:
        return _keep(actor, person_id, activity_id, kind, students, note, ingested)
    finally:
        files.discard(ingested)  # what was kept has another name by now


@transaction.atomic
def _keep(
    actor: Actor, person_id: UUID, activity_id: UUID, kind: str, students: str, note: str, ingested: files.Ingested
) -> Evidence:
    take_turn("evidence", activity_id)
    of_activity = Evidence.objects.select_related("file").filter(policy.visible(actor), activity_id=activity_id)
    same = same_or_room(of_activity, ingested.sha256)
    if same is not None:
        return same
    stored = kept_as(person_id, ingested, FileRole.RAW)
    evidence = Evidence(
        person_id=person_id,
        activity_id=activity_id,
        file=stored,
        kind=kind,
        note=note,
        students=students,
        state=EvidenceState.PREPARING,
        keep_until=clock.today() + timedelta(days=VIDEO_DAYS),
        at=stored.at,
    )
    evidence.save()
    publish(actor, VideoReceived(evidence.pk, activity_id))
    return evidence


@transaction.atomic
def follow_job(actor: Actor, *, evidence_id: UUID, job_id: UUID) -> None:
    """Note which job prepares a video of one's own, so that its page can say how far it is. Raises NotFound."""
    evidence = _mine(actor, evidence_id)
    evidence.job_id = job_id
    evidence.save(update_fields=["job"])


def prepare_video(actor: Actor, *, evidence_id: UUID, told: Told) -> bool:
    """Write a video of one's own anew and delete what was handed in; tell whether it can be opened now.

    What cannot be opened safely is deleted too, and its row says why. Harmless to repeat. Called by a job, outside a
    transaction, because it takes minutes. Raises NotFound, and StorageFull or OSError for another try later.
    """
    evidence = _mine(actor, evidence_id, lock=False)
    if not policy.can_prepare(actor, evidence) or evidence.state != EvidenceState.PREPARING:
        return evidence.is_ready
    try:
        prepared = files.prepare_video(evidence.file.key, evidence.file.name, told)
    except (files.FileRefused, FileNotFoundError) as refused:
        reason = getattr(refused, "reason", "The file is not here any more. Please upload it again.")
        give_up_video(actor, evidence_id=evidence_id, reason=reason)
        return False
    try:
        return _finish(actor, evidence_id, prepared)
    except Invalid as full:
        give_up_video(actor, evidence_id=evidence_id, reason=full.fields["upload"])
        return False
    finally:
        files.discard(prepared.film)
        files.discard(prepared.poster)


@transaction.atomic
def _finish(actor: Actor, evidence_id: UUID, prepared: files.Prepared) -> bool:
    evidence = _mine(actor, evidence_id)
    if evidence.state != EvidenceState.PREPARING:  # removed, ended or finished by another worker meanwhile
        return evidence.is_ready
    owner_id = evidence.person_id
    keeping.forget_bytes(evidence.file, with_derivatives=True)
    kept_as(owner_id, prepared.film, FileRole.FILM, parent=evidence.file, seconds=prepared.seconds)
    kept_as(owner_id, prepared.poster, FileRole.POSTER, parent=evidence.file)
    evidence.state = EvidenceState.READY
    evidence.save(update_fields=["state"])
    publish(actor, EvidenceAdded(evidence.pk, evidence.activity_id))
    return True


@transaction.atomic
def give_up_video(actor: Actor, *, evidence_id: UUID, reason: str) -> None:
    """Delete the bytes of a video of one's own that cannot be prepared, and say why. Raises NotFound."""
    evidence = _mine(actor, evidence_id)
    if evidence.state != EvidenceState.PREPARING:
        return
    keeping.forget_bytes(evidence.file, with_derivatives=True)
    evidence.state, evidence.refusal = EvidenceState.REFUSED, reason[:200]
    evidence.save(update_fields=["state", "refusal"])
    publish(actor, VideoRefused(evidence.pk))


@transaction.atomic
def extend_video(actor: Actor, *, evidence_id: UUID) -> Evidence:
    """Keep a video of one's own for another VIDEO_DAYS from today. Raises NotFound, Conflict when it is not there."""
    evidence = _mine(actor, evidence_id)
    if evidence.state not in {EvidenceState.READY, EvidenceState.PREPARING} or evidence.keep_until is None:
        raise Conflict("This video is not here any more.")
    until = clock.today() + timedelta(days=VIDEO_DAYS)
    if until != evidence.keep_until:
        evidence.keep_until = until
        evidence.save(update_fields=["keep_until"])
        publish(actor, VideoExtended(evidence.pk))
    return evidence


@transaction.atomic
def say_students(actor: Actor, *, evidence_id: UUID, students: str) -> Evidence:
    """Say anew whether students are in a video of one's own and may be; it holds for others at the next range they ask.

    Raises NotFound, Invalid.
    """
    evidence = _mine(actor, evidence_id)
    if wrong := _wrong_students(students):
        raise Invalid(wrong)
    if students != evidence.students:
        evidence.students = students
        evidence.save(update_fields=["students"])
        publish(actor, VideoStudentsSaid(evidence.pk))
    return evidence


@transaction.atomic
def end_video(actor: Actor, *, evidence_id: UUID) -> bool:
    """Delete the bytes of a video whose date is over; its row stays and says that it was there.

    Tells whether anything was deleted. Raises NotAllowed for everybody but Lantern itself.
    """
    if not policy.can_end_videos(actor):
        raise NotAllowed("Only Lantern itself ends what has reached its date.")
    rows = Evidence.objects.select_for_update(of=("self",)).select_related("file")
    evidence = rows.filter(pk=evidence_id, keep_until__lt=clock.today()).first()
    if evidence is None or evidence.state not in {EvidenceState.READY, EvidenceState.PREPARING}:
        return False
    keeping.forget_bytes(evidence.file, with_derivatives=True)
    evidence.state, evidence.note = EvidenceState.ENDED, ""
    evidence.save(update_fields=["state", "note"])
    publish(actor, VideoEnded(evidence.pk))
    return True


def _mine(actor: Actor, evidence_id: UUID, *, lock: bool = True) -> Evidence:
    privacy.acting_person(actor)
    rows = Evidence.objects.select_for_update(of=("self",)) if lock else Evidence.objects.all()
    found = rows.select_related("file").filter(policy.visible(actor), pk=evidence_id).first()
    if found is None:
        raise NotFound("There is no such evidence.")
    return found


def _wrong_students(students: str) -> dict[str, str]:
    return {} if students in STUDENT_WORDS else {"students": "Say whether students are seen or heard in it."}
