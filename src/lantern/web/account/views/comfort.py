"""Comfort: what Lantern can do about how pages look, kept on this device only; the rest the browser already does
well.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse

from lantern.web import answers
from lantern.web.account.forms import ComfortForm
from lantern.web.gate import EDUCATOR, page

YEAR = 365 * 24 * 3600


@page(EDUCATOR, methods="GET POST")
def comfort(request: Any) -> HttpResponse:
    """Show and keep the colours."""
    if request.method == "GET":
        form = ComfortForm(initial={"theme": request.COOKIES.get("theme", "")})
        return answers.show(request, "account/comfort.html", form=form)
    form = ComfortForm(request.POST)
    if not form.is_valid():
        return answers.again(request, "account/comfort.html", form)
    theme = form.cleaned_data["theme"]
    response = answers.done(request, "account:comfort", message="Saved for this device.")
    if theme:
        # Scripts read and write the same cookie (theme.js), so it is not HttpOnly; it holds nothing but a colour.
        response.set_cookie("theme", theme, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response
