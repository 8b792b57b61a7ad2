"""The in-process search index: BM25 over weighted fields, tolerant of typos, accents and half-typed words.

Words: a *document* is what can be found; a *generation* is one built index on disk, mapped by every worker; a *delta*
is what changed since. The index knows neither permissions nor facets: take all hits and let SQL decide who sees what.
It reads no clock and no network, and gives the same ranking on every database. An *embedder* (the extra `semantic`)
adds likeness of meaning; without one the words alone decide.
"""

from lantern.engine.search.index import SearchIndex
from lantern.engine.search.meaning import Embedder
from lantern.engine.search.store import build_index, current_generation, open_index
from lantern.engine.search.types import (
    Delta,
    FieldWeights,
    Hit,
    IndexInfo,
    IndexUnreadable,
    SearchDocument,
    SearchResult,
)
from lantern.engine.search.words import fold

__all__ = [
    "Delta",
    "Embedder",
    "FieldWeights",
    "Hit",
    "IndexInfo",
    "IndexUnreadable",
    "SearchDocument",
    "SearchIndex",
    "SearchResult",
    "build_index",
    "current_generation",
    "fold",
    "open_index",
]
