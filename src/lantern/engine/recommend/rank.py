"""The ranking: every factor gives each item some points, the points add up, and the largest say why.

Arrays over the whole catalog, so that ten thousand items take milliseconds; words are made for the few that are
returned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lantern.engine.recommend import motives, valued, worth
from lantern.engine.recommend.dismissals import taught
from lantern.engine.recommend.facts import Id, Item, Learner, Part, Ranked
from lantern.engine.recommend.shelf import Places, Points, Shelf
from lantern.engine.recommend.shortlist import POOL, shortlist

FACTORS: Mapping[str, str] = {
    "goal": "Your goals",
    "need": "Your needs",
    "level": "Your next level",
    "work": "Your grades and subjects",
    "role": "Your kind of work",
    "time": "The time you have",
    "format": "Formats you like",
    "interest": "Topics and things you like",
    "motivation": "What draws you",
    "credit": "What your licence needs",
    "evidence": "How well it is known to work",
    "strength": "Your strengths",
    "peers": "What others went on to",
    "initiative": "District aims",
    "feedback": "What you said was not for you",
}
"""Every factor by its key, in the words of the page. Each can be switched off except `feedback`."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The most points a factor can give. Set per installation; the district's weight is capped well below a personal
    need.
    """

    goal: float = 30.0
    need: float = 24.0
    level: float = 14.0
    work: float = 10.0
    role: float = 8.0
    time: float = 8.0
    format: float = 6.0
    interest: float = 8.0
    motivation: float = 10.0
    credit: float = 10.0
    evidence: float = 8.0
    strength: float = 8.0
    peers: float = 12.0
    initiative: float = 4.0
    feedback: float = 10.0


def rank(
    learner: Learner,
    shelf: Shelf,
    weights: Weights = Weights(),  # frozen
    limit: int = 60,
    most_minutes: int | None = None,
) -> tuple[Ranked, ...]:
    """Return the best items for a learner, best first, each with parts that add up to its score.

    Finished, dismissed and already planned items are left out, as are those whose prerequisites are not finished and
    those
    in a language the learner does not read. With `most_minutes`, so are those that take longer, or nobody knows how
    long. Factors in `learner.factors_off` give no points.
    """
    if not shelf.items:
        return ()
    points, total = _score(learner, shelf, weights)
    allowed = allowed_places(learner, shelf)
    if most_minutes is not None:
        allowed &= (shelf.minutes > 0) & (shelf.minutes <= most_minutes)
    total = np.where(allowed, total, -np.inf)
    best = _first(total, limit)
    speaker = _Speaker.of(learner, shelf)
    return tuple(_explain(speaker, points, int(place)) for place in best if np.isfinite(total[place]))


def chosen(
    learner: Learner,
    shelf: Shelf,
    weights: Weights = Weights(),  # frozen
    size: int = 6,
) -> tuple[Ranked, ...]:
    """Return the short list of a ranking, best first; words are made for these alone."""
    if not shelf.items:
        return ()
    points, total = _score(learner, shelf, weights)
    total = np.where(allowed_places(learner, shelf), total, -np.inf)
    places = [int(place) for place in _first(total, POOL) if np.isfinite(total[place])]
    short = shortlist([Ranked(shelf.items[place], float(total[place]), ()) for place in places], size)
    speaker = _Speaker.of(learner, shelf)
    listed = {shelf.place_of[entry.item.id] for entry in short}
    return tuple(_explain(speaker, points, place) for place in places if place in listed)


def standing(learner: Learner, shelf: Shelf, item_id: Id, weights: Weights = Weights()) -> tuple[Ranked, int] | None:
    """Return one item with its parts and its place (1 is best) among those that may be suggested; None if it is not
    on the shelf.

    An item that may not be suggested (finished, dismissed, not ready) gets place 0.
    """
    place = shelf.place_of.get(item_id)
    if place is None:
        return None
    points, total = _score(learner, shelf, weights)
    allowed = allowed_places(learner, shelf)
    entry = _explain(_Speaker.of(learner, shelf), points, place)
    if not allowed[place]:
        return entry, 0
    order = _best_first(np.where(allowed, total, -np.inf))
    return entry, int(np.flatnonzero(order == place)[0]) + 1


MOST_SLIDER = 2.0


def slider(learner: Learner, factor: str) -> float:
    """Return how much a factor counts for her: her slider, from 0 to 2, or 0 where it is off. `initiative` never
    counts more than 1, and `feedback`, which is her own word, has no slider.
    """
    if factor in learner.factors_off:
        return 0.0
    if factor == "feedback":
        return 1.0
    most = 1.0 if factor == "initiative" else MOST_SLIDER
    return min(max(learner.sliders.get(factor, 1.0), 0.0), most)


def full_points(factor: str, learner: Learner, shelf: Shelf, weights: Weights) -> Points:
    """Return what a factor would give each item with its slider at 1. Raises KeyError for an unknown factor."""
    return _GIVERS[factor](learner, shelf, getattr(weights, factor))


def points_of(learner: Learner, shelf: Shelf, weights: Weights) -> dict[str, Points]:
    """Return for each factor that counts the points of every item; a score is their sum, and nothing else."""
    points: dict[str, Points] = {}
    for factor in _GIVERS:
        much = slider(learner, factor)
        if much > 0:
            full = full_points(factor, learner, shelf, weights)
            points[factor] = full if much == 1 else full * np.float32(much)
    return points


def _score(learner: Learner, shelf: Shelf, weights: Weights) -> tuple[dict[str, Points], Points]:
    points = points_of(learner, shelf, weights)
    total = _zeros(shelf)
    for given in points.values():
        total += given
    return points, total


def _best_first(total: NDArray[np.floating[Any]]) -> Places:
    return np.asarray(np.lexsort((np.arange(len(total)), -total)), dtype=np.intp)


def _first(total: NDArray[np.floating[Any]], limit: int) -> Places:
    """Return the first `limit` of `_best_first`, without sorting everything."""
    if len(total) <= 4 * limit:
        return _best_first(total)[:limit]
    last = np.partition(total, len(total) - limit)[len(total) - limit]
    places = np.flatnonzero(total >= last)
    return np.asarray(places[_best_first(total[places])][:limit], dtype=np.intp)


def assumed_level(learner: Learner, competency: Id) -> int:
    """Return the learner's level on a competency: her own rating, else a strength she named, else a guess from her
    years.
    """
    if competency in learner.ratings:
        return learner.ratings[competency]
    if competency in learner.strengths:
        return 3
    years = learner.years_experience
    if years is None:
        return 1
    return 0 if years < 2 else 1 if years < 5 else 2


def allowed_places(learner: Learner, shelf: Shelf) -> NDArray[np.bool_]:
    """Return which items may be suggested: read by her, ready for her, not done, not planned, not dismissed."""
    allowed = open_places(learner, shelf)
    for place in shelf.with_prerequisites:
        if allowed[place] and not shelf.items[place].prerequisites <= learner.finished:
            allowed[place] = False
    return allowed


def open_places(learner: Learner, shelf: Shelf) -> NDArray[np.bool_]:
    """Return which items may be suggested, were all that they build on done."""
    allowed = np.zeros(len(shelf.items), dtype=np.bool_)
    for language in learner.languages:
        allowed[shelf.by_language.get(language, _NONE)] = True
    gone = learner.finished | learner.under_way | set(learner.valued) | {entry.item for entry in learner.dismissed}
    for item_id in gone:
        place = shelf.place_of.get(item_id)
        if place is not None:
            allowed[place] = False
    return allowed


_NONE: Places = np.array([], dtype=np.intp)


def _zeros(shelf: Shelf) -> Points:
    return np.zeros(len(shelf.items), dtype=np.float32)


def _step_fit(levels: NDArray[np.int8], current: int, wanted: int | None) -> Points:
    """Return 1 for an item that leads to the next level, less for one further on, nothing for one already behind; 0.6
    where unknown.
    """
    ahead = levels.astype(np.float32) - current
    fit = np.select(
        [levels == 0, ahead == 1, ahead == 2, ahead >= 3, ahead <= 0], [0.6, 1.0, 0.6, 0.3, 0.0], default=0.0
    )
    if wanted is not None:
        fit = np.where((levels > wanted) & (levels > 0), fit * 0.6, fit)
    return np.asarray(fit, dtype=np.float32)


def _toward(learner: Learner, shelf: Shelf, most: float, aims: Sequence[tuple[Id, int | None]]) -> Points:
    """Give each item the best of its fits to the aims: a competency and the level wanted."""
    given = _zeros(shelf)
    for competency, wanted in aims:
        places, levels = shelf.by_competency.get(competency, (_NONE, np.array([], dtype=np.int8)))
        fit = most * _step_fit(levels, assumed_level(learner, competency), wanted)
        given[places] = np.maximum(given[places], fit * shelf.sure[places])
    return given


def _goal(learner: Learner, shelf: Shelf, most: float) -> Points:
    return _toward(learner, shelf, most, [(goal.competency, goal.target_level) for goal in learner.goals])


def _need(learner: Learner, shelf: Shelf, most: float) -> Points:
    return _toward(learner, shelf, most, [(need.competency, need.wanted_level) for need in learner.needs])


def _level(learner: Learner, shelf: Shelf, most: float) -> Points:
    """Give points for an item at the next level of what it is about; take points for one that is behind her."""
    given = _zeros(shelf)
    general = 0 if (learner.years_experience or 0) < 2 else 1 if (learner.years_experience or 0) < 5 else 2
    if learner.years_experience is not None:
        ahead = shelf.levels.astype(np.float32) - general
        known = shelf.levels > 0
        given = np.where(known & (ahead == 1), 0.5 * most, np.where(known & (ahead <= 0), -0.5 * most, given)).astype(
            np.float32
        )
    for competency, current in {**dict.fromkeys(learner.strengths, 3), **learner.ratings}.items():
        places, levels = shelf.by_competency.get(competency, (_NONE, np.array([], dtype=np.int8)))
        ahead = levels.astype(np.float32) - current
        fit = np.select([levels == 0, ahead == 1, ahead == 2, ahead <= 0], [0.0, most, 0.4 * most, -most], default=0.0)
        given[places] = fit.astype(np.float32) * shelf.sure[places]
    return given


def _work(learner: Learner, shelf: Shelf, most: float) -> Points:
    """Give half for her grades and half for her subjects. What is made for other grades loses all of it, and her
    subject does not make up for that: computing for grade 10 is not for who teaches computing in grade 3.
    """
    given = _zeros(shelf)
    elsewhere = np.zeros(len(shelf.items), dtype=np.bool_)
    if learner.grades_mask:
        fits = (shelf.grades & learner.grades_mask) > 0
        elsewhere = (shelf.grades != 0) & ~fits
        given += np.where(fits, 0.5 * most, 0.0).astype(np.float32)
    if learner.subjects:
        fits = np.zeros(len(shelf.items), dtype=np.bool_)
        for subject in learner.subjects:
            fits[shelf.by_subject.get(subject, _NONE)] = True
        given += np.where(~shelf.has_subject, 0.0, np.where(fits, 0.5 * most, -0.4 * most)).astype(np.float32)
    given[elsewhere] = -most
    return given


def _role(learner: Learner, shelf: Shelf, most: float) -> Points:
    """Give points for a competency of her own framework, take some for items that only serve another kind of work."""
    given = np.where(shelf.has_competency & bool(learner.own_competencies), -0.6 * most, 0.0).astype(np.float32)
    for competency in learner.own_competencies:
        places, _ = shelf.by_competency.get(competency, (_NONE, None))
        given[places] = most
    return given


def _time(learner: Learner, shelf: Shelf, most: float) -> Points:
    weeks = shelf.minutes / max(learner.minutes_per_week, 1)
    fit = np.select(
        [shelf.minutes == 0, weeks <= 1, weeks <= 3, weeks <= 8], [0.0, most, 0.5 * most, 0.0], default=-0.5 * most
    )
    return fit.astype(np.float32)


def _format(learner: Learner, shelf: Shelf, most: float) -> Points:
    given = _zeros(shelf)
    for kind in learner.liked_kinds:
        given[shelf.by_kind.get(kind, _NONE)] = most
    return given


def _interest(learner: Learner, shelf: Shelf, most: float) -> Points:
    """Give points for a topic that draws her, and more for what is like something she did and valued."""
    given = valued.valued(learner, shelf, most)
    for term in learner.interests:
        places = shelf.by_term.get(term, _NONE)
        given[places] = np.maximum(given[places], most)
    return given


def _motivation(learner: Learner, shelf: Shelf, most: float) -> Points:
    return motives.motivation(learner, shelf, most, assumed_level)


def _credit(learner: Learner, shelf: Shelf, most: float) -> Points:
    return worth.credit_need(learner, shelf, most)


def _evidence(learner: Learner, shelf: Shelf, most: float) -> Points:
    return worth.evidence(shelf, most)


def _strength(learner: Learner, shelf: Shelf, most: float) -> Points:
    """Give points for what lets her lead others in what she is good at."""
    given = _zeros(shelf)
    for competency in learner.strengths:
        places, levels = shelf.by_competency.get(competency, (_NONE, np.array([], dtype=np.int8)))
        given[places] = np.maximum(given[places], np.where(levels == 4, most, 0.0).astype(np.float32))
    return given


def _initiative(learner: Learner, shelf: Shelf, most: float) -> Points:
    return np.where(shelf.has_initiative, most, 0.0).astype(np.float32)


def _feedback(learner: Learner, shelf: Shelf, most: float) -> Points:
    return taught(learner.dismissed, shelf, most)


def _peers(learner: Learner, shelf: Shelf, most: float) -> Points:
    """Give points for what others with her history went on to; nothing while the collaborative part is off."""
    given = _zeros(shelf)
    for item, peer in learner.peers.items():
        if item in shelf.place_of:
            given[shelf.place_of[item]] = most * min(max(peer.strength, 0.0), 1.0)
    return given


_GIVERS: Mapping[str, Callable[[Learner, Shelf, float], Points]] = {
    "goal": _goal,
    "need": _need,
    "level": _level,
    "work": _work,
    "role": _role,
    "time": _time,
    "format": _format,
    "interest": _interest,
    "motivation": _motivation,
    "credit": _credit,
    "evidence": _evidence,
    "strength": _strength,
    "peers": _peers,
    "initiative": _initiative,
    "feedback": _feedback,
}


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Who the words are for, and what they need beside the points, worked out once for a whole ranking."""

    learner: Learner
    shelf: Shelf
    motives: Mapping[str, Points]
    likeness: Mapping[Id, Points]

    @staticmethod
    def of(learner: Learner, shelf: Shelf) -> _Speaker:
        return _Speaker(learner, shelf, motives.fits(learner, shelf, assumed_level), valued.likeness(learner, shelf))


