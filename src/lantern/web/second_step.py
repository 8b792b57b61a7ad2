"""A second step for every role that sees others' data (trust.md E5, decision 0025).

Who holds such a role and has none, or has not used it in this session, reaches the pages that set one up, and nothing
else; from the request on that follows the granting of the role. There is no time of grace.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from lantern.domain.people import policy
from lantern.kernel.sign_in import factors
from lantern.web import sessions
from lantern.web.gate import PUBLIC, refusal, rule_of

ADDING = frozenset({"mfa_activate_totp", "mfa_add_webauthn"})
OPEN = ADDING | {
    "mfa_index", "mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_list_webauthn", "mfa_edit_webauthn", "account_reauthenticate", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}  # fmt: skip
"""What somebody without a second step may open: setting one up. Signing out is open to everybody."""
_SET_UP = "second_step_set_up"


class SecondStepMiddleware:
    """Holds who needs a second step at its set-up until she has one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Answer, then note a second step that was set up just now: nobody is asked for it again at once."""
        response = self.get_response(request)
        had = getattr(request, "had_second_step", None)
        if had is False and request.user.is_authenticated and factors.has_second_step(request.user.pk):
            request.session[_SET_UP] = str(request.user.pk)
            sessions.new_number(request)
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Let through, lead to the set-up, or ask for a new sign-in with the second step she has by now."""
        name = request.resolver_match.view_name
        if request.method == "POST" and name in ADDING and request.user.is_authenticated:
            request.had_second_step = factors.has_second_step(request.user.pk)
        if request.actor is None or not is_needed(request):
            return None
        rule = rule_of(view, request.resolver_match.url_name, request.resolver_match.route)
        if rule is not None and PUBLIC in rule.roles:
            return None
        has_one = request.actor.second_step
        if has_one and was_used(request):
            return None
        if not has_one and name in OPEN:
            request.second_step_missing = True
            return None
        page = request.method in {"GET", "HEAD"} and not request.headers.get("HX-Request")
        if has_one:
            auth.logout(request)
            request.actor = None
            messages.info(request, "You have a second step now. Please sign in with it.")
            return redirect_to_login(request.get_full_path() if page else "/")
        return redirect("mfa_index") if page else refusal(request, 403, "Please set up your second step first.")


def is_needed(request: Any) -> bool:
    """Tell whether whoever is signed in needs a second step of Lantern's own."""
    needed = settings.SECOND_STEP_REQUIRED and request.actor is not None and policy.sees_others(request.actor)
    return bool(needed and not sessions.sign_on_vouched(request))


def was_used(request: Any) -> bool:
    """Tell whether a second step was used, or set up, in this session."""
    if request.session.get(_SET_UP) == str(request.user.pk):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))
