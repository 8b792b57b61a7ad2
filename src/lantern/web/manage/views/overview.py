"""What an operator or coordinator sees first: people, the last imports, work in the background."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from lantern.domain.people import policy, queries
from lantern.domain.privacy import policy as privacy
from lantern.kernel import health
from lantern.web import answers
from lantern.web.gate import COORDINATOR, OPERATOR, page
from lantern.web.manage.views.imports import OUTCOMES


@page(OPERATOR, COORDINATOR)
def overview(request: Any) -> HttpResponse:
    """Show the state of things and the ways on."""
    actor = request.actor
    whole = policy.can_manage_tenant(actor)
    runs = list(queries.list_import_runs(actor, limit=5)) if whole else []
    return answers.show(
        request,
        "manage/overview.html",
        own=queries.get_organisation(actor, actor.tenancy.own),
        counts=queries.count_people(actor),
        whole=whole,
        may_ask_emergency=privacy.can_ask_emergency(actor),
        runs=[(run, *OUTCOMES.get(run.outcome, (run.outcome, "neutral"))) for run in runs],
        jobs=health.look_at_jobs(actor) if whole else None,
    )
