"""How well search finds what experts say belongs together, and what somebody mistypes, in the real catalogues.

The protocol of intelligence.md E: a label that experts gave is the query, what they gave it to is relevant; the labels
themselves are not indexed. NDCG@10 and Recall@20, over titles alone (as there) and over title, summary and description
(as in the product). Labels: CATEDU's competences and topics, NCCE's subjects and pathways, ECF's modules; those that
more than half of a catalogue has, or fewer than two resources, tell nothing and are left out. Every second query
(development) chose the weight of meaning; the figures are of the others. Typing slips: each title once, one edit in
one word of at least four letters, three draws; found in the first ten, and the mean of 1 / rank.
"""

from __future__ import annotations

import csv
import json
import math
import os
import random
import string
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))
from lantern.engine.search import Embedder, SearchDocument, SearchIndex, build_index, meaning, open_index, word_vectors
from lantern.interop.catalogue.detect import detect_and_read
from lantern.interop.catalogue.records import CatalogueRecord

USES_DATABASE = False
WEIGHTS = {"title": 6, "summary": 2, "description": 1}
TRIED = (0.2, 0.3, 0.4, 0.5)
SLIP_SEEDS = (1, 2, 3)
Figures = dict[str, float | str]


@dataclass(frozen=True)
class Judged:
    """Documents of one catalogue, and queries with what is relevant to them."""

    name: str
    documents: Sequence[SearchDocument]
    queries: Sequence[tuple[str, frozenset[str]]]


