"""What competencies hand out and take in: a framework as data, the tree, matches, and who uses which framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lantern.domain.competencies.models import Competency, Framework

IS_CHILD_OF = "isChildOf"


@dataclass(frozen=True, slots=True)
class ItemData:
    """One item of a framework; `extra` holds what its format knows and Lantern does not model."""

    identifier: str
    statement: str
    code: str = ""
    abbreviated: str = ""
    item_type: str = ""
    uri: str = ""
    ended_on: date | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AssociationData:
    """A tie between two identifiers; for isChildOf the origin is the child. Either end may lie elsewhere."""

    identifier: str
    kind: str
    origin: str
    destination: str
    destination_title: str = ""
    sequence: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LevelData:
    """One step of a framework's own scale, such as A1 "Awareness"."""

    position: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class FrameworkData:
    """A whole framework in one version, ready to be stored. Its isChildOf ties form no circle."""

    identifier: str
    title: str
    version: str = ""
    uri: str = ""
    creator: str = ""
    publisher: str = ""
    language: str = "en"
    adoption_status: str = ""
    licence_title: str = ""
    licence_uri: str = ""
    source_url: str = ""
    notes: str = ""
    items: tuple[ItemData, ...] = ()
    associations: tuple[AssociationData, ...] = ()
    levels: tuple[LevelData, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a framework out: the place of the item or association in its list (0: the framework), and why."""

    row: int
    field: str
    reason: str


_FRAMEWORK_MOST = {
    "identifier": 64, "title": 300, "version": 80, "uri": 500, "creator": 300, "publisher": 300, "language": 12,
    "adoption_status": 40, "licence_title": 200, "licence_uri": 500, "source_url": 500,
}  # fmt: skip
_ITEM_MOST = {"identifier": 64, "code": 60, "item_type": 80, "uri": 500}
_ASSOCIATION_MOST = {"identifier": 64, "kind": 40, "origin": 300, "destination": 300}


def problems(data: FrameworkData) -> tuple[Problem, ...]:
    """Return everything that keeps this framework from being stored; nothing when all is well."""
    found = [Problem(0, name, "is missing") for name in ("identifier", "title") if not getattr(data, name).strip()]
    if not data.items:
        found.append(Problem(0, "items", "there are none, so nobody could choose anything"))
    found += _too_long(0, data, _FRAMEWORK_MOST)
    seen: set[str] = set()
    for row, item in enumerate(data.items, start=1):
        found += _too_long(row, item, _ITEM_MOST)
        if not item.statement.strip():
            found.append(Problem(row, "statement", "is missing"))
        if item.identifier in seen:
            found.append(Problem(row, "identifier", f"{item.identifier} stands in the file twice"))
        seen.add(item.identifier)
    ties: set[str] = set()
    for row, one in enumerate(data.associations, start=1):
        found += _too_long(row, one, _ASSOCIATION_MOST)
        if one.identifier in ties:
            found.append(Problem(row, "association identifier", f"{one.identifier} stands in the file twice"))
        ties.add(one.identifier)
    return tuple(found)


def _too_long(row: int, thing: object, most: Mapping[str, int]) -> list[Problem]:
    return [
        Problem(row, name, f"has {len(getattr(thing, name))} characters, of which {number} can be kept")
        for name, number in most.items()
        if len(getattr(thing, name)) > number
    ]


@dataclass(frozen=True, slots=True)
class Node:
    """A competency and what lies below it."""

    competency: Competency
    children: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A competency that fits what somebody wrote, how well, and the words that led there."""

    competency: Competency
    score: float
    matched_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which framework a kind of job uses here; `own` says that this tenant chose it, else a tenant above did."""

    job_kind: str
    framework: Framework | None
    own: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a competency stands: what it belongs to from the top down, what lies below it, what else it is tied to."""

    above: tuple[Competency, ...]
    below: tuple[Competency, ...]
    also_under: tuple[Competency, ...]


Counts = dict[str, dict[str, int]]
"""{thing: {"created" | "updated" | "unchanged" | "deactivated": number}}"""
