"""Videos: each one that comes in is prepared by a job, and each day those whose date is over are deleted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from lantern.domain.evidence import commands as evidence
from lantern.domain.evidence import queries as evidence_queries
from lantern.domain.evidence.events import VideoReceived
from lantern.kernel import clock, jobs
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound
from lantern.kernel.events import handles
from lantern.kernel.files import StorageFull
from lantern.kernel.jobs import Progress, job

PREPARE = "evidence.prepare_video"
END = "evidence.end_videos"


@handles(VideoReceived)
def queue_preparing(actor: Actor, event: VideoReceived) -> None:
    """Queue the job in the transaction of the upload, and let the video's page know it."""
    queued = jobs.enqueue(actor, PREPARE, evidence_id=str(event.evidence_id))
    evidence.follow_job(actor, evidence_id=event.evidence_id, job_id=queued.pk)


@job(PREPARE, reads=("private",), reaches="the owner herself, on the page of her file")
def prepare(actor: Actor, progress: Progress, evidence_id: str) -> dict[str, Any]:
    """Write one video anew, as its owner. A full disk is tried again later, as any fault is."""
    progress(0, 0, "Opening the video")

    def told(done: int, total: int) -> None:
        progress(done, total, "Preparing the video")

    try:
        ready = evidence.prepare_video(actor, evidence_id=UUID(evidence_id), told=told)
    except NotFound:  # she removed it meanwhile
        return {"ready": False}
    except StorageFull as full:
        raise OSError(str(full)) from full
    return {"ready": ready}


@job(END, reads=("private",), reaches="the owner herself, in her inbox")
def end_videos(actor: Actor, progress: Progress) -> dict[str, Any]:
    """Delete every video of the tenant whose date is over; run once a day for each tenant, as Lantern itself."""
    due = evidence_queries.list_to_end(actor, clock.today())
    ended = 0
    for number, evidence_id in enumerate(due, start=1):
        ended += evidence.end_video(actor, evidence_id=evidence_id)
        if number % 50 == 0:
            progress(number, len(due))
    return {"ended": ended}
