"""The plan for a calendar programme, under its secret address. Who may is said where it is routed (config/urls.py)."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit  # its public door counts no GET
from django.http import HttpResponse
from django.urls import reverse

from lantern.flows import plan_calendar
from lantern.interop.ical.writing import write_plan
from lantern.kernel.errors import NotFound

log = logging.getLogger(__name__)


def plan(request: Any, secret: str) -> HttpResponse:
    """Answer with the plan. The address is a secret: no answer, log line or record holds it."""

    def link(activity_id: UUID) -> str:
        return str(request.build_absolute_uri(reverse("learn:activity", args=[activity_id])))

    try:
        if not _counted(request, "plan_calendar", secret):
            return _refused(429)
        written = write_plan(plan_calendar.tell_calendar(secret, link).entries, name="My learning plan")
    except NotFound:
        held = _counted(request, "plan_calendar_wrong")
        return _refused(404 if held else 429)
    except Exception:  # whatever it was: Django would log the path, which is the secret
        log.exception("the plan of a calendar could not be read", extra={"request_id": request.request_id})
        return _refused(503)
    response = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _counted(request: Any, action: str, key: str | None = None) -> bool:
    """Count a request; tell whether it is still one of those that may come in an hour (ACCOUNT_RATE_LIMITS)."""
    return bool(ratelimit.consume(request, app="allauth.account", action=action, key=key, limit_get=True))


def _refused(status: int) -> HttpResponse:
    """Answer in a word. Django would log the path of what went wrong, which is the secret."""
    words = {404: "There is no calendar here.", 429: "Too many requests. Please wait.", 503: "Please try again later."}
    response = HttpResponse(words[status], status=status, content_type="text/plain; charset=utf-8")
    response._has_been_logged = True  # type: ignore[attr-defined]
    if status != 404:
        response.headers["Retry-After"] = "3600"
    return response
