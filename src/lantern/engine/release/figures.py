"""What is written down of one metric: for each group a band and a size, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lantern.engine.release.bands import Band, band, size_band
from lantern.engine.release.tree import Node, Verdict, publish_set


@dataclass(frozen=True, slots=True)
class Figure:
    """One group of a release; value and size are there only where it is published."""

    node: str
    verdict: Verdict
    value: Band | None = None
    size: tuple[int, int | None] | None = None


def figures(
    nodes: Sequence[Node], sums: Mapping[str, Fraction | int], verdicts: Mapping[str, Verdict] | None = None
) -> list[Figure]:
    """Return a figure for each node, in their order, from the sum of the scores of the people directly in each.

    `verdicts` are those of `publish_set(nodes)`, when they are known already (many metrics share one roster).
    Raises ReleaseError as `publish_set`, ValueError for sums that no scores from 0 to 1 have.
    """
    decided = publish_set(nodes) if verdicts is None else verdicts
    parent = {node.id: node.parent for node in nodes}
    people = dict.fromkeys(parent, 0)
    total: dict[str, Fraction | int] = dict.fromkeys(parent, 0)
    for node in nodes:
        step: str | None = node.id
        while step is not None:
            people[step] += node.here.people
            total[step] += sums.get(node.id, 0)
            step = parent[step]
    return [
        Figure(node.id, Verdict.PUBLISHED, band(total[node.id], people[node.id]), size_band(people[node.id]))
        if decided[node.id] is Verdict.PUBLISHED
        else Figure(node.id, decided[node.id])
        for node in nodes
    ]
