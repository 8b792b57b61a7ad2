"""The offered resources of one tenancy as arrays, held in the process and brought up to date by what changed.

It knows nobody: every page of results is loaded again from the database through `policy.offered`, so an old snapshot
can show
an old count but never a row that is not to be seen.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Generic, TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from lantern.domain.catalog.models import Term
from lantern.domain.catalog.queries.rows import Row, Stamps, Standing, load
from lantern.domain.catalog.types import ACCESS_FEATURES, BAND_WORDS, EVIDENCE_WORDS, UNVETTED, Kind, Modality, Status
from lantern.domain.people.types import GRADES, mask_to_grades
from lantern.engine.facets import Bits, Column, Labels
from lantern.kernel.actor import Actor

HELD = 16
UNKNOWN_MINUTES = 1_000_000


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Rows in one order: columns to filter by, and what to sort by. `labels` are the words of the terms by id."""

    stamps: Stamps
    ids: tuple[UUID, ...]
    columns: dict[str, Column]
    minutes: NDArray[np.int32]
    published: NDArray[np.int32]
    titles: tuple[str, ...]
    labels: dict[str, str]

    @cached_property
    def place_of(self) -> dict[str, int]:
        """Where each id stands, by its text (as the search index names it)."""
        return {str(id): place for place, id in enumerate(self.ids)}

    @cached_property
    def title_rank(self) -> NDArray[np.int32]:
        """The place of each row in the order of titles, ties by id."""
        order = sorted(range(len(self.ids)), key=lambda place: (self.titles[place], self.ids[place]))
        rank = np.empty(len(order), dtype=np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        return rank

    def order(self, sort: str) -> NDArray[np.intp]:
        """Return all rows in an order: "newest", "shortest" or "title"; those without a day or minutes come last."""
        if sort == "shortest":
            return np.lexsort((self.title_rank, self.minutes))
        if sort == "title":
            return np.argsort(self.title_rank)
        return np.lexsort((self.title_rank, -self.published))


_CLOSED: dict[str, tuple[str, ...]] = {
    "kind": tuple(kind.value for kind in Kind),
    "modality": tuple(modality.value for modality in Modality),
    "level": ("1", "2", "3", "4"),
    "minutes": tuple(BAND_WORDS),
    "cost": ("free", "paid"),
    "evidence": (*EVIDENCE_WORDS, UNVETTED),
}


def band(minutes: int | None) -> tuple[str, ...]:
    """Return the band that so many minutes lie in; not known is in none."""
    if minutes is None:
        return ()
    return ("15" if minutes <= 15 else "45" if minutes <= 45 else "120" if minutes <= 120 else "more",)


_VALUES: dict[str, Callable[[Row], Sequence[str]]] = {
    "kind": lambda row: (row.kind,),
    "minutes": lambda row: band(row.minutes),
    "modality": lambda row: (row.modality,),
    "level": lambda row: () if row.level is None else (str(row.level),),
    "grade": lambda row: mask_to_grades(row.grades_mask),
    "subject": lambda row: [str(term) for term in row.subjects],
    "topic": lambda row: [str(term) for term in row.topics],
    "competency": lambda row: [str(competency) for competency, _ in row.competencies],
    "language": lambda row: (row.language,),
    "cost": lambda row: () if row.cost_cents is None else ("paid" if row.cost_cents else "free",),
    "evidence": lambda row: (row.evidence_tier or UNVETTED,),
    "provider": lambda row: (row.provider,) if row.provider else (),
    "access": lambda row: row.access_features,
    "initiative": lambda row: () if row.initiative_id is None else (str(row.initiative_id),),
}


def _empty() -> Snapshot:
    columns: dict[str, Column] = {name: Labels.of((), _CLOSED.get(name, ())) for name in _VALUES}
    columns["grade"] = Bits.of((), GRADES, any_when_none=True)
    columns["access"] = Bits.of((), tuple(ACCESS_FEATURES))
    none = np.zeros(0, dtype=np.int32)
    return Snapshot({}, (), columns, none, none, (), {})


def _with(before: Snapshot, rows: Sequence[Row], stamps: Stamps) -> Snapshot:
    """Return the snapshot with these rows in place of their old versions; those that are not offered are left out."""
    changed = {row.id for row in rows}
    keep = np.array([id not in changed for id in before.ids], dtype=np.bool_)
    added = [row for row in rows if row.status == Status.PUBLISHED]
    minutes = [UNKNOWN_MINUTES if row.minutes is None else row.minutes for row in added]
    published = [row.published_on.toordinal() if row.published_on else 0 for row in added]
    kept = np.flatnonzero(keep).tolist()
    return Snapshot(
        stamps=stamps,
        ids=(*(before.ids[place] for place in kept), *(row.id for row in added)),
        columns={
            name: column.changed(keep, [_VALUES[name](row) for row in added]) for name, column in before.columns.items()
        },
        minutes=np.concatenate([before.minutes[keep], np.array(minutes, dtype=np.int32)]),
        published=np.concatenate([before.published[keep], np.array(published, dtype=np.int32)]),
        titles=(*(before.titles[place] for place in kept), *(row.title.casefold() for row in added)),
        labels={str(id): label for id, label in Term.objects.values_list("pk", "label")},
    )


Thing = TypeVar("Thing")


class Held(Generic[Thing]):
    """Keeps one thing a tenancy until the catalog changes; the tenancies asked for longest ago are let go."""

    def __init__(self) -> None:
        self._things: OrderedDict[tuple[UUID, ...], tuple[Stamps, Thing]] = OrderedDict()
        self._lock = Lock()

    def get(self, actor: Actor, stamps: Stamps, make: Callable[[Stamps | None, Thing | None], Thing]) -> Thing:
        """Return the thing for these stamps; `make(old stamps, old thing)` brings it up to date, both None at first."""
        key = actor.tenancy.reach
        with self._lock:
            before = self._things.get(key)
            if before is None or before[0] != stamps:
                made = make(*before) if before else make(None, None)
                before = self._things[key] = (stamps, made)
            self._things.move_to_end(key)
            while len(self._things) > HELD:
                self._things.popitem(last=False)
            return before[1]


_snapshots: Held[Snapshot] = Held()


def snapshot(actor: Actor, now: Standing) -> Snapshot:
    """Return the offered resources in the actor's reach as the catalog stands; no query when nothing changed."""

    def make(since: Stamps | None, before: Snapshot | None) -> Snapshot:
        return _with(before or _empty(), load(actor, since), now.stamps)

    return _snapshots.get(actor, now.stamps, make)
