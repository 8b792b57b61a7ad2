"""The small sentences of home: greeting, how full the week is, how far a goal is."""

from __future__ import annotations

import re
from datetime import datetime

from lantern.ui.durations import duration

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


def greeting(now: datetime, name: str) -> str:
    """Return "Good morning, Nia" by the hour of a local time; without a name it stands alone."""
    part = "morning" if 5 <= now.hour < 12 else "afternoon" if 12 <= now.hour < 18 else "evening"
    return f"Good {part}, {name}" if name else f"Good {part}"


def count(number: int, one: str, many: str = "") -> str:
    """Return "1 goal" or "3 goals"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def week_words(planned: int, available: int, quiet: bool = False) -> str:
    """Return what the week's minutes mean, in a sentence."""
    if quiet or not available:
        return (
            "A quiet week. Nothing is due."
            if not planned
            else "A quiet week with something in it. Move it if you like."
        )
    if not planned:
        return "Nothing planned yet. Even one short thing counts."
    left = available - planned
    if left > 0:
        return f"{duration(left)} {'is' if left == 1 else 'are'} still free."
    return "Just full." if left == 0 else f"{duration(-left)} more than you have. Move something to another week."


def goal_percent(baseline: str, value: str, target: str) -> int | None:
    """Return how far from baseline to target a value is, in percent, when all three begin with a figure; else None."""
    found = [_NUMBER.search(text) for text in (baseline, value, target)]
    if not all(found):
        return None
    begin, now, end = (float(match.group().replace(",", ".")) for match in found if match)
    if begin == end:
        return None
    return round(100 * min(max((now - begin) / (end - begin), 0), 1))
