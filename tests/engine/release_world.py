"""A small world of schools in which people come and go, terms close, numbers are released; and its own auditor.

The auditor shares no code with `lantern.engine.release.auditor`: it looks for linear dependence in the dual space, in
fractions, over every small set of cells. It is exact, exhaustive and slow.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

from lantern.engine.release import Cell, Group, Node, Outcome, Verdict, atoms, audit, publish_set

LEAST = 5
"""Worlds are small, so the smallest group is too; the product never goes below ten."""
DISTRICTS, SCHOOLS, BANDS, CUTS = 2, 3, 2, 3
Step = tuple[int, int, int]


def places() -> list[tuple[str, str | None]]:
    """Every node with its parent: a state, districts, schools, bands."""
    found: list[tuple[str, str | None]] = [("state", None)]
    for district in range(DISTRICTS):
        found.append((f"d{district}", "state"))
        for school in range(SCHOOLS):
            found.append((f"d{district}s{school}", f"d{district}"))
            found += [(f"d{district}s{school}b{band}", f"d{district}s{school}") for band in range(BANDS)]
    return found


PLACES = places()
PARENT = dict(PLACES)
SEATS = [place for place, _ in PLACES if "b" in place] * 3 + [place for place, _ in PLACES if "b" not in place]
"""Where a person may be: mostly in a band, sometimes in none."""


def path(place: str) -> list[str]:
    """A place and everything above it."""
    found, step = [], place
    while step:
        found.append(step)
        step = PARENT[step] or ""
    return found


@dataclass
class Person:
    """Somebody in the world; no name, and nothing she did: the auditor sees rosters only."""

    seat: str
    cut: int
    reader: bool = False
    refuses: bool = False


Rule = Callable[["World", dict[int, Person]], list[frozenset[int]]]


@dataclass
class World:
    """People now, and all rows ever released with who read them then: (variables they are sums of) -> sets of people.

    What somebody did in one term says nothing of another, so that rows of two terms share no variable.
    """

    rule: Rule
    people: dict[int, Person] = field(default_factory=dict)
    rows: dict[object, list[frozenset[int]]] = field(default_factory=lambda: defaultdict(list))
    readers: dict[object, set[int]] = field(default_factory=lambda: defaultdict(set))
    term: int = 0
    reissues: bool = False
    cumulative: bool = False
    story: list[str] = field(default_factory=list)
    born: int = 0

    def fill(self, random: Random) -> None:
        """Put some people into every seat."""
        for place in dict.fromkeys(SEATS):
            for _ in range(random.choice((0, 1, 3, 4, 5, 6, 9, 12))):
                usual = PLACES.index((place, PARENT[place])) // (BANDS + 1) % CUTS  # staff of a school are much alike
                cut = usual if random.random() < 0.7 else random.randrange(CUTS)
                self._join(place, cut, random.random() < 0.06)

    def _join(self, seat: str, cut: int, reader: bool = False) -> None:
        self.people[self.born] = Person(seat, cut, reader)
        self.born += 1

    def do(self, step: Step) -> bool:
        """Let one thing happen; return whether something was released."""
        kind, one, other = step
        who = sorted(self.people)[one % len(self.people)] if self.people else None
        name = ("join", "join", "leave", "move", "erase", "refuse", "promote", "close", "late", "join")[kind % 10]
        self.story.append(f"{name} {one % 997} {other % 997}")
        if name == "join":
            self._join(SEATS[one % len(SEATS)], other % CUTS)
        elif name == "close":
            self.term += 1
            return self._release()
        elif name == "late":  # late data for the term that closed last: the design never releases again
            return self.reissues and self.term > 0 and self._release()
        elif who is not None and name in {"leave", "erase"}:
            del self.people[who]
        elif who is not None and name == "move":
            self.people[who].seat = SEATS[other % len(SEATS)]
        elif who is not None and name == "refuse":
            self.people[who].refuses = not self.people[who].refuses
        elif who is not None and name == "promote":
            self.people[who].reader = True
        return False

    def _release(self) -> bool:
        counted = {key: person for key, person in self.people.items() if not person.refuses}
        rows = self.rule(self, counted)
        variables = "all terms" if self.cumulative else self.term
        self.readers[variables] |= {key for key, person in counted.items() if person.reader}
        self.rows[variables] += rows
        return bool(rows)

    def leak(self) -> frozenset[int] | None:
        """A small group that can be worked out from everything ever released, or None; asked after each release.

        Only the variables of the newest release can have become worse since it was asked before.
        """
        newest = next(reversed(self.rows), None)
        return None if newest is None else smallest_derivable(self.rows[newest], self.readers[newest])


def nodes_of(counted: dict[int, Person], least: int = LEAST) -> list[Node]:
    """The tree with how many people stand where."""
    here = Counter(person.seat for person in counted.values())
    readers = Counter(person.seat for person in counted.values() if person.reader)
    return [Node(place, parent, Group(here[place], readers[place], least)) for place, parent in PLACES]


def inside(counted: dict[int, Person], place: str) -> frozenset[int]:
    """Who is at a place or below it."""
    return frozenset(key for key, person in counted.items() if place in path(person.seat))


def tree_rows(counted: dict[int, Person]) -> list[str]:
    """The places that the design publishes."""
    return [place for place, verdict in publish_set(nodes_of(counted)).items() if verdict is Verdict.PUBLISHED]


def by_design(world: World, counted: dict[int, Person]) -> list[frozenset[int]]:
    """The tree, and for each published district the second cut where the auditor lets it through."""
    shown = tree_rows(counted)
    rows = [inside(counted, place) for place in shown]
    owner = {member: atom for atom, members in atoms(nodes_of(counted), shown).items() for member in members}
    for place in shown:
        if place.count("s") or place == "state":
            continue
        cut = cut_rows(counted, place)
        cells: dict[frozenset[object], Group] = defaultdict(Group)
        for key in inside(counted, place):
            person = counted[key]
            in_rows = frozenset({owner[person.seat], *[name for name, people in cut.items() if key in people]})
            cells[in_rows] += Group(1, int(person.reader), LEAST)
        if audit([Cell(frozenset(names), group) for names, group in cells.items()]).outcome is Outcome.SAFE:
            rows += cut.values()
    return rows


def cut_rows(counted: dict[int, Person], district: str) -> dict[object, frozenset[int]]:
    """The second cut of a district as its own small tree: each class that is large, with complements protected."""
    members = inside(counted, district)
    classes = {
        f"{district} cut{cut}": frozenset(key for key in members if counted[key].cut == cut) for cut in range(CUTS)
    }
    small_tree = [
        Node(district, None),
        *(
            Node(name, district, Group(len(people), sum(counted[key].reader for key in people), LEAST))
            for name, people in classes.items()
        ),
    ]
    verdicts = publish_set(small_tree)
    return {name: people for name, people in classes.items() if verdicts[name] is Verdict.PUBLISHED}


# ------------------------------------------------------------------------------------------------- the four mutants


def threshold_only(world: World, counted: dict[int, Person]) -> list[frozenset[int]]:
    """Every group that is large by itself, without protecting what is left over."""
    whole = {place: inside(counted, place) for place, _ in PLACES}
    return [
        people
        for people in whole.values()
        if Group(len(people), sum(counted[key].reader for key in people), LEAST).is_large
    ]


def tree_only(world: World, counted: dict[int, Person]) -> list[frozenset[int]]:
    """The design without any second cut; a mutant only together with re-issue or cumulative numbers."""
    return [inside(counted, place) for place in tree_rows(counted)]


def extra_margin(world: World, counted: dict[int, Person]) -> list[frozenset[int]]:
    """The tree and the second cut, each sound by itself, and nobody looks at both together."""
    shown = tree_rows(counted)
    rows = [inside(counted, place) for place in shown]
    for place in shown:
        if place.startswith("d") and "s" not in place:
            rows += cut_rows(counted, place).values()
    return rows


# ------------------------------------------------------------------------------------------ the independent auditor


def smallest_derivable(rows: Sequence[frozenset[int]], readers: Iterable[int]) -> frozenset[int] | None:
    """Some group that is not large and on which a combination of the rows stands, or None.

    A vector lies in the row space exactly when every vector that is nought on all rows is nought on it. So a set of
    cells carries a combination exactly when its columns of that dual basis are linearly dependent.
    """
    known = set(readers)
    signature: dict[frozenset[int], set[int]] = defaultdict(set)
    for key in frozenset().union(*rows) if rows else ():
        signature[frozenset(number for number, row in enumerate(rows) if key in row)].add(key)
    cells = list(signature.items())
    dual = nullspace([[int(number in names) for names, _ in cells] for number in range(len(rows))], len(cells))
    columns = [[row[place] for row in dual] for place in range(len(cells))]

    def large(people: set[int]) -> bool:
        return Group(len(people), len(people & known), LEAST).is_large

    def look(start: int, people: set[int], held: list[list[Fraction]]) -> set[int] | None:
        for place in range(start, len(cells)):
            more = people | cells[place][1]
            if large(more):
                continue
            rest = reduced(columns[place], held)
            if not any(rest):
                return more
            found = look(place + 1, more, [*held, rest])
            if found is not None:
                return found
        return None

    found = look(0, set(), [])
    return frozenset(found) if found is not None else None


def reduced(column: list[Fraction], held: list[list[Fraction]]) -> list[Fraction]:
    """What is left of a column when those held are taken out of it."""
    rest = list(column)
    for one in held:
        lead = next(place for place, entry in enumerate(one) if entry)
        if rest[lead]:
            factor = rest[lead] / one[lead]
            rest = [entry - factor * other if other else entry for entry, other in zip(rest, one, strict=True)]
    return rest


def nullspace(matrix: list[list[int]], width: int) -> list[list[Fraction]]:
    """A basis of the vectors that are nought on every row."""
    rows = [[Fraction(entry) for entry in row] for row in matrix]
    pivots: list[int] = []
    for column in range(width):
        pivot = next((row for row in rows[len(pivots) :] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [entry / pivot[column] for entry in pivot]
        rows = [
            [entry - row[column] * other if other else entry for entry, other in zip(row, pivot, strict=True)]
            if row[column]
            else row
            for row in rows
        ]
        rows.insert(len(pivots), pivot)
        pivots.append(column)
    basis = []
    for free in sorted(set(range(width)) - set(pivots)):
        vector = [Fraction(0)] * width
        vector[free] = Fraction(1)
        for place, column in enumerate(pivots):
            vector[column] = -rows[place][free]
        basis.append(vector)
    return basis


def run(
    rule: Rule, seed: int, steps: Sequence[Step], *, reissues: bool = False, cumulative: bool = False
) -> tuple[World, frozenset[int] | None]:
    """Live through some steps; return the world and the first small group that could be worked out, if any."""
    world = World(rule, reissues=reissues, cumulative=cumulative)
    world.fill(Random(seed))
    for step in steps:
        if world.do(step):
            small = world.leak()
            if small is not None:
                return world, small
    return world, None


def random_steps(seed: int, count: int = 25) -> list[Step]:
    """Steps for a seed."""
    random = Random(seed)
    return [(random.randrange(10), random.randrange(10_000), random.randrange(10_000)) for _ in range(count)]
