"""Finds the weights of an installation on its own held-out last choices, and measures any ranking the same way.

Protocols of intelligence.md B: leave the last choice out (B1), a cut in time (B2), newcomers known by four tags of
their first item, and by that one item (B3). Every figure comes with its standard error over people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lantern.engine.recommend.collaborative.choices import Choices, Floats, Ints, Tags
from lantern.engine.recommend.collaborative.model import (
    OFF,
    Blend,
    Known,
    PeerModel,
    Settings,
    best_places,
    fit,
    part_points,
)

ENOUGH = 200
"""Fewer people with a held-out choice than this, and the collaborative part stays off."""

STEPS = (0.0, 0.1, 0.25, 0.5, 1.0)
RIDGES = (50.0, 200.0, 500.0)
TAG_WEIGHTS = (0.0, 10.0)
FADES = (1.0, 0.8, 0.65, 0.5)
CANDIDATES = 100

AS_BUILT = Settings()

Score = Callable[[Known], Floats]
"""A ranking under test: points for every item, from what is known of one person."""


@dataclass(frozen=True, slots=True)
class Question:
    """One person of a test: what is known of her, and what she chose in the end."""

    known: Known
    answers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """NDCG@10 and Recall@20 (means over people) with their standard errors, and the share of the catalog that is in
    anybody's first ten.
    """

    people: int
    ndcg: float
    ndcg_se: float
    recall: float
    recall_se: float
    coverage: float


@dataclass(frozen=True, slots=True)
class Tuned:
    """The settings and blends for an installation, with what they reached against recent popularity and why they are
    off if they are.
    """

    settings: Settings
    blend: Blend
    blend_for_newcomers: Blend
    people: int
    ndcg: float
    popularity_ndcg: float
    gain_se: float
    reason: str


def last_left_out(choices: Choices, most: int, seed: int) -> tuple[Choices, tuple[Question, ...]]:
    """Return the choices without everybody's last one, and up to `most` people whose last one is the question.

    People with fewer than two choices are kept whole and not asked.
    """
    sizes = choices.chosen.sizes
    last = np.zeros(len(choices.days), dtype=np.bool_)
    last[choices.chosen.starts[1:][sizes >= 2] - 1] = True
    asked = _sample(np.flatnonzero(sizes >= 2), most, seed)
    rest = choices.where(~last)
    answers = choices.chosen.values[choices.chosen.starts[asked + 1] - 1]
    questions = (
        Question(_known(rest, int(person)), (int(answer),)) for person, answer in zip(asked, answers, strict=True)
    )
    return rest, tuple(questions)


def cut_in_time(choices: Choices, day: int, most: int, seed: int) -> tuple[Choices, tuple[Question, ...]]:
    """Return the choices before a day, and up to `most` people with choices on both sides of it: what they took up
    later is the question (B2).
    """
    before = choices.where(choices.days < day)
    later = choices.where(choices.days >= day)
    both = _sample(np.flatnonzero((before.chosen.sizes > 0) & (later.chosen.sizes > 0)), most, seed)
    questions = (Question(_known(before, int(p)), tuple(later.history(int(p))[0].tolist())) for p in both)
    return before, tuple(questions)


def newcomers(
    choices: Choices, day: int, tags: Tags, most: int, seed: int, items_known: int = 0
) -> tuple[Choices, tuple[Question, ...]]:
    """Return the choices before a day, and up to `most` people first seen after it (B3).

    With `items_known` 0 four random tags of their first item are known; else so many of their first items. What is
    known is never asked for.
    """
    before = choices.where(choices.days < day)
    sizes = choices.chosen.sizes
    new = (before.chosen.sizes == 0) & (sizes > max(items_known, 1))
    rng = np.random.default_rng(seed)
    questions = []
    for person in _sample(np.flatnonzero(new), most, seed):
        items, days = choices.history(int(person))
        told = max(items_known, 1)
        if items_known:
            known = Known(items[:told].tolist(), days[:told].tolist())
        else:
            known = Known(liked_tags={int(tag): 1.0 for tag in _some_tags(tags, int(items[0]), rng)})
        questions.append(Question(known, tuple(items[told:].tolist())))
    return before, tuple(questions)


def _some_tags(tags: Tags, item: int, rng: np.random.Generator) -> Ints:
    held = tags.of_item.values[tags.of_item.starts[item] : tags.of_item.starts[item + 1]]
    return rng.permutation(held)[:4]


def _sample(people: Ints, most: int, seed: int) -> Ints:
    if len(people) <= most:
        return people
    return np.sort(np.random.default_rng(seed).choice(people, size=most, replace=False))


def _known(choices: Choices, person: int) -> Known:
    items, days = choices.history(person)
    return Known(items.tolist(), days.tolist())


def measure(questions: Sequence[Question], score: Score, items: int) -> Quality:
    """Return how well a ranking answers; what a person has done already is left out of what is ranked for her."""
    ndcg, recall = np.zeros(len(questions)), np.zeros(len(questions))
    shown = np.zeros(items, dtype=np.bool_)
    for row, question in enumerate(questions):
        points = score(question.known).copy()
        points[list(question.known.history)] = -np.inf
        best = best_places(points, 20)
        best = best[points[best] > -np.inf]
        shown[best[:10]] = True
        ndcg[row], recall[row] = _gain(np.isin(best, question.answers), len(question.answers))
    people = max(len(questions), 1)
    se = [float(values.std(ddof=1) / np.sqrt(people)) if len(values) > 1 else 0.0 for values in (ndcg, recall)]
    return Quality(
        len(questions), float(ndcg.sum()) / people, se[0], float(recall.sum()) / people, se[1], float(shown.mean())
    )


def _gain(hit: NDArray[np.bool_], wanted: int) -> tuple[float, float]:
    """Return NDCG@10 and Recall@20 from where the hits are among the first twenty."""
    worth = 1 / np.log2(np.arange(2, 12))
    ideal = float(worth[: min(wanted, 10)].sum())
    return float(worth[: len(hit[:10])] @ hit[:10]) / ideal, float(hit.sum()) / wanted


def hybrid(model: PeerModel) -> Score:
    """Return the model's own ranking as a Score: its blend over its parts."""

    def score(known: Known) -> Floats:
        blend = model.blend if len(known.history) else model.blend_for_newcomers
        return np.asarray(np.array(astuple(blend), dtype=np.float32) @ part_points(model, known), dtype=np.float32)

    return score


