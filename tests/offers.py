"""Resources for the tests of suggestions and home, published through the catalog's own command."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lantern.domain.catalog import commands as catalog
from lantern.domain.catalog.models import Resource
from lantern.domain.competencies.models import Competency
from tests.cast import Cast, acting, competencies_of


def offer(
    cast: Cast, title: str, kind: str = "video", *, leads_to: Iterable[tuple[Competency, int]] = (), **facts: Any
) -> Resource:
    """A published resource of the district."""
    with acting(cast.coordinator) as actor:
        return catalog.create_resource(
            actor, kind=kind, title=title, competencies=[(row.pk, level) for row, level in leads_to], **facts
        )


def offers(cast: Cast) -> dict[str, Resource]:
    """A small catalog on number talks (third competency of the cast's framework) and feedback (second), in several
    formats.
    """
    _, feedback, talks, _ = competencies_of(cast.framework)
    made = [
        offer(cast, "Your first number talk", "video", minutes=30, level=1, leads_to=[(talks, 1)]),
        offer(cast, "Number talks in a month", "course", minutes=120, level=2, leads_to=[(talks, 2)]),
        offer(cast, "Number talks on the way home", "podcast", minutes=35, level=1, leads_to=[(talks, 1)]),
        offer(cast, "Lead a number talk study", "coaching", minutes=90, level=4, leads_to=[(talks, 4)]),
        offer(cast, "Feedback in a minute", "article", minutes=15, level=1, leads_to=[(feedback, 1)]),
        offer(cast, "The feedback book", "book", minutes=400, level=3, leads_to=[(feedback, 3)]),
        offer(cast, "Feedback circle", "live_session", minutes=60, level=2, leads_to=[(feedback, 2)]),
        offer(cast, "Anything goes", "video", minutes=20),
    ]
    return {row.title: row for row in made}