def _explain(speaker: _Speaker, points: Mapping[str, Points], place: int) -> Ranked:
    item = speaker.shelf.items[place]
    parts = [
        Part(factor, round(float(given[place]), 2), _words(speaker, factor, float(given[place]), place))
        for factor, given in points.items()
        if abs(given[place]) >= 0.005
    ]
    parts.sort(key=lambda part: (-part.points, part.factor))
    return Ranked(item, round(sum(part.points for part in parts), 2), tuple(parts))


def _words(speaker: _Speaker, factor: str, points: float, place: int) -> str:
    learner, item = speaker.learner, speaker.shelf.items[place]
    about = {competency for competency, _ in item.competencies}
    match factor:
        case "goal":
            goal = next((goal for goal in learner.goals if goal.competency in about), None)
            return f"Because you set the goal “{goal.title}”" if goal else ""
        case "need":
            need = next((need for need in learner.needs if need.competency in about), None)
            return f"Because you want to grow in {need.competency_name}" if need else ""
        case "strength":
            named = next((learner.names.get(c, "") for c in learner.strengths if c in about), "")
            return f"Because {named or 'this'} is a strength you could lead in"
        case "interest":
            return _interest_words(speaker, place)
        case "motivation":
            return motives.motive_words(motives.best_motive(speaker.motives, place), item)
        case "credit":
            return worth.credit_words(learner.credit, item) if learner.credit else ""
        case "evidence":
            return worth.TIER_WORDS[item.evidence]
        case "peers":
            after = learner.peers[item.id].after
            what = f"you finished “{after}”, and others went on to this" if after else "others like you chose it"
            return f"Because {what}"
        case "format":
            return f"Because you like this format ({item.kind.replace('_', ' ')})"
        case "time":
            return _time_words(points, learner, item)
        case _:
            return _PLAIN[factor][points < 0]


