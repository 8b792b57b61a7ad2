"""Answer a query from one generation of the index and what changed since.

The query's words are looked up by stem in every language of the index. A last word that is unknown is completed (short
queries, as somebody types); any other unknown word is respelt with the nearest known word. Documents changed since
the build are indexed in memory with the generation's average lengths and scored with the same counts as all others,
old versions being left out, so that results are those of a rebuild up to the drift of these averages.

Opened with an embedder, a generation that holds vectors of that embedder ranks by meaning as well (meaning.py).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from lantern.engine.search.meaning import Embedder, Vectors, embed_documents, fuse, likeness
from lantern.engine.search.postings import Ints, Postings, build_postings
from lantern.engine.search.types import Delta, FieldWeights, IndexInfo, SearchResult
from lantern.engine.search.words import STOP_WORDS, fold, split

K1 = 1.2
MAX_QUERY_LETTERS = 2_000
MAX_QUERY_WORDS = 32
COMPLETED_QUERY_WORDS = 4
COMPLETIONS = 64
MIN_PREFIX = 2
MAX_EDITS = 2
CLEARLY_NEARER = 0.05
"""By how much something must be nearer to a query as it was written than as it was respelt until it is left so."""

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """Documents with their postings: the generation, or the delta.

    `places` order the documents of both sides together by id; `masked` marks those that no longer count. `vectors` are
    there where meaning is searched as well.
    """

    postings: Postings
    ids: NDArray[np.str_]
    places: NDArray[np.int64]
    masked: NDArray[np.bool_] | None = None
    vectors: Vectors | None = None

    @property
    def living(self) -> int:
        return self.ids.size - (0 if self.masked is None else int(np.count_nonzero(self.masked)))

    def frequency(self, word: int) -> int:
        """How many documents hold a word."""
        docs = self._docs(word)
        return docs.size if self.masked is None else docs.size - int(np.count_nonzero(self.masked[docs]))

    def weights(self, words: Ints) -> Scores:
        """The weight of all the words together in each document, 0 where none is found."""
        total = np.zeros(self.ids.size, dtype=np.float32)
        for word in words.tolist():
            start, end = self.postings.starts[word : word + 2].tolist()
            total[self.postings.docs[start:end]] += self.postings.weights[start:end]
        if self.masked is not None:
            total[self.masked] = 0
        return total

    def _docs(self, word: int) -> Ints:
        start, end = self.postings.starts[word : word + 2].tolist()
        return self.postings.docs[start:end]


@dataclass(frozen=True, slots=True)
class _Group:
    """The words, side by side, that stand for one word of the query."""

    words: tuple[Ints, ...]

    @property
    def key(self) -> tuple[bytes, ...]:
        return tuple(words.tobytes() for words in self.words)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """How one word was read, and the new spelling where it was respelt."""

    group: _Group
    respelt: str | None = None


@dataclass(frozen=True, slots=True)
class _Understood:
    """A query as it is run: its groups, and what to tell about how it was read."""

    groups: tuple[_Group, ...]
    corrected: str | None
    unmatched: tuple[str, ...]


class SearchIndex:
    """One generation, opened. It never changes and may be shared by threads."""

    def __init__(
        self,
        info: IndexInfo,
        ids: NDArray[np.str_],
        postings: Postings,
        weights: FieldWeights,
        averages: dict[str, float],
        vectors: Vectors | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        self.info = info
        self._embedder = embedder if vectors is not None else None
        self._weights = weights
        self._averages = averages
        self._main = _Side(postings, ids, np.arange(ids.size), vectors=vectors)
        self._prepared: tuple[Delta, tuple[_Side, ...]] | None = None

    def search(
        self,
        query: str,
        limit: int | None = 20,
        delta: Delta | None = None,
        exclude: Collection[str] = (),
        *,
        only_words: bool = False,
    ) -> SearchResult:
        """Documents that hold any word of the query, best first; with no limit, all of them. Where the index knows
        meanings, also the few that are nearest in meaning, unless `only_words` are asked for.

        `exclude` leaves out ids without changing the scores of the others. Any text is a valid query; only its first
        2,000 characters and 32 words are read. The last delta is kept prepared: pass the same object while nothing
        changes. Raises ValueError for a limit below 1.
        """
        if limit is not None and limit < 1:
            raise ValueError(f"limit: must be at least 1, not {limit}")
        sides = self._sides(delta)
        understood = _understand(query, sides)
        words = _score(understood.groups, sides)
        scores = words
        if self._embedder is not None and not only_words:
            near = self._likeness(understood.corrected or query, sides)
            if understood.corrected is not None:
                as_written = self._likeness(query, sides)
                if _nearest(as_written) > _nearest(near) + CLEARLY_NEARER:  # an unknown word, but no slip: "math"
                    understood, near = _understand(query, sides, respell=False), as_written
                    words = _score(understood.groups, sides)
            scores = fuse(words, near)
        if exclude:
            for side, side_scores in zip(sides, scores, strict=True):
                side_scores[_rows_of(side.ids, exclude)] = 0
        ids, places, best, total = _rank(sides, scores, limit)
        alike = _places_without(sides, words, scores)
        terms = _terms(understood.groups, sides)
        return SearchResult(ids, best, total, understood.corrected, terms, understood.unmatched, places, alike)

    def all_ids(self, delta: Delta | None = None) -> NDArray[np.str_]:
        """The id at each place of a result under this delta; the places of what was removed hold old ids."""
        sides = self._sides(delta)
        size = max((int(side.places[-1]) + 1 for side in sides if side.places.size), default=0)
        ids = np.zeros(size, dtype=np.result_type(*(side.ids for side in sides)))
        for side in sides:
            ids[side.places] = side.ids
        return ids

    def _likeness(self, query: str, sides: Sequence[_Side]) -> list[Scores]:
        """How near each document of each side is to a query in meaning."""
        assert self._embedder is not None  # noqa: S101 - for the type checker: asked only where there is one
        asked = self._embedder.embed([query[:MAX_QUERY_LETTERS]])[0]
        return [likeness(side.vectors, asked, side.masked) for side in sides if side.vectors is not None]

    def _sides(self, delta: Delta | None) -> tuple[_Side, ...]:
        if delta is None:
            return (self._main,)
        prepared = self._prepared
        if prepared is None or prepared[0] is not delta:
            prepared = self._prepared = (delta, self._prepare(delta))
        return prepared[1]

    def _prepare(self, delta: Delta) -> tuple[_Side, ...]:
        """The generation without what changed, and what changed; the latter sorted by id like the former."""
        changed = {document.id: document for document in delta.changed if document.id not in delta.removed}
        documents = [changed[id] for id in sorted(changed)]
        postings, _ = build_postings(documents, self._weights, self._averages)
        masked = np.zeros(self._main.ids.size, dtype=np.bool_)
        masked[_rows_of(self._main.ids, delta.removed | changed.keys())] = True
        vectors = None if self._embedder is None else embed_documents(documents, self._embedder)[1]
        ids = np.array([document.id for document in documents], dtype=np.str_)
        main = self._main
        before = np.searchsorted(main.ids, ids)
        rows = np.arange(main.ids.size)
        return (
            _Side(main.postings, main.ids, rows + np.searchsorted(before, rows, side="right"), masked, main.vectors),
            _Side(postings, ids, before + np.arange(ids.size), vectors=vectors),
        )


def _nearest(near: Sequence[Scores]) -> float:
    return max((float(part.max(initial=0)) for part in near), default=0)


def _understand(query: str, sides: Sequence[_Side], *, respell: bool = True) -> _Understood:
    """Find the groups of words that a query asks for."""
    text = query[:MAX_QUERY_LETTERS]
    written = split(text)[:MAX_QUERY_WORDS]
    typing = len(written) <= COMPLETED_QUERY_WORDS and text[-1:].isalnum()
    only_stop_words = all(fold(word) in STOP_WORDS for word in written)
    groups: dict[tuple[bytes, ...], _Group] = {}
    read, unmatched, respelt = list(written), [], False
    for place, word in enumerate(written):
        folded = fold(word)
        if not folded or (folded in STOP_WORDS and not only_stop_words):
            continue
        meant = _meaning(folded, sides, complete=typing and place == len(written) - 1, respell=respell)
        if meant is None:
            unmatched.append(word)
            continue
        if meant.respelt is not None:
            read[place], respelt = meant.respelt, True
        if fold(read[place]) not in STOP_WORDS or only_stop_words:
            groups[meant.group.key] = meant.group
    in_order = tuple(groups[key] for key in sorted(groups))  # so that the order of words cannot change a sum
    return _Understood(in_order, " ".join(read) if respelt else None, tuple(unmatched))


def _meaning(word: str, sides: Sequence[_Side], *, complete: bool, respell: bool) -> _Meaning | None:
    """The known words a folded word stands for: its forms, else its completions, else the nearest word's forms.

    A long word with few completions is rather a slip: the respelling wins if it is in more documents.
    """
    forms = _forms(word, sides)
    if _frequency(forms, sides):
        return _Meaning(forms)
    completed = 0
    if complete and len(word) >= MIN_PREFIX:
        completions = _Group(tuple(side.postings.completions(word, COMPLETIONS) for side in sides))
        completed = _frequency(completions, sides)
        if completed and allowed_edits(word) < MAX_EDITS:
            return _Meaning(completions)
    edits = 0 if not respell else 1 if completed else allowed_edits(word)
    if (correction := _respell(word, sides, edits)) is not None:
        forms = _forms(correction[0], sides)
        if _frequency(forms, sides) > completed:
            return _Meaning(forms, correction[1])
    return _Meaning(completions) if completed else None


def _forms(word: str, sides: Sequence[_Side]) -> _Group:
    return _Group(tuple(side.postings.forms(word) for side in sides))


def _frequency(group: _Group, sides: Sequence[_Side]) -> int:
    """How many documents hold words of the group, a document counting once for each word."""
    return sum(side.frequency(word) for side, words in zip(sides, group.words, strict=True) for word in words.tolist())


def _respell(word: str, sides: Sequence[_Side], edits: int) -> tuple[str, str] | None:
    """The nearest known word, folded and as written: fewest edits, then most documents, then the alphabet."""
    if not edits:
        return None
    found: dict[str, tuple[int, int, str]] = {}
    for side in sides:
        for row in side.postings.resembling(word, edits).tolist():
            candidate = side.postings.words[row].decode()
            distance = OSA.distance(word, candidate, score_cutoff=edits)
            if distance <= edits and (frequency := side.frequency(row)):
                _, before, shown = found.get(candidate, (0, 0, side.postings.shown[row].decode()))
                found[candidate] = (distance, -frequency + before, shown)
    if not found:
        return None
    best = min(found, key=lambda candidate: (*found[candidate][:2], candidate))
    return best, found[best][2]


def allowed_edits(word: str) -> int:
    """How many edits (a transposition is one) may separate a word from what was meant: none below 3 letters."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else MAX_EDITS


