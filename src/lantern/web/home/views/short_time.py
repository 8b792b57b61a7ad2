"""A few minutes to spare: at most five things that surely fit, each begun with one press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.catalog.types import KIND_WORDS
from lantern.domain.courses import queries as courses
from lantern.domain.courses.types import ActivityState
from lantern.domain.recommendations import queries as recommendations
from lantern.engine.next_step import Thing, minutes_left
from lantern.engine.short_time import CHOICES, MOST, choice, nearest_first
from lantern.kernel.actor import Actor
from lantern.ui.durations import duration
from lantern.web import answers
from lantern.web.gate import EDUCATOR, page


@dataclass(frozen=True, slots=True)
class Mine:
    """Something of hers whose rest fits, as a card shows it."""

    activity_id: UUID
    title: str
    kind: str
    minutes: int | None
    because: str
    action: str


@page(EDUCATOR)
def short_time(request: Any) -> HttpResponse:
    """Show what fits into ?minutes= (ten, where nobody said)."""
    minutes = choice(request.GET.get("minutes", ""))
    mine = _mine(request.actor, minutes)
    room = MOST - len(mine)
    suggested = recommendations.within(request.actor, minutes, limit=room) if room else []
    return answers.show(
        request,
        "home/short_time.html",
        minutes=minutes,
        title=f"I have {duration(minutes)}",
        choices=[(each, duration(each), each == minutes) for each in CHOICES],
        mine=mine,
        suggested=suggested,
    )


def _mine(actor: Actor, minutes: int) -> list[Mine]:
    """Return what she has begun and can finish in the time, then what she planned and has not begun."""
    rows = {row.pk: row for row in courses.my_activities(actor, (ActivityState.STARTED, ActivityState.PLANNED))}
    found: list[Mine] = []
    for state in (ActivityState.STARTED, ActivityState.PLANNED):
        of_state = [row for row in rows.values() if row.state == state]
        things = [Thing(row.pk, row.title, row.minutes, row.percent) for row in of_state]
        for thing in nearest_first(things, minutes):
            found.append(_card(thing, rows[thing.id].kind, begun=state == ActivityState.STARTED))
    return found[:MOST]


def _card(thing: Thing, kind: str, *, begun: bool) -> Mine:
    left = minutes_left(thing.minutes, thing.percent)
    because = f"{duration(left)} left, and your place is kept" if begun else "You put it into your plan"
    return Mine(thing.id, thing.title, KIND_WORDS.get(kind, kind), left, because, "Continue" if begun else "Start")
