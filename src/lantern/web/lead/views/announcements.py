"""Writing an announcement: it gets one permanent page, and home shows the newest."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.announcements import commands, queries
from lantern.domain.people.types import KIND_WORDS
from lantern.kernel.errors import Invalid
from lantern.web import answers
from lantern.web.gate import COORDINATOR, OFFICIAL, SCHOOL_LEADER, page
from lantern.web.lead.forms.announcements import AnnouncementForm


@page(COORDINATOR, SCHOOL_LEADER, OFFICIAL, methods="GET POST")
def new(request: Any) -> HttpResponse:
    """Show the form; publish what it says."""
    nodes = queries.organisations_to_tell(request.actor)
    places = [(str(node.id), f"{node.name} ({KIND_WORDS[node.kind].lower()})") for node in nodes]
    if request.method == "GET":
        return answers.show(request, "lead/announcements_new.html", form=AnnouncementForm(organisations=places))
    form = AnnouncementForm(request.POST, organisations=places)
    if not form.is_valid():
        return answers.again(request, "lead/announcements_new.html", form)
    said = form.cleaned_data
    try:
        row = commands.publish_announcement(
            request.actor,
            organisation_id=UUID(said["organisation_id"]),
            title=said["title"],
            body=said["body"],
            job_kinds=said["job_kinds"],
        )
    except Invalid as problem:
        return answers.again(request, "lead/announcements_new.html", form, problem)
    return answers.done(
        request,
        "home:announcement",
        row.pk,
        message="Published. This page stays, and people see it on their home page.",
    )
