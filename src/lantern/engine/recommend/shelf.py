"""A catalog prepared once for ranking: arrays over all items, so that ten thousand take milliseconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lantern.engine.recommend.facts import Id, Item

Points = NDArray[np.float32]
Places = NDArray[np.intp]
HIGHEST = 4
GUESSED_WORTH = 0.6


@dataclass(frozen=True, slots=True)
class Shelf:
    """A catalog prepared for ranking: items and, for each of their facts, an array or the places where it holds."""

    items: tuple[Item, ...]
    place_of: Mapping[Id, int]
    minutes: NDArray[np.int32]
    levels: NDArray[np.int8]
    grades: NDArray[np.int32]
    has_subject: NDArray[np.bool_]
    has_initiative: NDArray[np.bool_]
    has_competency: NDArray[np.bool_]
    credit_minutes: NDArray[np.int32]
    is_free: NDArray[np.bool_]
    leads_others: NDArray[np.bool_]
    tags: NDArray[np.int32]
    sure: Points
    """How much what an item leads to is worth: less where it was judged by its words."""
    by_kind: Mapping[str, Places]
    by_term: Mapping[Id, Places]
    by_subject: Mapping[Id, Places]
    by_language: Mapping[str, Places]
    by_modality: Mapping[str, Places]
    by_evidence: Mapping[str, Places]
    by_credit_type: Mapping[str, Places]
    by_competency: Mapping[Id, tuple[Places, NDArray[np.int8]]]
    with_prerequisites: tuple[int, ...] = field(default=())

    @property
    def main_language(self) -> str:
        """Return the language most items are in, which is read where nobody said otherwise; "en" on an empty shelf."""
        return max(self.by_language, key=lambda language: (len(self.by_language[language]), language), default="en")

    @staticmethod
    def of(items: Sequence[Item]) -> Shelf:
        """Prepare a catalog; items keep their order, which breaks ties."""
        lists: dict[str, dict[Any, list[int]]] = {
            name: defaultdict(list)
            for name in ("kind", "term", "subject", "language", "modality", "evidence", "credit_type")
        }
        competencies: dict[Id, list[tuple[int, int]]] = defaultdict(list)
        for place, item in enumerate(items):
            lists["kind"][item.kind].append(place)
            lists["language"][item.language].append(place)
            lists["modality"][item.modality].append(place)
            lists["evidence"][item.evidence].append(place)
            lists["credit_type"][item.credit_type.casefold()].append(place)
            for term in item.terms:
                lists["term"][term].append(place)
            for subject in item.subjects:
                lists["subject"][subject].append(place)
            for competency, level in item.competencies:
                competencies[competency].append((place, level or item.level or 0))
        return Shelf(
            items=tuple(items),
            place_of={item.id: place for place, item in enumerate(items)},
            minutes=np.array([item.minutes or 0 for item in items], dtype=np.int32),
            levels=np.array([item.level or 0 for item in items], dtype=np.int8),
            grades=np.array([item.grades_mask for item in items], dtype=np.int32),
            has_subject=np.array([bool(item.subjects) for item in items], dtype=np.bool_),
            has_initiative=np.array([item.initiative is not None for item in items], dtype=np.bool_),
            has_competency=np.array([bool(item.competencies) for item in items], dtype=np.bool_),
            credit_minutes=np.array([item.credit_minutes or 0 for item in items], dtype=np.int32),
            is_free=np.array([item.cost_cents == 0 for item in items], dtype=np.bool_),
            leads_others=np.array([leads_others(item) for item in items], dtype=np.bool_),
            tags=np.array(
                [len(item.terms) + len({competency for competency, _ in item.competencies}) for item in items],
                dtype=np.int32,
            ),
            sure=np.array([GUESSED_WORTH if item.guessed else 1.0 for item in items], dtype=np.float32),
            by_kind=_places(lists["kind"]),
            by_term=_places(lists["term"]),
            by_subject=_places(lists["subject"]),
            by_language=_places(lists["language"]),
            by_modality=_places(lists["modality"]),
            by_evidence=_places(lists["evidence"]),
            by_credit_type=_places(lists["credit_type"]),
            by_competency={
                key: (np.array([p for p, _ in pairs], dtype=np.intp), np.array([v for _, v in pairs], dtype=np.int8))
                for key, pairs in competencies.items()
            },
            with_prerequisites=tuple(place for place, item in enumerate(items) if item.prerequisites),
        )


def leads_others(item: Item) -> bool:
    """Tell whether an item leads to the highest level, which is leading others."""
    return item.level == HIGHEST or any(level == HIGHEST for _, level in item.competencies)


def _places(lists: Mapping[Any, list[int]]) -> dict[Any, Places]:
    return {key: np.array(places, dtype=np.intp) for key, places in lists.items()}
