"""The model of an installation: fitted once, kept as a few small arrays, asked for one educator at a time.

A suggestion is again a sum of named parts: `together` (what people with her history also chose), `following` (what
they went on to after her last), `topics` (her tags among what is chosen now) and `recent` (what is chosen now). How
much each counts is tuned on the installation's own choices (tuning.py) and is nothing until there are enough.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lantern.engine.recommend.collaborative.choices import BadChoices, Choices, Floats, Ints, Lists, Tags
from lantern.engine.recommend.collaborative.neighbours import (
    FLOOR,
    KEEP,
    Neighbours,
    fit_ease,
    fit_following,
    fit_item_knn,
)
from lantern.engine.recommend.collaborative.popularity import (
    HALF_LIFE,
    liking_from,
    recent_popularity,
    scaled,
    typical_items,
    with_hopes,
)


class BadModel(ValueError):
    """Bytes that are no kept model: says what is missing or does not fit."""


@dataclass(frozen=True, slots=True)
class Blend:
    """How much each part counts. All zero, which is the default, is off: the collaborative part says nothing."""

    together: float = 0.0
    following: float = 0.0
    topics: float = 0.0
    recent: float = 0.0

    @property
    def on(self) -> bool:
        """Return whether any part counts."""
        return any(astuple(self))


PARTS: tuple[str, ...] = tuple(part.name for part in fields(Blend))
OFF = Blend()


@dataclass(frozen=True, slots=True)
class Settings:
    """How a model is fitted and read. `fade` is B7's β: each day of her history before the last counts so much less."""

    ridge: float = 500.0
    tag_weight: float = 1.0
    fade: float = 0.65
    half_life: float = HALF_LIFE
    shrink: float = 10.0
    floor: int = FLOOR
    keep: int = KEEP
    square_up_to: int = 20_000
    """Up to so many items EASE; above them item-kNN, whose memory does not grow with the square."""


@dataclass(frozen=True, slots=True)
class Known:
    """What one educator lets be used: items she finished or valued (places) with their days, and tags she likes."""

    history: Sequence[int] = ()
    days: Sequence[int] = ()
    liked_tags: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Peer:
    """One item that others' choices speak for. `parts` add up to `score`; `because` is the item of her history with
    the largest term, or None where tags or the present alone speak for it.
    """

    item: int
    score: float
    parts: Mapping[str, float]
    because: int | None = None


@dataclass(frozen=True, slots=True)
class PeerModel:
    """A fitted model. It names no person, and nothing in it rests on fewer than `settings.floor` people."""

    settings: Settings
    blend: Blend
    blend_for_newcomers: Blend
    related: Neighbours
    next_ones: Neighbours
    popularity: Floats
    hopes: Floats
    tags: Tags

    @property
    def size(self) -> int:
        """Return the bytes it takes when kept."""
        return self.related.size + self.next_ones.size + 4 * len(self.popularity)


def fit(
    choices: Choices,
    tags: Tags,
    today: int,
    settings: Settings = Settings(),  # frozen
    blend: Blend = OFF,
    blend_for_newcomers: Blend = OFF,
) -> PeerModel:
    """Return the model of these choices. Fit it once a term, from what a release may use (docs/decisions/0042).

    `tags` are of the same items as the choices. The blends come from `tune`.
    """
    popularity = recent_popularity(choices, today, settings.half_life, settings.floor)
    return PeerModel(
        settings=settings,
        blend=blend,
        blend_for_newcomers=blend_for_newcomers,
        related=_related(choices, tags, settings),
        next_ones=fit_following(choices, shrink=settings.shrink, floor=settings.floor, keep=settings.keep),
        popularity=popularity,
        hopes=with_hopes(popularity, tags),
        tags=tags,
    )


def _related(choices: Choices, tags: Tags, settings: Settings) -> Neighbours:
    if np.count_nonzero(choices.people >= settings.floor) > settings.square_up_to:
        return fit_item_knn(choices, shrink=settings.shrink, floor=settings.floor, keep=settings.keep)
    return fit_ease(
        choices,
        tags,
        ridge=settings.ridge,
        tag_weight=settings.tag_weight,
        floor=settings.floor,
        keep=settings.keep,
    )


def suggest(model: PeerModel, known: Known, top: int = 50) -> tuple[Peer, ...]:
    """Return the items others' choices speak for most, best first; what she has done is not among them.

    Empty while the blend is off, or where nothing speaks for anything. Scores run from 0 to the sum of the blend.
    """
    blend = model.blend if len(known.history) else model.blend_for_newcomers
    if not blend.on or not len(model.popularity):
        return ()
    points = part_points(model, known) * np.array(astuple(blend), dtype=np.float32)[:, None]
    total = points.sum(axis=0)
    total[np.asarray(known.history, dtype=np.int64)] = 0.0
    best = best_places(total, top)
    best = best[total[best] > 0]
    because = _reasons(model, known, best)
    given = np.round(points[:, best].T.astype(np.float64), 4).tolist()
    return tuple(_peer(*one) for one in zip(best.tolist(), given, because.tolist(), strict=True))


