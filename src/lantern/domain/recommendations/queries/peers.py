"""What others went on to, read for one educator: the tenant's kept weights with her own history (decision 0051).

Her history is read for herself only and is not kept; the weights are read by nobody but through the reasons they give.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.formats import date_format

from lantern.domain.recommendations.models import PeerWeights
from lantern.domain.recommendations.types import PEERS, SWITCHES, PeersOutcome, PeersView
from lantern.engine.recommend import FACTORS, Item, Learner, PeerFact, Shelf
from lantern.engine.recommend.collaborative import Known, PeerModel, Tags, from_bytes, suggest
from lantern.kernel.actor import Actor
from lantern.kernel.prepared import prepared

HELD, TOP, ID_BYTES = 16, 50, 16
Days = Mapping[UUID, date | None]
Tag = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Peers:
    """The weights that count in a tenant, ready to be read: which resource stands at which place, and the tags."""

    model: PeerModel
    items: tuple[UUID, ...]
    place_of: Mapping[UUID, int]
    tag_of: Mapping[Tag, int]
    titles: Mapping[UUID, str]


_held: OrderedDict[tuple[UUID, ...], tuple[UUID, Shelf, Peers]] = OrderedDict()
_lock = Lock()


def peers_for(actor: Actor, shelf: Shelf) -> Peers | None:
    """Return the weights that count in the actor's tenant, None where none do; loaded again only when they changed."""
    found = _standing.first(actor)
    if found is None or found[1] != PeersOutcome.ON:
        return None
    key, reach = found[0], actor.tenancy.reach
    with _lock:
        held = _held.get(reach)
        if held is None or held[0] != key or held[1] is not shelf:
            row = PeerWeights.objects.only("items", "arrays").filter(pk=key).first()
            if row is None:  # newer ones took its place this very moment; the next ranking reads those
                return None
            held = _held[reach] = (key, shelf, _ready(unpacked(bytes(row.items)), bytes(row.arrays), shelf))
        _held.move_to_end(reach)
        while len(_held) > HELD:
            _held.popitem(last=False)
        return held[2]


@prepared
def _standing(actor: Actor) -> QuerySet[PeerWeights, tuple[UUID, str, date, int]]:
    rows = PeerWeights.objects.filter(tenant_id=actor.tenancy.own)
    return rows.values_list("pk", "outcome", "ends_before", "floor")


def peers_until(actor: Actor) -> date | None:
    """Return the day before which what counts as others' choices happened, None where nothing was worked out yet."""
    found = _standing.first(actor)
    return None if found is None else found[2]


def peers_view(actor: Actor) -> PeersView:
    """Return how it stands with what others went on to in the actor's tenant, in words."""
    found = _standing.first(actor)
    if found is None:
        return PeersView(False, "It has not been worked out here yet. That happens twice a year, after a term.")
    _, outcome, ends_before, floor = found
    day = date_format(ends_before - timedelta(days=1), "j F Y")
    if outcome == PeersOutcome.ON:
        return PeersView(
            True,
            f"It comes from what people of your district finished for official hours until {day}. Behind each step are "
            f"at least {floor} different people, and nobody is named.",
        )
    if outcome == PeersOutcome.TOO_FEW:
        return PeersView(False, f"Until {day} too few people had finished things for official hours to learn from.")
    words = f"Worked out until {day}, it chose no better than what is chosen most, so it counts nothing."
    return PeersView(False, words)


def switches(actor: Actor) -> dict[str, str]:
    """Return the parts of the match that can be weighed or switched off in the actor's tenant, in the page's words."""
    found = _standing.first(actor)
    on = found is not None and found[1] == PeersOutcome.ON
    return {key: words for key, words in FACTORS.items() if key in SWITCHES or (on and key == PEERS)}


def peer_facts(peers: Peers, learner: Learner, finished: Days) -> dict[UUID, PeerFact]:
    """Return what others' choices say to this educator, by resource: she finished these on these days.

    What she only said that she did and valued counts as before all that has a day.
    """
    days = {key: day.toordinal() if day else 0 for key, day in finished.items()}
    for key in learner.valued:
        days.setdefault(key, 0)
    mine = sorted((day, peers.place_of[key]) for key, day in days.items() if key in peers.place_of)
    known = Known([place for _, place in mine], [day for day, _ in mine], _liked(peers, learner))
    blend = peers.model.blend if mine else peers.model.blend_for_newcomers
    most = sum(astuple(blend))
    return {
        peers.items[peer.item]: PeerFact(
            min(peer.score / most, 1.0), "" if peer.because is None else peers.titles.get(peers.items[peer.because], "")
        )
        for peer in suggest(peers.model, known, TOP)
    }


def _liked(peers: Peers, learner: Learner) -> dict[int, float]:
    about = {goal.competency for goal in learner.goals} | {need.competency for need in learner.needs}
    tags: list[Tag] = [("term", key) for key in learner.interests]
    tags += [("competency", key) for key in about]
    tags += [("kind", kind) for kind in learner.liked_kinds]
    return dict.fromkeys(sorted(peers.tag_of[tag] for tag in tags if tag in peers.tag_of), 1.0)


def tagged(items: Sequence[Item | None]) -> tuple[Tags, dict[Tag, int]]:
    """Return the tags of these resources (kind, topics, subjects, competencies), and which tag is which; one that is
    not offered any more has none.
    """
    lists: list[list[int]] = []
    tag_of: dict[Tag, int] = {}
    for item in items:
        own: list[Tag] = []
        if item is not None:
            own = [("kind", item.kind)]
            own += [("term", key) for key in sorted(item.terms, key=str)]
            own += [("subject", key) for key in sorted(item.subjects, key=str)]
            own += [("competency", key) for key in sorted({key for key, _ in item.competencies}, key=str)]
        lists.append([tag_of.setdefault(tag, len(tag_of)) for tag in own])
    return Tags.of(lists, len(tag_of)), tag_of


def packed(items: Sequence[UUID]) -> bytes:
    """Return ids as they are kept."""
    return b"".join(key.bytes for key in items)


def unpacked(kept: bytes) -> tuple[UUID, ...]:
    """Return kept ids."""
    return tuple(UUID(bytes=kept[start : start + ID_BYTES]) for start in range(0, len(kept), ID_BYTES))


def _ready(items: tuple[UUID, ...], arrays: bytes, shelf: Shelf) -> Peers:
    offered = [shelf.items[shelf.place_of[key]] if key in shelf.place_of else None for key in items]
    tags, tag_of = tagged(offered)
    return Peers(
        model=from_bytes(arrays, tags),
        items=items,
        place_of={key: place for place, key in enumerate(items)},
        tag_of=tag_of,
        titles={item.id: item.title for item in offered if item is not None},
    )
