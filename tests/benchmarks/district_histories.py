"""A district's learning histories with a known structure, so that the recommender is measured without outside data.

Items have a theme, four tags (three of their theme, one of any), a popularity that falls as a power of its rank, a
first day (three in ten come out later) and two sequels. A person has one to three themes and takes up, step by step, a
sequel of her last item, an item of her themes, or one that everybody takes up. What a test can expect is therefore
known: sequels after an item, the themes of a person, and what of them is popular. It resembles no real district more
closely than that, and figures on it are no claim about one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lantern.engine.recommend.collaborative import Choices, Tags

DAYS = 1000
SEQUEL, OWN_THEME = 0.25, 0.5
"""How often the next step is a sequel, and how often an item of her themes; else it is one that everybody takes up."""

TAGS_OF_A_THEME, GENERAL_TAGS = 6, 40
LATE = 0.3


@dataclass(frozen=True, slots=True)
class District:
    """What was generated: the choices, the tags of the items, and the truth behind them."""

    choices: Choices
    tags: Tags
    tag_lists: list[list[int]]
    theme: NDArray[np.int64]
    sequels: NDArray[np.int64]
    born: NDArray[np.int64]


def generate(persons: int, items: int, themes: int, each: float, seed: int) -> District:
    """Generate about `each` choices a person among `items` items of `themes` themes."""
    rng = np.random.default_rng(seed)
    theme = np.sort(rng.integers(0, themes, items))
    weight = 1 / (10 + rng.permutation(items)) ** 0.9
    sequels = _sequels(theme, rng)
    born = np.where(rng.random(items) < LATE, rng.integers(0, DAYS, items), 0)
    tag_lists = _tags(theme, themes, rng)
    walked = _walk(persons, each, theme, weight, sequels, born, themes, rng)
    return District(
        Choices.of(*walked, persons, items),
        Tags.of(tag_lists, themes * TAGS_OF_A_THEME + GENERAL_TAGS),
        tag_lists,
        theme,
        sequels,
        born,
    )


def _sequels(theme: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Two items of the same theme for each item."""
    bounds = np.searchsorted(theme, np.stack([theme, theme + 1]))
    low, high = bounds[0][:, None], bounds[1][:, None]
    return low + (rng.random((len(theme), 2)) * (high - low)).astype(np.int64)


def _tags(theme: NDArray[np.int64], themes: int, rng: np.random.Generator) -> list[list[int]]:
    own = np.argsort(rng.random((len(theme), TAGS_OF_A_THEME)), axis=1)[:, :3] + theme[:, None] * TAGS_OF_A_THEME
    general = themes * TAGS_OF_A_THEME + rng.integers(0, GENERAL_TAGS, (len(theme), 1))
    return np.concatenate((own, general), axis=1).tolist()


def _walk(
    persons: int,
    each: float,
    theme: NDArray[np.int64],
    weight: NDArray[np.float64],
    sequels: NDArray[np.int64],
    born: NDArray[np.int64],
    themes: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Let everybody take one step at a time; a step to what is not out yet does not happen."""
    cumulated = np.concatenate(([0.0], np.cumsum(weight)))
    bounds = cumulated[np.searchsorted(theme, np.arange(themes + 1))]
    mine = rng.integers(0, themes, (persons, 3))
    steps = np.minimum(1 + rng.geometric(1 / each, persons), 200)
    day = rng.integers(0, DAYS - 100, persons).astype(np.float64)
    pace = np.minimum(40.0, (DAYS - day) / steps)
    last = np.full(persons, -1, dtype=np.int64)
    taken: list[tuple[NDArray[np.int64], ...]] = []
    for step in range(int(steps.max())):
        who = np.flatnonzero(steps > step)
        day[who] += rng.exponential(pace[who])
        liked = mine[who, np.minimum(rng.geometric(0.6, len(who)) - 1, 2)]
        low, high = bounds[liked], bounds[liked + 1]
        kind = rng.random(len(who))
        everybody = kind >= SEQUEL + OWN_THEME
        drawn = np.where(everybody, rng.random(len(who)) * cumulated[-1], low + rng.random(len(who)) * (high - low))
        item = np.minimum(np.searchsorted(cumulated, drawn, side="right") - 1, len(weight) - 1)
        sequel = (kind < SEQUEL) & (last[who] >= 0)
        item[sequel] = sequels[last[who][sequel], (rng.random(int(sequel.sum())) < 0.3).astype(np.int64)]
        out = (born[item] <= day[who]) & (day[who] < DAYS)
        last[who[out]] = item[out]
        taken.append((who[out], item[out], day[who[out]].astype(np.int64)))
    person, item, when = (np.concatenate([one[field] for one in taken]) for field in range(3))
    return person, item, when
