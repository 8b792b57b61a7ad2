"""Where an educator is in a pathway: its outline beside what she finished, her levels, and when she last looked.

A self-check counts as looked: her own rating of a competency, or a check or quiz on it (P6.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from lantern.domain.courses import queries as courses
from lantern.domain.needs import queries as needs
from lantern.domain.pathways import queries as pathways
from lantern.domain.pathways.types import Choices
from lantern.domain.plans import queries as plans
from lantern.engine.pathway import outline as outlines
from lantern.engine.pathway.outline import Section
from lantern.engine.pathway.standing import Her, Known, Now, now
from lantern.kernel import clock
from lantern.kernel.actor import Actor

LOOKS = frozenset({"own_rating", "check", "quiz"})


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where she is in one outline, with what the catalog says of all that it names, and the competencies by name."""

    outline: Section
    here: Now
    known: Mapping[str, Known]
    competencies: Mapping[str, str]
    her: Her


def whereabouts(
    actor: Actor, outline: Section, choices: Choices, started_at: datetime | None = None, also: tuple[str, ...] = ()
) -> Whereabouts:
    """Return where the actor is in an outline with what she chose in it; `also` are other resources to know about. As
    many queries for two hundred steps as for one.
    """
    known = pathways.known(actor, (*outlines.resources(outline), *also))
    her = _her(actor, outline, choices, started_at)
    return Whereabouts(
        outline, now(outline, known, her, clock.today()), known, pathways.competency_names(actor, outline), her
    )


def _her(actor: Actor, outline: Section, choices: Choices, started_at: datetime | None) -> Her:
    her = facts_of_her(actor, with_levels=bool(outlines.competencies(outline)))
    if any(not one.counts_before for one in outlines.entries(outline)):
        her = replace(her, once=frozenset(map(str, courses.finished_once(actor))))
    started = timezone.localdate(started_at) if started_at else None
    return replace(her, started=started, chosen=choices.chosen, swaps=choices.swaps)


def facts_of_her(actor: Actor, *, with_levels: bool) -> Her:
    """Return what is known of the actor for any pathway: what she finished, her quiet weeks, and where one asks for
    levels, where she stands and when she looked.
    """
    looked: dict[str, date] = {}
    levels: dict[str, int] = {}
    if with_levels:
        for one in needs.what_was_said(actor):
            if one.evidence.kind in LOOKS:
                day = timezone.localdate(one.at)
                looked[str(one.competency_id)] = max(day, looked.get(str(one.competency_id), day))
        levels = {str(id): level for id, level in needs.my_levels(actor).items()}
    return Her(
        done={str(id): day for id, day in courses.finished_days(actor).items()},
        levels=levels,
        looked=looked,
        closed=plans.quiet_mondays(actor),
    )
