"""The account: every answer of the two-minute start, to be changed in short sections, each with its own button."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from lantern.domain.people import commands as people
from lantern.domain.people import queries as directory
from lantern.domain.people.types import ROLE_WORDS
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotFound
from lantern.kernel.sign_in import factors
from lantern.web import answers
from lantern.web.about_me import AboutMeForm, offered
from lantern.web.account.forms import SECTIONS
from lantern.web.gate import EDUCATOR, page


@page(EDUCATOR, methods="GET POST")
def overview(request: Any) -> HttpResponse:
    """Show the account; a POST names its section and changes only that."""
    known = offered(request.actor)
    chosen = request.POST.get("section", "") if request.method == "POST" else ""
    if request.method == "POST" and chosen not in SECTIONS:
        raise NotFound("There is no such section.")
    forms = {
        key: form(request.POST if key == chosen else None, offered=known, auto_id=f"{key}_%s")
        for key, (_, _, form) in SECTIONS.items()
    }
    problem: Invalid | None = None
    if chosen and forms[chosen].is_valid():
        try:
            _keep(request.actor, chosen, forms[chosen])
            return answers.done(request, "account:overview", message=SECTIONS[chosen][1])
        except Invalid as refused:
            problem = refused
    context = {
        "sections": [(key, SECTIONS[key][0], form) for key, form in forms.items()],
        **_signing_in(request.user),
        "me": directory.get_me(request.actor),
        "roles": [
            (row.organisation.name, ROLE_WORDS.get(row.role, row.role))
            for row in directory.list_memberships(request.actor, request.actor.person_id)
        ],
    }
    if chosen:
        return answers.again(request, "account/overview.html", forms[chosen], problem, **context)
    return answers.show(request, "account/overview.html", **context)


def _signing_in(account: Any) -> dict[str, str]:
    """Return in words what she signs in with."""
    held = factors.second_steps(account.pk)
    keys = f"{held.keys} passkey{'' if held.keys == 1 else 's'}"
    steps = [*(["a code from an app"] if held.app else []), *([keys] if held.keys else [])]
    return {
        "password_words": "Choose a new one" if account.has_usable_password() else "None yet; choose one",
        "second_step_words": f"In use: {' and '.join(steps)}" if steps else "None yet; keeps your account yours",
        "passkey_words": f"{keys} in use" if held.keys else "None yet; sign in with a fingerprint or your face",
    }


def _keep(actor: Actor, section: str, form: AboutMeForm) -> None:
    if section == "work":
        people.finish_start(actor, **form.said)
    else:
        people.save_profile(actor, **form.said)
