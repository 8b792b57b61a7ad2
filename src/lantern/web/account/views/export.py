"""Taking everything along: one JSON file, made on the spot and kept nowhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse

from lantern.flows.export import everything_about_me
from lantern.kernel import clock
from lantern.web.gate import EDUCATOR, page


@page(EDUCATOR)
def export(request: Any) -> HttpResponse:
    """Hand over all that is tied to me."""
    response = JsonResponse(everything_about_me(request.actor), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = f'attachment; filename="lantern-{clock.today():%Y-%m-%d}.json"'
    return response
