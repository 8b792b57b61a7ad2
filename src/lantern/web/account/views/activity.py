"""What I asked Lantern to do, as its audit trail has it. Nobody else can open this, whatever the role."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from lantern.kernel import audit
from lantern.web import answers
from lantern.web.asked import in_words
from lantern.web.gate import EDUCATOR, page

SIGN_INS = 20


@page(EDUCATOR)
def activity(request: Any) -> HttpResponse:
    """List my acts and refusals, newest first, and how I signed in and out lately."""
    rows = answers.paged(request, audit.my_trail(request.actor), 50)
    return answers.show(
        request,
        "account/activity.html",
        rows=rows,
        acts=[(row, in_words(row.action, row.method)) for row in rows],
        sign_ins=[(row, in_words(row.action, row.method)) for row in audit.my_sign_ins(request.user.pk)[:SIGN_INS]],
    )
