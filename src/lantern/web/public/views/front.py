"""The front door: what Lantern is, signing in, the demonstration's people, and whether the installation is well."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from allauth.account.views import LoginView
from django.contrib.auth import get_user_model, login
from django.http import HttpResponse, JsonResponse

from lantern.domain.people import queries as people
from lantern.kernel import health as installation
from lantern.kernel.errors import NotFound
from lantern.web import answers, sessions
from lantern.web.gate import EDUCATOR, PUBLIC, demo_mode, page

BACKEND = "lantern.kernel.sign_in.sessions.Accounts"


@page(PUBLIC)
def front(request: Any) -> HttpResponse:
    """Show what Lantern is and the way in; who is signed in goes home."""
    if request.actor is not None:
        return answers.done(request, "home:home")
    return answers.show(request, "public/front.html", demo_people=people.demo_people() if demo_mode() else ())


@page(PUBLIC, methods="GET POST")
def sign_in(request: Any) -> HttpResponse:
    """Sign in as allauth does it, with the demonstration's people beside it in demo mode."""
    shown = {"demo_people": people.demo_people() if demo_mode() else (), "next": request.GET.get("next", "")}
    answer: HttpResponse = LoginView.as_view(extra_context=shown)(request)
    return answer


@page(PUBLIC, methods="POST")
def demo_sign_in(request: Any) -> HttpResponse:
    """Sign in as one of the demonstration's people; in any other installation this does not exist."""
    if not demo_mode():
        raise NotFound("This is no demonstration.")
    wanted = request.POST.get("person", "")
    found = next((one for one in people.demo_people() if one.key == wanted), None)
    if found is None:
        raise NotFound("There is no such person in the demonstration.")
    account = get_user_model().objects.get(pk=found.account_id)
    login(request, account, backend=BACKEND)
    sessions.begin(request)
    request.session["person_id"] = str(found.person_id)
    return answers.done(request, answers.safe_next(request, "home:home"))


@page(EDUCATOR)
def address(request: Any) -> HttpResponse:
    """Show the address she signs in with, which her district keeps."""
    return answers.show(request, "public/address.html")


@page(PUBLIC)
def health(request: Any) -> HttpResponse:
    """Say whether the installation is well: 200 or 503, and nothing about anybody."""
    found = installation.look()
    answer = JsonResponse({"ok": found.well} | asdict(found), status=200 if found.well else 503)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@page(PUBLIC)
def unknown_person(request: Any) -> HttpResponse:
    """Tell who signed in elsewhere but has no entry here what to do."""
    return answers.show(request, "public/unknown_person.html")
