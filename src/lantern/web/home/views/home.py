"""Home: one next step, and around it what an educator wants to see at a glance."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import resolve_url

from lantern.domain.recommendations.types import WHY_WORDS
from lantern.web import answers
from lantern.web.gate import EDUCATOR, page
from lantern.web.home.desk import gather


@page(EDUCATOR)
def home(request: Any) -> HttpResponse:
    """Show home."""
    back = resolve_url("home:home") + "#chosen"
    return answers.show(request, "home/home.html", whys=WHY_WORDS.items(), chosen_back=back, **gather(request.actor))
