"""How good the suggestions from others' choices are on the generated district, and what they cost at 100,000 people.

Quality: the four protocols of tuning.py on a district of 6,000 people and 1,000 items (district_histories.py), each
ranking with its standard error. Scale: 100,000 people, 10,000 items, 1.3 million choices, in a process of its own, so
that the peak of its memory is its own. Wall time is only fair on a quiet machine, so CPU seconds stand beside it.
"""

from __future__ import annotations

import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np

from lantern.engine.recommend import Item, Ranked, shortlist
from lantern.engine.recommend.collaborative import (
    Blend,
    Known,
    PeerModel,
    Settings,
    fit,
    measure,
    suggest,
    to_bytes,
    tune,
)
from lantern.engine.recommend.collaborative.model import part_points
from lantern.engine.recommend.collaborative.neighbours import fit_item_knn
from lantern.engine.recommend.collaborative.tuning import (
    Question,
    Score,
    cut_in_time,
    hybrid,
    last_left_out,
    newcomers,
)
from tests.benchmarks.district_histories import District, generate

USES_DATABASE = False
TARGETS = {
    "scale: fit, wall s": 6.5,
    "scale: fit, peak MB": 1000,
    "scale: top 50 from weights alone, ms": 1,
    "scale: model MB": 6.6,
}
CUT = 700
Figures = dict[str, float | str]


def _shown(value: float, se: float) -> str:
    return f"{value:.4f} ± {se:.4f}"


def _quality(name: str, questions: tuple[Question, ...], model: PeerModel, other: PeerModel) -> Figures:
    items = len(model.popularity)
    rankings: dict[str, Score] = {
        "hybrid": hybrid(model),
        "EASE": lambda known: part_points(model, known)[0],
        "item-kNN": lambda known: part_points(other, known)[0],
        "tags × recent": lambda known: part_points(model, known)[2],
        "recent popularity": lambda _known: model.popularity,
    }
    figures: Figures = {}
    for ranking, score in rankings.items():
        if ranking == "item-kNN" and not questions[0].known.history:
            continue
        found = measure(questions, score, items)
        figures[f"{name}, NDCG@10: {ranking}"] = _shown(found.ndcg, found.ndcg_se)
        figures[f"{name}, Recall@20: {ranking}"] = _shown(found.recall, found.recall_se)
        figures[f"{name}, in anybody's ten: {ranking}"] = found.coverage
    return figures


def quality() -> Figures:
    """The four protocols; the weights are tuned once, on the training side of the first."""
    made = generate(persons=6000, items=1000, themes=30, each=14, seed=1)
    rest, last = last_left_out(made.choices, 1500, 2)
    start = time.process_time()
    tuned = tune(rest, made.tags, seed=3, most=400)
    figures: Figures = {"tuning, CPU s": time.process_time() - start, "tuned": f"{tuned.blend} {tuned.settings}"}
    blends = (tuned.settings, tuned.blend, tuned.blend_for_newcomers)
    splits = {
        "last choice": (rest, last),
        "later choices": cut_in_time(made.choices, CUT, 1500, 2),
        "newcomer, 4 tags": newcomers(made.choices, CUT, made.tags, 1500, 2),
        "newcomer, 1 item": newcomers(made.choices, CUT, made.tags, 1500, 2, items_known=1),
        "newcomer, 3 items": newcomers(made.choices, CUT, made.tags, 1500, 2, items_known=3),
    }
    for name, (known, questions) in splits.items():
        model = fit(known, made.tags, int(known.days.max()), *blends)
        knn = replace(model, related=fit_item_knn(known))
        figures |= _quality(name, questions, model, knn)
        if name == "last choice":
            figures |= _diversity(made, model, questions)
    return figures


def _diversity(made: District, model: PeerModel, questions: tuple[Question, ...]) -> Figures:
    """B6: what different values of the short list's mix cost in hits and bring in themes, over six of sixty."""
    figures: Figures = {}
    items = [Item(n, "course", "", terms=frozenset(tags)) for n, tags in enumerate(made.tag_lists)]
    lists = [
        (one.answers[0], [Ranked(items[peer.item], peer.score, ()) for peer in suggest(model, one.known, 60)])
        for one in questions[:500]
    ]
    for mix in (0.0, 0.1, 0.2, 0.3, 0.5):
        short = [(answer, [entry.item.id for entry in shortlist(ranked, 6, mix)]) for answer, ranked in lists]
        themes = float(np.mean([len({int(made.theme[item]) for item in chosen}) for _answer, chosen in short]))
        hits = np.array([answer in chosen for answer, chosen in short])
        se = hits.std() / np.sqrt(len(hits))
        figures[f"short list of 6, mix {mix}"] = f"hit {_shown(hits.mean(), se)}, {themes:.2f} themes"
    return figures


def _scale() -> Figures:
    made = generate(persons=100_000, items=10_000, themes=150, each=16, seed=1)
    wall, cpu = time.perf_counter(), time.process_time()
    model = fit(made.choices, made.tags, 1000, Settings(), Blend(1, 0.5, 0.3, 0.1), Blend(0.5, 0, 1, 0.1))
    figures: Figures = {
        "scale: choices": float(len(made.choices.days)),
        "scale: fit, wall s": time.perf_counter() - wall,
        "scale: fit, CPU s": time.process_time() - cpu,
        "scale: fit, peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        "scale: model MB": model.size / 1e6,
        "scale: model kept, MB": len(to_bytes(model)) / 1e6,
    }
    asked = [Known(*(values.tolist() for values in made.choices.history(person))) for person in range(300)]
    histories = [np.asarray(known.history, dtype=np.int64) for known in asked]
    start = time.process_time()
    for history in histories:
        score = model.related.score(history, np.ones(len(history), dtype=np.float32))
        np.argpartition(-score, 50)[:50]
    figures["scale: top 50 from weights alone, ms"] = (time.process_time() - start) / len(asked) * 1e3
    start = time.process_time()
    for known in asked:
        suggest(model, known, 50)
    figures["scale: top 50 blended with reasons, ms"] = (time.process_time() - start) / len(asked) * 1e3
    wall, cpu = time.perf_counter(), time.process_time()
    tuned = tune(made.choices, made.tags)
    figures["scale: tuning, as the product does it, wall s"] = time.perf_counter() - wall
    figures["scale: tuning, as the product does it, CPU s"] = time.process_time() - cpu
    figures["scale: tuning, peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    figures["scale: tuned"] = f"{tuned.reason}: NDCG@10 {tuned.ndcg:.4f} against {tuned.popularity_ndcg:.4f}"
    return figures


def main() -> Figures:
    """Quality here, scale in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        scale = apart.submit(_scale).result()
    return quality() | scale


if __name__ == "__main__":
    for figure, value in main().items():
        print(f"{figure:<50}{value}")
