"""What the words of a catalogue mean here: terms, competencies, initiatives; and which prerequisites can stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from lantern.domain.catalog.models import Term
from lantern.domain.catalog.types import CompetencyRef, ResourceData, Scheme
from lantern.domain.competencies import queries as competencies
from lantern.domain.initiatives import queries as initiatives
from lantern.kernel.actor import Actor
from lantern.kernel.ids import uuid7

CODE_LETTERS = 60
LABEL_LETTERS = 80
_SIX_STEPS = {1: 1, 2: 2, 3: 3, 4: 3, 5: 4, 6: 4}
"""Six-step scales (A1 to C2): A1 starting, A2 building, B applying, C leading others."""


class Words:
    """The names that are known in the actor's reach; new terms are gathered in `new_terms` when they may be made."""

    def __init__(self, actor: Actor, create_terms: bool) -> None:
        self._actor, self._create = actor, create_terms
        rows = Term.objects.filter(tenant_id__in=actor.tenancy.reach).values_list("tenant_id", "scheme", "code", "pk")
        nearest_last = sorted(rows, key=lambda row: actor.tenancy.reach.index(row[0]), reverse=True)
        self._terms: dict[tuple[str, str], UUID] = {(scheme, code): id for _, scheme, code, id in nearest_last}
        self._initiatives = {
            aim.title.casefold(): aim.pk for aim in initiatives.list_initiatives(actor, also_ended=True)
        }
        self._competencies: dict[tuple[str, str], tuple[UUID, int] | None] = {}
        self.new_terms: list[Term] = []

    def refusal(self, row: ResourceData) -> tuple[str, str] | None:
        """Return the field and reason when a topic or subject of the row is not known and may not be made."""
        if self._create:
            return None
        for scheme, name, codes in (("topic", "topics", row.topics), ("subject", "subjects", row.subjects)):
            unknown = [code for code in codes if (scheme, _code(code)) not in self._terms]
            if unknown:
                return name, f"{', '.join(unknown)}: not a {scheme} of this taxonomy"
        return None

    def terms(self, row: ResourceData) -> tuple[UUID, ...]:
        """Return the ids of the row's topics and subjects, each once; a new one is made where that may be."""
        topics = [self._term(Scheme.TOPIC, code) for code in row.topics]
        subjects = [self._term(Scheme.SUBJECT, code) for code in row.subjects]
        return tuple(dict.fromkeys([*topics, *subjects]))

    def _term(self, scheme: Scheme, written: str) -> UUID:
        code = _code(written)
        id = self._terms.get((scheme.value, code))
        if id is None:
            label = written.replace("-", " ").strip()[:LABEL_LETTERS]
            term = Term(id=uuid7(), tenant_id=self._actor.tenancy.own, scheme=scheme.value, code=code)
            term.label = label[:1].upper() + label[1:]
            self.new_terms.append(term)
            id = self._terms[(scheme.value, code)] = term.pk
        return id

    def initiative(self, title: str) -> UUID | None:
        """Return the aim with this title, in any case, or None."""
        return self._initiatives.get(title.strip().casefold()) if title else None

    def competency(self, ref: CompetencyRef) -> tuple[UUID, int | None] | None:
        """Return the competency that is meant and the level on our four steps, or None when it is not known here."""
        for framework, code in ((ref.framework, ref.code), *ref.also):
            key = (framework.casefold(), code)
            if key not in self._competencies:
                found = competencies.find_by_code(self._actor, framework, code)
                self._competencies[key] = (found.pk, len(found.framework.levels)) if found else None
            known = self._competencies[key]
            if known is not None:
                return known[0], level_of_four(ref.level, known[1])
        return None


def level_of_four(level: int | None, steps: int) -> int | None:
    """Return a level of a scale with so many steps (0: not known) as one of 1 to 4; nothing and 0 give None."""
    if not level:
        return None
    if steps == 6 or level > 4:
        return _SIX_STEPS[min(level, 6)]
    return min(4, -(-level * 4 // steps)) if steps and steps != 4 else level


def _code(written: str) -> str:
    return written[:CODE_LETTERS].strip("-")


def without_circles(wanted: Mapping[UUID, Sequence[UUID]]) -> tuple[dict[UUID, list[UUID]], int]:
    """Return the prerequisites of each resource without those that would close a circle, and how many were left out."""
    state: dict[UUID, bool] = {}  # False while its prerequisites are being walked, True when they are done
    kept: dict[UUID, list[UUID]] = {id: [] for id in wanted}
    circles = 0
    for root in wanted:
        stack = [] if root in state else [(root, iter(wanted[root]))]
        state.setdefault(root, False)
        while stack:
            id, rest = stack[-1]
            below = next(rest, None)
            if below is None:
                state[id] = True
                stack.pop()
            elif state.get(below) is False:
                circles += 1
            else:
                kept[id].append(below)
                if below in wanted and below not in state:
                    state[below] = False
                    stack.append((below, iter(wanted[below])))
    return kept, circles
