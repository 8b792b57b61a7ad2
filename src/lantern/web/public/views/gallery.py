"""The gallery: every component in every state, for who writes pages and for the browser tests."""

from typing import Any

from django.http import HttpResponse

from lantern.ui.gallery import gallery_sections
from lantern.web.answers import show
from lantern.web.gate import PUBLIC, page


@page(PUBLIC)
def gallery(request: Any) -> HttpResponse:
    """Show every component."""
    return show(request, "ui/gallery.html", sections=gallery_sections())


@page(PUBLIC)
def sample_job(request: Any, name: str) -> HttpResponse:
    """Answer the gallery's sample of a running job: there is nothing new."""
    return HttpResponse(status=204)