def folder() -> Path:
    """Where the real catalogues lie."""
    shared = Path(os.environ.get("LANTERN_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    return shared / "data" / "catalogues"


def judged(path: Path, *, only_titles: bool) -> list[Judged]:
    """The five sets of queries with their catalogues."""
    catedu, ncce, ecf = (detect_and_read(path / name).records for name in ("catedu", "ncce", "ecf-self-study"))
    lessons = [one for one in ecf if one.kind == "module"]
    with (path / "catedu/competence-labels.csv").open(encoding="utf-8", newline="") as handle:
        competences = {row["label"]: row["code"] for row in csv.DictReader(handle)}
    ends = {
        label: {one.external_id for one in catedu if any(link.code == code for link in one.competencies)}
        for label, code in competences.items()
    }
    found = [
        ("CATEDU competences", catedu, ends),
        ("CATEDU topics", catedu, _by_slug(catedu, "topics")),
        ("NCCE subjects", ncce, _by_slug(ncce, "subjects")),
        ("NCCE pathways", ncce, _pathways(path / "ncce", ncce)),
        ("ECF modules", lessons, _modules(path / "ecf-self-study")),
    ]
    return [_set(name, records, labels, only_titles) for name, records, labels in found]


def _set(
    name: str, records: Sequence[CatalogueRecord], labels: Mapping[str, set[str]], only_titles: bool
) -> Judged:
    # The summaries of ECF lessons begin with the module's name, which is what is asked for.
    hidden = {"summary"} if name == "ECF modules" else set()
    hidden |= {"summary", "description"} if only_titles else set()
    documents = [
        SearchDocument(
            one.external_id,
            {field: getattr(one, field) for field in WEIGHTS if field not in hidden},
            one.language,
        )
        for one in sorted(records, key=lambda one: one.external_id)
    ]
    there = {one.id for one in documents}
    kept = [(label, frozenset(ids & there)) for label, ids in labels.items()]
    return Judged(name, documents, [one for one in kept if 2 <= len(one[1]) <= len(documents) / 2])


def _by_slug(records: Sequence[CatalogueRecord], field: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in records:
        for slug in getattr(one, field):
            found[slug.replace("-", " ")].add(one.external_id)
    return dict(sorted(found.items()))


def _pathways(path: Path, records: Sequence[CatalogueRecord]) -> dict[str, set[str]]:
    with (path / "courses.csv").open(encoding="utf-8-sig", newline="") as handle:
        ids = {row["code"]: f"ncce:{row['id']}" for row in csv.DictReader(handle)}
    pathways = json.loads((path / "pathways.json").read_text(encoding="utf-8"))
    return {one["title"]: {ids[code] for code in one["course_codes"] if code in ids} for one in pathways}


def _modules(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name in ("ambition-institute", "ucl"):
        for year in json.loads((path / f"{name}.json").read_text(encoding="utf-8"))["years"]:
            for module in year["modules"]:
                found[module["title"].split(": ", 1)[-1]] |= {f"ecf:{lesson['id']}" for lesson in module["lessons"]}
    return found


@contextmanager
def indexed(documents: Sequence[SearchDocument], embedder: Embedder | None) -> Iterator[SearchIndex]:
    """An index of these documents, for a while."""
    with tempfile.TemporaryDirectory() as directory:
        build_index(documents, WEIGHTS, Path(directory), "bench", embedder)
        index = open_index(Path(directory), embedder)
        assert index is not None
        yield index


def ndcg(order: Sequence[str], relevant: frozenset[str], most: int = 10) -> float:
    """Discounted gain of the first ten against the best order."""
    found = sum(1 / math.log2(rank + 2) for rank, id in enumerate(order[:most]) if id in relevant)
    return found / sum(1 / math.log2(rank + 2) for rank in range(min(most, len(relevant))))


def recall(order: Sequence[str], relevant: frozenset[str], most: int = 20) -> float:
    """The share of what is relevant among the first twenty."""
    return len(set(order[:most]) & relevant) / len(relevant)


def by_meaning_alone(documents: Sequence[SearchDocument], embedder: Embedder, query: str) -> list[str]:
    """All documents by likeness of meaning."""
    _, vectors = meaning.embed_documents(documents, embedder)
    near = vectors @ embedder.embed([query])[0]
    return [documents[row].id for row in np.argsort(-near, kind="stable").tolist()]


def quality(sets: Sequence[Judged], embedder: Embedder | None) -> dict[str, dict[str, tuple[float, float]]]:
    """NDCG@10 and Recall@20 on the queries kept back, by set and system, and by weight on the development queries."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for one in sets:
        measured: dict[str, list[tuple[float, float]]] = defaultdict(list)
        with indexed(one.documents, embedder) as index:
            for number, (query, relevant) in enumerate(one.queries):
                for system, order in _orders(index, one.documents, embedder, query, develop=number % 2 == 0):
                    measured[system].append((ndcg(order, relevant), recall(order, relevant)))
        found[one.name] = {system: _mean(values) for system, values in measured.items()}
    return found


def _orders(
    index: SearchIndex, documents: Sequence[SearchDocument], embedder: Embedder | None, query: str, develop: bool
) -> Iterator[tuple[str, list[str]]]:
    asked = query + " "  # a label is whole: its last word is not being typed
    if develop:
        for weight in TRIED if embedder else ():
            yield f"weight {weight}", _at_weight(index, asked, weight)
        return
    yield "words", index.search(asked, 20, only_words=True).ids.tolist()
    if embedder is not None:
        yield "meaning", by_meaning_alone(documents, embedder, query)
        yield "both", index.search(asked, 20).ids.tolist()


def _at_weight(index: SearchIndex, query: str, weight: float) -> list[str]:
    chosen, meaning.WEIGHT = meaning.WEIGHT, weight
    try:
        ids: list[str] = index.search(query, 20).ids.tolist()
        return ids
    finally:
        meaning.WEIGHT = chosen


def _mean(values: Sequence[tuple[float, float]]) -> tuple[float, float]:
    first, second = np.mean(values, axis=0).tolist()
    return first, second


def with_one_slip(title: str, rng: random.Random) -> str | None:
    """The title with one letter of one longer word lost, added, changed or swapped; None where no word is longer."""
    words = title.split()
    places = [place for place, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not places:
        return None
    place = rng.choice(places)
    word, at, letter = words[place], rng.randrange(len(words[place]) - 1), rng.choice(string.ascii_lowercase)
    words[place] = rng.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )
    return " ".join(words)


def slips(path: Path, embedder: Embedder | None) -> Figures:
    """Titles as they are and with one slip, over all catalogues in one index."""
    records = [one for name in ("catedu", "ncce", "ecf-self-study") for one in detect_and_read(path / name).records]
    documents = [
        SearchDocument(one.external_id, {field: getattr(one, field) for field in WEIGHTS}, one.language)
        for one in records
    ]
    figures: Figures = {"titles": len(documents)}
    with indexed(documents, embedder) as index:
        clean = [(one.id, one.fields["title"]) for one in documents]
        mistyped = []
        for seed in SLIP_SEEDS:
            rng = random.Random(seed)
            made = [(id, with_one_slip(title, rng)) for id, title in clean]
            mistyped += [(id, query) for id, query in made if query is not None]
        for name, asked in (("title", clean), ("title with a slip", mistyped)):
            for system, only_words in (("words", True), ("both", False))[: 2 if embedder else 1]:
                found = [(id, index.search(query, 100, only_words=only_words).ids.tolist()) for id, query in asked]
                ranks = [ids.index(id) + 1 if id in ids else math.inf for id, ids in found]
                figures[f"{name}, {system}: in the first ten"] = round(float(np.mean([one <= 10 for one in ranks])), 3)
                figures[f"{name}, {system}: MRR"] = round(float(np.mean([1 / one for one in ranks])), 3)
    return figures


def main() -> Figures:
    """Measure, or say what is not here."""
    path, embedder = folder(), word_vectors.installed()
    if not path.is_dir():
        return {"catalogues": f"no real data at {path}"}
    figures: Figures = {"embedder": embedder.name if embedder else "none: the extra semantic is not installed"}
    for kind, only_titles in (("titles", True), ("all text", False)):
        found = quality(judged(path, only_titles=only_titles), embedder)
        systems = list(next(iter(found.values())))
        found["mean of five"] = {system: _mean([one[system] for one in found.values()]) for system in systems}
        for name, values in found.items():
            figures[f"{kind}, {name}: NDCG@10 / Recall@20"] = _shown(values, develop=False)
        if embedder:
            figures[f"{kind}, development queries, mean: NDCG@10"] = _shown(found["mean of five"], develop=True)
    return figures | slips(path, embedder)


def _shown(values: Mapping[str, tuple[float, float]], *, develop: bool) -> str:
    told = {system: pair for system, pair in values.items() if system.startswith("weight") == develop}
    if develop:
        return ", ".join(f"{system} {pair[0]:.3f}" for system, pair in told.items())
    return ", ".join(f"{system} {pair[0]:.3f} / {pair[1]:.3f}" for system, pair in told.items())


if __name__ == "__main__":
    print(json.dumps(main(), indent=1))
