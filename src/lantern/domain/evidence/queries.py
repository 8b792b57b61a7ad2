"""What may be asked about one's own reflections and evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lantern.domain.courses import queries as courses
from lantern.domain.courses.types import ActivityState
from lantern.domain.evidence import policy
from lantern.domain.evidence.models import Evidence, Reflection
from lantern.domain.evidence.types import SHAREABLE_STUDENTS, SHOWN_TYPES, EvidenceState, Outcome
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed, NotFound
from lantern.kernel.files.models import FileRole
from lantern.kernel.prepared import prepared


def my_reflections(actor: Actor) -> QuerySet[Reflection]:
    """Return the actor's reflections with their activities, newest first."""
    rows = Reflection.objects.filter(policy.visible(actor)).select_related("activity__resource")
    return rows.order_by("-submitted_at", "-pk")


def get_reflection(actor: Actor, reflection_id: UUID) -> Reflection:
    """Return one reflection of the actor's. Raises NotFound."""
    found = my_reflections(actor).filter(pk=reflection_id).first()
    if found is None:
        raise NotFound("There is no such reflection.")
    return found


def my_reflection_titles(actor: Actor) -> dict[UUID, str]:
    """Return what each reflection of the actor's is about, by its id."""
    rows = Reflection.objects.filter(policy.visible(actor)).order_by("-submitted_at", "-pk")
    return dict(rows.values_list("pk", "activity__title"))


def reflection_of(actor: Actor, activity_id: UUID) -> Reflection | None:
    """Return the actor's reflection on an activity, or None."""
    return my_reflections(actor).filter(activity_id=activity_id).first()


def tried_in_class(actor: Actor) -> QuerySet[Reflection]:
    """Return the reflections on what the actor tried in a class, as she answered, the latest day first."""
    tried = my_reflections(actor).filter(answered_at__isnull=False, try_on__isnull=False)
    return tried.exclude(outcome=Outcome.NOT_TRIED).order_by("-try_on", "-pk")


def reflections_to_answer(actor: Actor) -> QuerySet[Reflection]:
    """Return the reflections whose trial day is over and that nobody answered yet, the oldest first."""
    due = my_reflections(actor).filter(answered_at__isnull=True, try_on__lt=clock.today())
    return due.order_by("try_on", "pk")


def first_to_answer(actor: Actor) -> Reflection | None:
    """Return the oldest of them with its activity, or None."""
    return _to_answer.first(actor, clock.today())


@prepared
def _to_answer(actor: Actor, today: date) -> QuerySet[Reflection]:
    due = Reflection.objects.filter(policy.visible(actor), answered_at__isnull=True, try_on__lt=today)
    return due.select_related("activity").order_by("try_on", "pk")[:1]


def activities_to_reflect_on(actor: Actor) -> QuerySet[Any]:
    """Return the actor's finished activities without a reflection, the latest first; nothing of earlier years."""
    mine = courses.my_activities(actor, (ActivityState.FINISHED,))
    return mine.filter(reflection__isnull=True, from_before=False)


def my_evidence(actor: Actor, activity_id: UUID | None = None) -> QuerySet[Evidence]:
    """Return the actor's evidence, of one activity or of all, newest first."""
    rows = Evidence.objects.filter(policy.visible(actor)).select_related("file", "activity", "job")
    rows = rows.order_by("-at", "-pk")
    return rows if activity_id is None else rows.filter(activity_id=activity_id)


def get_evidence(actor: Actor, evidence_id: UUID) -> Evidence:
    """Return one piece of evidence of the actor's, with its file. Raises NotFound."""
    found = my_evidence(actor).filter(pk=evidence_id).first()
    if found is None:
        raise NotFound("There is no such evidence.")
    return found


def film_of(evidence: Evidence) -> Any:
    """Return what is known of the film made from a video (its size and length), or None."""
    return evidence.file.derivatives.filter(role=FileRole.FILM).first() if evidence.is_video else None


