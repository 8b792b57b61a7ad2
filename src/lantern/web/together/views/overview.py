"""Together at a glance: my coaches, who asked me, proposals that wait, and the ways to colleagues."""

from textwrap import shorten
from typing import Any

from django.http import HttpResponse

from lantern.domain.coaching import queries
from lantern.domain.coaching.types import LinkState
from lantern.domain.joint_plans import queries as joint_plans
from lantern.web.answers import show
from lantern.web.gate import EDUCATOR, page


@page(EDUCATOR)
def overview(request: Any) -> HttpResponse:
    """The people I learn with."""
    actor = request.actor
    to_me = list(queries.links_to_me(actor))
    return show(
        request,
        "together/overview.html",
        coaches=list(queries.my_links(actor)),
        asks=[link for link in to_me if link.state == LinkState.ASKED],
        coached=[link for link in to_me if link.state == LinkState.ACTIVE],
        proposals=queries.my_proposals(actor),
        observations=[(each, shorten(each.saw, 80, placeholder=" …")) for each in queries.my_observations(actor)],
        offer=queries.my_offer(actor),
        invitations=joint_plans.count_invitations(actor),
    )
