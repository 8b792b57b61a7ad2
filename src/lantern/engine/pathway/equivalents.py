"""What stands for what: groups of which one counts."""

from __future__ import annotations

from collections.abc import Iterable

from lantern.engine.pathway.problem import Id


def classes(groups: Iterable[frozenset[Id]]) -> dict[Id, frozenset[Id]]:
    """Return for each item of any group all it is equivalent to, itself among them; groups that meet are one."""
    found: dict[Id, frozenset[Id]] = {}
    for group in groups:
        merged = frozenset(group).union(*(found.get(item, frozenset()) for item in group))
        found |= dict.fromkeys(merged, merged)
    return found
