"""The list of official acts: who did what, to whom, when. Nothing private is ever in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from lantern.domain.people import queries
from lantern.web import answers
from lantern.web.asked import in_words
from lantern.web.gate import COORDINATOR, OPERATOR, page


@page(OPERATOR, COORDINATOR)
def audit(request: Any) -> HttpResponse:
    """Show the log, newest first, all or one kind of act."""
    wanted = request.GET.get("act", "")
    rows = answers.paged(request, queries.list_official_acts(request.actor, wanted), 50)
    kinds = [{"value": name, "words": words, "on": name == wanted} for name, words in queries.OFFICIAL_ACTS.items()]
    return answers.show(
        request,
        "manage/audit.html",
        rows=rows,
        acts=queries.described(list(rows)),
        kinds=kinds,
        querystring=f"act={wanted}" if wanted in queries.OFFICIAL_ACTS else "",
    )


@page(OPERATOR, COORDINATOR)
def requests(request: Any) -> HttpResponse:
    """Show what was asked in offices and what was refused there, newest first; never a number that counts the rest."""
    rows = answers.paged(request, queries.list_requests_in_offices(request.actor), 50)
    names = queries.names_of(request.actor, {row.person_id for row in rows if row.person_id})
    return answers.show(
        request,
        "manage/audit_requests.html",
        rows=rows,
        acts=[
            (row, names.get(row.person_id, "Somebody who left"), in_words(row.action, row.method)) for row in rows
        ],
    )
