"""What changes suggestions: a fresh ranking, "not for me", and which parts of the match count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.catalog import queries as catalog
from lantern.domain.people import commands as people
from lantern.domain.people import queries as people_queries
from lantern.domain.privacy import policy as privacy
from lantern.domain.recommendations import policy, queries
from lantern.domain.recommendations.events import (
    DismissalTakenBack,
    FactorsChanged,
    PeerWeightsKept,
    SuggestionDismissed,
)
from lantern.domain.recommendations.models import Dismissal, PeerWeights, Suggestion
from lantern.domain.recommendations.queries import District
from lantern.domain.recommendations.types import DISTRICT, PEERS, PeersOutcome, Why
from lantern.engine.recommend import Ranked, chosen
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotAllowed
from lantern.kernel.events import publish
from lantern.kernel.turns import take_turn


@transaction.atomic
def refresh(actor: Actor) -> int:
    """Rank the catalog for the actor and keep the short list; return how many that is. The rest is ranked when it is
    looked at.
    """
    me = _turn(actor)
    rows = _rows(actor.tenancy.own, me, chosen(queries.learner_of(actor), queries.shelf_for(actor)), clock.now())
    Suggestion.objects.filter(policy.visible(actor)).delete()
    Suggestion.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def refresh_many(actor: Actor, *, person_ids: Sequence[UUID], district: District) -> int:
    """Do the same for several people at once, for Lantern's own nightly work; return for how many. Raises NotAllowed.

    `district` is what `queries.District.of` said at the beginning of the run.
    """
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself ranks for everybody.")
    for person_id in sorted(person_ids):
        take_turn("suggestions", person_id)
    made_at, shelf = clock.now(), queries.shelf_for(actor)
    rows: list[Suggestion] = []
    ranked: list[UUID] = []
    for she, learner in queries.learners_of(actor, person_ids, district):
        if she.person_id is None:
            continue
        with queries.nobody_elses_night(she.person_id):
            rows += _rows(actor.tenancy.own, she.person_id, chosen(learner, shelf), made_at)
            ranked.append(she.person_id)
    Suggestion.objects.filter(person_id__in=ranked).delete()
    Suggestion.objects.bulk_create(rows, batch_size=500)
    return len(ranked)


def _rows(
    tenant_id: UUID, person_id: UUID, kept: Iterable[Ranked], made_at: datetime
) -> list[Suggestion]:
    return [
        Suggestion(
            tenant_id=tenant_id,
            person_id=person_id,
            resource_id=entry.item.id,
            rank=place,
            score=entry.score,
            parts=[{"factor": part.factor, "points": part.points, "words": part.words} for part in entry.parts],
            made_at=made_at,
        )
        for place, entry in enumerate(kept)
    ]


@transaction.atomic
def dismiss(actor: Actor, *, resource_id: UUID, why: str) -> Dismissal:
    """Note that a resource is not for the actor, and why; a repeat changes the why. Raises Invalid, NotFound."""
    me = _turn(actor)
    if why not in set(Why):
        raise Invalid({"why": "Please choose one of the reasons."})
    resource = catalog.get_resource(actor, resource_id)
    row, _ = Dismissal.objects.update_or_create(
        person_id=me,
        resource_id=resource.pk,
        defaults={"why": why, "at": clock.now()},
        create_defaults={"why": why, "at": clock.now(), "tenant_id": actor.tenancy.own},
    )
    Suggestion.objects.filter(policy.visible(actor), resource_id=resource.pk).delete()
    publish(actor, SuggestionDismissed(resource_id=resource.pk))
    return row


@transaction.atomic
def forget(actor: Actor, *, resource_id: UUID) -> None:
    """Stop suggesting what the actor has just taken up; the next ranking leaves it out anyway."""
    _turn(actor)
    Suggestion.objects.filter(policy.visible(actor), resource_id=resource_id).delete()


@transaction.atomic
def restore(actor: Actor, *, resource_id: UUID) -> None:
    """Take a "not for me" back; harmless when there is none."""
    privacy.acting_person(actor)
    gone, _ = Dismissal.objects.filter(policy.visible(actor), resource_id=resource_id).delete()
    if gone:
        publish(actor, DismissalTakenBack(resource_id=resource_id))


@transaction.atomic
def set_factors(actor: Actor, *, off: Iterable[str], sliders: Mapping[str, float] | None = None) -> None:
    """Switch parts of the match off, and say how much each counts (0 to 2, 1 as usual); what is not named is on.

    Without `sliders` they stay as they are. The district's part can only be turned down. Raises Invalid for an unknown
    part or a weight outside.
    """
    privacy.acting_person(actor)
    offered, before = queries.switches(actor), people_queries.get_profile(actor)
    switched = sorted(set(off))
    unknown = [factor for factor in [*switched, *(sliders or {})] if factor not in offered]
    if unknown:
        raise Invalid({"off": f"There is no part called {unknown[0]}."})
    absent = {PEERS} - set(offered)  # what she said of it holds until it is there again
    said: dict[str, Any] = {"factors_off": sorted({*switched, *(absent & set(before.factors_off))})}
    if sliders is not None:
        if sliders.get(DISTRICT, 1.0) > 1:
            raise Invalid({"sliders": "What your district wants can count less for you, never more."})
        kept = {factor: weight for factor, weight in before.sliders.items() if factor in absent}
        said["sliders"] = kept | {factor: float(weight) for factor, weight in sliders.items() if weight != 1}
    people.save_profile(actor, **said)
    publish(actor, FactorsChanged(off=len(switched)))


@transaction.atomic
def keep_peer_weights(
    actor: Actor, *, term: str, ends_before: date, floor: int, outcome: str, items: Sequence[UUID], arrays: bytes
) -> PeerWeights:
    """Keep what others went on to until the end of a closed term, in place of the term before; or why it counts
    nothing, and then no arrays.

    Raises NotAllowed but for Lantern itself, Invalid for a term that is not over, Conflict for one no later than what
    is kept.
    """
    if not actor.is_system:
        raise NotAllowed("Only Lantern itself works out what others went on to.")
    if ends_before > clock.today():
        raise Invalid({"term": "This term is not over yet."})
    take_turn("peer weights", actor.tenancy.own)
    row = PeerWeights.objects.filter(tenant_id=actor.tenancy.own).first()
    if row is not None and row.ends_before >= ends_before:
        raise Conflict("This term was worked out before. It is never worked out again.")
    if row is not None:
        row.delete()
    on = outcome == PeersOutcome.ON
    row = PeerWeights.objects.create(
        tenant_id=actor.tenancy.own,
        term=term,
        ends_before=ends_before,
        fitted_at=clock.now(),
        floor=floor,
        outcome=outcome,
        items=queries.packed(items) if on else b"",
        arrays=arrays if on else b"",
    )
    publish(actor, PeerWeightsKept(row.pk, on))
    return row


@transaction.atomic
def erase(actor: Actor, person_id: UUID) -> dict[str, int]:
    """Delete everything kept about a person's suggestions; return how many rows. Only the person herself or the
    system.
    """
    privacy.allow_erasure(actor, person_id)
    suggestions, _ = Suggestion.objects.filter(person_id=person_id).delete()
    dismissals, _ = Dismissal.objects.filter(person_id=person_id).delete()
    return {"suggestions": suggestions, "dismissals": dismissals}


def _turn(actor: Actor) -> UUID:
    """Let one act at a time replace a person's suggestions, the job's or the page's; return whose they are."""
    me = privacy.acting_person(actor)
    take_turn("suggestions", me)
    return me
