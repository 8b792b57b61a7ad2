"""What is wrong with a pathway as it is written, in words, each at the part it is about (P7.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lantern.engine.pathway import structure
from lantern.engine.pathway.outline import TOP, Entry, Section, entries, structure_of, walk
from lantern.engine.pathway.problem import Id
from lantern.engine.pathway.standing import Known
from lantern.engine.pathway.structure import Facts, Flaw, Rule


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right: the key of the part, and the words."""

    key: str
    words: str


def faults(top: Section, known: Mapping[str, Known], competencies: Mapping[str, str]) -> list[Fault]:
    """Return everything that keeps a pathway from being offered, part by part in its order; none for a sound one.

    `known` are the resources that may be seen here, `competencies` the names of those that are known.
    """
    return _Faults(top, known, competencies).found()


class _Faults:
    def __init__(self, top: Section, known: Mapping[str, Known], competencies: Mapping[str, str]) -> None:
        self.top, self.known, self.competencies = top, known, competencies
        self.steps = {entry.key: entry for entry in entries(top)}
        self.minutes = {key: self._minutes(entry) for key, entry in self.steps.items()}
        self.holding: dict[str, set[str]] = {}
        for key, entry in self.steps.items():
            for route in entry.routes:
                self.holding.setdefault(route, set()).add(key)

    def found(self) -> list[Fault]:
        listed = [*self._sets(), *self._entries(), *self._structure()]
        order = {one.key: place for place, one in enumerate(walk(self.top))}
        return sorted(dict.fromkeys(listed), key=lambda one: order.get(one.key, 0))

    def name(self, key: str) -> str:
        """Return what a step is called: the title of its first route."""
        entry = self.steps[key]
        return self._title(entry.routes[0])

    def _title(self, route: str) -> str:
        return f"“{self.known[route].title}”" if route in self.known else "something that is not here"

    def _minutes(self, entry: Entry) -> int:
        found = self.known.get(entry.routes[0])
        return (found.minutes if found else None) or entry.minutes or 0

    def _sets(self) -> Iterator[Fault]:
        for part in walk(self.top):
            if not isinstance(part, Section):
                continue
            routes = [route for one in part.parts if isinstance(one, Entry) for route in one.routes]
            for route in sorted({one for one in routes if routes.count(one) > 1}):
                yield Fault(part.key, f"{self._title(route)} is in this set twice.")

    def _entries(self) -> Iterator[Fault]:
        for key, entry in self.steps.items():
            for route in entry.routes:
                found = self.known.get(route)
                if found is None:
                    yield Fault(key, "It holds something that is not in the catalog here. Take it out.")
                elif not found.offered:
                    more = "Take it out; the others stay." if len(entry.routes) > 1 else "Put another in its place."
                    yield Fault(key, f"{self._title(route)} is offered no more. {more}")
                elif not (found.minutes or entry.minutes):
                    yield Fault(key, f"Say how long {self._title(route)} takes; the catalog does not.")
            if not entry.outcome:
                yield Fault(key, "Say what it leads to.")
            if entry.prior is None:
                yield Fault(key, "Say what one should know before it, or that nothing is needed.")
            for named in (*(one.competency for one in entry.levels), *((entry.check,) if entry.check else ())):
                if named not in self.competencies:
                    yield Fault(key, "It names a competency that is not here any more.")
            if entry.practice is not None and entry.practice.after not in self.steps:
                yield Fault(key, "The step that its practice follows is not here any more.")

    def _needs(self, entry: Entry) -> tuple[frozenset[Id], ...]:
        found = self.known.get(entry.routes[0])
        groups: list[frozenset[Id]] = []
        for item in sorted(found.needs) if found else ():
            inside = self.holding.get(item, set())
            if inside and entry.key not in inside:
                groups.append(frozenset(inside))
        if entry.practice is not None and entry.practice.after in self.steps:
            groups.append(frozenset({entry.practice.after}))
        return tuple(groups)

    def _structure(self) -> Iterator[Fault]:
        needs: dict[Id, tuple[frozenset[Id], ...]] = {}
        for key, entry in self.steps.items():
            if groups := self._needs(entry):
                needs[key] = groups
        minutes: dict[Id, int] = dict(self.minutes.items())
        for one in structure.faults(structure_of(self.top), Facts(minutes, needs)):
            key, about = self._at(one.where), [str(step) for step in one.about]
            if one.flaw is Flaw.EMPTY:
                yield Fault(key, "There is nothing in it yet." if key == TOP else "This set is empty.")
            elif one.flaw is Flaw.NOTHING_ASKED:
                yield Fault(key, "Say how many of it are asked.")
            elif one.flaw is Flaw.TOO_MANY_ASKED:
                yield Fault(key, f"It asks for more than there is: {one.detail}{self._unit(key)}.")
            elif one.flaw is Flaw.CYCLE:
                names = " and ".join(self.name(step) for step in about)
                waits = "waits for itself" if len(about) == 1 else "wait for each other"
                yield Fault(about[0], f"{names} {waits}, so none of it can ever begin.")
            elif one.flaw is Flaw.ORDER:
                first = " or ".join(self.name(step) for step in about[1:])
                yield Fault(about[0], f"{self.name(about[0])} builds on {first}, which comes after it here.")

    def _unit(self, key: str) -> str:
        part = next(one for one in walk(self.top) if one.key == key)
        return " minutes" if isinstance(part, Section) and part.rule is Rule.MINUTES else ""

    def _at(self, where: tuple[int, ...]) -> str:
        part: Section | Entry = self.top
        for place in where:
            part = part.parts[place] if isinstance(part, Section) else part
        return part.key
