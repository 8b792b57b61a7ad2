"""My data: take all of it along, bring it back, and have it erased, with what stays and why."""

from __future__ import annotations

import tempfile
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, HttpResponse

from lantern.domain.privacy import queries
from lantern.flows import rights
from lantern.kernel import clock
from lantern.kernel.errors import Invalid
from lantern.web.account.forms import BringBackForm, EraseForm
from lantern.web.answers import again, done, show
from lantern.web.gate import EDUCATOR, page

_IN_MEMORY = 5_000_000

KEPT = (
    ("Your name", "Records that must stay say whose they are. Nothing else of your entry stays."),
    ("Your record of hours", "An official record, which your licence may depend on."),
    ("That something was done", "The log of acts stays, without your name."),
    ("Needs a group put up", "They belong to the group, and stay without your name."),
    ("What you wrote in joint plans", "Those who plan with you go on with it; who wrote it is not there any more."),
    ("Figures that are out", "They were released once, for ten people and more, and name nobody."),
    ("That you were erased", "One line with an old number that names nobody, so that an old backup forgets you too."),
)
"""What stays after an erasure, and why; a test compares it with what the tables declare."""


@page(EDUCATOR)
def overview(request: Any) -> HttpResponse:
    """What I can do with all that is tied to me."""
    return show(request, "account/rights.html", form=BringBackForm(), **_about())


@page(EDUCATOR)
def archive(request: Any) -> Any:
    """Hand over everything as one archive, made on the spot and kept nowhere."""
    kept = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 the answer closes it
    rights.write_archive(request.actor, kept)
    kept.seek(0)
    name = f"lantern-{clock.today():%Y-%m-%d}.zip"
    return FileResponse(kept, as_attachment=True, filename=name, content_type="application/zip")


@page(EDUCATOR, methods="POST", slow=True)
def bring_back(request: Any) -> HttpResponse:
    """Bring an archive back."""
    form = BringBackForm(request.POST, request.FILES)
    if not form.is_valid():
        return again(request, "account/rights.html", form, **_about())
    try:
        result = rights.read_archive(request.actor, form.cleaned_data["archive"])
    except Invalid as problem:
        return again(request, "account/rights.html", form, problem, **_about())
    if result.left_out:
        context = {"form": BringBackForm(), "result": result, **_about()}
        return show(request, "account/rights.html", **context)
    total = sum(result.written.values())
    there = f" {result.there_already} were there already." if result.there_already else ""
    return done(request, "account:rights", message=f"{total} records are back.{there}")


@page(EDUCATOR, methods="GET POST")
def erase(request: Any) -> HttpResponse:
    """Erase everything of mine, after I said so in words."""
    if request.method == "GET":
        return show(request, "account/erase.html", form=EraseForm(), kept=KEPT)
    form = EraseForm(request.POST)
    if not form.is_valid():
        return again(request, "account/erase.html", form, kept=KEPT)
    rights.erase_me(request.actor)
    logout(request)
    messages.success(request, "Everything of yours is erased, and you are signed out.")
    return done(request, "public:front")


def _about() -> dict[str, Any]:
    return {"kept": KEPT, "not_back": sorted(set(queries.NOT_BROUGHT_BACK.values()))}
