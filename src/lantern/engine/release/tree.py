"""Which groups of a fixed tree may be published (trust.md 3.5, steps 1, 3 and 7).

People sit in nodes (a person in exactly one), nodes sit in nodes. Whatever can be worked out from published groups by
adding and subtracting is a sum over *atoms*: a published group without its published children. So it is enough that
each atom is empty or large; a threshold for each group alone is not (in 80 % of simulated districts a smaller group
could be subtracted out).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class ReleaseError(ValueError):
    """What was handed in is no tree of groups; the message names the node."""


class Verdict(StrEnum):
    """What becomes of a group."""

    PUBLISHED = "published"
    TOO_FEW = "too_few"
    PROTECTS_ANOTHER = "protects_another"


@dataclass(frozen=True, slots=True)
class Group:
    """Some people: how many, how many of them may read releases, and the smallest group that any of them asks for."""

    people: int = 0
    readers: int = 0
    least: int = 0

    def __add__(self, other: Group) -> Group:
        """Return both together; an empty group asks for nothing."""
        least = max((one.least for one in (self, other) if one.people), default=0)
        return Group(self.people + other.people, self.readers + other.readers, least)

    @property
    def cover(self) -> int:
        """Return how many people somebody who reads the number cannot tell apart.

        She knows herself, and readers know each other: they count as outside. One is taken off in any case, since
        whoever is counted here may become a reader later.
        """
        return self.people - max(1, self.readers) if self.people else 0

    @property
    def is_large(self) -> bool:
        """Tell whether a number about exactly these people may be known."""
        return self.people > 0 and self.cover >= self.least


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the tree and the people who are directly in it, in none of its children; the root has no parent."""

    id: str
    parent: str | None
    here: Group = Group()


def publish_set(nodes: Sequence[Node]) -> dict[str, Verdict]:
    """Return what becomes of each node, from the top down; deterministic, and blind to what anybody did.

    A node that is too small is never published, nor is anything below it. Where the people of a published node who are
    in none of the published nodes below it would be a small group, the smallest of those directly below is hidden (ties
    by id), and what is below that one takes its place, until the rest is empty or large: so a few people in a state's
    own office cost one school its figure, and not a whole region. A root that is too small publishes nothing.
    Raises ReleaseError for two roots, a missing parent, a circle, a node twice, or more readers than people.
    """
    tree = _Tree(nodes)
    verdicts: dict[str, Verdict] = {}
    waiting = [tree.root]
    if not tree.whole[tree.root].is_large:
        verdicts = dict.fromkeys(tree.here, Verdict.TOO_FEW)
        waiting = []
    while waiting:
        node = waiting.pop()
        verdicts[node] = Verdict.PUBLISHED
        shown, rest = tree.opened(node, verdicts)
        while shown and rest.people and not rest.is_large:
            smallest = min(shown, key=lambda below: (tree.whole[below].people, below))
            verdicts[smallest] = Verdict.PROTECTS_ANOTHER
            shown.remove(smallest)
            below, left_over = tree.opened(smallest, verdicts)
            shown += below
            rest += left_over
        waiting += shown
    return {node.id: verdicts[node.id] for node in nodes}


def atoms(nodes: Sequence[Node], published: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return for each published node whose people make up its atom, as ids of nodes: itself and what is hidden below.

    A hidden node without a published one above it is in no atom.
    """
    tree, out = _Tree(nodes), set(published)
    found: dict[str, set[str]] = {node: set() for node in out}
    for node in tree.top_down:
        step: str | None = node
        while step is not None and step not in out:
            step = tree.parent[step]
        if step is not None:
            found[step].add(node)
    return {node: frozenset(members) for node, members in found.items()}


class _Tree:
    """Nodes in order, with the group below each."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.here = {node.id: node.here for node in nodes}
        self.parent = {node.id: node.parent for node in nodes}
        if len(self.here) != len(nodes):
            raise ReleaseError("a node is there twice")
        roots = [node.id for node in nodes if node.parent is None]
        if len(roots) != 1:
            raise ReleaseError(f"a tree has one root, not {len(roots)}")
        self.root = roots[0]
        self.children: dict[str, list[str]] = defaultdict(list)
        for node in nodes:
            if node.parent is not None:
                if node.parent not in self.here:
                    raise ReleaseError(f"{node.id}: there is no node {node.parent}")
                self.children[node.parent].append(node.id)
            if not 0 <= node.here.readers <= node.here.people:
                raise ReleaseError(f"{node.id}: {node.here.readers} readers of {node.here.people} people")
        self.top_down = self._below(self.root)
        if len(self.top_down) != len(nodes):
            raise ReleaseError("some nodes go round in a circle")
        self.whole = dict(self.here)
        for node_id in reversed(self.top_down):
            above = self.parent[node_id]
            if above is not None:
                self.whole[above] += self.whole[node_id]

    def _below(self, node: str) -> list[str]:
        walked = [node]
        for step in walked:
            walked += self.children[step]
        return walked

    def opened(self, node: str, verdicts: dict[str, Verdict]) -> tuple[list[str], Group]:
        """Return the large children of a node, and its people who are in none of them; the other children are told."""
        large, rest = [], self.here[node]
        for child in self.children[node]:
            if self.whole[child].is_large:
                large.append(child)
            else:
                rest += self.whole[child]
                verdicts.update(dict.fromkeys(self._below(child), Verdict.TOO_FEW))
        return large, rest
