"""The gate: every view declares who may use it; what declares nothing is refused (trust.md B1).

`@page(...)` names the roles. The middleware turns the signed-in account into `request.actor`, sets the tenancy for
the time of the request,
and turns what the domain refuses into one status code each.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.views.generic import RedirectView

from lantern.domain.people import queries as people
from lantern.kernel import errors, idempotency, tenancy
from lantern.kernel.actor import Actor
from lantern.web import sessions, trail

P = ParamSpec("P")

PUBLIC = "public"
EDUCATOR = "educator"
COACH = "coach"
SCHOOL_LEADER = "school_leader"
COORDINATOR = "coordinator"
OFFICIAL = "official"
OPERATOR = "operator"


class Request(HttpRequest):
    """A request behind the gate: it always knows who is acting."""

    actor: Actor
    request_id: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a view (any of the roles; PUBLIC: anybody) and with which methods."""

    roles: frozenset[str]
    methods: frozenset[str]

    def allows(self, actor: Actor | None) -> bool:
        """Tell whether this actor may pass; None is somebody not signed in."""
        return PUBLIC in self.roles or (actor is not None and not actor.roles.isdisjoint(self.roles))


ALLAUTH_PUBLIC = frozenset(
    {
        "account_login", "account_logout", "account_signup", "account_inactive", "account_reset_password",
        "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
        "account_confirm_email", "account_email_verification_sent", "account_confirm_login_code",
        "mfa_authenticate", "mfa_login_webauthn", "mfa_signup_webauthn", "mfa_trust",
        "openid_connect_login", "openid_connect_callback",
        "socialaccount_login_cancelled", "socialaccount_login_error", "socialaccount_signup",
    }
)  # fmt: skip
"""allauth's views that somebody not signed in needs; its other views are for every educator."""


def page(
    *roles: str, methods: str = "GET", slow: bool = False
) -> Callable[[Callable[P, HttpResponse]], Callable[P, HttpResponse]]:
    """Declare a view: who may use it, and its methods ("GET", "POST" or "GET POST").

    A POST is one transaction with its audit row; with an idempotency key it is done once, and a repeat gets the first
    answer. A `slow` view (a file, another site) opens its transaction by itself, in the command, and takes no key.
    """
    rule = Rule(frozenset(roles), frozenset(methods.split()) | ({"HEAD"} if "GET" in methods else set()))

    def declare(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            request: Any = args[0]
            if request.method not in rule.methods:
                return HttpResponseNotAllowed(sorted(rule.methods))
            if request.method not in trail.UNSAFE:
                return view(*args, **kwargs)
            return _carry_out(request, rule, slow, lambda: view(*args, **kwargs))

        guarded.rule = rule  # type: ignore[attr-defined]  # read by the middleware and the enumerated tests
        return guarded

    return declare


def _carry_out(request: Any, rule: Rule, slow: bool, act: Callable[[], HttpResponse]) -> HttpResponse:
    if request.actor is None or PUBLIC in rule.roles:
        return trail.carry_out_at_door(request, act)
    if slow:
        return trail.carry_out_slowly(request, act)
    return trail.carry_out(request, lambda: _once(request, act) if request.POST.get("idempotency_key") else act())


def _once(request: Any, act: Callable[[], HttpResponse]) -> HttpResponse:
    key = request.POST["idempotency_key"]
    fields = [
        (name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"
    ]
    digest = idempotency.fingerprint(request.path, fields)
    tenant_id, person_id = request.actor.tenancy.own, request.actor.person_id
    earlier = idempotency.claim(tenant_id, person_id, key, digest)
    if earlier is not None:
        request.repeated = True
        return HttpResponseRedirect(earlier.location, status=earlier.status)
    response = act()
    if response.status_code < 400:
        leads_on = response.status_code >= 300
        idempotency.record(person_id, key, 303, response.headers["Location"] if leads_on else request.path)
    return response


class GateMiddleware:
    """Lets a request through to a view whose rule allows it, with its actor and its tenancy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Answer, and leave no tenancy behind."""
        request.actor = None
        token = tenancy.enter(None)
        try:
            response = self.get_response(request)
        finally:
            tenancy.leave(token)
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Find the rule and the actor; refuse what is undeclared or not allowed."""
        rule = rule_of(view, request.resolver_match.url_name, request.resolver_match.route)
        if rule is None:
            return refusal(request, 403, "This page has no rule, so nobody may use it. Please tell your operator.")
        request.actor = self._actor(request)
        if request.actor is not None:
            tenancy.enter(request.actor.tenancy)
        if rule.allows(request.actor):
            return None
        if request.actor is None and not request.user.is_authenticated:
            if request.method in {"GET", "HEAD"} and not request.headers.get("HX-Request"):
                return redirect_to_login(request.get_full_path())
            return refusal(request, 403, "Please sign in first.")
        if request.actor is None:
            return refusal(
                request, 403, "Your account is not tied to a school or district here. Please ask your operator."
            )
        return refusal(request, 403, "This page is for people with another role.")

    @staticmethod
    def _actor(request: Any) -> Actor | None:
        if not request.user.is_authenticated:
            return None
        chosen = request.session.get("person_id")
        actor = people.actor_for_account(request.user, UUID(chosen) if chosen else None, request.request_id)
        return sessions.kept(request, actor)

    def process_exception(self, request: Any, problem: Exception) -> HttpResponse | None:
        """Turn what the domain refuses into one status code each."""
        match problem:
            case errors.NotFound():
                return refusal(request, 404, "")
            case errors.NotAllowed():
                return refusal(request, 403, str(problem))
            case errors.Conflict():
                return refusal(request, 409, str(problem))
            case errors.Invalid():
                return refusal(request, 422, str(problem))
            case errors.Unavailable():
                return refusal(request, 503, str(problem))
        return None


def rule_of(view: Any, url_name: str | None, route: str) -> Rule | None:
    """Return a view's declared rule; allauth's views have theirs here, and nothing else is let through."""
    declared = getattr(view, "rule", None)
    if isinstance(declared, Rule):
        return declared
    home = getattr(view, "view_class", view)
    old_address = home is RedirectView  # allauth keeps some that only lead on
    if route.startswith("sign-in/") and (old_address or getattr(home, "__module__", "").startswith("allauth.")):
        who = PUBLIC if url_name in ALLAUTH_PUBLIC else EDUCATOR
        return Rule(frozenset({who}), frozenset({"GET", "HEAD", "POST"}))
    return None


_TITLES = {
    403: "You cannot open this",
    404: "There is nothing here",
    409: "Something changed in the meantime",
    422: "That could not be taken",
    503: "Not just now",
}


def refusal(request: Any, status: int, reason: str) -> HttpResponse:
    """Answer a refusal with its reason and the way on."""
    context = {"status": status, "heading": _TITLES.get(status, "That did not work"), "reason": reason}
    return render(request, "ui/refusal.html", context, status=status)


def csrf_failure(request: Any, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old; the audit row wants to know whose."""
    request.actor = GateMiddleware._actor(request)
    return refusal(
        request, 403, "This form was open for too long, or came from elsewhere. Please go back and send it again."
    )


def not_found(request: Any, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere, in the same words as a thing that is not yours."""
    return refusal(request, 404, "")


def demo_mode() -> bool:
    """Tell whether this is a demonstration."""
    return bool(settings.DEMO)
