"""What something untagged probably leads to, from its words: things with the same rare words lead to the same ends.

Nearest neighbours over tf-idf vectors of stems (Salton & Buckley 1988), each neighbour's tags weighed by its likeness
and drawn towards how common a tag is anyway, so that few or far neighbours say little; to that the likeness of the
words themselves to those of the competency. Figures against baselines on experts' tags: docs/developer/benchmarks.md.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lantern.engine.search.words import STOP_WORDS, fold, split, stems

Id = Any
Floats = NDArray[np.float64]
NEIGHBOURS = 12
_TOWARDS_COMMON = 0.35
"""How much likeness in all it takes until neighbours say as much as how common a tag is."""
_OWN_WORDS = 0.25
_LEAST_SHARED = 2


@dataclass(frozen=True, slots=True)
class Tagged:
    """Something with its words, its language, and what it leads to: level (or None) by competency."""

    id: Id
    text: str
    leads_to: Mapping[Id, int | None]
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Guess:
    """A competency that something probably leads to: how probable (0 to 1, to compare within one answer), the level
    that its neighbours lead to, and the neighbour that says most.
    """

    competency: Id
    probability: float
    level: int | None
    like: Id | None


@dataclass(frozen=True, slots=True, eq=False)
class Tagger:
    """Tagged things made ready: their words by stem, and what each leads to (things × competencies, 0 or 1)."""

    things: tuple[Tagged, ...]
    competencies: tuple[Id, ...]
    postings: Mapping[str, tuple[NDArray[np.intp], Floats]]
    rarity: Mapping[str, float]
    has: Floats
    common: Floats
    named: tuple[Mapping[str, float], ...]


def prepare(things: Sequence[Tagged], names: Mapping[Id, str], language: str = "en") -> Tagger:
    """Return a tagger from tagged things and the words of the competencies (name and statement), in one language."""
    counts = [_stems(one.text, one.language) for one in things]
    spread = Counter(stem for count in counts for stem in count)
    rarity = {stem: math.log((1 + len(things)) / (1 + number)) + 1 for stem, number in spread.items()}
    postings: dict[str, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
    for place, count in enumerate(counts):
        for stem, weight in _vector(count, rarity).items():
            if spread[stem] >= _LEAST_SHARED:
                postings[stem][0].append(place)
                postings[stem][1].append(weight)
    order = tuple(names)
    column = {competency: number for number, competency in enumerate(order)}
    has = np.zeros((len(things), len(order)))
    for place, one in enumerate(things):
        for competency in one.leads_to:
            if competency in column:
                has[place, column[competency]] = 1
    return Tagger(
        things=tuple(things),
        competencies=order,
        postings={stem: (np.array(at, dtype=np.intp), np.array(much)) for stem, (at, much) in postings.items()},
        rarity=rarity,
        has=has,
        common=has.mean(axis=0) if len(things) else np.zeros(len(order)),
        named=tuple(_vector(_stems(words, language), rarity) for words in names.values()),
    )


def guess(tagger: Tagger, text: str, language: str = "en", neighbours: int = NEIGHBOURS) -> tuple[Guess, ...]:
    """Return for every competency how probably something with these words leads to it, the most probable first."""
    vector = _vector(_stems(text, language), tagger.rarity)
    near, likeness = _nearest(tagger, vector, neighbours)
    total = float(likeness.sum())
    told = likeness @ tagger.has[near] if len(near) else np.zeros(len(tagger.competencies))
    shares = (told + _TOWARDS_COMMON * tagger.common) / (total + _TOWARDS_COMMON)
    own = np.array([_cosine(vector, words) for words in tagger.named])
    scores = np.clip(shares + _OWN_WORDS * own, 0, 1)
    found = [
        _one(tagger, number, float(scores[number]), near, likeness) for number in range(len(tagger.competencies))
    ]
    return tuple(sorted(found, key=lambda one: -one.probability))


def _one(tagger: Tagger, number: int, score: float, near: NDArray[np.intp], likeness: Floats) -> Guess:
    """Return one guess, with the middle level of the neighbours that have it, weighed by likeness."""
    competency = tagger.competencies[number]
    levels: list[tuple[int, float]] = []
    like: Id | None = None
    for place, much in zip(near.tolist(), likeness.tolist(), strict=True):
        thing = tagger.things[place]
        if competency in thing.leads_to:
            like = thing.id if like is None else like  # the nearest comes first
            level = thing.leads_to[competency]
            levels += [(level, much)] if level is not None else []
    return Guess(competency, score, _middle(levels), like)


def _middle(levels: list[tuple[int, float]]) -> int | None:
    half, so_far = sum(much for _, much in levels) / 2, 0.0
    for level, much in sorted(levels):
        so_far += much
        if so_far >= half:
            return level
    return None


def _nearest(tagger: Tagger, vector: Mapping[str, float], most: int) -> tuple[NDArray[np.intp], Floats]:
    """Return the places of the things most like it, nearest first, and how like (cosine, above 0)."""
    sums = np.zeros(len(tagger.things))
    for stem, weight in vector.items():
        posting = tagger.postings.get(stem)
        if posting is not None:
            sums[posting[0]] += weight * posting[1]
    order = np.argsort(-sums, kind="stable")[:most]
    order = order[sums[order] > 0]
    return order, sums[order]


def _stems(text: str, language: str) -> Counter[str]:
    words = [word for word in (fold(one) for one in split(text)) if len(word) > 2 and word not in STOP_WORDS]
    return Counter(stems(words, language))


def _vector(count: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    """Return a vector of length 1; words that no tagged thing has tell nothing here and are left out."""
    weights = {stem: (1 + math.log(number)) * rarity[stem] for stem, number in count.items() if stem in rarity}
    length = math.sqrt(sum(weight**2 for weight in weights.values()))
    return {stem: weight / length for stem, weight in weights.items()} if length else {}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    small, large = (one, other) if len(one) < len(other) else (other, one)
    return sum(weight * large.get(stem, 0.0) for stem, weight in small.items())
