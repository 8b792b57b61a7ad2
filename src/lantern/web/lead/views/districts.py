"""The districts of a state or region: a directory, names and counts of schools, and nothing anybody wrote (C.14)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from lantern.domain.people import queries as people
from lantern.domain.people.types import KIND_WORDS
from lantern.web import answers
from lantern.web.gate import OFFICIAL, page


@page(OFFICIAL)
def districts(request: Any) -> HttpResponse:
    """Show what lies below the official's own state or region."""
    below = people.list_districts_below(request.actor)
    return answers.show(
        request,
        "lead/districts.html",
        listed=[(view, KIND_WORDS[view.kind]) for view in below],
        districts=sum(view.kind == "district" for view in below),
        schools=sum(view.schools for view in below),
    )
