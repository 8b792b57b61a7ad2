"""The same facts as `facts.learner_of`, for many people at once: one question to each table for a few hundred of them.

For Lantern's own nightly work. What each may be used for is decided as there; a test holds the two to the same answer.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import Scheme
from lantern.domain.competencies import queries as competencies
from lantern.domain.courses import queries as courses
from lantern.domain.courses.types import ActivityState
from lantern.domain.credits import queries as credits
from lantern.domain.goals import queries as goals
from lantern.domain.needs import queries as needs
from lantern.domain.people import queries as people
from lantern.domain.privacy import queries as privacy
from lantern.domain.privacy.types import Purpose
from lantern.domain.recommendations.models import Dismissal
from lantern.domain.recommendations.queries.facts import credit_fact, dismissed_facts, shelf_for
from lantern.domain.recommendations.queries.peers import Peers, peer_facts, peers_for
from lantern.engine.recommend import Dismissed, GoalFact, Learner, NeedFact
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotAllowed
from lantern.kernel.ids import ids_among

log = logging.getLogger(__name__)
UNDER_WAY = frozenset({ActivityState.PLANNED.value, ActivityState.STARTED.value})


@dataclass(frozen=True, slots=True)
class District:
    """What is the same for everybody of a tenant: asked once for a whole run."""

    language: str
    frameworks: Mapping[str, frozenset[UUID]]
    names: Mapping[UUID, str]
    topics: Mapping[UUID, str]
    subjects: Mapping[str, UUID]
    refused: frozenset[UUID]
    rule: Any
    peers: Peers | None

    @staticmethod
    def of(actor: Actor) -> District:
        """Ask for it. Raises NotAllowed for anybody but Lantern itself."""
        if not actor.is_system:
            raise NotAllowed("Only Lantern itself goes through everybody.")
        held: dict[UUID, frozenset[UUID]] = {}
        frameworks: dict[str, frozenset[UUID]] = {}
        for assigned in competencies.assignments(actor):
            if assigned.framework is not None:
                key = assigned.framework.pk
                if key not in held:
                    rows = competencies.list_competencies(actor, key, selectable_only=True)
                    held[key] = frozenset(rows.values_list("pk", flat=True))
                frameworks[assigned.job_kind] = held[key]
        return District(
            language=shelf_for(actor).main_language,
            frameworks=frameworks,
            names={UUID(key): name for key, name in competencies.names_in_reach(actor).items()},
            topics={term.pk: term.label for term in catalog.list_terms(actor, Scheme.TOPIC)},
            subjects={term.code: term.pk for term in catalog.list_terms(actor, Scheme.SUBJECT)},
            refused=privacy.refusers(actor, Purpose.RECOMMENDATION),
            rule=credits.rule_on(actor),
            peers=peers_for(actor, shelf_for(actor)),
        )


def learners_of(actor: Actor, person_ids: Sequence[UUID], district: District) -> Iterator[tuple[Actor, Learner]]:
    """Yield each of these people, as the actor she is, with what the ranking may know of her. Left out is who left, and
    of whom something cannot be read: what was suggested to her stays.
    """
    acting = people.actors_for(actor, person_ids)
    told = _Told(
        profiles=people.profiles_of(actor, acting),
        work=people.work_of(actor, acting),
        resources=courses.resources_by_state(actor, acting),
        dismissed=_dismissed(acting),
        goals=goals.open_by_person(actor, acting),
        licences=credits.licences_in_progress(actor, acting),
        days=courses.finished_days_of(actor, acting) if district.peers else {},
        needs=needs.open_by_person(actor, acting),
        levels=needs.levels_by_person(actor, acting),
    )
    for person_id, she in acting.items():
        learner = None
        if person_id in told.levels:
            with nobody_elses_night(person_id):
                learner = _learner(she, person_id, told, district)
        if learner is not None:
            yield she, learner


@contextmanager
def nobody_elses_night(person_id: UUID) -> Iterator[None]:
    """Leave out a person whose rows cannot be worked with, and write her id to the log, so that the others of a run are
    served. What the database itself refuses is not kept from who called.
    """
    try:
        yield
    except DatabaseError:
        raise
    except Exception as problem:
        log.error("person %s is left out of the night: %s", person_id, type(problem).__name__)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the tables say of some people, each by person."""

    profiles: Mapping[UUID, Any]
    work: Mapping[UUID, Any]
    resources: Mapping[UUID, Mapping[str, frozenset[UUID]]]
    dismissed: Mapping[UUID, tuple[Dismissed, ...]]
    goals: Mapping[UUID, Any]
    licences: Mapping[UUID, Any]
    days: Mapping[UUID, Any]
    needs: Mapping[UUID, Any]
    levels: Mapping[UUID, Mapping[UUID, int]]


