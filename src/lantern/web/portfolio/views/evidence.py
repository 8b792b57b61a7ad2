"""Files that show what one did: adding one, looking at it, getting it back, keeping a video longer, removing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.courses import queries as courses
from lantern.domain.credits import queries as credits
from lantern.domain.credits.types import REFLECTION, in_hours
from lantern.domain.evidence import commands
from lantern.domain.evidence import queries as evidence_queries
from lantern.domain.evidence.types import SHOWN_TYPES, STUDENT_WORDS, VIDEO_DAYS, EvidenceState, Part
from lantern.domain.privacy import queries as privacy
from lantern.kernel import clock, jobs
from lantern.kernel.errors import Invalid
from lantern.web import content_host, files
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page
from lantern.web.portfolio.forms import EvidenceForm, StudentsForm, VideoForm


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
        commands.add_evidence(
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


@page(EDUCATOR, methods="GET POST")
def add_video(request: Any, activity_id: UUID) -> HttpResponse:
    """Take a video for an activity, with what is to be known of who is in it; without an idempotency key, as `add`."""
    actor = request.actor
    context: dict[str, Any] = {"activity": courses.get_activity(actor, activity_id)}
    if request.method != "POST":
        return show(request, "portfolio/video_form.html", form=VideoForm(), **context)
    form = VideoForm(request.POST, request.FILES)
    if not form.is_valid():
        return again(request, "portfolio/video_form.html", form, **context)
    said = dict(form.cleaned_data)
    upload = said.pop("upload")
    try:
        kept = commands.add_video(
            actor, activity_id=activity_id, upload=upload, filename=upload.name or "", **said
        )
    except Invalid as problem:
        return again(request, "portfolio/video_form.html", form, problem, **context)
    return done(request, "portfolio:evidence", kept.pk, message="Your video is here. Only you can see it.")


@page(EDUCATOR)
def evidence(request: Any, evidence_id: UUID) -> HttpResponse:
    """One piece of evidence of mine: to look at, and until when it is kept."""
    return _page(request, evidence_id)


def _page(request: Any, evidence_id: UUID, form: StudentsForm | None = None) -> HttpResponse:
    actor = request.actor
    found = evidence_queries.get_evidence(actor, evidence_id)
    job = jobs.as_it_stands(found.job) if found.job else None
    film = evidence_queries.film_of(found)
    preparing = found.state == EvidenceState.PREPARING
    if request.headers.get("HX-Request") and not preparing:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    template = "portfolio/evidence.html#progress" if request.headers.get("HX-Request") else "portfolio/evidence.html"
    context: dict[str, Any] = {
        "evidence": found,
        "film": film,
        "film_length": _length(film.seconds) if film else "",
        "preparing": preparing,
        "stopped": preparing and job is not None and job.is_over,
        "job": job,
        "progress_words": (job.message if job and job.message else "Waiting to be prepared"),
        "is_picture": found.is_ready and not found.is_video and found.file.media_type in SHOWN_TYPES,
        "days_left": (found.keep_until - clock.today()).days if found.keep_until else None,
        "video_days": VIDEO_DAYS,
        "student_words": STUDENT_WORDS.get(found.students, ""),
        "shares": [row for row in privacy.my_shares(actor) if row.item_id == evidence_id],
        "is_shareable": found.pk in evidence_queries.shareable_evidence(actor),
        "form": form or StudentsForm(initial={"students": found.students}),
    }
    if form is not None:
        return again(request, template, form, **{name: value for name, value in context.items() if name != "form"})
    return show(request, template, **context)


def _length(seconds: int) -> str:
    """Return "1:05 minutes"."""
    return f"{seconds // 60}:{seconds % 60:02} minutes"


@page(EDUCATOR)
def download(request: Any, evidence_id: UUID) -> HttpResponse:
    """Give a file that is mine or shared with me, whole or the range asked for; the policy is asked for each range."""
    return _send(request, evidence_id, Part.FILE)


@page(EDUCATOR)
def poster(request: Any, evidence_id: UUID) -> HttpResponse:
    """Give the still picture of a video that is mine or shared with me."""
    return _send(request, evidence_id, Part.POSTER)


def _send(request: Any, evidence_id: UUID, part: Part) -> HttpResponse:
    opened = commands.open_bytes(request.actor, evidence_id=evidence_id, part=part)
    save = bool(request.GET.get("save"))
    if content_host.leads_elsewhere():
        return content_host.to_content_host(request, evidence_id=evidence_id, part=part, save=save)
    return files.answer(request, opened, save=save)


@page(EDUCATOR, methods="POST")
def extend(request: Any, evidence_id: UUID) -> HttpResponse:
    """Keep a video of mine longer."""
    kept = commands.extend_video(request.actor, evidence_id=evidence_id)
    return done(request, "portfolio:evidence", evidence_id, message=f"It is kept until {kept.keep_until:%-d %B %Y}.")


@page(EDUCATOR, methods="POST")
def students(request: Any, evidence_id: UUID) -> HttpResponse:
    """Say anew whether students are in a video of mine."""
    form = StudentsForm(request.POST)
    if not form.is_valid():
        return _page(request, evidence_id, form)
    commands.say_students(request.actor, evidence_id=evidence_id, **form.cleaned_data)
    return done(request, "portfolio:evidence", evidence_id, message="Noted. It holds from now on.")


@page(EDUCATOR, methods="POST")
def remove(request: Any, evidence_id: UUID) -> HttpResponse:
    """Remove a file of mine for good."""
    activity_id = commands.remove_evidence(request.actor, evidence_id=evidence_id)
    return done(request, "learn:activity", activity_id, message="The file is removed.")