def _peer(item: int, given: Sequence[float], source: int) -> Peer:
    parts = {name: value for name, value in zip(PARTS, given, strict=True) if value > 0}
    return Peer(item, round(sum(parts.values()), 4), parts, None if source < 0 else source)


def best_places(total: Floats, top: int) -> Ints:
    """Return the places of the `top` largest, the largest first and the earlier first among equals."""
    count = min(top, len(total))
    best = np.argpartition(-total, count - 1)[:count] if count else np.zeros(0, dtype=np.int64)
    return np.asarray(best[np.lexsort((best, -total[best]))], dtype=np.int64)


def part_points(model: PeerModel, known: Known) -> Floats:
    """Return what each part gives each item (parts × items), each from 0 to 1 with its best item at 1.

    Somebody without a history is given a made-up one from her tags; others never speak against an item.
    """
    history, worth = _history(model, known)
    liking = _liking(model, known, history, worth)
    followed = history[worth == 1.0]  # her last day: a PD day can hold several
    topics = model.tags.match(liking) * model.hopes
    if not len(history):
        history, worth = typical_items(liking, model.tags, model.popularity)
    given = (
        model.related.score(history, worth),
        model.next_ones.score(followed, np.ones(len(followed), dtype=np.float32)),
        topics,
        model.popularity,
    )
    return np.stack([scaled(np.maximum(points, 0)) for points in given])


def _history(model: PeerModel, known: Known) -> tuple[Ints, Floats]:
    """Return her items and what each is worth: fade to the power of the number of her later days."""
    _days, back = np.unique(-np.asarray(known.days, dtype=np.int64), return_inverse=True)
    history = np.asarray(known.history, dtype=np.int64)
    if len(history) != len(back):
        raise BadChoices(f"history has {len(history)} items and {len(back)} days")
    return history, (model.settings.fade**back).astype(np.float32)


def _liking(model: PeerModel, known: Known, history: Ints, worth: Floats) -> Floats:
    liking = liking_from(history, worth, model.tags)
    for tag, much in known.liked_tags.items():
        liking[tag] += much
    return liking


def _reasons(model: PeerModel, known: Known, items: Ints) -> Ints:
    """Return for each item the item of her history that led to it, by what others chose together or next."""
    history, worth = _history(model, known)
    followed = model.next_ones.reasons(history[worth == 1.0], worth[worth == 1.0], items)
    return np.where(followed >= 0, followed, model.related.reasons(history, worth, items))


def to_bytes(model: PeerModel) -> bytes:
    """Return the model as bytes to keep: arrays only (numpy's .npz), nothing that could be run when read."""
    kept = io.BytesIO()
    numbers = {f"settings.{name}": value for name, value in asdict(model.settings).items()}
    numbers |= {f"blend.{name}": value for name, value in asdict(model.blend).items()}
    numbers |= {f"newcomers.{name}": value for name, value in asdict(model.blend_for_newcomers).items()}
    arrays: dict[str, Any] = {name: np.array(value) for name, value in numbers.items()}
    for name, held in (("related", model.related), ("next", model.next_ones)):
        arrays[f"{name}_starts"] = held.to.starts
        arrays[f"{name}_to"] = held.to.values.astype(np.int32)
        arrays[f"{name}_weights"] = held.weights
    np.savez_compressed(kept, popularity=model.popularity, **arrays)
    return kept.getvalue()


def from_bytes(kept: bytes, tags: Tags) -> PeerModel:
    """Return a kept model for the catalog it was fitted on, whose tags are given anew. Raises BadModel."""
    try:
        with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
            held = {name: arrays[name] for name in arrays.files}
        model = _from_arrays(held, tags)
    except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile) as trouble:
        raise BadModel(f"not a kept model: {trouble}") from trouble
    if len(model.popularity) != len(tags.of_item.starts) - 1:
        raise BadModel(f"fitted on {len(model.popularity)} items, the tags are of {len(tags.of_item.starts) - 1}")
    return model


def _from_arrays(held: Mapping[str, NDArray[Any]], tags: Tags) -> PeerModel:
    def neighbours(name: str) -> Neighbours:
        lists = Lists(held[f"{name}_starts"], held[f"{name}_to"].astype(np.int64))
        return Neighbours(lists, held[f"{name}_weights"])

    def blend(name: str) -> Blend:
        return Blend(*(float(held[f"{name}.{part}"]) for part in PARTS))

    return PeerModel(
        settings=Settings(**{one.name: held[f"settings.{one.name}"].item() for one in fields(Settings)}),
        blend=blend("blend"),
        blend_for_newcomers=blend("newcomers"),
        related=neighbours("related"),
        next_ones=neighbours("next"),
        popularity=held["popularity"],
        hopes=with_hopes(held["popularity"], tags),
        tags=tags,
    )
