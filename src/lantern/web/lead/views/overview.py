"""What a leader does here, with figures of public things only: nothing on this page is about a named person."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from lantern.domain.announcements import queries as announcements
from lantern.domain.initiatives import queries as initiatives
from lantern.domain.needs import queries as needs
from lantern.domain.people import queries as people
from lantern.web import answers
from lantern.web.gate import COORDINATOR, OFFICIAL, SCHOOL_LEADER, page


@page(COORDINATOR, SCHOOL_LEADER, OFFICIAL)
def overview(request: Any) -> HttpResponse:
    """Show the ways of leading."""
    actor = request.actor
    return answers.show(
        request,
        "lead/overview.html",
        places=people.my_organisations(actor),
        initiatives=list(initiatives.list_initiatives(actor)[:3]),
        newest=list(announcements.list_announcements(actor).defer("body")[:3]),
        published=announcements.count_published(actor),
        asks=[(group.asks[0], group.organisation_name) for group in needs.top_group_needs(actor)[:3]],
        is_official=actor.has(OFFICIAL),
    )
