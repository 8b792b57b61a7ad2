"""Files that show what one did: adding one, getting it back, removing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse

from lantern.domain.courses import queries as courses
from lantern.domain.credits import queries as credits
from lantern.domain.credits.types import REFLECTION, in_hours
from lantern.domain.evidence import commands as evidence
from lantern.domain.evidence import queries as evidence_queries
from lantern.kernel import files
from lantern.kernel.errors import Invalid, NotFound
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.portfolio.forms import EvidenceForm


@page(EDUCATOR, methods="GET POST", slow=True)
def add(request: Any, activity_id: UUID) -> HttpResponse:
    """Take a file for an activity.

    Its form carries no idempotency key: the same content twice is one piece of evidence, and without the key no
    transaction is open while the file is written anew.
    """
    actor = request.actor
    activity = courses.get_activity(actor, activity_id)
    context: dict[str, Any] = {"activity": activity, "verdict": credits.verdict_for_activity(actor, activity_id)}
    if request.method != "POST":
        form = EvidenceForm(initial={"kind": "attendance"})
        return show(request, "portfolio/evidence_form.html", form=form, **context)
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return again(request, "portfolio/evidence_form.html", form, **context)
    said, upload = form.cleaned_data, form.cleaned_data["upload"]
    try:
        evidence.add_evidence(
            actor,
            activity_id=activity_id,
            kind=said["kind"],
            note=said["note"],
            upload=upload,
            filename=upload.name or "",
        )
    except Invalid as problem:
        return again(request, "portfolio/evidence_form.html", form, problem, **context)
    reflection = evidence_queries.reflection_of(actor, activity_id)
    if reflection is None:
        return done(request, "learn:activity", activity_id, message="Your file is kept. Only you can see it.")
    earned = credits.hours_from(actor, REFLECTION, reflection.pk)
    told = f"Your file is kept. {in_hours(earned)} hours earned." if earned else "Your file is kept."
    return done(request, "portfolio:reflection", reflection.pk, message=told)


@page(EDUCATOR)
def download(request: Any, evidence_id: UUID) -> HttpResponse:
    """Give a file of mine back, whole or the range asked for; pictures are shown, everything else is saved."""
    kept = evidence_queries.get_evidence(request.actor, evidence_id).file
    try:
        size = files.size_of(kept.key)
        wanted = files.range_from_header(request.headers.get("Range"), size)
        start, end = wanted or (0, size)
        body = files.open_range(kept.key, start, end)
    except FileNotFoundError:
        raise NotFound("The file is not here any more.") from None
    except files.RangeNotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    answer: Any = StreamingHttpResponse(
        body, status=206 if wanted else 200, content_type=_content_type(kept.media_type)
    )
    if wanted:
        answer.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    answer.headers["Content-Length"] = str(end - start)
    answer.headers["Accept-Ranges"] = "bytes"
    is_picture = kept.media_type in files.IMAGE_TYPES
    answer.headers["Content-Disposition"] = files.content_disposition(kept.name, inline=is_picture)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


@page(EDUCATOR, methods="POST")
def remove(request: Any, evidence_id: UUID) -> HttpResponse:
    """Remove a file of mine for good."""
    activity_id = evidence.remove_evidence(request.actor, evidence_id=evidence_id)
    return done(request, "learn:activity", activity_id, message="The file is removed.")
