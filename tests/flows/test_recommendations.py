"""Suggestions follow what happens: a ranking is queued for her, once, or made at once where she is looking."""

from __future__ import annotations

import pytest

from lantern.domain.needs import commands as needs
from lantern.domain.people import commands as people
from lantern.domain.recommendations import commands, queries
from lantern.domain.recommendations.models import Suggestion
from lantern.flows.recommendations import REFRESH, REFRESH_ALL, refresh_all, refresh_one
from lantern.kernel import jobs, tenancy
from lantern.kernel.jobs import Progress
from lantern.kernel.jobs.models import Job
from tests.cast import Cast, acting, competencies_of, make_person, system_of
from tests.offers import offers


def waiting(name: str) -> list[Job]:
    """The jobs of a name that wait."""
    return list(Job.objects.filter(name=name, state=Job.State.WAITING))


def test_what_she_says_queues_one_ranking_for_her_and_no_second_one_while_it_waits(cast: Cast) -> None:
    with acting(cast.novice) as actor:
        for competency in competencies_of(cast.framework)[:2]:
            needs.add_need(actor, competency_id=competency.pk, source="curiosity")
        assert [job.actor_id for job in waiting(REFRESH)] == [cast.novice.pk]


def test_the_job_ranks_for_its_own_actor_and_a_repeat_is_harmless(cast: Cast) -> None:
    offers(cast)
    with acting(cast.novice) as actor:
        needs.add_need(actor, competency_id=competencies_of(cast.framework)[1].pk, source="curiosity")
        (job,) = waiting(REFRESH)
    for _ in range(2):
        jobs.run(str(job.pk))
    with acting(cast.novice) as actor:
        assert queries.current_for(actor)[0].title.lower().count("feedback")
        assert Suggestion.objects.filter(person_id=cast.novice.pk).count() == 8
    with acting(cast.expert):
        assert not Suggestion.objects.filter(person_id=cast.expert.pk).exists()


def test_finishing_the_start_brings_the_first_suggestions_at_once(cast: Cast) -> None:
    offers(cast)
    newcomer = make_person(cast.school, "Mia New", started=False)
    with acting(newcomer) as actor:
        people.finish_start(actor, liked_kinds=["podcast"])
        assert Suggestion.objects.filter(person_id=newcomer.pk).exists()


def test_every_night_everybody_who_has_begun_is_ranked_anew_and_nobody_else(cast: Cast) -> None:
    offers(cast)
    newcomer = make_person(cast.school, "Mia New", started=False)
    actor = system_of(cast.district)
    with tenancy.within(actor.tenancy):
        job = jobs.enqueue(actor, REFRESH_ALL)
        result = refresh_all(actor, Progress(job))
        ranked = set(Suggestion.objects.values_list("person_id", flat=True))
    assert result == {"educators": 7}
    assert cast.novice.pk in ranked and cast.operator.pk in ranked
    assert newcomer.pk not in ranked


def test_a_refused_start_leaves_nothing_behind(cast: Cast) -> None:
    newcomer = make_person(cast.school, "Mia New", started=False)
    from lantern.flows import two_minute_start
    from lantern.kernel.errors import Invalid

    talk = offers(cast)["Your first number talk"]
    with acting(newcomer) as actor:
        with pytest.raises(Invalid):
            two_minute_start.finish(actor, valued=[talk.pk], minutes_per_week=-5)
        assert not Suggestion.objects.filter(person_id=newcomer.pk).exists()
        assert queries.learner_of(actor).finished == frozenset()


def test_the_job_of_one_returns_how_many_it_kept(cast: Cast) -> None:
    offers(cast)
    with acting(cast.novice) as actor:
        job = jobs.enqueue(actor, REFRESH)
        assert refresh_one(actor, Progress(job)) == {"kept": 8}
        assert commands.refresh(actor) == 8
