"""When to come back to what was learned: at growing intervals, and never in a blocked week (P7.6).

Spacing that grows keeps what was learned longer than the same reviews close together (Cepeda and others 2006).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lantern.engine.pathway.problem import Id, Week

INTERVALS = (1, 2, 4, 8)
"""Weeks from one review to the next: a starting guess."""


def review_weeks(finished: int, weeks: Sequence[Week], intervals: Sequence[int] = INTERVALS) -> tuple[int, ...]:
    """Return the weeks to review in after something was finished in week `finished` (may be below 0).

    A review that falls into a week without minutes moves to the next that has some, and the later ones move with it:
    each interval is longer than the one before. What has no week left is left out. Raises ValueError for an interval
    under 1.
    """
    if any(interval < 1 for interval in intervals):
        raise ValueError("an interval is one week or more")
    found: list[int] = []
    before, last = finished, 0
    for interval in intervals:
        week = before + max(interval, last + 1 if found else 1)
        while week < len(weeks) and (week < 0 or weeks[week].minutes <= 0):
            week += 1
        if week >= len(weeks):
            break
        found.append(week)
        before, last = week, week - before
    return tuple(found)


def next_review(since: Sequence[int], intervals: Sequence[int] = INTERVALS) -> int | None:
    """Return the week to come back in: `since` are the weeks it was finished in and come back to, in their order.

    Each interval is longer than the one before, also where she came late. None when it is enough.
    """
    step = len(since)
    if not 1 <= step <= len(intervals):
        return None
    before = since[-1] - since[-2] if step > 1 else 0
    return since[-1] + max(intervals[step - 1], before + 1)


def prompts(wanted: Mapping[Id, int], weeks: Sequence[Week], most: int = 2) -> dict[Id, int]:
    """Return for each thing to come back to the week in which she is asked: the wanted one, or where that has passed,
    has no minutes or has `most` already, the next that fits. What finds no week is left out.
    """
    asked: dict[int, int] = {}
    found: dict[Id, int] = {}
    for item, wish in sorted(wanted.items(), key=lambda pair: (pair[1], str(pair[0]))):
        for week in range(max(0, wish), len(weeks)):
            if weeks[week].minutes > 0 and asked.get(week, 0) < most:
                asked[week] = asked.get(week, 0) + 1
                found[item] = week
                break
    return found
