"""When to come back to what was learned: at growing intervals, and never in a blocked week (P7.6).

Spacing that grows keeps what was learned longer than the same reviews close together (Cepeda and others 2006).
"""

from __future__ import annotations

from collections.abc import Sequence

from lantern.engine.pathway.problem import Week

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
