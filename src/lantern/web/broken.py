"""What is answered when a request itself is wrong, comes too often, or meets a fault of ours: our page, and no detail.

These pages ask nothing of the database, the session or the actor: they must still come when those are what is broken.
"""

from __future__ import annotations

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from lantern.kernel.database.outage import is_outage

COME_BACK_AFTER = 5
"""Seconds: what a restart of the database server takes, with room."""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400: the address, the host name or the form could not be read."""
    return _page(400, "That could not be read", "The address or the form was damaged on its way. Please try again.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403 where nothing more is known than that it is refused."""
    return _page(403, "You cannot open this", "It is not for you, or not in this way.")


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer 429: so many tries came from here that we take a pause."""
    return _page(
        429, "A pause, please", "Very many tries came from here in a short time. Please try again in a few minutes."
    )


def fault(request: HttpRequest) -> HttpResponse:
    """Answer 500 with the id under which the operator finds what happened, and nothing else.

    A database that is away, full or busy is 503: it is worth coming back, and a form sent again is carried out once.
    """
    if is_outage(sys.exc_info()[1]):
        return not_now(request)
    reason = "Something went wrong on our side. What you saved before is safe. Please try again in a few minutes."
    return _page(500, "That did not work", reason, getattr(request, "request_id", ""))


def not_now(request: HttpRequest) -> HttpResponse:
    """Answer 503, and when to come back; whether what was sent has been carried out, the form's key will tell."""
    reason = (
        "Lantern cannot reach what it has stored just now. What you saved before is safe. Please try again in a few"
        " seconds; a form that you send again is carried out once."
    )
    answer = _page(503, "Not just now", reason, getattr(request, "request_id", ""))
    answer.headers["Retry-After"] = str(COME_BACK_AFTER)
    return answer


def _page(status: int, heading: str, reason: str, request_id: str = "") -> HttpResponse:
    shown: dict[str, Any] = {"heading": heading, "reason": reason, "request_id": request_id}
    return HttpResponse(render_to_string("ui/broken.html", shown), status=status)