def _score(groups: Iterable[_Group], sides: Sequence[_Side]) -> list[Scores]:
    """BM25 of each document of each side, 0 where no group is found."""
    living = sum(side.living for side in sides)
    scores = [np.zeros(side.ids.size, dtype=np.float32) for side in sides]
    for group in groups:
        parts = [side.weights(words) for side, words in zip(sides, group.words, strict=True)]
        frequency = sum(int(np.count_nonzero(weights > 0)) for weights in parts)
        rarity = np.float32(math.log(1 + (living - frequency + 0.5) / (frequency + 0.5)))
        for number, weights in enumerate(parts):
            scores[number] += rarity * (weights / (weights + np.float32(K1)))
    return scores


def _rank(
    sides: Sequence[_Side], scores: Sequence[Scores], limit: int | None
) -> tuple[NDArray[np.str_], NDArray[np.int64], Scores, int]:
    """The ids, places and scores of the best documents, ties by id, and how many there are without the limit."""
    found = [np.flatnonzero(part > 0) for part in scores]
    values = np.concatenate([part[rows] for part, rows in zip(scores, found, strict=True)])
    total = values.size
    if limit is not None and total > limit:
        least = np.partition(values, total - limit)[total - limit]
        found = [rows[part[rows] >= least] for part, rows in zip(scores, found, strict=True)]
        values = values[values >= least]
    places = np.concatenate([side.places[rows] for side, rows in zip(sides, found, strict=True)])
    # A positive float's bits sort as it does: one integer holds "higher score first, then place" and sorts fastest.
    order = np.argsort((~values.view(np.uint32)).astype(np.uint64) << np.uint64(32) | places.astype(np.uint64))[:limit]
    return _ids(sides, found, order), places[order], values[order], total


