"""Who sees what: my own data by its class, what I share and with whom, who looked, and what my facts may be used
for.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect

from lantern.domain.calendars import queries as calendars
from lantern.domain.catalog import queries as catalog
from lantern.domain.coaching import queries as coaching
from lantern.domain.courses import queries as courses
from lantern.domain.credits import queries as credit
from lantern.domain.evidence import queries as evidence
from lantern.domain.goals import queries as goals
from lantern.domain.insights import queries as insights
from lantern.domain.needs import queries as needs
from lantern.domain.people.types import ROLE_WORDS, Role
from lantern.domain.plans import queries as plans
from lantern.domain.privacy import commands, queries
from lantern.domain.privacy.types import PURPOSE_WORDS
from lantern.flows import sharing
from lantern.flows.sharing import SHARABLE
from lantern.kernel.actor import Actor
from lantern.web.answers import done, paged, safe_next, show
from lantern.web.gate import EDUCATOR, page

_RECEIPTS = 20


@page(EDUCATOR)
def privacy(request: Any) -> HttpResponse:
    """What is private, shared, official and public, with my own counts, which nobody else sees."""
    actor = request.actor
    titles = sharing.my_titles(actor)
    shares = [(each, _name(each)) for each in queries.my_shares(actor, titles)]
    ended = [(each, _name(each)) for each in queries.my_ended_shares(actor, titles)[:_RECEIPTS]]
    looks = paged(request, queries.my_looks(actor))
    refused = queries.refused_purposes(actor)
    return show(
        request,
        "account/privacy.html",
        private=_private_counts(actor),
        address_made_at=calendars.plan_address_made_at(actor),
        shares=shares,
        ended=ended,
        emergencies=queries.my_emergencies(actor),
        counted=_counted(actor),
        links=len(coaching.my_links(actor)),
        entries=credit.my_entries(actor).count(),
        offers_help=coaching.my_offer(actor) is not None,
        looks=looks,
        look_rows=[
            (look, titles.get((look.item_kind, look.item_id), f"{_one(look.item_kind)}, deleted"), _roles(look))
            for look in looks
        ],
        purposes=[(key, name, words, key not in refused) for key, (name, words) in PURPOSE_WORDS.items()],
    )


def _counted(actor: Actor) -> list[tuple[str, str, Any]]:
    """Return in which released figures I was counted: term, metric and when they came out, never a value."""
    return [(one.term, one.metric, one.released_at) for one in insights.my_releases(actor)]


def _one(kind: str) -> str:
    thing = SHARABLE.get(kind)
    return thing.one if thing else "Something"


def _name(share: Any) -> str:
    """Return what a share opens, in words."""
    if share.is_rule:
        return SHARABLE[share.item_kind].every
    return share.item_title or f"{_one(share.item_kind)}, deleted"


def _roles(look: Any) -> str:
    """Return in which roles somebody looked; that she learns here like everybody is not worth a word."""
    held = [ROLE_WORDS[role] for role in look.viewer_role.split(", ") if role in ROLE_WORDS and role != Role.EDUCATOR]
    return ", ".join(held)


@page(EDUCATOR, methods="POST")
def purposes(request: Any) -> HttpResponse:
    """Refuse a purpose, or allow it again."""
    purpose = request.POST.get("purpose", "")
    if request.POST.get("allow") == "yes":
        commands.allow_purpose(request.actor, purpose=purpose)
        return done(request, "account:privacy", message="Allowed again.")
    commands.refuse_purpose(request.actor, purpose=purpose)
    return done(request, "account:privacy", message="Refused. It holds from now on.")


@page(EDUCATOR, methods="POST")
def revoke(request: Any, share_id: UUID) -> HttpResponse:
    """Stop sharing one thing, at once."""
    commands.revoke(request.actor, share_id=share_id)
    response = done(request, "account:privacy", message="You stopped sharing it. It is closed from the next click on.")
    return HttpResponseRedirect(safe_next(request, "account:privacy"), status=response.status_code)


def _private_counts(actor: Actor) -> list[tuple[str, int]]:
    """Return how much of each private kind I have; shown to me alone."""
    return [
        ("Needs", needs.my_needs(actor, state=None).count()),
        ("Ratings of yourself", len(needs.my_ratings(actor))),
        ("Goals", goals.my_goals(actor, state=None).count()),
        ("Things in your plan", plans.count_my_items(actor)),
        ("Things you learn from", courses.my_activities(actor).count()),
        ("Reflections", evidence.my_reflections(actor).count()),
        ("Evidence files", evidence.my_evidence(actor).count()),
        ("Things kept for later", catalog.my_saved(actor).count()),
        ("Saved searches", len(catalog.my_searches(actor))),
    ]