def _learner(she: Actor, person_id: UUID, told: _Told, district: District) -> Learner:
    work = told.work[person_id]
    by_state = told.resources.get(person_id, {})
    terms = {district.subjects[code] for code in work.subjects if code in district.subjects}
    learner = Learner(
        job_kind=work.job_kind,
        grades_mask=work.grades_mask,
        subjects=frozenset(work.subjects) | terms,
        own_competencies=district.frameworks.get(work.job_kind, frozenset()),
        finished=by_state.get(ActivityState.FINISHED.value, frozenset()),
        under_way=frozenset().union(*(by_state.get(state, frozenset()) for state in UNDER_WAY)),
        dismissed=told.dismissed.get(person_id, ()),
        languages=frozenset({district.language}),
    )
    if person_id in district.refused:
        return learner
    hers = [GoalFact(*goal) for goal in told.goals.get(person_id, ())]
    learner = _with_own_words(she, learner, work, told.profiles.get(person_id), hers, district)
    learner = _with_needs(learner, told.needs.get(person_id, ()), told.levels.get(person_id, {}), district)
    learner = replace(learner, credit=credit_fact(told.licences.get(person_id), district.rule))
    if district.peers is not None:
        learner = replace(learner, peers=peer_facts(district.peers, learner, told.days.get(person_id, {})))
    return learner


def _with_own_words(
    she: Actor, learner: Learner, work: Any, profile: Any, told: Iterable[GoalFact], district: District
) -> Learner:
    profile = profile if profile is not None else people.get_profile(she)
    interests, strengths = ids_among(profile.interests), ids_among(profile.strengths)
    names = {key: district.names[key] for key in strengths if key in district.names}
    names |= {key: district.topics[key] for key in interests if key in district.topics}
    return replace(
        learner,
        years_experience=work.years_experience,
        minutes_per_week=profile.minutes_per_week,
        goals=tuple(told),
        interests=interests,
        strengths=strengths,
        liked_kinds=frozenset(profile.liked_kinds),
        motives=tuple(profile.motivations),
        valued=tuple(sorted(ids_among(profile.valued))),
        draws_most=profile.draws_most,
        factors_off=frozenset(profile.factors_off),
        sliders=profile.sliders,
        names=names,
    )


def _with_needs(
    learner: Learner, asked: Sequence[tuple[UUID, int | None]], levels: Mapping[UUID, int], district: District
) -> Learner:
    names = dict(learner.names) | {key: district.names[key] for key, _ in asked if key in district.names}
    facts = tuple(NeedFact(key, names.get(key, "this"), wanted) for key, wanted in asked)
    return replace(learner, ratings=levels, needs=facts, names=names)


def _dismissed(person_ids: Iterable[UUID]) -> dict[UUID, tuple[Dismissed, ...]]:
    rows: dict[UUID, list[Dismissal]] = defaultdict(list)
    for row in Dismissal.objects.filter(person_id__in=list(person_ids)).select_related("resource"):
        rows[row.person_id].append(row)
    return {person_id: dismissed_facts(listed) for person_id, listed in rows.items()}
