"""Search of the catalog: words and facets together, true counts for each facet, one page of rows.

Candidates come from the index, masks and counts from the snapshot in memory; the page itself is one scoped query. So
the number of queries
does not grow, and the ranking is the same on both databases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from django.utils.translation import get_language_info
from numpy.typing import NDArray

from lantern.domain.catalog.queries.resources import list_offered_by_ids
from lantern.domain.catalog.queries.rows import standing
from lantern.domain.catalog.queries.snapshot import Snapshot, snapshot
from lantern.domain.catalog.queries.words import Found, find
from lantern.domain.catalog.types import (
    ACCESS_FEATURES,
    BAND_WORDS,
    COST_WORDS,
    EVIDENCE_WORDS,
    FACETS,
    KIND_WORDS,
    LEVEL_WORDS,
    MODALITY_WORDS,
    PAGE_SIZE,
    UNVETTED,
    UNVETTED_WORDS,
    Facet,
    Option,
    Search,
    SearchPage,
)
from lantern.domain.competencies import queries as competencies
from lantern.domain.initiatives import queries as initiatives
from lantern.engine.facets import count_all
from lantern.kernel.actor import Actor

SHOWN = 8
UNKNOWN = "Not known here"
_WORDS: dict[str, Mapping[str, str]] = {
    "kind": KIND_WORDS,
    "minutes": BAND_WORDS,
    "modality": MODALITY_WORDS,
    "level": {str(level): words for level, words in LEVEL_WORDS.items()},
    "cost": COST_WORDS,
    "access": ACCESS_FEATURES,
    "evidence": {**EVIDENCE_WORDS, UNVETTED: UNVETTED_WORDS},
}
_IN_ORDER = frozenset({"minutes", "modality", "level", "grade", "cost", "evidence"})
"""Facets whose values have an order of their own; the others show what is found most first."""


def search(actor: Actor, search: Search, size: int = PAGE_SIZE) -> SearchPage:
    """Return one page of the offered resources that fit, the total, and every facet's counts under all the others."""
    now = standing(actor)
    held = snapshot(actor, now)
    found = find(actor, search.q, now, held, verbatim=search.verbatim) if search.q else None
    among = np.ones(len(held.ids), dtype=np.bool_)
    if found is not None:
        among[:] = False
        among[found.places] = True
    fitting, counts = count_all(held.columns, search.chosen, among)
    ordered = _order(held, search, found)
    ordered = ordered[fitting[ordered]]
    start = (min(search.page, max(1, -(-ordered.size // size))) - 1) * size
    ids = [held.ids[place] for place in ordered[start : start + size].tolist()]
    labels = _labels(actor, held, search, counts)
    return SearchPage(
        search=search,
        resources=tuple(list_offered_by_ids(actor, ids)),
        total=int(ordered.size),
        facets=tuple(_facet(name, search, counts[name], labels) for name in FACETS),
        chips=tuple(
            (name, value, labels[name].get(value, UNKNOWN))
            for name, values in search.chosen.items()
            for value in values
        ),
        corrected=found.corrected if found else None,
        unmatched=found.unmatched if found else (),
        by_meaning=int(fitting[found.alike].sum()) if found else 0,
        offered=len(held.ids),
    )


def count_offered(actor: Actor) -> int:
    """Return how many resources are offered here."""
    return len(snapshot(actor, standing(actor)).ids)


def _order(held: Snapshot, search: Search, found: Found | None) -> NDArray[np.intp]:
    if search.sort != "best":
        return held.order(search.sort)
    return found.places if found is not None else held.order("newest")


def _facet(name: str, search: Search, counts: Mapping[str, int], labels: Mapping[str, Mapping[str, str]]) -> Facet:
    chosen = search.chosen.get(name, ())
    words = labels[name]
    values = [value for value, count in counts.items() if (count or value in chosen) and value in words]
    if name not in _IN_ORDER:
        values.sort(key=lambda value: (-counts[value], words[value].casefold()))
    shown = values
    if name != search.opened and name not in _IN_ORDER and len(values) > SHOWN + 2:
        shown = [value for place, value in enumerate(values) if place < SHOWN or value in chosen]
    options = tuple(Option(value, words[value], counts[value], value in chosen) for value in shown)
    return Facet(name, FACETS[name], options, len(values) - len(shown))


def _labels(
    actor: Actor, held: Snapshot, search: Search, counts: Mapping[str, Mapping[str, int]]
) -> dict[str, Mapping[str, str]]:
    labels: dict[str, Mapping[str, str]] = dict(_WORDS)
    for name in ("grade", "provider"):
        labels[name] = {value: value for value in counts[name]}
    labels["grade"] = {value: _grade(value) for value in counts["grade"]}
    labels["language"] = {value: language_name(value) for value in counts["language"]}
    labels["subject"] = labels["topic"] = held.labels
    counted = any(counts["competency"].values()) or search.chosen.get("competency")
    labels["competency"] = competencies.names_in_reach(actor) if counted else {}
    aims = initiatives.list_initiatives(actor, also_ended=True) if any(counts["initiative"].values()) else ()
    labels["initiative"] = {str(aim.pk): aim.title for aim in aims}
    return labels


def _grade(value: str) -> str:
    return {"PK": "Pre-kindergarten", "K": "Kindergarten"}.get(value, f"Grade {value}")


def language_name(tag: str) -> str:
    """Return a language in its English name, or the tag itself when Django does not know it."""
    for wanted in (tag.lower(), tag.partition("-")[0].lower()):
        try:
            return str(get_language_info(wanted)["name"])
        except KeyError:
            continue
    return tag


def describe_filters(actor: Actor, filters: Iterable[Mapping[str, object]]) -> list[str]:
    """Return each of these saved filters in words, with today's names of terms, competencies and initiatives (P5.2)."""
    searches = [Search.of(one) for one in filters]
    used = {name: {value for one in searches for value in one.chosen.get(name, ())} for name in FACETS}
    held = snapshot(actor, standing(actor))
    labels = _labels(actor, held, Search(chosen={"competency": tuple(used["competency"])}), _counted(used))
    return [_described(one, labels) for one in searches]


def _counted(used: Mapping[str, set[str]]) -> dict[str, dict[str, int]]:
    return {name: dict.fromkeys(sorted(values), 1) for name, values in used.items()}


def _described(search: Search, labels: Mapping[str, Mapping[str, str]]) -> str:
    parts = [f"“{search.q}”"] if search.q else []
    parts += [", ".join(labels[name].get(value, UNKNOWN) for value in values) for name, values in search.chosen.items()]
    return " · ".join(parts)
