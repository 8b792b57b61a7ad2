"""Figures of the rule on simulated districts, printed for docs/developer/trust-releases.md: `pytest -s -m slow`.

Sizes are log-normal, an assumption: real rosters may differ (trust.md 6).
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from random import Random

import pytest

from lantern.engine.release import Cell, Group, Node, Outcome, Verdict, atoms, audit, publish_set

BANDS, CUTS = 4, 4
Seat = tuple[str, str, str]


def district(random: Random, people: int, schools: int) -> list[Seat]:
    """(school, band, class of years) of everybody in a district; the staff of a school are a little alike."""
    weights = [random.lognormvariate(0, 0.6) for _ in range(schools)]
    found = []
    for school, weight in enumerate(weights):
        likely = random.choices(range(1, 9), k=CUTS)
        for _ in range(max(1, round(people * weight / sum(weights)))):
            band = random.choices(range(BANDS), [4, 3, 2, 1])[0]
            years = random.choices(range(CUTS), likely)[0]
            found.append((f"s{school}", f"s{school}.{band}", f"years{years}"))
    return found


def tree(seats: list[Seat], least: int = 10) -> list[Node]:
    """The places with how many people are directly in each."""
    here = Counter(band for _, band, _ in seats)
    schools = dict.fromkeys(school for school, _, _ in seats)
    bands = [Node(band, band.split(".")[0], Group(number, 0, least)) for band, number in sorted(here.items())]
    return [Node("district", None), *(Node(school, "district") for school in schools), *bands]


def subtracts(nodes: list[Node]) -> bool:
    """Whether a threshold alone leaves a small group between a published node and its published children."""
    whole: dict[str, int] = defaultdict(int)
    parent = {node.id: node.parent for node in nodes}
    for node in nodes:
        step: str | None = node.id
        while step is not None:
            whole[step] += node.here.people
            step = parent[step]
    shown = {node for node, people in whole.items() if people > 10}
    return any(0 < whole[node] - sum(whole[child] for child in shown if parent[child] == node) <= 10 for node in shown)


@pytest.mark.slow
@pytest.mark.parametrize(("people", "schools"), [(60, 3), (200, 8), (600, 14), (2000, 30), (5000, 60)])
def test_what_districts_of_a_size_may_see(people: int, schools: int) -> None:
    large = shown = leaks = cuts = steps = 0
    spent = 0.0
    for seed in range(40):
        seats = district(Random(seed), people, schools)
        nodes = tree(seats)
        verdicts = publish_set(nodes)
        whole = Counter(school for school, _, _ in seats)
        large += sum(number > 10 for number in whole.values())
        shown += sum(verdicts[school] is Verdict.PUBLISHED for school in whole)
        leaks += subtracts(nodes)
        published = [node for node, verdict in verdicts.items() if verdict is Verdict.PUBLISHED]
        owner = {member: atom for atom, members in atoms(nodes, published).items() for member in members}
        cells = Counter(frozenset({owner[band], years}) for _, band, years in seats)
        began = time.process_time()
        finding = audit([Cell(frozenset(rows), Group(number, 0, 10)) for rows, number in cells.items()])
        spent += time.process_time() - began
        steps = max(steps, finding.steps)
        cuts += finding.outcome is Outcome.SAFE
        assert finding.outcome is not Outcome.RAN_OUT
    print(
        f"| {people} | {schools} | {shown / large:.0%} | {leaks / 40:.0%} | {cuts / 40:.0%} | "
        f"{spent / 40:.3f} | {steps:,} |"
    )
    assert shown / large > 0.5