def _interest_words(speaker: _Speaker, place: int) -> str:
    """Say what gave more: the thing she valued that it is like, or the topic that draws her."""
    learner, item = speaker.learner, speaker.shelf.items[place]
    like = valued.most_alike(speaker.likeness, place)
    topics = learner.interests & item.terms
    if like is not None and not (topics and speaker.likeness[like][place] * valued.INTERESTS_WORTH < 1):
        return f"Like “{speaker.shelf.items[speaker.shelf.place_of[like]].title}”, which you valued"
    named = next((learner.names[term] for term in topics if term in learner.names), "this topic")
    return f"Because {named} draws you"


def _time_words(points: float, learner: Learner, item: Item) -> str:
    if points < 0:
        return "Takes many weeks at the minutes you have"
    if (item.minutes or 0) <= learner.minutes_per_week:
        return f"Because it fits one week ({item.minutes} of your {learner.minutes_per_week} minutes)"
    return "Because it fits a few weeks of the minutes you have"


_PLAIN: Mapping[str, tuple[str, str]] = {
    "level": ("Because it leads to your next level", "You are already past this level"),
    "work": ("Because it is made for your grades or subjects", "Made for other grades or subjects"),
    "role": ("Because it belongs to the framework for your work", "Part of another kind of work"),
    "initiative": ("Because it serves a district aim (it counts little, and never more than this)", ""),
    "feedback": ("", "Like something you said was not for you"),
}
