"""What pathways hand out and take in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from lantern.engine.pathway.outline import Malformed, Section, entries, read, walk
from lantern.engine.pathway.problem import Gap, ItemDone, LevelReached, Requirement
from lantern.engine.pathway.structure import Rule

MOST_OWN = 40
"""So many own pathways somebody may keep."""

RULE_WORDS: dict[str, str] = {
    Rule.IN_ORDER: "All of it, in this order",
    Rule.ALL: "All of it, in any order",
    Rule.ANY: "Any of it: so many parts",
    Rule.MINUTES: "Any of it: so many minutes",
}
NONE_NEEDED = "Nothing is needed before it."


class PathwayState(StrEnum):
    """A draft is seen by those who manage it; offered to educators; retired: seen by those who manage it and by whoever
    started it, and offered no more.
    """

    DRAFT = "draft"
    OFFERED = "offered"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chose in a pathway: the keys of parts of choices, and the route she takes for a step."""

    chosen: frozenset[str] = frozenset()
    swaps: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {"chosen": sorted(self.chosen), "swaps": dict(sorted(self.swaps.items()))}

    def kept_in(self, outline: Section) -> Choices:
        """Return what of it still means something in an outline."""
        keys = {part.key for part in walk(outline)}
        routes = {entry.key: entry.routes for entry in entries(outline)}
        swaps = {key: route for key, route in self.swaps.items() if route in routes.get(key, ())}
        return Choices(self.chosen & keys, swaps)


def choices_of(kept: object) -> Choices:
    """Return choices from what is kept. Raises Malformed where it is none."""
    said: Any = kept if isinstance(kept, Mapping) else {"chosen": None}
    chosen, swaps = said.get("chosen", []), said.get("swaps", {})
    if not isinstance(chosen, list) or not isinstance(swaps, Mapping) or len(chosen) > 1000 or len(swaps) > 1000:
        raise Malformed("choices", "are a list of parts and a table of routes")
    words = [*chosen, *swaps.keys(), *swaps.values()]
    if not all(isinstance(one, str) and 0 < len(one) <= 40 for one in words):
        raise Malformed("choices", "name parts and routes by their keys")
    return Choices(frozenset(chosen), dict(swaps))


def outline_of_json(kept: object) -> Section:
    """Return an outline from what is kept, every route and competency an id. Raises Malformed."""
    outline = read(kept)
    for entry in entries(outline):
        ids = (*entry.routes, *(one.competency for one in entry.levels), *((entry.check,) if entry.check else ()))
        if not all(_is_id(one) for one in ids):
            raise Malformed(entry.key, "routes and competencies are named by their ids")
    return outline


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class StartedPathway:
    """A pathway that somebody is in, for the planner. Steps are named by key; `resources` gives the routes of each,
    hers first; `gaps` are between keys; every group of `needs` of a step must hold, by one of its members.

    Own pathways have no `pathway_id`.
    """

    id: UUID
    pathway_id: UUID | None
    title: str
    started_on: date
    outline: Section
    structure: Any
    resources: Mapping[str, tuple[UUID, ...]]
    minutes: Mapping[str, int]
    gaps: tuple[Gap, ...]
    needs: Mapping[str, tuple[tuple[Requirement, ...], ...]]
    choices: Choices


def gaps_of(outline: Section) -> tuple[Gap, ...]:
    """Return the practice that lies between steps, by their keys."""
    found = []
    for entry in entries(outline):
        gap = entry.practice
        if gap is not None:
            found.append(Gap(gap.after, entry.key, gap.weeks, gap.in_class))
    return tuple(found)


def needs_of(outline: Section, before: Mapping[str, frozenset[str]]) -> dict[str, tuple[tuple[Requirement, ...], ...]]:
    """Return what each step needs: levels, and the steps of this outline that hold what its resource builds on."""
    holding: dict[str, list[str]] = {}
    for entry in entries(outline):
        for route in entry.routes:
            holding.setdefault(route, []).append(entry.key)
    found: dict[str, tuple[tuple[Requirement, ...], ...]] = {}
    for entry in entries(outline):
        groups: list[tuple[Requirement, ...]] = [
            (LevelReached(one.competency, float(one.level)),) for one in entry.levels
        ]
        for item in sorted(before.get(entry.routes[0], frozenset())):
            keys = [key for key in holding.get(item, []) if key != entry.key]
            if keys:
                groups.append(tuple(ItemDone(key) for key in keys))
        if groups:
            found[entry.key] = tuple(groups)
    return found


@dataclass(frozen=True, slots=True)
class PathwayData:
    """A pathway that a file brings, its names found here already; `row` is its place in the file."""

    row: int
    external_id: str
    source: str
    title: str
    outline: Section
    summary: str = ""
    job_kinds: tuple[str, ...] = ()
    level_from: int = 0
    level_to: int = 1


@dataclass(frozen=True, slots=True)
class PathwayRefused:
    """Why a pathway of a file was left out: its place, the field, the reason."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class PathwayCounts:
    """What an import of pathways did, or would do."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: tuple[PathwayRefused, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource stands in a pathway: which step of how many, and what it leads to there."""

    pathway_id: UUID
    title: str
    position: int
    steps: int
    outcome: str
