"""Makes a framework's tree sound: ends resolved, cycles broken, orphans attached, each with a warning naming it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lantern.interop.case.records import IS_CHILD_OF, AssociationRecord, ItemRecord


def settle(
    document: str, title: str, items: tuple[ItemRecord, ...], associations: Iterable[AssociationRecord]
) -> tuple[tuple[AssociationRecord, ...], tuple[str, ...]]:
    """Return associations whose hierarchy is acyclic and rooted in the document, and warnings for what was changed.

    Associations with an end outside the package are kept and marked dangling. Linear in items and associations.
    """
    named = {item.identifier: item for item in items}
    known = named.keys() | {document}
    marked = [replace(one, dangling=not {one.origin, one.destination} <= known) for one in associations]
    parents: dict[str, list[AssociationRecord]] = {identifier: [] for identifier in named}
    refused: dict[str, str] = {}
    warnings: list[str] = []
    for one in marked:
        if one.type != IS_CHILD_OF:
            continue
        if one.origin == document:
            refused[one.identifier] = "the document cannot be a child; the association was left out"
        elif one.dangling:
            subject = label(named[one.origin]) if one.origin in named else one.origin
            warnings.append(f"{subject}: parent {one.destination} or the item itself is not in this package")
        else:
            parents[one.origin].append(one)
    for one in _closing_edges(parents):
        refused[one.identifier] = (
            f"{label(named[one.origin])}: being a child of {label(named[one.destination])} makes a circle; "
            "that association was left out"
        )
    kept = [one for one in marked if one.identifier not in refused]
    warnings.extend(refused.values())
    orphans = [item for item in items if all(one.identifier in refused for one in parents[item.identifier])]
    warnings.extend(f"{label(item)}: has no parent here; attached to the document" for item in orphans)
    return (*kept, *(_adoption(document, title, item) for item in orphans)), tuple(warnings)


def label(item: ItemRecord) -> str:
    """Name an item for a person: its code, or the start of its statement, with its identifier."""
    return f"{item.human_coding_scheme or item.full_statement[:40]} ({item.identifier})"


def _closing_edges(parents: dict[str, list[AssociationRecord]]) -> Iterator[AssociationRecord]:
    """Yield the associations that close a cycle, walking depth first from child to parent on an explicit stack."""
    done: set[str] = set()
    for start, first in parents.items():
        if start in done:
            continue
        open_path = {start}
        stack = [(start, iter(first))]
        while stack:
            node, remaining = stack[-1]
            edge = next(remaining, None)
            if edge is None:
                stack.pop()
                open_path.discard(node)
                done.add(node)
            elif edge.destination in open_path:
                yield edge
            elif edge.destination in parents and edge.destination not in done:
                open_path.add(edge.destination)
                stack.append((edge.destination, iter(parents[edge.destination])))


def _adoption(document: str, title: str, item: ItemRecord) -> AssociationRecord:
    identifier = str(uuid.uuid5(uuid.UUID(document), f"{IS_CHILD_OF} {item.identifier}"))
    return AssociationRecord(
        identifier=identifier,
        type=IS_CHILD_OF,
        origin=item.identifier,
        destination=document,
        destination_title=title,
        uri=f"urn:uuid:{identifier}",
        origin_title=item.human_coding_scheme or item.full_statement[:80],
        origin_uri=item.uri,
        last_change=item.last_change,
    )
