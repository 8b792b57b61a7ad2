"""What fits in the minutes there are right now: first the rest of what was begun, then what was planned, then what
suits best. Never something longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from lantern.engine.next_step import Thing

CHOICES = (5, 10, 15, 20, 30)
"""The minutes one may say."""

MOST = 5
"""More than so many is a list to read, and that takes minutes too."""

T = TypeVar("T")


def choice(said: str, usual: int = 10) -> int:
    """Return the minutes that were said, or the usual ones where they are not among the choices."""
    return int(said) if said.isdecimal() and len(said) < 3 and int(said) in CHOICES else usual


def rest_fits(thing: Thing, minutes: int) -> bool:
    """Tell whether what is left of a thing surely fits; what has no length known does not."""
    return thing.minutes > 0 and thing.minutes * (100 - min(max(thing.percent, 0), 100)) <= minutes * 100


def nearest_first(begun: Sequence[Thing], minutes: int) -> list[Thing]:
    """Return the begun or planned things whose rest fits, the one with the least left first; equal ones keep their
    order.
    """
    fitting = [thing for thing in begun if rest_fits(thing, minutes)]
    return sorted(fitting, key=lambda thing: thing.minutes * (100 - thing.percent))
