"""Where I stand on one competency: the level with its range, everything that speaks for it, and how it went."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from lantern.domain.assessments import queries as assessments
from lantern.domain.competencies import queries as competencies
from lantern.domain.needs import commands, queries
from lantern.domain.needs.types import LEVEL_WORDS, SOURCE_WORDS, StandingView
from lantern.engine.mastery import KINDS
from lantern.ui.charts import LevelPoint
from lantern.web.answers import done, safe_next, show
from lantern.web.gate import EDUCATOR, page

_ONE_SD = 0.6827


@page(EDUCATOR)
def standing(request: Any, competency_id: UUID) -> HttpResponse:
    """Show all that speaks for my level on a competency."""
    actor = request.actor
    competency = competencies.get_competency(actor, competency_id)
    found = queries.standing_of(actor, competency_id)
    context: dict[str, Any] = {
        "competency": competency,
        "statements": [(LEVEL_WORDS[level], words) for level, words in competency.level_statements.items()],
        "offer": assessments.offer_for(actor, competency_id),
        "need": queries.my_open_need(actor, competency_id),
        "here": reverse("grow:standing", args=[competency_id]),
    }
    return show(request, "grow/standing.html", **context, **(_told(found) if found else {}))


def _told(found: StandingView) -> dict[str, Any]:
    low, high = found.standing.interval(_ONE_SD)
    counted = {part.evidence: part for part in found.standing.contributions}
    return {
        "found": found,
        "band": _band(low, high),
        "shares": [(LEVEL_WORDS[level], share) for level, share in found.standing.levels.items()],
        "levels": tuple(LEVEL_WORDS.values()),
        "points": _points(found),
        "rows": [_row(one, counted.get(one.evidence)) for one in found.said],
        "begins": f"{found.standing.begins:.1f}",
        "level": f"{found.standing.level:.1f}",
        "grown": _grown(found),
    }


def _band(low: float, high: float) -> str:
    """Return the levels that a range touches, in words."""
    first, last = round(low), round(high)
    if first == last:
        return LEVEL_WORDS[first]
    return f"{LEVEL_WORDS[first]}{' or ' if last == first + 1 else ' to '}{LEVEL_WORDS[last]}"


def _points(found: StandingView) -> list[LevelPoint]:
    """Return the level over time; the year stands with the day where it is not the same for all."""
    days = [timezone.localtime(moment) for moment, _ in found.points]
    years = len({day.year for day in days}) > 1
    points = []
    for day, (_, one) in zip(days, found.points, strict=True):
        low, high = one.interval(_ONE_SD)
        points.append(LevelPoint(f"{day.day} {day:%b}{f' {day.year}' if years else ''}", one.level, low, high))
    return points


def _row(one: Any, part: Any) -> dict[str, Any]:
    """Say one source: what it said, how much it counts today and what it does to the level."""
    kind = KINDS.get(one.evidence.kind)
    if part is not None:
        does = f"counts {part.share:.0%}, moves the level by {part.effect:+.1f}"
    elif kind is not None and kind.lifts_only:
        does = "could only lift, and does not: other things say as much or more"
    else:
        does = "counts no more, since the same source said something newer"
    return {
        "id": one.id,
        "source": SOURCE_WORDS.get(one.evidence.kind, one.evidence.kind),
        "level": f"{one.evidence.level:.1f}".removesuffix(".0"),
        "unsure": "" if one.evidence.sd is None else f"give or take {one.evidence.sd:.1f}",
        "words": one.words,
        "at": one.at,
        "does": does,
        "counts": part is not None,
    }


def _grown(found: StandingView) -> dict[str, Any] | None:
    growth = found.growth
    if growth is None:
        return None
    if growth.low > 0:
        words = "The same sources say more than two months ago."
    elif growth.high < 0:
        words = "The same sources say less than two months ago."
    else:
        words = "Whether you are further than two months ago, these sources cannot tell."
    return {"words": words, "low": f"{growth.low:+.1f}", "high": f"{growth.high:+.1f}", "mean": f"{growth.mean:+.1f}"}


@page(EDUCATOR, methods="POST")
def take_away(request: Any, evidence_id: UUID) -> HttpResponse:
    """Take away one thing that a source said of my level."""
    commands.remove_evidence(request.actor, evidence_id=evidence_id)
    return done(request, safe_next(request, "grow:needs"), message="It does not count any more, and it is gone.")