def tune(
    choices: Choices,
    tags: Tags,
    seed: int = 0,
    most: int = 1000,
    settings: Settings = AS_BUILT,
    ridges: Sequence[float] = RIDGES,
    tag_weights: Sequence[float] = TAG_WEIGHTS,
) -> Tuned:
    """Return the settings and blends that answer the last choices of up to `most` people best.

    Off where fewer than ENOUGH people can be asked, or where the best does not beat recent popularity by more than
    twice the standard error of the difference on people that took no part in the choice.
    """
    rest, questions = last_left_out(choices, 2 * most, seed)
    if len(questions) < ENOUGH:
        return _off(settings, f"{len(questions)} people can be asked, {ENOUGH} are needed", len(questions))
    today = int(rest.days.max())
    mixed = np.random.default_rng(seed).permutation(len(questions))
    learn = [questions[row] for row in mixed[: len(mixed) // 2]]
    check = [questions[row] for row in mixed[len(mixed) // 2 :]]
    model = max(_candidates(rest, tags, today, settings, product(ridges, tag_weights), learn), key=lambda one: one[0])[
        1
    ]
    cold = [replace(question, known=_as_newcomer(question.known, tags, seed)) for question in learn]
    return _judged(replace(model, blend_for_newcomers=best_blend(model, cold)[1]), check)


def _candidates(
    rest: Choices,
    tags: Tags,
    today: int,
    settings: Settings,
    fits: Iterable[tuple[float, float]],
    learn: Sequence[Question],
) -> Iterable[tuple[float, PeerModel]]:
    """Yield what each setting reaches with its best blend; a model is fitted once for all fades."""
    for ridge, tag_weight in fits:
        model = fit(rest, tags, today, replace(settings, ridge=ridge, tag_weight=tag_weight))
        for fade in FADES:
            faded = replace(model, settings=replace(model.settings, fade=fade))
            reached, blend = best_blend(faded, learn)
            yield reached, replace(faded, blend=blend)


def _as_newcomer(known: Known, tags: Tags, seed: int) -> Known:
    """Return what would be known of her if she had only said four tags of her first item (B3)."""
    return Known(liked_tags={int(tag): 1.0 for tag in _some_tags(tags, known.history[0], np.random.default_rng(seed))})


def _judged(model: PeerModel, check: Sequence[Question]) -> Tuned:
    items = len(model.popularity)
    mine, plain = (_each(check, score, items) for score in (hybrid(model), lambda _known: model.popularity))
    gain_se = float((mine - plain).std(ddof=1) / np.sqrt(len(check)))
    worth_it = float((mine - plain).mean()) > 2 * gain_se
    return Tuned(
        settings=model.settings,
        blend=model.blend if worth_it else OFF,
        blend_for_newcomers=model.blend_for_newcomers if worth_it else OFF,
        people=2 * len(check),
        ndcg=float(mine.mean()),
        popularity_ndcg=float(plain.mean()),
        gain_se=gain_se,
        reason="better than recent popularity" if worth_it else "no better than recent popularity",
    )


def _off(settings: Settings, reason: str, people: int) -> Tuned:
    return Tuned(settings, OFF, OFF, people, 0.0, 0.0, 0.0, reason)


def _each(questions: Iterable[Question], score: Score, items: int) -> NDArray[np.float64]:
    return np.array([measure([question], score, items).ndcg for question in questions])


def best_blend(model: PeerModel, questions: Sequence[Question]) -> tuple[float, Blend]:
    """Return the NDCG@10 reached and the blend that reaches it, found one weight after the other from EASE alone.

    Only the best CANDIDATES of each part are ranked against the answer, which is exact unless an item that no part has
    among its best comes into the first ten.
    """
    table = _tables(model, questions)
    weights = np.array([1.0, 0.0, 0.0, 0.0], dtype=np.float32)
    reached = _reached(table, weights)
    for _round in range(2):
        for part, step in product(range(len(weights)), STEPS):
            tried = weights.copy()
            tried[part] = step
            if tried.any() and (gained := _reached(table, tried)) > reached + 1e-9:
                reached, weights = gained, tried
    return reached, Blend(*(float(weight) for weight in weights))


def _tables(model: PeerModel, questions: Sequence[Question]) -> Floats:
    """Return the parts of each question's answer and of its rivals, as parts × questions × (answer, rivals, nothing).

    Rivals of a question are fewer than there is room for; what is left stays zero, which beats no answer.
    """
    parts = len(astuple(OFF))
    table = np.zeros((parts, len(questions), 1 + parts * CANDIDATES), dtype=np.float32)
    for row, question in enumerate(questions):
        points = part_points(model, question.known)
        points[:, list(question.known.history)] = 0.0
        rivals = np.unique(np.concatenate([best_places(part, CANDIDATES) for part in points]))
        answer = question.answers[0]
        places = np.concatenate(([answer], rivals[rivals != answer]))
        table[:, row, : len(places)] = points[:, places]
    return table


def _reached(table: Floats, weights: Floats) -> float:
    scores = np.tensordot(weights, table, axes=1)
    mine = scores[:, :1]
    places = np.count_nonzero(scores[:, 1:] >= mine, axis=1)
    gains = np.where((mine[:, 0] > 0) & (places < 10), 1 / np.log2(2 + places), 0.0)
    return float(gains.sum()) / max(len(gains), 1)
