"""Likeness of meaning beside the words: vectors of the documents, and one score made of both.

Fusion is convex (intelligence.md E): (1 - w) words / best + w (cosine - median) / (best - median). What shares no word
with the query is found only where it is among the few nearest and near enough; where nothing is near, the words alone
decide. How the constants were chosen: decision 0053.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lantern.engine.search.types import SearchDocument

WEIGHT = 0.4
LEAST_ALIKE = 0.3
MOST_ALIKE = 20
READ_FIELDS = ("title", "terms", "tags", "competencies", "summary")
MAX_LETTERS = 1_500

Vectors = NDArray[np.float32]
Scores = NDArray[np.float32]
Prints = NDArray[np.bytes_]


class Embedder(Protocol):
    """Something that turns texts into vectors of meaning, the same text always into the same vector."""

    @property
    def name(self) -> str:
        """What made a vector: model and version. Vectors of another name are never compared."""

    @property
    def dimensions(self) -> int:
        """The length of each vector."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return a row of length 1 for each text; of zeros where it knows nothing in it."""


def read(document: SearchDocument) -> str:
    """What of a document says what it is about. The long description is left out: measured, it blurs the meaning."""
    parts = (document.fields.get(name, "") for name in READ_FIELDS)
    return ". ".join(part for part in parts if part)[:MAX_LETTERS]


def embed_documents(
    documents: Sequence[SearchDocument], embedder: Embedder, known: tuple[Prints, Vectors] | None = None
) -> tuple[Prints, Vectors]:
    """Return the print of each document's text and its vector; those whose text is `known` are not embedded again."""
    texts = [read(document) for document in documents]
    prints = [blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest().encode() for text in texts]
    vectors = np.zeros((len(documents), embedder.dimensions), dtype=np.float32)
    row_of = {} if known is None else {one: row for row, one in enumerate(known[0].tolist())}
    new = []
    for row, one in enumerate(prints):
        if known is not None and one in row_of:
            vectors[row] = known[1][row_of[one]]
        else:
            new.append(row)
    if new:
        vectors[new] = embedder.embed([texts[row] for row in new])
    return np.array(prints, dtype="S32"), vectors


def likeness(vectors: Vectors, asked: Vectors, masked: NDArray[np.bool_] | None) -> Scores:
    """Return the cosine of each document, minus infinity where it no longer counts.

    Rounded, so that the last bits of one machine's arithmetic do not order what is equally near. Not by `@`: that
    starts threads, which on a busy machine wait for each other fifty times longer than the sum takes.
    """
    near: Scores = np.einsum("ij,j->i", vectors, asked).round(4)
    if masked is not None:
        near[masked] = -np.inf
    return near


def fuse(words: Sequence[Scores], near: Sequence[Scores]) -> list[Scores]:
    """Return one score from words and likeness for each document of each side; 0 for what neither finds."""
    alive = np.concatenate(near)
    alive = alive[np.isfinite(alive)]
    nearest = float(alive.max(initial=0))
    if nearest < LEAST_ALIKE:
        return list(words)
    middle = float(np.median(alive))
    bar = LEAST_ALIKE
    if alive.size > MOST_ALIKE:
        bar = max(bar, float(np.partition(alive, alive.size - MOST_ALIKE)[alive.size - MOST_ALIKE]))
    best = max((float(found.max(initial=0)) for found in words), default=0) or 1
    fused = []
    for found, alike in zip(words, near, strict=True):
        share = np.ones_like(alike) if nearest == middle else np.clip((alike - middle) / (nearest - middle), 0, 1)
        score = (1 - WEIGHT) * (found / best) + WEIGHT * share
        score[(found <= 0) & (alike < bar)] = 0
        fused.append(score.astype(np.float32))
    return fused
