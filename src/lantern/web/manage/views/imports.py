"""Imports: what was imported, a new file, its preview, and carrying it out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.people import queries
from lantern.flows import imports as flow
from lantern.kernel import jobs
from lantern.kernel.errors import Invalid
from lantern.web import answers
from lantern.web.gate import COORDINATOR, OPERATOR, page
from lantern.web.manage.forms.imports import ImportForm

OUTCOMES = {
    "running": ("Under way", "sky"),
    "previewed": ("Preview", "neutral"),
    "done": ("Carried out", "brand"),
    "refused": ("Refused", "rose"),
    "failed": ("Not readable", "rose"),
}
COLUMNS = ("created", "updated", "unchanged", "deactivated", "rejected", "left_out")
DROPPED = {
    "students": "students",
    "parents": "parents and guardians",
    "student_enrolments": "students' enrolments",
    "demographics": "rows of demographics",
    "people_without_role": "people without a role",
    "relationships": "family relationships",
    "user_flags": "flags about students",
    "user_profiles": "sign-in profiles",
    "results": "results of students",
}


@page(OPERATOR, COORDINATOR)
def imports(request: Any) -> HttpResponse:
    """Show the imports so far."""
    rows = answers.paged(request, queries.list_import_runs(request.actor))
    labels = {one.kind: one.label for one in flow.offers()}
    listed = [
        (run, labels.get(run.kind, run.kind), *OUTCOMES.get(run.outcome, (run.outcome, "neutral"))) for run in rows
    ]
    return answers.show(request, "manage/imports.html", rows=rows, listed=listed)


@page(OPERATOR, COORDINATOR, methods="GET POST")
def new(request: Any) -> HttpResponse:
    """Take a file and queue its preview."""
    queries.list_import_runs(request.actor)  # refuses who does not manage the whole district before a file is sent
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        kinds = {one.kind for one in flow.offers()}
        if (kind := request.GET.get("kind", "")) in kinds:
            form = ImportForm(initial={"kind": kind})
        return answers.show(request, "manage/imports_new.html", form=form)
    if not form.is_valid():
        return answers.again(request, "manage/imports_new.html", form)
    upload = form.cleaned_data["upload"]
    try:
        run = flow.begin(request.actor, kind=form.cleaned_data["kind"], filename=upload.name, chunks=upload.chunks())
    except Invalid as problem:
        return answers.again(request, "manage/imports_new.html", form, problem)
    return answers.done(request, "manage:imports_run", run.pk)


@page(OPERATOR, COORDINATOR)
def run(request: Any, run_id: UUID) -> HttpResponse:
    """Show one import: how far it is, what it would change or changed, and what was wrong with the file."""
    found = queries.get_import_run(request.actor, run_id)
    job = jobs.as_it_stands(found.job) if found.job else None
    running = found.outcome == "running" and not (job is not None and job.is_over)
    if request.headers.get("HX-Request") and not running:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    words, tone = OUTCOMES.get(found.outcome, (found.outcome, "neutral"))
    context = {
        "run": found,
        "running": running,
        "job": job,
        "progress_words": (job.message if job and job.message else "Waiting to start"),
        "broken": found.outcome == "running" and not running,
        "outcome": words,
        "tone": tone,
        "kind": {one.kind: one.label for one in flow.offers()}.get(found.kind, found.kind),
        "columns": [name.replace("_", " ") for name in COLUMNS],
        "counts": [
            (thing.replace("_", " "), [one.get(name, 0) for name in COLUMNS])
            for thing, one in sorted(found.counts.items())
        ],
        "changes": sum(
            one.get(name, 0) for one in found.counts.values() for name in ("created", "updated", "deactivated")
        ),
        "unused": sum(one.get("rejected", 0) for one in found.counts.values()),
        "dropped": [
            (DROPPED.get(name, name.replace("_", " ")), n) for name, n in found.notes.get("dropped", {}).items()
        ],
    }
    template = "manage/imports_run.html#progress" if request.headers.get("HX-Request") else "manage/imports_run.html"
    return answers.show(request, template, **context)


@page(OPERATOR, COORDINATOR, methods="POST")
def carry_out(request: Any, run_id: UUID) -> HttpResponse:
    """Queue what the preview showed."""
    begun = flow.carry_out(request.actor, run_id=run_id, most_removed=request.POST.get("most_removed") == "yes")
    return answers.done(request, "manage:imports_run", begun.pk)
