"""What the tests of goals, plans and coaching begin with: a sound goal, and things to plan."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from lantern.domain.courses import commands as courses
from lantern.kernel import clock
from lantern.kernel.actor import Actor


def in_days(days: int) -> date:
    """A day from today."""
    return clock.today() + timedelta(days=days)


def goal_facts(**other: Any) -> dict[str, Any]:
    """Everything a goal needs."""
    return {
        "title": "Quiet students speak up",
        "measure": "Students who speak in a discussion",
        "baseline": "5 of 24",
        "target": "15 of 24",
        "due_on": in_days(60),
    } | other


def monday(weeks: int = 0) -> date:
    """The Monday of this week, or of one that many weeks on."""
    return clock.week_start(clock.today()) + timedelta(weeks=weeks)


def activity(actor: Actor, title: str = "A podcast", minutes: int = 20) -> Any:
    """Something of the actor's own to plan."""
    return courses.add_outside(actor, title=title, kind="podcast", minutes=minutes)
