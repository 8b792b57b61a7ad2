"""How well words tell what something untagged leads to, on experts' tags: CATEDU's 140 courses, 23 competencies.

Thirty per cent of the courses lose their tags (eight draws). Ranking by gap: for each competency and level that experts
gave to some hidden course, the hidden courses in order, NDCG@10; an expert's tag at that level gains 1, one level above
0.5. By chance is what popularity can do for things that nobody has taken yet, the mean of twenty orders. Popular
topics: how many tagged courses share the course's topics, whatever the gap: all that can be popular here. Common topic:
the topic that most tagged courses with this competency have, first. Words only: likeness to the competency's own words.
Meaning only: cosine of the vectors of course and competency; meaning of neighbours: the twelve nearest by vectors
instead of words, weighed as ours; ours with a fifth of that: both together. AUC of tags leaves out the four that
experts gave to every course.
"""

from __future__ import annotations

import csv
import math
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))
from lantern.engine.search import Embedder, word_vectors
from lantern.engine.tagging import Tagged, guess, prepare
from lantern.interop.catalogue.detect import detect_and_read
from lantern.interop.catalogue.records import CatalogueRecord

USES_DATABASE = False
DRAWS, HIDDEN = 8, 0.3
TARGETS: dict[str, float] = {}
Figures = dict[str, float | str]
Vector = NDArray[np.float32]


