"""Learning from anywhere: a link becomes a proposal, and what she confirms goes into her plan in one act (B.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.competencies import queries as competencies
from lantern.domain.courses import commands as courses
from lantern.domain.plans import commands as plans
from lantern.engine.link_preview import read_preview
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid
from lantern.kernel.fetch import FetchError, fetch

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/pdf", "video/*", "audio/*"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a page seems to be, for her to confirm; `refused` says why it could not be read, the rest is empty then."""

    url: str
    title: str = ""
    kind: str = ""
    minutes: int | None = None
    provider: str = ""
    description: str = ""
    competency_id: UUID | None = None
    refused: str = ""


def propose(actor: Actor, url: str) -> Proposal:
    """Ask the site for its page, once, and read what it says of itself. Nothing about the actor is sent.

    Never raises: a link that cannot be used gives a proposal with the reason.
    """
    url = url.strip()
    try:
        found = fetch(url, accept=PAGE_TYPES, max_bytes=2_000_000)
    except FetchError as problem:
        return Proposal(url=url, refused=str(problem))
    if found.status >= 400:
        return Proposal(url=url, refused=f"The site answered with an error ({found.status}).")
    charset = f"; charset={found.charset}" if found.charset else ""
    preview = read_preview(found.body, found.content_type + charset, found.url)
    about = f"{preview.title} {preview.description}".strip()
    matches = competencies.match_words(actor, about, limit=1) if about else []
    return Proposal(
        url=url,
        title=preview.title,
        kind=preview.kind or "",
        minutes=preview.minutes,
        provider=preview.site_name[:160],
        description=preview.description,
        competency_id=matches[0].competency.pk if matches else None,
    )


@transaction.atomic
def plan_from_outside(
    actor: Actor,
    *,
    title: str,
    kind: str,
    minutes: int,
    url: str = "",
    provider: str = "",
    competency_id: UUID | None = None,
    monday: date | None = None,
) -> Any:
    """Add something from outside and put it into the plan: both or neither. Returns the activity. Raises Invalid."""
    activity = courses.add_outside(
        actor, title=title, kind=kind, minutes=minutes, url=url, provider=provider, competency_id=competency_id
    )
    plans.add_to_plan(actor, activity_id=activity.pk, monday=monday)
    return activity


@transaction.atomic
def log_from_outside(
    actor: Actor,
    *,
    title: str,
    kind: str,
    minutes: int,
    happened_on: date | None,
    url: str = "",
    provider: str = "",
    competency_id: UUID | None = None,
) -> Any:
    """Log something from outside that is done, on its day. Returns the activity. Raises Invalid without a day."""
    if happened_on is None:
        raise Invalid({"happened_on": "Say on which day it was."})
    return courses.add_outside(
        actor,
        title=title,
        kind=kind,
        minutes=minutes,
        url=url,
        provider=provider,
        competency_id=competency_id,
        happened_on=happened_on,
    )
