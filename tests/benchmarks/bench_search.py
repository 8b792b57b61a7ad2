"""How fast the search index builds and answers, on synthetic catalogues of about 80 words a document.

Run `python tests/benchmarks/bench_search.py [documents ...]`. Targets: p95 below 15 ms at 100,000 documents, 10,000
built within a few seconds. Words follow Zipf's law; queries are 1 to 5 words of one document, every second one with a
letter changed. Building and asking run in processes of their own, so that each one's memory is its own. `both_` is the
same with vectors of meaning (the extra `semantic`), where it is installed.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))
from lantern.engine.search import Delta, SearchDocument, SearchIndex, build_index, open_index, word_vectors

WEIGHTS = {"title": 4, "tags": 3, "summary": 1}
SYLLABLES = [c + v + e for c in "bcdfglmnprstv" for v in "aeiou" for e in ("", "n", "r", "s", "l")]
VOCABULARY = 60_000
QUERIES = 300
USES_DATABASE = False
DELTA = 200

Figures = dict[str, float]


def documents(size: int, seed: int) -> Iterator[SearchDocument]:
    """Documents with a title of 6 words, 4 tags and a summary of 70; one in five is Spanish."""
    rng = np.random.default_rng(seed)
    words = np.array(_vocabulary())
    share = 1 / np.arange(1, VOCABULARY + 1) ** 1.05
    cumulated = np.cumsum(share / share.sum())
    for number in range(size):
        text = words[np.minimum(np.searchsorted(cumulated, rng.random(80)), VOCABULARY - 1)].tolist()
        fields = {"title": " ".join(text[:6]), "tags": " ".join(text[6:10]), "summary": " ".join(text[10:])}
        yield SearchDocument(f"{number:08}", fields, "es" if number % 5 == 0 else "en")


def _vocabulary() -> list[str]:
    rng = np.random.default_rng(0)
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(rng.choice(SYLLABLES, size=int(rng.integers(2, 5))))] = None
    return list(words)


def _queries(seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    queries = []
    for number, document in enumerate(documents(QUERIES, seed)):
        asked = rng.choice(" ".join(document.fields.values()).split(), size=int(rng.integers(1, 6))).tolist()
        if number % 2:
            asked[0] = asked[0][:2] + "z" + asked[0][3:]
        queries.append(" ".join(asked))
    return queries


def _build(size: int, directory: str) -> Figures:
    made = list(documents(size, seed=1))
    before = _peak_mb()
    start = time.perf_counter()
    info = build_index(made, WEIGHTS, Path(directory), "bench")
    return {
        "build_s": time.perf_counter() - start,
        "build_peak_mb": _peak_mb() - before,
        "files_mb": info.size / 1e6,
        "words": info.words,
    }


def _ask(size: int, directory: str) -> Figures:
    before = _private_mb()
    start = time.perf_counter()
    index = open_index(Path(directory))
    assert index is not None
    figures = {"open_ms": (time.perf_counter() - start) * 1e3}
    queries = _queries(seed=2)
    index.search("warm up the code", 1)
    figures |= _times("top20", queries, lambda query: index.search(query, 20))
    figures["private_mb"] = _private_mb() - before
    figures |= _times("all", queries, lambda query: index.search(query, None).ids)
    return figures | _delta_times(index, size, queries)


def _build_both(size: int, directory: str) -> Figures:
    made = list(documents(size, seed=1))
    start = time.perf_counter()
    info = build_index(made, WEIGHTS, Path(directory), "both", word_vectors.installed())
    built = {"both_build_s": time.perf_counter() - start, "both_files_mb": info.size / 1e6}
    start = time.perf_counter()
    build_index(made, WEIGHTS, Path(directory), "again", word_vectors.installed())
    return built | {"both_build_again_s": time.perf_counter() - start}


def _ask_both(size: int, directory: str) -> Figures:
    before = _private_mb()
    index = open_index(Path(directory), word_vectors.installed())
    assert index is not None
    queries = _queries(seed=2)
    index.search("warm up the code", 1)
    figures = _times("both_top20", queries, lambda query: index.search(query, 20))
    return figures | {"both_private_mb": _private_mb() - before}


def _delta_times(index: SearchIndex, size: int, queries: list[str]) -> Figures:
    """The price of a delta of new, changed and removed documents, and of its first use."""
    fresh = documents(DELTA, seed=3)
    changed = tuple(SearchDocument(f"{int(one.id) * (size // 100):08}", one.fields, one.language) for one in fresh)
    delta = Delta(changed, frozenset(f"{number:08}" for number in range(1, DELTA)))
    start = time.perf_counter()
    index.search("warm", 1, delta)
    prepared = {"delta_first_ms": (time.perf_counter() - start) * 1e3}
    return prepared | _times("delta_top20", queries, lambda query: index.search(query, 20, delta))


def _times(name: str, queries: list[str], ask: Callable[[str], object]) -> Figures:
    spent = []
    for query in queries:
        start = time.perf_counter()
        ask(query)
        spent.append((time.perf_counter() - start) * 1e3)
    p50, p95 = np.percentile(spent, [50, 95]).tolist()
    return {f"{name}_p50_ms": p50, f"{name}_p95_ms": p95}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def _private_mb() -> float:
    """Memory of this process that no other shares (mapped files are shared), on Linux; elsewhere its peak."""
    status = Path("/proc/self/status")
    if not status.exists():
        return _peak_mb()
    line = next(line for line in status.read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1e3


def _apart(function: Callable[[int, str], Figures], size: int, directory: str) -> Figures:
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, size, directory).result()


def main(sizes: tuple[int, ...] = (10_000, 100_000)) -> dict[str, float]:
    """The figures for each size, keyed `<documents>_<figure>`, rounded."""
    figures: dict[str, float] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as directory:
            found = _apart(_build, size, directory) | _apart(_ask, size, directory)
            if word_vectors.installed() is not None:
                found |= _apart(_build_both, size, directory) | _apart(_ask_both, size, directory)
        figures |= {f"{size}_{name}": round(value, 2) for name, value in found.items()}
    return figures


if __name__ == "__main__":
    asked_sizes = tuple(map(int, sys.argv[1:]))
    print(json.dumps(main(asked_sizes) if asked_sizes else main(), indent=2))
