"""What the search index takes and gives back: plain frozen values, no files, no arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FieldWeights: TypeAlias = Mapping[str, int]
"""Field name to its weight, at least 1. A field that is not named is not searched."""


class IndexUnreadable(Exception):
    """The files of an index exist but cannot be trusted; the message says which file and why."""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found. `language` is a tag such as "en" or "es-MX"; only its first part counts."""

    id: str
    fields: Mapping[str, str]
    language: str = "en"


@dataclass(frozen=True, slots=True, eq=False)
class Delta:
    """What changed since the generation was built. `changed` holds new and changed documents in full.

    An id that is in both is removed; of two changed documents with one id the later counts.
    """

    changed: tuple[SearchDocument, ...] = ()
    removed: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found. Scores compare within one result only."""

    id: str
    score: float


@dataclass(frozen=True, eq=False)
class SearchResult:
    """Documents found, best first, ties by id.

    `ids` and `scores` are parallel arrays, quick for thousands of hits; `hits` is the same as objects.
    `places` are where the ids stand in `SearchIndex.all_ids`, for callers with arrays of their own.
    `total` counts the hits before the limit. `corrected` is the query as it was understood when a word was
    respelt, else None. `matched_terms` are the folded words that were looked for (to highlight: fold each
    word of the page and compare); `unmatched` are the query's words that nothing answers. `alike` are the places,
    in no order, of all hits that hold none of the words and are near in meaning only.
    """

    ids: NDArray[np.str_]
    scores: NDArray[np.float32]
    total: int
    corrected: str | None = None
    matched_terms: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    places: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    alike: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @cached_property
    def hits(self) -> tuple[Hit, ...]:
        return tuple(map(Hit, self.ids.tolist(), self.scores.tolist()))


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What a built generation holds: `words` counts distinct (language, folded word) pairs, `size` is in bytes.

    `embedder` made its vectors of meaning, None where it has none.
    """

    generation: str
    documents: int
    words: int
    languages: tuple[str, ...]
    size: int
    embedder: str | None = None
