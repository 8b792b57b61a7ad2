"""How long a session lives, and when its number changes (trust.md E2).

Both limits are kept in the session, which the database holds and each request reads anyhow: no cookie, and no "stay
signed in", can stretch them. Who only learns here stays in for 14 days; who sees others' data for 12 hours, and is
signed out after 30 minutes without a request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.usersessions.models import UserSession
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse

from lantern.domain.people import policy
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.web import devices

LONGEST = 14 * 24 * 3600
LONGEST_GUARDED = 12 * 3600
IDLE_GUARDED = 30 * 60
NOTED_EVERY = 2 * 60
"""Being here is written down at most this often, so that reading writes nothing; idle ends up to this much early."""
_BEGAN, _SEEN, _ROLES, _SIGN_ON = "began", "seen", "roles", "sign_on_second_step"


def begin(request: Any) -> None:
    """Start the clock of a session in which somebody has just signed in."""
    request.session[_BEGAN] = request.session[_SEEN] = clock.now().timestamp()
    request.just_signed_in = True


def trust_sign_on(request: Any, account_id: UUID) -> None:
    """Note in the session that the district's sign-on has asked this account for a second step."""
    request.session[_SIGN_ON] = str(account_id)


def sign_on_vouched(request: Any) -> bool:
    """Tell whether the district's sign-on has asked whoever is signed in for a second step."""
    return bool(request.session.get(_SIGN_ON) == str(request.user.pk))


def kept(request: Any, actor: Actor | None) -> Actor | None:
    """Return the actor while her session holds; when it is over, sign out and return None.

    An account that no active person stands behind is answered once more, with the reason, and then signed out.
    """
    if actor is None:
        request.nobody_here = True
        return None
    session, now, guarded = request.session, clock.now().timestamp(), policy.sees_others(actor)
    began = session.get(_BEGAN)
    if began is None:
        session[_BEGAN] = session[_SEEN] = began = now
    if _is_over(began, session.get(_SEEN, began), now, guarded):
        auth.logout(request)
        if request.method == "GET" and not request.headers.get("HX-Request"):
            messages.info(request, "You were away for a while, so we signed you out. Please sign in again.")
        return None
    if guarded and now - session.get(_SEEN, began) >= NOTED_EVERY:
        session[_SEEN] = now
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=clock.now())
    roles = sorted(actor.roles)
    if session.setdefault(_ROLES, roles) != roles:
        session[_ROLES] = roles
        request.new_number_wanted = True
    return actor


def holds(session: Any, actor: Actor) -> bool:
    """Tell whether a session that somebody began still holds for this actor, without changing anything in it."""
    began = session.get(_BEGAN)
    guarded = policy.sees_others(actor)
    return began is not None and not _is_over(began, session.get(_SEEN, began), clock.now().timestamp(), guarded)


def _is_over(began: float, seen: float, now: float, guarded: bool) -> bool:
    if guarded:
        return now - began >= LONGEST_GUARDED or now - seen >= IDLE_GUARDED
    return now - began >= LONGEST


def new_number(request: Any) -> None:
    """Give the session another number: one that leaked before is worth nothing. The list of sessions follows."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


class SessionsMiddleware:
    """Changes a session's number after a further step of signing in and when roles have changed; sets the device
    cookie; signs out who is nobody here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Answer, then look what became of the session."""
        response = self.get_response(request)
        devices.write_cookie(request, response)
        just_signed_in = getattr(request, "just_signed_in", False)  # which changed the number already
        if getattr(request, "nobody_here", False) and not just_signed_in:
            auth.logout(request)
        elif not just_signed_in and self._wants_new_number(request):
            new_number(request)
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> None:
        """Note how often she has shown who she is, before the page."""
        if request.actor is not None:
            request.steps_before = len(get_authentication_records(request, request.user))

    @staticmethod
    def _wants_new_number(request: Any) -> bool:
        if getattr(request, "actor", None) is None or not request.user.is_authenticated:
            return False
        if getattr(request, "new_number_wanted", False):
            return True
        before = getattr(request, "steps_before", None)  # None where the gate refused: no step was taken
        return before is not None and len(get_authentication_records(request, request.user)) > before
