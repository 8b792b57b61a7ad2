"""The tree of a competency framework: its order, and the level of it that people choose from.

**Which level is chosen** (docs/admin/framework-format.md says it for operators). People pick needs and goals from a
list that one can read on a page, so at most `MOST` items:

1. Items whose published type says what they are (a competence, competency, standard, skill, element, capability) are
   chosen where there are between 1 and `MOST` of them.
2. Else the deepest level with at most `MOST` items whose names tell them apart (headings such as "Learn that", which
   return below each area, do not), together with items higher up that have nothing below them.
3. Else the top level, however long it is, so that nobody is left without a choice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

MOST = 60
_TYPED = re.compile(r"\b(competenc(e|es|y|ies)|standards?|skills?|elements?|capabilit(y|ies))\b", re.IGNORECASE)
_SLUG = re.compile(r"^\S*[-_/]\S*$")
_SHORT = 90


@dataclass(frozen=True, slots=True)
class TreeItem:
    """One item: its id, published type and name, and its parents with their sequence numbers, in file order."""

    id: Hashable
    item_type: str
    name: str
    parents: tuple[tuple[Hashable, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands: its first parent (None at the top), its place in a depth-first walk, how deep it is."""

    parent: Hashable | None
    position: int
    depth: int
    selectable: bool


def place(items: Sequence[TreeItem]) -> dict[Hashable, Place]:
    """Return the place of every item; a parent that is no item here means the top. Parents form no circle.

    The first parent decides; siblings follow their sequence numbers, then the order in the file.
    """
    known = {item.id for item in items}
    parent_of: dict[Hashable, Hashable | None] = {}
    children: dict[Hashable | None, list[tuple[float, int, Hashable]]] = defaultdict(list)
    for order, item in enumerate(items):
        parent, sequence = next(((p, s) for p, s in item.parents if p in known), (None, _sequence_at_top(item)))
        parent_of[item.id] = parent
        children[parent].append((float("inf") if sequence is None else sequence, order, item.id))
    depth: dict[Hashable, int] = {}
    walked: list[Hashable] = []
    stack: list[tuple[Hashable, int]] = [(id_, 0) for *_, id_ in sorted(children[None], reverse=True)]
    while stack:
        id_, level = stack.pop()
        depth[id_] = level
        walked.append(id_)
        stack.extend((child, level + 1) for *_, child in sorted(children[id_], reverse=True))
    chosen = _chosen(items, depth, {id_ for id_ in known if children.get(id_)})
    return {
        id_: Place(parent_of[id_], position, depth[id_], id_ in chosen) for position, id_ in enumerate(walked, start=1)
    }


def _sequence_at_top(item: TreeItem) -> int | None:
    return next((sequence for _, sequence in item.parents), None)


def _chosen(items: Sequence[TreeItem], depth: Mapping[Hashable, int], parents: set[Hashable]) -> set[Hashable]:
    typed = {item.id for item in items if item.id in depth and _TYPED.search(item.item_type)}
    if 1 <= len(typed) <= MOST:
        return typed
    levels: dict[int, list[TreeItem]] = defaultdict(list)
    for item in items:
        if item.id in depth:
            levels[depth[item.id]].append(item)
    for level in sorted(levels, reverse=True):
        here = levels[level]
        ends = [item for above in range(level) for item in levels[above] if item.id not in parents]
        if len(here) + len(ends) <= MOST and len({item.name.casefold() for item in here}) == len(here):
            return {item.id for item in (*here, *ends)}
    return {item.id for item in levels[0]} if levels else set()


def short_name(statement: str, abbreviated: str = "") -> str:
    """Return a name fit for a list: the published short form unless it is only a tag, else the statement's beginning.

    >>> short_name("Communicate a belief in the potential of all pupils, by:")
    'Communicate a belief in the potential of all pupils'
    """
    published = " ".join(abbreviated.split())
    if published and not _SLUG.match(published):
        return published[:200]
    text = " ".join(statement.split()).rstrip(" .:;")
    text = re.sub(r",? (by|that|to)$", "", text)
    if len(text) <= _SHORT:
        return text or published[:200] or "Unnamed"
    cut = text[:_SHORT].rsplit(" ", 1)[0].rstrip(" ,;:(")
    return f"{cut}…"
