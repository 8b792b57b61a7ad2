"""Gathers what the ranking may know of one educator, each thing through its own feature and only for this purpose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from lantern.domain.catalog import queries as catalog
from lantern.domain.catalog.types import Scheme
from lantern.domain.competencies import queries as competencies
from lantern.domain.courses import queries as courses
from lantern.domain.courses.types import ActivityState
from lantern.domain.credits import queries as credits
from lantern.domain.credits.types import LicenceProgress
from lantern.domain.goals import queries as goals
from lantern.domain.needs import queries as needs
from lantern.domain.people import queries as people
from lantern.domain.privacy import queries as privacy
from lantern.domain.privacy.types import Purpose
from lantern.domain.recommendations import policy
from lantern.domain.recommendations.models import Dismissal
from lantern.domain.recommendations.queries.peers import peer_facts, peers_for
from lantern.engine.recommend import CreditFact, Dismissed, GoalFact, Item, Learner, NeedFact, Shelf
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import NotFound
from lantern.kernel.ids import ids_among

_shelves: dict[tuple[UUID, ...], tuple[tuple[Item, ...], Shelf]] = {}


def shelf_for(actor: Actor) -> Shelf:
    """Return the catalog in the actor's reach, prepared for ranking; prepared again only when the catalog changed."""
    items = catalog.facts_for_ranking(actor)
    held = _shelves.get(actor.tenancy.reach)
    if held is None or held[0] is not items:
        held = (items, Shelf.of(items))
        _shelves[actor.tenancy.reach] = held
    return held[1]


def learner_of(actor: Actor) -> Learner:
    """Return what the ranking may know of the actor.

    Who refused the purpose "recommendation" is known by her work only: job, grades, subjects. Raises NotFound without
    a person.
    """
    if actor.person_id is None:
        raise NotFound("Suggestions are for a person.")
    me = people.get_me(actor)
    subject_terms = {term.code: term for term in catalog.list_terms(actor, Scheme.SUBJECT)}
    subjects = frozenset(me.subjects) | {subject_terms[code].pk for code in me.subjects if code in subject_terms}
    work = Learner(
        job_kind=me.job_kind,
        grades_mask=me.grades_mask,
        subjects=subjects,
        own_competencies=frozenset(competency.pk for competency in competencies.my_competencies(actor)),
        finished=frozenset(courses.finished_resource_ids(actor)),
        under_way=_under_way(actor),
        dismissed=_dismissed(actor),
        languages=frozenset({shelf_for(actor).main_language}),
    )
    if not privacy.may_use(actor.person_id, Purpose.RECOMMENDATION):
        return work
    return _with_own_words(actor, work, me.years_experience)


def _with_own_words(actor: Actor, work: Learner, years_experience: int | None) -> Learner:
    profile = people.get_profile(actor)
    peers = peers_for(actor, shelf_for(actor))
    open_needs = [need for need in needs.my_needs(actor) if need.competency_id is not None]
    open_goals = [goal for goal in goals.my_goals(actor) if goal.competency_id is not None]
    interests, strengths = ids_among(profile.interests), ids_among(profile.strengths)
    names: dict[UUID, str] = dict(
        competencies.competency_names(actor, {need.competency_id for need in open_needs} | strengths)
    )
    names |= {term.pk: term.label for term in catalog.list_terms(actor, Scheme.TOPIC) if term.pk in interests}
    learner = replace(
        work,
        years_experience=years_experience,
        minutes_per_week=profile.minutes_per_week,
        ratings=needs.my_levels(actor),
        needs=tuple(
            NeedFact(need.competency_id, names.get(need.competency_id, "this"), need.wanted_level)
            for need in open_needs
        ),
        goals=tuple(GoalFact(goal.pk, goal.title, goal.competency_id, goal.target_level) for goal in open_goals),
        interests=interests,
        strengths=strengths,
        liked_kinds=frozenset(profile.liked_kinds),
        credit=_credit(actor),
        motives=tuple(profile.motivations),
        valued=tuple(sorted(ids_among(profile.valued))),
        draws_most=profile.draws_most,
        factors_off=frozenset(profile.factors_off),
        sliders=profile.sliders,
        names=names,
    )
    if peers is None:
        return learner
    return replace(learner, peers=peer_facts(peers, learner, courses.finished_days(actor)))


def _credit(actor: Actor) -> CreditFact | None:
    """Return what her licence still needs, with the rule in force; None where it needs nothing, or no rule counts for
    it.
    """
    progress = credits.licence_progress(actor)
    return credit_fact(progress, credits.rule_on(actor)) if progress else None


def credit_fact(progress: LicenceProgress | None, rule: Any) -> CreditFact | None:
    """Return the need of a licence by the rule in force, as the ranking knows it."""
    if progress is None or progress.is_reached or rule is None or rule.credit_type != progress.credit_type:
        return None
    missing = progress.hours_needed * 100 - progress.hundredths
    counted = credits.arithmetic_of(rule)
    return CreditFact(
        progress.credit_type,
        missing,
        progress.days_left,
        counted.minutes_per_hour,
        counted.step_minutes,
        counted.most_minutes,
    )


def _under_way(actor: Actor) -> frozenset[UUID]:
    states = (ActivityState.PLANNED, ActivityState.STARTED)
    rows = courses.my_activities(actor, states=states)
    return frozenset(row.resource_id for row in rows if row.resource_id is not None)


def _dismissed(actor: Actor) -> tuple[Dismissed, ...]:
    return dismissed_facts(Dismissal.objects.filter(policy.visible(actor)).select_related("resource"))


def dismissed_facts(rows: Iterable[Dismissal]) -> tuple[Dismissed, ...]:
    """Return dismissals as the ranking knows them, with their age."""
    today = clock.now()
    return tuple(Dismissed(row.resource_id, row.why, row.resource.kind, (today - row.at).days) for row in rows)
