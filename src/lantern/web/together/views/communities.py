"""Communities of the catalog: groups of people who learn from each other, here and elsewhere."""

from typing import Any

from django.http import HttpResponse

from lantern.domain.catalog import queries as catalog
from lantern.web.answers import paged, show
from lantern.web.gate import EDUCATOR, page


@page(EDUCATOR)
def communities(request: Any) -> HttpResponse:
    """The list of communities."""
    return show(
        request, "together/communities.html", communities=paged(request, catalog.list_communities(request.actor))
    )
