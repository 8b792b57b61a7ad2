"""Suggestions follow what an educator says and does: each such event queues a fresh ranking, a nightly job covers
silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from lantern.domain.catalog.events import CatalogImported
from lantern.domain.courses.events import ActivityFinished, ActivityTakenUp, PastBroughtIn, PastTakenAway
from lantern.domain.credits.events import LicenceSet
from lantern.domain.evidence.events import ReflectionSubmitted
from lantern.domain.goals.events import GoalChanged, GoalEnded, GoalSet
from lantern.domain.needs.events import CompetencyRated, LevelEvidenceChanged, NeedAdded, NeedEnded
from lantern.domain.people import queries as people
from lantern.domain.people.events import ProfileChanged, StartFinished
from lantern.domain.recommendations import commands, queries
from lantern.domain.recommendations.events import DismissalTakenBack, FactorsChanged, SuggestionDismissed
from lantern.kernel.actor import Actor, system
from lantern.kernel.events import Event, handles
from lantern.kernel.jobs import Progress, enqueue_once, job

REFRESH = "recommendations.refresh"
REFRESH_ALL = "recommendations.refresh_all"
REFRESH_PART = "recommendations.refresh_part"
PART = 1000
"""So many people in one job: some seconds of work, and a district of 100,000 is a hundred jobs."""
AT_ONCE = 100
"""So many people in one transaction: few questions, and nobody waits long for a turn."""
_CAUSES: tuple[type[Event], ...] = (
    GoalSet,
    GoalChanged,
    GoalEnded,
    NeedAdded,
    NeedEnded,
    CompetencyRated,
    LevelEvidenceChanged,
    ProfileChanged,
    ActivityTakenUp,
    ActivityFinished,
    PastBroughtIn,
    PastTakenAway,
    SuggestionDismissed,
    LicenceSet,
    ReflectionSubmitted,
)


def _queue_refresh(actor: Actor, event: Event) -> None:
    if actor.person_id is not None:
        enqueue_once(actor, REFRESH)


for _cause in _CAUSES:
    handles(_cause)(_queue_refresh)


@handles(ActivityTakenUp)
def _no_longer_suggest(actor: Actor, event: ActivityTakenUp) -> None:
    if actor.person_id is not None and event.resource_id is not None:
        commands.forget(actor, resource_id=event.resource_id)


def _refresh_at_once(actor: Actor, event: Event) -> None:
    """She is looking at her suggestions, or comes home for the first time: the next page shows the effect."""
    if actor.person_id is not None:
        commands.refresh(actor)


for _watched in (StartFinished, DismissalTakenBack, FactorsChanged):
    handles(_watched)(_refresh_at_once)


@handles(CatalogImported)
def _queue_all(actor: Actor, event: CatalogImported) -> None:
    enqueue_once(system(actor.tenancy), REFRESH_ALL)  # as Lantern: nobody else goes through everybody


_READS = ("private", "public", "official", "aggregate")


@job(REFRESH, reads=_READS, reaches="the educator herself, on her own pages")
def refresh_one(actor: Actor, progress: Progress) -> dict[str, Any]:
    """Rank anew for one educator."""
    return {"kept": commands.refresh(actor)}


@job(REFRESH_ALL, reads=_READS, reaches="each educator herself, on her own pages")
def refresh_all(actor: Actor, progress: Progress) -> dict[str, Any]:
    """Rank anew for every educator of the tenant who has begun; run each night and after a change of the catalog.

    A large tenant is cut into parts, each a job of its own, so that all workers share them and a fault stays in one.
    """
    educators = people.list_started(actor)
    if len(educators) <= PART:
        return {"educators": _refresh(actor, progress, educators)}
    parts = [educators[start : start + PART] for start in range(0, len(educators), PART)]
    for part in parts:
        enqueue_once(actor, REFRESH_PART, first=str(part[0]), last=str(part[-1]))
    return {"educators": 0, "parts": len(parts)}


@job(REFRESH_PART, reads=_READS, reaches="each educator herself, on her own pages")
def refresh_part(actor: Actor, progress: Progress, *, first: str = "", last: str = "") -> dict[str, Any]:
    """Rank anew for the educators whose ids lie from `first` to `last`, who have begun by now."""
    educators = people.list_started(actor, first=UUID(first), last=UUID(last)) if first and last else []
    return {"educators": _refresh(actor, progress, educators)}


def _refresh(actor: Actor, progress: Progress, educators: Sequence[UUID]) -> int:
    if not educators:
        return 0
    district, done = queries.District.of(actor), 0
    for start in range(0, len(educators), AT_ONCE):
        done += commands.refresh_many(actor, person_ids=educators[start : start + AT_ONCE], district=district)
        progress(start, len(educators))
    return done
