"""What others went on to, worked out once for each closed term in each tenant (decisions 0042 and 0051).

Read are finished things from the catalog that earned official hours, as places and days, of people who refused neither
"Suggestions for me" nor "Being counted". That is in memory for the length of the job; what is kept names nobody and
rests on ten different people or more.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from itertools import islice
from typing import Any
from uuid import UUID

from lantern.domain.credits import queries as credits
from lantern.domain.evidence import queries as evidence
from lantern.domain.insights import queries as insights
from lantern.domain.privacy import queries as privacy
from lantern.domain.privacy.types import Purpose
from lantern.domain.recommendations import commands, queries
from lantern.domain.recommendations.types import PeersOutcome
from lantern.engine.recommend.collaborative import ENOUGH, Choices, Settings, Tags, fit, to_bytes, tune
from lantern.engine.release import Term
from lantern.kernel.actor import Actor
from lantern.kernel.jobs import Progress, job

FIT = "recommendations.fit_peers"
AT_ONCE = 500


@job(
    FIT,
    reads=("private", "public", "official", "aggregate"),
    reaches="everybody of the tenant, as points of suggestions that rest on ten different people or more",
)
def fit_peers(actor: Actor, progress: Progress | None, *, term: str = "") -> dict[str, Any]:
    """Work out what people of the tenant went on to, until the end of a closed term (the last one without a name).

    A term that was worked out, or an earlier one, is left alone. Raises Invalid for what is no term, or not over.
    """
    wanted = insights.closed_term(term)
    until = queries.peers_until(actor)
    if until is not None and until >= wanted.ends_before:
        return {"term": wanted.key, "outcome": "left alone"}
    shelf = queries.shelf_for(actor)
    items = tuple(item.id for item in shelf.items)
    choices = choices_until(actor, wanted, {key: place for place, key in enumerate(items)})
    tags, _ = queries.tagged(shelf.items)
    floor = max(Settings().floor, insights.smallest_group(actor))
    outcome, arrays = _fitted(choices, tags, wanted, floor)
    commands.keep_peer_weights(
        actor, term=wanted.key, ends_before=wanted.ends_before, floor=floor, outcome=outcome, items=items, arrays=arrays
    )
    return {"term": wanted.key, "outcome": str(outcome)}


def choices_until(actor: Actor, term: Term, place_of: Mapping[UUID, int]) -> Choices:
    """Return who finished what for official hours until the end of a term, and when, as places and days.

    Who refused is not read on; `place_of` says which resources there are.
    """
    refused = privacy.refusers(actor, Purpose.RECOMMENDATION) | privacy.refusers(actor, Purpose.RELEASE)
    person_of: dict[UUID, int] = {}
    who, what, when = array("q"), array("q"), array("q")
    earned = (line for line in credits.earned_until(actor, term.ends_before) if line[0] not in refused)
    while part := list(islice(earned, AT_ONCE)):
        about = evidence.resources_reflected_on(actor, [reflection_id for _, reflection_id, _ in part])
        for person_id, reflection_id, day in part:
            place = place_of.get(about[reflection_id]) if reflection_id in about else None
            if place is not None:
                who.append(person_of.setdefault(person_id, len(person_of)))
                what.append(place)
                when.append(day.toordinal())
    return Choices.of(who, what, when, len(person_of), len(place_of))


def _fitted(choices: Choices, tags: Tags, term: Term, floor: int) -> tuple[PeersOutcome, bytes]:
    """Return what came of it, and the arrays to keep: none unless it beat recent popularity on held-out choices."""
    if not choices.persons:
        return PeersOutcome.TOO_FEW, b""
    tuned = tune(choices, tags, settings=Settings(floor=floor))
    if not tuned.blend.on:
        return (PeersOutcome.TOO_FEW if tuned.people < ENOUGH else PeersOutcome.NO_BETTER), b""
    today = term.last_day.toordinal()
    model = fit(choices, tags, today, tuned.settings, tuned.blend, tuned.blend_for_newcomers)
    return PeersOutcome.ON, to_bytes(model)
