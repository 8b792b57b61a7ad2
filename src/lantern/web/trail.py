"""The audit trail at the gate: an unsafe request and its row are one transaction; each refusal gets a row of its own
(trust.md F1, decision 0024).
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse

from lantern.kernel import audit, tenancy
from lantern.kernel.audit import Asked, Outcome, strangers

log = logging.getLogger(__name__)
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OFFICIAL_AREAS = frozenset({"manage", "lead", "case"})
"""Where one acts in an office. What is asked anywhere else is private: its row is shown to its own person alone."""


def carry_out(request: Any, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer an unsafe request of somebody known: all it changes and its row, or nothing at all.

    What answers 400 or more is undone; a refusal gets its row from `refusals`.
    """
    with transaction.atomic(durable=True):
        response = act()
        if response.status_code >= 400:
            transaction.set_rollback(True)
        else:
            _keep_session(request)
            outcome = Outcome.REPEATED if getattr(request, "repeated", False) else Outcome.DONE
            audit.record(request.actor, asked(request), outcome, response.status_code)
    return response


def carry_out_slowly(request: Any, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Do the same for a view that takes its time (a file, another site) before it writes: none waits for it.

    The row goes into the transaction that the command opens, with its event. An act that changed nothing gets it after.
    """
    with audit.awaiting(request.actor, asked(request)) as written:
        response = act()
        if response.status_code < 400 and not written:
            with transaction.atomic(durable=True):
                audit.record(request.actor, asked(request), Outcome.DONE, response.status_code)
    return response


def carry_out_at_door(request: Any, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer an unsafe request about signing in or out: everything it keeps (a failed try is counted) and its row.

    A form that comes back with an error is a refusal, though it answers 200.
    """
    before = _account(request)
    with transaction.atomic(durable=True):
        try:
            response = act()
        except ImmediateHttpResponse as early:  # how allauth ends an act early; what was done so far holds
            response = early.response
        if 300 <= response.status_code < 400 or response.status_code == 204:
            _keep_session(request)
            account = _account(request) or before
            audit.record_at_door(asked(request), Outcome.DONE, response.status_code, account_id=account)
        else:
            request.refused_at_door = True
    return response


def at_door(view: Callable[..., Any]) -> Callable[..., Any]:
    """Give a view of another package its rows; also for who comes in by a GET, back from the district's sign-on."""

    @functools.wraps(view)
    def kept(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in UNSAFE:
            return carry_out_at_door(request, lambda: view(request, *args, **kwargs))
        before = _account(request)
        response: HttpResponse = view(request, *args, **kwargs)
        after = _account(request)
        if after is not None and after != before:
            # The session is kept only after this: without a row there is no sign-in either.
            with transaction.atomic(durable=True):
                audit.record_at_door(asked(request), Outcome.DONE, response.status_code, account_id=after)
        return response

    return kept


def at_door_below(included: Any) -> Any:
    """Do so for every view below an include, and return the include."""
    _wrap(included[0].urlpatterns)
    return included


def _wrap(patterns: list[Any]) -> None:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            _wrap(pattern.url_patterns)
        elif not getattr(pattern.callback, "rows_at_door", False):
            pattern.callback = at_door(pattern.callback)
            pattern.callback.rows_at_door = True


def refusals(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: write one row for each refusal, in a short transaction of its own, whoever refused.

    It stands above all that may refuse: the CSRF check, the gate, a rate limit. An address that leads nowhere is none.
    """

    def middleware(request: Any) -> HttpResponse:
        response = get_response(request)
        nowhere = request.resolver_match is None
        refused = response.status_code in {403, 429} or (response.status_code == 404 and not nowhere)
        if refused or getattr(request, "refused_at_door", False):
            try:
                _record_refusal(request, response.status_code)
            except DatabaseError:  # the refusal stands, whether it can be written down or not
                log.exception("a refusal could not be written down", extra={"request_id": request.request_id})
        return response

    return middleware


def _record_refusal(request: Any, status: int) -> None:
    actor, account = getattr(request, "actor", None), _account(request)
    about = asked(request)
    with transaction.atomic():
        if actor is not None and not getattr(request, "refused_at_door", False):
            with tenancy.within(actor.tenancy):
                audit.record(actor, about, Outcome.DENIED, status)
        elif account is not None:
            audit.record_at_door(about, Outcome.DENIED, status, account_id=account)
        else:
            strangers.count(about, status, strangers.hashed(_address(request)))


def asked(request: Any) -> Asked:
    """Return what a request asks for: names and ids only. Text in the address is left out, for somebody wrote it."""
    match = request.resolver_match
    if match is None:
        return Asked("", request.method, request.request_id)
    return Asked(
        action=match.view_name or match.route,
        method=request.method,
        request_id=request.request_id,
        objects=tuple(value for value in match.kwargs.values() if isinstance(value, UUID)),
        private=match.namespace not in OFFICIAL_AREAS,
    )


def _account(request: Any) -> UUID | None:
    account = getattr(request, "user", None)
    return account.pk if account is not None and account.is_authenticated else None


def _keep_session(request: Any) -> None:
    """Keep a changed session with the act that changed it; the middleware then only renews what is there already."""
    if request.session.modified and not request.session.is_empty():
        request.session.save()


def _address(request: Any) -> str:
    """Return where the request came from; behind a proxy, as the proxy saw it."""
    told = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
