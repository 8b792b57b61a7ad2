"""Suggestions follow what happens: a ranking is queued for her, once, or made at once where she is looking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lantern import models as tables
from lantern.domain.catalog import commands as catalog
from lantern.domain.catalog.events import CatalogImported
from lantern.domain.courses import commands as courses
from lantern.domain.courses import queries as course_queries
from lantern.domain.credits import commands as credits
from lantern.domain.credits import queries as credit_queries
from lantern.domain.goals import commands as goals
from lantern.domain.goals import queries as goal_queries
from lantern.domain.needs import commands as needs
from lantern.domain.needs import queries as need_queries
from lantern.domain.people import commands as people
from lantern.domain.people import queries as people_queries
from lantern.domain.privacy import commands as privacy
from lantern.domain.recommendations import commands, queries
from lantern.domain.recommendations.models import Suggestion
from lantern.engine import mastery
from lantern.flows.recommendations import REFRESH, REFRESH_ALL, REFRESH_PART, refresh_all, refresh_one
from lantern.kernel import clock, jobs, tenancy
from lantern.kernel.errors import NotAllowed
from lantern.kernel.events import publish
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
        assert Suggestion.objects.filter(person_id=cast.novice.pk).count() == 6
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


def test_an_import_ranks_everybody_anew_whoever_brought_it_in(cast: Cast) -> None:
    offers(cast)
    with acting(cast.coordinator) as dana:
        publish(dana, CatalogImported(created=1, updated=0, unchanged=0, refused=0, new_terms=0))
        (job,) = waiting(REFRESH_ALL)
    jobs.run(str(job.pk))
    with acting(cast.coordinator):
        job.refresh_from_db()
        assert (job.state, job.result) == (Job.State.DONE, {"educators": 7})
        assert Suggestion.objects.values("person_id").distinct().count() == 7


def test_whose_levels_cannot_be_combined_does_not_spoil_the_night_of_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers(cast)
    skill = competencies_of(cast.framework)[2].pk
    with acting(cast.novice) as nia:
        commands.refresh(nia)
        before = set(Suggestion.objects.filter(person_id=cast.novice.pk).values_list("pk", flat=True))
        needs.rate(nia, competency_id=skill, level=1)
    known = mastery.known

    def fails_for_her(evidence: list[mastery.Evidence], now: float) -> mastery.Standing:
        if evidence[0].level == 1:
            raise ZeroDivisionError
        return known(evidence, now)

    logged: list[str] = []
    monkeypatch.setattr(mastery, "known", fails_for_her)
    monkeypatch.setattr(need_queries.log, "error", lambda message, *facts: logged.append(message % facts))
    lantern = system_of(cast.district)
    with tenancy.within(lantern.tenancy):
        assert refresh_all(lantern, Progress(jobs.enqueue(lantern, REFRESH_ALL))) == {"educators": 6}
        ranked = Suggestion.objects.values_list("person_id", flat=True)
        assert cast.expert.pk in set(ranked) and cast.principal.pk in set(ranked)
        assert set(Suggestion.objects.filter(person_id=cast.novice.pk).values_list("pk", flat=True)) == before
    assert logged == [f"the levels of person {cast.novice.pk} cannot be combined: ZeroDivisionError"]


def test_a_large_district_is_ranked_in_parts_that_workers_share(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    offers(cast)
    monkeypatch.setattr("lantern.flows.recommendations.PART", 3)
    actor = system_of(cast.district)
    with tenancy.within(actor.tenancy):
        for _ in range(2):  # a second night while the parts of the first still wait queues nothing twice
            assert refresh_all(actor, Progress(jobs.enqueue(actor, REFRESH_ALL))) == {"educators": 0, "parts": 3}
        parts = waiting(REFRESH_PART)
        assert len(parts) == 3
    for part in reversed(parts):  # in any order, and one of them twice
        jobs.run(str(part.pk))
        jobs.run(str(part.pk))
    with tenancy.within(actor.tenancy):
        done = Job.objects.filter(name=REFRESH_PART).values_list("state", "result")
        assert sorted(result["educators"] for state, result in done if state == "done") == [1, 3, 3]
        assert Suggestion.objects.values("person_id").distinct().count() == 7


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
        assert refresh_one(actor, Progress(job)) == {"kept": 6}
        assert commands.refresh(actor) == 6


@pytest.mark.requirement("B.3")
def test_the_nightly_run_knows_of_each_what_she_herself_would_be_ranked_by(cast: Cast) -> None:
    """Facts gathered for many at once are those gathered for one, for everybody and whatever she said or refused."""
    made = offers(cast)
    talks = competencies_of(cast.framework)[2]
    today = clock.today()
    with acting(cast.coordinator) as dana:
        topic = catalog.create_term(dana, scheme="topic", label="Number sense")
        credits.set_rule(
            dana, name="Hours", credit_type="hours", effective_from=today - timedelta(days=400), minutes_per_hour=60,
            step_minutes=15, most_minutes=600, outside_needs_evidence=True,
        )  # fmt: skip
    for person in (cast.novice, cast.expert, cast.para):
        with acting(person) as actor:
            needs.add_need(actor, competency_id=talks.pk, source="curiosity")
            needs.rate(actor, competency_id=talks.pk, level=2)
            goals.set_goal(
                actor, title="Talk", measure="m", baseline="0", target="3", due_on=today + timedelta(days=9),
                competency_id=talks.pk, target_level=3,
            )  # fmt: skip
            people.save_profile(
                actor, interests=[str(topic.pk)], strengths=[str(talks.pk)], liked_kinds=["video"],
                motivations=["career", "money"], draws_most="money", valued=[str(made["Anything goes"].pk)],
                factors_off=["time"], sliders={"goal": 1.5}, minutes_per_week=90,
            )  # fmt: skip
            done = courses.take_up(actor, resource_id=made["Feedback circle"].pk)
            courses.set_progress(actor, activity_id=done.pk, percent=100)
            courses.take_up(actor, resource_id=made["The feedback book"].pk)
            commands.dismiss(actor, resource_id=made["Number talks in a month"].pk, why="too_long")
            credits.set_licence(
                actor, name="Teaching", credit_type="hours", hours_needed=9, counts_from=today - timedelta(days=100),
                renews_on=today + timedelta(days=60),
            )  # fmt: skip
    with acting(cast.para) as pat:
        privacy.refuse_purpose(pat, purpose="recommendation")
    system = system_of(cast.district)
    everybody = [cast.novice, cast.expert, cast.para, cast.coach, cast.principal, cast.coordinator]
    with tenancy.within(system.tenancy):
        district = queries.District.of(system)
        together = {
            she.person_id: learner
            for she, learner in queries.learners_of(system, [person.pk for person in everybody], district)
        }
    for person in everybody:
        with acting(person) as actor:
            assert together[person.pk] == queries.learner_of(actor)
    assert together[cast.para.pk].goals == () and together[cast.novice.pk].credit is not None


@pytest.mark.requirement("N5")
@pytest.mark.parametrize("broken", [{"sliders": {"goal": "x"}}, {"sliders": [1]}, {"motivations": [{"a": 1}]}])
def test_one_whose_rows_cannot_be_worked_with_is_left_out_of_the_night_and_the_others_are_not(
    cast: Cast, broken: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    offers(cast)
    for person in (cast.novice, cast.expert):
        with acting(person) as actor:
            people.save_profile(actor, minutes_per_week=60)
            commands.refresh(actor)
    with tenancy.unscoped("a row that nobody could write"):
        tables.Profile.objects.filter(person_id=cast.novice.pk).update(**broken)
        tables.Suggestion.objects.filter(person_id=cast.expert.pk).delete()
        kept = tables.Suggestion.objects.filter(person_id=cast.novice.pk).count()
    system = system_of(cast.district)
    with tenancy.within(system.tenancy):
        district = queries.District.of(system)
        ranked = commands.refresh_many(system, person_ids=[cast.novice.pk, cast.expert.pk], district=district)
    assert ranked == 1 and str(cast.novice.pk) in caplog.text
    with tenancy.unscoped("test"):
        assert tables.Suggestion.objects.filter(person_id=cast.expert.pk).exists()
        assert tables.Suggestion.objects.filter(person_id=cast.novice.pk).count() == kept > 0


def test_only_lantern_itself_goes_through_everybody(cast: Cast) -> None:
    with acting(cast.coordinator) as dana:
        for ask in (
            lambda: queries.District.of(dana),
            lambda: people_queries.actors_for(dana, [cast.novice.pk]),
            lambda: people_queries.profiles_of(dana, [cast.novice.pk]),
            lambda: people_queries.work_of(dana, [cast.novice.pk]),
            lambda: course_queries.resources_by_state(dana, [cast.novice.pk]),
            lambda: goal_queries.open_by_person(dana, [cast.novice.pk]),
            lambda: credit_queries.licences_in_progress(dana, [cast.novice.pk]),
        ):
            with pytest.raises(NotAllowed):
                ask()
        district: Any = None
        with pytest.raises(NotAllowed):
            commands.refresh_many(dana, person_ids=[cast.novice.pk], district=district)