def folder() -> Path:
    """Where the real catalogue lies."""
    shared = Path(os.environ.get("LANTERN_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    return shared / "data" / "catalogues" / "catedu"


@dataclass(frozen=True)
class Draw:
    """Courses whose tags are known, and those whose tags are hidden."""

    known: Sequence[CatalogueRecord]
    hidden: Sequence[CatalogueRecord]


def draws(records: Sequence[CatalogueRecord], number: int = DRAWS) -> list[Draw]:
    """The same draws each time."""
    made = []
    for seed in range(number):
        order = list(records)
        random.Random(seed).shuffle(order)
        cut = round(len(order) * HIDDEN)
        made.append(Draw(order[cut:], order[:cut]))
    return made


def names(path: Path) -> dict[str, str]:
    """The competencies' words by code."""
    with (path / "competence-labels.csv").open(encoding="utf-8", newline="") as handle:
        return {row["code"]: row["label"] for row in csv.DictReader(handle)}


def words(record: CatalogueRecord) -> str:
    """A course in words, its title twice."""
    return f"{record.title} {record.title} {record.description}"


def tags(record: CatalogueRecord) -> dict[str, int]:
    """What experts say a course leads to."""
    return {link.code: link.level or 0 for link in record.competencies}


def ndcg(scores: Sequence[float], gains: Sequence[float], most: int = 10) -> float:
    """Discounted gain of the first ten against the best order."""
    order = sorted(range(len(scores)), key=lambda place: -scores[place])[:most]
    best = sorted(gains, reverse=True)[:most]
    found = sum(gains[place] / math.log2(rank + 2) for rank, place in enumerate(order))
    return found / sum(gain / math.log2(rank + 2) for rank, gain in enumerate(best))


def ranking_by_gap(draw: Draw, labels: dict[str, str]) -> dict[str, float]:
    """NDCG@10 over all gaps of a draw, by ranking."""
    tagger = prepare([Tagged(one.external_id, words(one), tags(one), "es") for one in draw.known], labels, "es")
    bare = prepare([Tagged(one.external_id, words(one), {}, "es") for one in draw.known], labels, "es")
    told = [{one.competency: one for one in guess(tagger, words(record), "es")} for record in draw.hidden]
    alone = [{one.competency: one.probability for one in guess(bare, words(record), "es")} for record in draw.hidden]
    popular = Counter(topic for one in draw.known for topic in one.topics)
    found: dict[str, list[float]] = defaultdict(list)
    for code in labels:
        topics = Counter(topic for one in draw.known if code in tags(one) for topic in one.topics)
        for level in (1, 2, 3):
            gains = [{level: 1.0, level + 1: 0.5}.get(tags(one).get(code, 0), 0.0) for one in draw.hidden]
            if not any(gains):
                continue
            fits = {level: 1.0, level + 1: 0.6}
            ours = [each[code].probability * fits.get(each[code].level or 0, 0.3) for each in told]
            found["ours"].append(ndcg(ours, gains))
            found["words only"].append(ndcg([each[code] for each in alone], gains))
            common = [max((topics[topic] for topic in one.topics), default=0) for one in draw.hidden]
            found["common topic"].append(ndcg(common, gains))
            popularity = [max((popular[topic] for topic in one.topics), default=0) for one in draw.hidden]
            found["popular topics"].append(ndcg(popularity, gains))
            found["by chance"].append(_by_chance(gains))
    return {name: sum(values) / len(values) for name, values in found.items()}


Judgement = dict[str, tuple[float, int]]  # how probable each competency is, and the level


def by_meaning(draw: Draw, labels: dict[str, str], embedder: Embedder) -> dict[str, float]:
    """The same with vectors of meaning (the extra `semantic`): alone, of the neighbours, and beside ours."""
    tagger = prepare([Tagged(one.external_id, words(one), tags(one), "es") for one in draw.known], labels, "es")
    ours: list[Judgement] = [
        {one.competency: (one.probability, one.level or 0) for one in guess(tagger, words(record), "es")}
        for record in draw.hidden
    ]
    known, hidden = (embedder.embed([words(one)[:2000] for one in some]) for some in (draw.known, draw.hidden))
    ends = embedder.embed(list(labels.values()))
    alone: list[Judgement] = [
        {code: (cosine, 0) for code, cosine in zip(labels, row, strict=True)} for row in (hidden @ ends.T).tolist()
    ]
    near = [_of_neighbours(draw, list(labels), row, known @ row, ends) for row in hidden]
    both = [
        {code: (0.8 * mine[code][0] + 0.2 * other[code][0], mine[code][1]) for code in labels}
        for mine, other in zip(ours, near, strict=True)
    ]
    return {
        "meaning only": _gap(draw, labels, alone),
        "meaning of neighbours": _gap(draw, labels, near),
        "ours with a fifth of that": _gap(draw, labels, both),
    }


def _of_neighbours(
    draw: Draw, codes: Sequence[str], row: Vector, likeness: Vector, ends: NDArray[np.float32]
) -> Judgement:
    """Judge one course by its twelve nearest neighbours by meaning, as engine/tagging does by words."""
    much = np.clip(likeness, 0, None) ** 4  # sharpened, the best of 1, 2 and 4: cosines of meaning are all alike
    order = np.argsort(-much)[:12]
    told = [tags(draw.known[place]) for place in order]
    weights = much[order]
    found: Judgement = {}
    for code, end in zip(codes, ends, strict=True):
        common = sum(code in tags(one) for one in draw.known) / len(draw.known)
        has = np.array([code in one for one in told])
        share = (float(weights @ has) + 0.1 * common) / (float(weights.sum()) + 0.1)
        levels = sorted(one[code] for one in told if code in one)
        found[code] = (share + 0.25 * max(0.0, float(end @ row)), levels[len(levels) // 2] if levels else 0)
    return found


def _gap(draw: Draw, labels: dict[str, str], told: Sequence[Judgement]) -> float:
    values = []
    for code in labels:
        for level in (1, 2, 3):
            gains = [{level: 1.0, level + 1: 0.5}.get(tags(one).get(code, 0), 0.0) for one in draw.hidden]
            if any(gains):
                fits = {level: 1.0, level + 1: 0.6}
                values.append(ndcg([one[code][0] * fits.get(one[code][1], 0.3) for one in told], gains))
    return sum(values) / len(values)


def _by_chance(gains: Sequence[float]) -> float:
    chance = random.Random(1)
    return sum(ndcg([chance.random() for _ in gains], gains) for _ in range(20)) / 20


def auc_of_tags(draw: Draw, labels: dict[str, str]) -> float:
    """How often a course with a tag is put before one without, over all tags that tell courses apart."""
    tagger = prepare([Tagged(one.external_id, words(one), tags(one), "es") for one in draw.known], labels, "es")
    told = [{one.competency: one.probability for one in guess(tagger, words(record), "es")} for record in draw.hidden]
    right = pairs = 0.0
    for code in labels:
        having = [each[code] for each, record in zip(told, draw.hidden, strict=True) if code in tags(record)]
        without = [each[code] for each, record in zip(told, draw.hidden, strict=True) if code not in tags(record)]
        pairs += len(having) * len(without)
        right += sum((one > other) + 0.5 * (one == other) for one in having for other in without)
    return right / pairs


def main() -> Figures:
    """Measure, or say that the data are not here."""
    path = folder()
    if not path.is_dir():
        return {"catedu": f"no real data at {path}"}
    records, labels = detect_and_read(path).records, names(path)
    every = [ranking_by_gap(draw, labels) for draw in draws(records)]
    figures: Figures = {
        f"by gap, {name}: NDCG@10": round(sum(one[name] for one in every) / len(every), 3) for name in every[0]
    }
    embedder = word_vectors.installed()
    meant = [by_meaning(draw, labels, embedder) for draw in draws(records)] if embedder else []
    for name in meant[0] if meant else ():
        figures[f"by gap, {name}: NDCG@10"] = round(sum(one[name] for one in meant) / len(meant), 3)
    aucs = [auc_of_tags(draw, labels) for draw in draws(records)]
    figures["tags: AUC"] = round(sum(aucs) / len(aucs), 3)
    return figures | _speed(records, labels)


def _speed(records: Sequence[CatalogueRecord], labels: dict[str, str]) -> Figures:
    many = [Tagged(number, words(records[number % len(records)]), {}, "es") for number in range(10_000)]
    began = time.process_time()
    tagger = prepare(many, labels, "es")
    prepared = time.process_time() - began
    return {
        "prepare 10,000 things: CPU s": round(prepared, 2),
        "guess one among 10,000: CPU ms": round(_mean_ms(lambda: guess(tagger, words(records[3]), "es")), 2),
    }


def _mean_ms(act: Callable[[], object], times: int = 30) -> float:
    began = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - began) * 1000 / times


if __name__ == "__main__":
    print(main())