def has_evidence(actor: Actor, activity_id: UUID) -> bool:
    """Tell whether an activity of the actor's has a file that shows something; a video counts once it is prepared."""
    return my_evidence(actor, activity_id).filter(state=EvidenceState.READY).exists()


def activities_with_evidence(actor: Actor) -> QuerySet[Evidence, UUID]:
    """Return the ids of the actor's activities that have a file that shows something."""
    return my_evidence(actor).filter(state=EvidenceState.READY).order_by().values_list("activity_id", flat=True)


def shareable_evidence(actor: Actor) -> dict[UUID, str]:
    """Return the pictures and videos of the actor's that somebody else could be shown, with their names, newest
    first.
    """
    rows = my_evidence(actor).filter(
        state=EvidenceState.READY, file__media_type__in=SHOWN_TYPES, students__in=SHAREABLE_STUDENTS
    )
    return {row.pk: row.note or row.file.name for row in rows}


def list_to_end(actor: Actor, day: date) -> list[UUID]:
    """Return the videos whose date is over on `day`. For Lantern itself. Raises NotAllowed."""
    if not policy.can_end_videos(actor):
        raise NotAllowed("Only Lantern itself ends what has reached its date.")
    rows = Evidence.objects.filter(state__in=_WITH_BYTES, keep_until__lt=day)
    return list(rows.order_by("keep_until", "pk").values_list("pk", flat=True))


_WITH_BYTES = (EvidenceState.READY, EvidenceState.PREPARING)


def count_reflections(actor: Actor) -> int:
    """Return how many reflections the actor has written."""
    return Reflection.objects.filter(policy.visible(actor)).count()


def resources_reflected_on(actor: Actor, reflection_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return for each of these reflections the resource it is about, where that is finished and from the catalog; ids
    only. For Lantern itself (decision 0051). Raises NotAllowed.
    """
    if not policy.can_ask(actor):
        raise NotAllowed("Only Lantern itself goes through everybody.")
    rows = Reflection.objects.filter(
        pk__in=reflection_ids, activity__state=ActivityState.FINISHED, activity__resource__isnull=False
    )
    return dict(rows.values_list("pk", "activity__resource_id"))


def list_to_ask(actor: Actor, day: date) -> list[tuple[UUID, UUID]]:
    """Return (reflection, person) where the trial day is before `day` and nobody asked or answered. For Lantern."""
    if not policy.can_ask(actor):
        raise NotAllowed("Only Lantern itself asks how it went.")
    rows = Reflection.objects.filter(try_on__lt=day, asked_at__isnull=True, answered_at__isnull=True)
    return list(rows.order_by("try_on", "pk").values_list("pk", "person_id"))


def export_for(actor: Actor) -> dict[str, Any]:
    """Return everything this feature keeps about the actor, as plain values; the files themselves lie beside it."""
    return {
        "reflections": [
            {
                "id": str(row.pk),
                "activity": str(row.activity_id),
                "takeaway": row.takeaway,
                "minutes": row.minutes,
                "try_class": row.try_class,
                "try_on": _text(row.try_on),
                "submitted_at": _text(row.submitted_at),
                "asked_at": _text(row.asked_at),
                "outcome": row.outcome,
                "what_happened": row.what_happened,
                "answered_at": _text(row.answered_at),
            }
            for row in my_reflections(actor)
        ],
        "evidence": [
            {
                "id": str(row.pk),
                "activity": str(row.activity_id),
                "kind": row.kind,
                "note": row.note,
                "state": row.state,
                "students": row.students,
                "keep_until": _text(row.keep_until),
                "at": _text(row.at),
                "file": {
                    "key": row.file.key,
                    "name": row.file.name,
                    "media_type": row.file.media_type,
                    "size": row.file.size,
                    "sha256": row.file.sha256,
                },
            }
            for row in my_evidence(actor)
        ],
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
