"""Minutes of one thing over consecutive weeks: a whole in one week is `()`; 40, 0, 20 skips the week between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

MOST_SHARES = 104
MOST_MINUTES = 100_000


def is_spread(value: Any) -> bool:
    """Tell whether something read from outside is a spread: a list of at most two years' whole minutes."""
    if not isinstance(value, list) or len(value) > MOST_SHARES:
        return False
    return all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one <= MOST_MINUTES for one in value)


def shares(minutes: int, spread: Sequence[int]) -> tuple[int, ...]:
    """Return the minutes by week of something that takes `minutes`, never empty and without empty weeks at its ends.

    The whole may have changed since it was spread: what is more goes into the last week, what is less is taken from
    the end.
    """
    left, found = minutes, []
    for one in spread:
        found.append(min(one, left))
        left -= found[-1]
    while found and not found[-1]:
        found.pop()
    if not found:
        return (minutes,)
    found[-1] += left
    return tuple(found)


def without_blocked(parts: Sequence[int], blocked: Callable[[int], bool]) -> tuple[int, ...]:
    """Return the same parts in the same order with none in a blocked week (by its place from the first, 0); each goes
    into the first free week from its own on. The first stays where it is. Raises ValueError where two years of weeks
    are not enough.
    """
    found: list[int] = []
    for place, part in enumerate(parts):
        if not part:
            continue
        week = max(place, len(found))
        while week and blocked(week):
            week += 1
            if week >= MOST_SHARES:
                raise ValueError("there is no free week for it")
        found += [0] * (week - len(found)) + [part]
    return tuple(found)


def kept(parts: Sequence[int]) -> list[int]:
    """Return parts as they are stored: nothing where all is in one week."""
    return list(parts) if len(parts) > 1 else []