def _places_without(
    sides: Sequence[_Side], words: Sequence[Scores], scores: Sequence[Scores]
) -> NDArray[np.int64]:
    """The places of what was found although it holds none of the words."""
    if words is scores:
        return np.zeros(0, dtype=np.int64)
    found = [
        side.places[(part <= 0) & (score > 0)] for side, part, score in zip(sides, words, scores, strict=True)
    ]
    return np.concatenate(found)


def _ids(sides: Sequence[_Side], found: Sequence[NDArray[np.intp]], order: NDArray[np.intp]) -> NDArray[np.str_]:
    """The ids of the rows found on all sides, in an order of them."""
    if len(sides) == 1:
        return sides[0].ids[found[0][order]]
    ids = np.empty(order.size, dtype=np.result_type(*(side.ids for side in sides)))
    before = 0
    for side, rows in zip(sides, found, strict=True):
        mine = (order >= before) & (order < before + rows.size)
        ids[mine] = side.ids[rows[order[mine] - before]]
        before += rows.size
    return ids


def _terms(groups: Iterable[_Group], sides: Sequence[_Side]) -> tuple[str, ...]:
    return tuple(
        sorted(
            {
                side.postings.words[word].decode()
                for group in groups
                for side, words in zip(sides, group.words, strict=True)
                for word in words.tolist()
                if side.frequency(word)
            }
        )
    )


def _rows_of(ids: NDArray[np.str_], wanted: Collection[str]) -> NDArray[np.intp]:
    """The rows of those wanted ids that exist, in a sorted column of ids."""
    if not ids.size or not wanted:
        return np.zeros(0, dtype=np.intp)
    asked = np.array(sorted(wanted), dtype=np.str_)
    rows: NDArray[np.intp] = np.minimum(np.searchsorted(ids, asked), ids.size - 1)
    there: NDArray[np.bool_] = ids[rows] == asked
    return rows[there]
