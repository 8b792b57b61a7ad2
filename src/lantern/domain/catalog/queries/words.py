"""Finds resources by words: through the tenant's index and what changed since it was built, or without one in the
database.

The index is built from the catalog by a job (`flows/search_index.py`) into LANTERN_INDEX/<tenant>;
it holds own and inherited resources. With the extra `semantic` installed it also finds what is near in meaning.
"""

from __future__ import annotations

import logging
from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db.models import Q
from numpy.typing import NDArray

from lantern.domain.catalog import policy
from lantern.domain.catalog.models import Resource, ResourceCompetency, ResourceTerm
from lantern.domain.catalog.queries.rows import Standing, changed_since, standing
from lantern.domain.catalog.queries.snapshot import HELD, Snapshot
from lantern.domain.catalog.types import Status
from lantern.domain.competencies import queries as competencies
from lantern.engine.search import (
    Delta,
    Embedder,
    IndexUnreadable,
    SearchDocument,
    SearchIndex,
    open_index,
    word_vectors,
)
from lantern.kernel.actor import Actor

log = logging.getLogger(__name__)
FIELD_WEIGHTS = {"title": 6, "terms": 3, "competencies": 2, "summary": 2, "provider": 1, "description": 1}
MOST_CHANGED = 2_000
"""Of more changes than this since the build, the latest are found by words at once and the rest after the next
build.
"""
_LOADED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of the snapshot that hold the words or are near in meaning, best first; and how the words were read.

    `alike` are those of them that hold none of the words.
    """

    places: NDArray[np.intp]
    alike: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    corrected: str | None = None
    unmatched: tuple[str, ...] = ()


def index_folder(tenant_id: UUID) -> Path:
    """Return where the index of a tenant lives."""
    return Path(settings.LANTERN_INDEX) / str(tenant_id)


def embedder() -> Embedder | None:
    """Return what turns texts into meanings; None where the extra `semantic` is not installed or switched off."""
    if not settings.LANTERN_SEMANTIC:
        return None
    try:
        return word_vectors.installed()
    except word_vectors.ExtraUnusable as problem:
        log.warning("search by meaning is off", extra={"problem": str(problem)})
        return None


def search_documents(actor: Actor) -> Iterator[SearchDocument]:
    """Yield every offered resource in reach as the index wants it."""
    ids = list(Resource.objects.filter(policy.offered(actor)).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), _LOADED_AT_ONCE):
        yield from _documents(actor, ids[start : start + _LOADED_AT_ONCE])


def _documents(actor: Actor, ids: list[UUID]) -> Iterator[SearchDocument]:
    terms: dict[UUID, list[str]] = defaultdict(list)
    for resource_id, label in ResourceTerm.objects.filter(resource_id__in=ids).values_list(
        "resource_id", "term__label"
    ):
        terms[resource_id].append(label)
    links = list(
        ResourceCompetency.objects.filter(resource_id__in=ids)
        .order_by("pk")
        .values_list("resource_id", "competency_id")
    )
    names = competencies.competency_names(actor, {competency_id for _, competency_id in links})
    led_to: dict[UUID, list[str]] = defaultdict(list)
    for resource_id, competency_id in links:
        led_to[resource_id].append(names.get(competency_id, ""))
    rows = Resource.objects.filter(policy.offered(actor), pk__in=ids)
    for id, title, summary, provider, description, language in rows.order_by("pk").values_list(
        "pk", "title", "summary", "provider", "description", "language"
    ):
        yield SearchDocument(
            id=str(id),
            fields={
                "title": title,
                "terms": ". ".join(sorted(terms[id])),
                "competencies": ". ".join(sorted(led_to[id])),
                "summary": summary,
                "provider": provider,
                "description": description,
            },
            language=language,
        )


def find(actor: Actor, q: str, now: Standing, snapshot: Snapshot, *, verbatim: bool = False) -> Found:
    """Return the rows that hold the words; `verbatim` looks for them exactly as they were written."""
    index = _indexes.get(actor.tenancy.own, now.generation)
    if index is None:
        return _without_index(actor, q, snapshot)
    delta = _deltas.get(actor, now)
    result = index.search(q, limit=None, delta=delta, only_words=verbatim)
    if verbatim and result.corrected is not None:
        known = set(result.corrected.split())
        rest = [word for word in q.split() if word in known]
        if not rest:
            return Found(np.zeros(0, dtype=np.intp), unmatched=tuple(q.split()))
        result = index.search(" ".join(rest) + " ", limit=None, delta=delta, only_words=True)
        return Found(_crossings.cross(actor, index, delta, snapshot, result.places), unmatched=result.unmatched)
    places, alike = (
        _crossings.cross(actor, index, delta, snapshot, found) for found in (result.places, result.alike)
    )
    return Found(places, alike, result.corrected, result.unmatched)


class _Crossings:
    """From the places of an index and its delta to those of a snapshot: one array, while all three stay the same."""

    def __init__(self) -> None:
        self._held: OrderedDict[UUID, tuple[SearchIndex, Delta | None, Snapshot, NDArray[np.intp]]] = OrderedDict()
        self._lock = Lock()

    def cross(
        self, actor: Actor, index: SearchIndex, delta: Delta | None, snapshot: Snapshot, places: NDArray[np.int64]
    ) -> NDArray[np.intp]:
        """Return where these places of the index stand in the snapshot; what is not in it is left out."""
        with self._lock:
            held = self._held.get(actor.tenancy.own)
            if held is None or held[0] is not index or held[1] is not delta or held[2] is not snapshot:
                place_of = snapshot.place_of
                made = np.array([place_of.get(id, -1) for id in index.all_ids(delta).tolist()], dtype=np.intp)
                held = self._held[actor.tenancy.own] = (index, delta, snapshot, made)
                self._held.move_to_end(actor.tenancy.own)
                while len(self._held) > HELD:
                    self._held.popitem(last=False)
        found = held[3][places]
        return found[found >= 0]


def _places(ids: list[str], snapshot: Snapshot) -> NDArray[np.intp]:
    place_of = snapshot.place_of
    return np.array([place_of[id] for id in ids if id in place_of], dtype=np.intp)


def _without_index(actor: Actor, q: str, snapshot: Snapshot) -> Found:
    """Find resources that hold every word somewhere, those that hold more of them in the title first."""
    words = q.split()[:8]
    rows = Resource.objects.filter(policy.offered(actor))
    for word in words:
        fields = ("title", "summary", "provider", "description", "terms__label")
        held = Q(pk__in=())
        for name in fields:
            held |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(held)
    found = rows.distinct().values_list("pk", "title")
    ranked = sorted(
        found, key=lambda row: (-sum(word.casefold() in row[1].casefold() for word in words), row[1], row[0])
    )
    return Found(_places([str(id) for id, _ in ranked], snapshot))


class _Indexes:
    """The opened index of each tenant, opened again when its generation changes."""

    def __init__(self) -> None:
        self._open: OrderedDict[UUID, SearchIndex] = OrderedDict()
        self._lock = Lock()

    def get(self, tenant_id: UUID, generation: str) -> SearchIndex | None:
        """Return the index of this generation, or None when there is none that can be trusted."""
        if not generation:
            return None
        with self._lock:
            held = self._open.get(tenant_id)
            if held is not None and held.info.generation == generation:
                return held
            try:
                index = open_index(index_folder(tenant_id), embedder())
            except IndexUnreadable as problem:
                log.warning("search index unreadable", extra={"tenant": str(tenant_id), "problem": str(problem)})
                return None
            if index is None or index.info.generation != generation:
                return None
            self._open[tenant_id] = index
            self._open.move_to_end(tenant_id)
            while len(self._open) > HELD:
                self._open.popitem(last=False)
            return index


class _Deltas:
    """What changed since the build, prepared once for each state of the catalog."""

    def __init__(self) -> None:
        self._held: OrderedDict[UUID, tuple[Standing, Delta | None]] = OrderedDict()
        self._lock = Lock()

    def get(self, actor: Actor, now: Standing) -> Delta | None:
        """Return the delta between the build and now; None when nothing changed."""
        if now.stamps == now.built_from:
            return None
        with self._lock:
            held = self._held.get(actor.tenancy.own)
            if held is None or held[0] != now:
                held = self._held[actor.tenancy.own] = (now, _delta(actor, now))
                while len(self._held) > HELD:
                    self._held.popitem(last=False)
            return held[1]


def _delta(actor: Actor, now: Standing) -> Delta | None:
    changed = list(
        Resource.objects.filter(changed_since(actor, now.built_from))
        .order_by("-revision", "pk")
        .values_list("pk", "status")
    )
    offered = [id for id, status in changed if status == Status.PUBLISHED][:MOST_CHANGED]
    removed = frozenset(str(id) for id, status in changed if status != Status.PUBLISHED)
    documents: list[SearchDocument] = []
    for start in range(0, len(offered), _LOADED_AT_ONCE):
        documents.extend(_documents(actor, offered[start : start + _LOADED_AT_ONCE]))
    return Delta(tuple(documents), removed) if documents or removed else None


_indexes = _Indexes()
_deltas = _Deltas()
_crossings = _Crossings()


def is_index_current(actor: Actor) -> bool:
    """Tell whether the own tenant's index is there, knows meanings where they can be known, and nothing changed since
    it was built.
    """
    now = standing(actor)
    index = _indexes.get(actor.tenancy.own, now.generation)
    if index is None or now.stamps != now.built_from:
        return False
    meant = embedder()
    return meant is None or index.info.embedder == meant.name
