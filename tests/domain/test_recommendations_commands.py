"""Suggestions as one lives with them: made, dismissed with a why, taken back, parts switched off; hers alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lantern.domain.courses import commands as courses
from lantern.domain.goals import commands as goals
from lantern.domain.needs import commands as needs
from lantern.domain.people import commands as people
from lantern.domain.privacy import commands as privacy
from lantern.domain.recommendations import commands, queries
from lantern.domain.recommendations.models import Dismissal, Suggestion
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from tests.cast import Cast, acting, competencies_of, system_of
from tests.offers import offer, offers


def set_goal(actor: Actor, competency_id: UUID, level: int | None = None) -> Any:
    """A goal in the competency."""
    return goals.set_goal(
        actor, title="Three talks a week", measure="talks a week", baseline="0", target="3",
        due_on=clock.today() + timedelta(days=60), competency_id=competency_id, target_level=level,
    )  # fmt: skip


@pytest.mark.requirement("A.1")
def test_two_teachers_on_the_same_goal_get_different_first_steps_with_reasons(cast: Cast) -> None:
    offers(cast)
    talks = competencies_of(cast.framework)[2]
    first = {}
    for person, level in ((cast.novice, 0), (cast.expert, 3)):
        with acting(person) as actor:
            needs.rate(actor, competency_id=talks.pk, level=level)
            goal = set_goal(actor, talks.pk)
            commands.refresh(actor)
            first[person.pk] = queries.current_for(actor)[0]
            assert queries.for_goal(actor, goal.pk)[0].title == first[person.pk].title
    assert first[cast.novice.pk].title in {"Your first number talk", "Number talks on the way home"}
    assert first[cast.expert.pk].title == "Lead a number talk study"
    assert all("Three talks a week" in view.because for view in first.values())


@pytest.mark.requirement("A.2")
def test_the_short_list_is_few_and_different_and_everything_stands_behind_it(cast: Cast) -> None:
    offers(cast)
    for number in range(12):
        offer(cast, f"Another video {number}", "video", minutes=30, leads_to=[(competencies_of(cast.framework)[2], 1)])
    with acting(cast.novice) as actor:
        set_goal(actor, competencies_of(cast.framework)[2].pk)
        commands.refresh(actor)
        short, everything, three = (
            queries.current_for(actor),
            queries.current_for(actor, everything=True),
            queries.current_for(actor, 3),
        )
    assert len(short) == 6
    assert len({view.kind for view in short}) >= 3
    assert len(everything) == 20
    assert len({view.kind for view in three}) == 3
    assert three[0] == short[0] == everything[0]
    assert all(abs(view.score - sum(part.points for part in view.parts)) < 0.05 for view in everything)


def test_before_anything_is_stored_suggestions_are_made_on_the_spot_and_nothing_is_written(cast: Cast) -> None:
    offers(cast)
    with acting(cast.novice) as actor:
        assert queries.current_for(actor, 3)
        assert not Suggestion.objects.exists()


def test_refreshing_twice_keeps_one_row_a_resource(cast: Cast) -> None:
    offers(cast)
    with acting(cast.novice) as actor:
        assert commands.refresh(actor) == commands.refresh(actor) == 6
        assert Suggestion.objects.count() == 6


def test_not_for_me_leaves_it_out_until_it_is_taken_back_and_a_repeat_changes_the_why(cast: Cast) -> None:
    talk = offers(cast)["Your first number talk"]
    with acting(cast.novice) as actor:
        commands.refresh(actor)
        commands.dismiss(actor, resource_id=talk.pk, why="too_long")
        commands.dismiss(actor, resource_id=talk.pk, why="not_now")
        assert talk.title not in {view.title for view in queries.current_for(actor, everything=True)}
        commands.refresh(actor)
        assert talk.title not in {view.title for view in queries.current_for(actor, everything=True)}
        assert [(row.resource.title, row.why) for row in queries.dismissed_by(actor)] == [(talk.title, "not_now")]
        commands.restore(actor, resource_id=talk.pk)
        commands.restore(actor, resource_id=talk.pk)
        assert talk.title in {view.title for view in queries.current_for(actor, everything=True)}
        assert queries.dismissed_by(actor) == []


def test_what_is_taken_up_is_not_suggested_any_more_even_before_the_next_ranking(cast: Cast) -> None:
    talk = offers(cast)["Your first number talk"]
    with acting(cast.novice) as actor:
        commands.refresh(actor)
        courses.take_up(actor, resource_id=talk.pk)
        assert talk.title not in {view.title for view in queries.current_for(actor, everything=True)}


def test_bad_whys_unknown_resources_and_unknown_parts_are_refused(cast: Cast) -> None:
    talk = offers(cast)["Your first number talk"]
    with acting(cast.novice) as actor:
        with pytest.raises(Invalid) as refused:
            commands.dismiss(actor, resource_id=talk.pk, why="because")
        assert "why" in refused.value.fields
        with pytest.raises(NotFound):
            commands.dismiss(actor, resource_id=uuid4(), why="not_now")
        for part in ("nonsense", "feedback"):
            with pytest.raises(Invalid):
                commands.set_factors(actor, off=[part])
        assert not Dismissal.objects.exists()
    with acting(cast.outsider) as actor, pytest.raises(NotFound):
        commands.dismiss(actor, resource_id=talk.pk, why="not_now")


@pytest.mark.requirement("B.3")
def test_a_part_that_is_switched_off_gives_no_points_from_then_on(cast: Cast) -> None:
    offers(cast)
    with acting(cast.novice) as actor:
        set_goal(actor, competencies_of(cast.framework)[2].pk)
        commands.refresh(actor)
        assert any(part.factor == "goal" for view in queries.current_for(actor) for part in view.parts)
        commands.set_factors(actor, off=["goal"])
        assert not any(part.factor == "goal" for view in queries.current_for(actor) for part in view.parts)
        commands.set_factors(actor, off=[])
        assert any(part.factor == "goal" for view in queries.current_for(actor) for part in view.parts)


@pytest.mark.requirement("B.2")
def test_a_strengths_list_changes_the_suggestions(cast: Cast) -> None:
    offers(cast)
    talks = competencies_of(cast.framework)[2]
    with acting(cast.novice) as actor:
        commands.refresh(actor)
        before = [view.title for view in queries.current_for(actor, everything=True)]
        people.save_profile(actor, strengths=[str(talks.pk)])
        commands.refresh(actor)
        after = queries.current_for(actor, everything=True)
    titles = [view.title for view in after]
    assert titles.index("Lead a number talk study") < before.index("Lead a number talk study")
    assert titles.index("Your first number talk") > before.index("Your first number talk")
    assert any("Number talks is a strength" in part.words for view in after for part in view.parts)


def test_refusing_the_purpose_leaves_out_goals_needs_ratings_and_everything_she_said(cast: Cast) -> None:
    offers(cast)
    talks = competencies_of(cast.framework)[2]
    with acting(cast.novice) as actor:
        set_goal(actor, talks.pk)
        needs.add_need(actor, competency_id=talks.pk, source="own_rating")
        needs.rate(actor, competency_id=talks.pk, level=2)
        people.save_profile(actor, strengths=[str(talks.pk)], liked_kinds=["podcast"], minutes_per_week=30)
        known = queries.learner_of(actor)
        assert known.goals and known.needs and known.ratings and known.strengths and known.liked_kinds
        privacy.refuse_purpose(actor, purpose="recommendation")
        left = queries.learner_of(actor)
        assert not (left.goals or left.needs or left.ratings or left.strengths or left.liked_kinds or left.interests)
        assert left.years_experience is None
        assert left.grades_mask == known.grades_mask
        commands.refresh(actor)
        words = " ".join(part.words for view in queries.current_for(actor, everything=True) for part in view.parts)
    assert "goal" not in words and "grow in" not in words and "strength" not in words


def test_why_not_that_one_says_what_rules_it_out_or_where_it_stands(cast: Cast) -> None:
    made = offers(cast)
    done, dismissed, book = made["Your first number talk"], made["Anything goes"], made["The feedback book"]
    later = offer(cast, "Second part", minutes=30, prerequisite_ids=[book.pk])
    foreign = offer(cast, "Charlas", minutes=30, language="es")
    with acting(cast.novice) as actor:
        activity = courses.take_up(actor, resource_id=done.pk)
        courses.take_up(actor, resource_id=made["Feedback circle"].pk)
        courses.set_progress(actor, activity_id=activity.pk, percent=100)
        commands.dismiss(actor, resource_id=dismissed.pk, why="other")
        ids = [done.pk, made["Feedback circle"].pk, dismissed.pk, later.pk, foreign.pk, book.pk, uuid4()]
        answers = {entry.title: entry for entry in queries.why_not_shown(actor, ids)}
    assert len(answers) == 6
    assert "have done" in answers[done.title].words
    assert "under way" in answers["Feedback circle"].words
    assert "not for you" in answers[dismissed.title].words
    assert "builds on" in answers["Second part"].words
    assert "language" in answers["Charlas"].words
    assert answers["The feedback book"].place > 0
    assert sum(part.points for part in answers["The feedback book"].parts) == pytest.approx(
        answers["The feedback book"].score, abs=0.05
    )


def test_suggestions_and_dismissals_are_invisible_to_every_other_role(cast: Cast) -> None:
    talk = offers(cast)["Your first number talk"]
    with acting(cast.novice) as actor:
        commands.refresh(actor)
        commands.dismiss(actor, resource_id=talk.pk, why="too_easy")
        assert queries.export_for(actor)["not_for_me"]
    others = (cast.expert, cast.coach, cast.principal, cast.coordinator, cast.official, cast.operator, cast.outsider)
    for person in others:
        with acting(person) as actor:
            assert queries.dismissed_by(actor) == []
            assert queries.export_for(actor) == {"suggestions": [], "not_for_me": []}
            commands.restore(actor, resource_id=talk.pk)
            with pytest.raises(NotFound):
                commands.erase(actor, cast.novice.pk)
    with acting(cast.novice) as actor:
        assert len(queries.dismissed_by(actor)) == 1


def test_the_system_has_no_suggestions_of_its_own(cast: Cast) -> None:
    actor = system_of(cast.district)
    with acting(cast.novice), pytest.raises(NotAllowed):
        commands.refresh(actor)
    with acting(cast.novice), pytest.raises(NotFound):
        queries.learner_of(actor)


def test_erasing_deletes_every_row_and_says_how_many(cast: Cast) -> None:
    talk = offers(cast)["Your first number talk"]
    with acting(cast.novice) as actor:
        commands.refresh(actor)
        commands.dismiss(actor, resource_id=talk.pk, why="too_easy")
        assert commands.erase(actor, cast.novice.pk) == {"suggestions": 5, "dismissals": 1}
        assert not Suggestion.objects.exists() and not Dismissal.objects.exists()


def test_queries_do_not_grow_with_goals_needs_and_resources(cast: Cast) -> None:
    offers(cast)
    counts = []
    with acting(cast.novice) as actor:
        for competency in competencies_of(cast.framework)[:3]:
            set_goal(actor, competency.pk)
            needs.add_need(actor, competency_id=competency.pk, source="curiosity")
            commands.refresh(actor)
            with CaptureQueriesContext(
                connection,
            ) as counted:
                queries.rank_now(actor)
            counts.append(len(counted))
    assert counts[0] == counts[2] <= 20
