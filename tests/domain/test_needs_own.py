"""Needs and ratings are their owner's alone: rating, own words, the list that loses nothing, the map."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from lantern.domain.needs import commands, queries
from lantern.domain.needs.models import Need, Rating
from lantern.domain.needs.types import EvidenceKind, sources_in_words
from lantern.flows import needs_from_words
from lantern.kernel import clock, tenancy
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord
from tests.cast import Cast, acting, competencies_of, make_framework, system_of

EVERYBODY_ELSE = ("expert", "coach", "principal", "coordinator", "official", "operator", "outsider", "para")


def events(name: str) -> int:
    return EventRecord.objects.filter(name=name).count()


def test_a_rating_is_kept_with_its_history_and_the_newest_counts(cast: Cast) -> None:
    skill = competencies_of(cast.framework)[0]
    with acting(cast.novice) as actor:
        first = commands.rate(actor, competency_id=skill.pk, level=1)
        assert commands.rate(actor, competency_id=skill.pk, level=1) == first
        commands.rate(actor, competency_id=skill.pk, level=3)
        assert Rating.objects.count() == 2
        assert queries.my_ratings(actor)[skill.pk].level == 3
        for bad in (-1, 5):
            with pytest.raises(Invalid):
                commands.rate(actor, competency_id=skill.pk, level=bad)
        with pytest.raises(Invalid):
            commands.rate(actor, competency_id=skill.pk, level=1, source="gossip")
        with pytest.raises(NotFound):
            commands.rate(actor, competency_id=uuid4(), level=1)
        Rating.objects.update(at=clock.now() - timedelta(days=2))
        commands.rate(actor, competency_id=skill.pk, level=3)  # said again on another day: surer
        assert Rating.objects.count() == 3


@pytest.mark.requirement("P1.2")
def test_a_whole_page_of_ratings_saves_only_what_changed(cast: Cast) -> None:
    one, two, three, _ = (row.pk for row in competencies_of(cast.framework))
    with acting(cast.novice) as actor:
        assert commands.rate_many(actor, levels={one: 2, two: 0, three: None}) == 2
        assert commands.rate_many(actor, levels={one: 2, two: 0, three: None}) == 0
        assert events("CompetencyRated") == 1
        assert commands.rate_many(actor, levels={one: 3, two: None}) == 2
        assert {key: row.level for key, row in queries.my_ratings(actor).items()} == {one: 3}
        for bad in ({one: 9}, {one: 1, uuid4(): 1}):
            with pytest.raises((Invalid, NotFound)):
                commands.rate_many(actor, levels=bad)
        assert queries.my_ratings(actor)[one].level == 3
    foreign = competencies_of(make_framework(cast.far_district, "Foreign"))[0]
    with acting(cast.novice) as actor, pytest.raises(NotFound):
        commands.rate_many(actor, levels={foreign.pk: 1})


def test_a_need_says_something_is_not_written_twice_and_is_never_lost(cast: Cast) -> None:
    skill = competencies_of(cast.framework)[0]
    with acting(cast.novice) as actor:
        for bad in (
            {},
            {"words": "  "},
            {"words": "x" * 2001},
            {"words": "x", "wanted_level": 7},
            {"words": "x", "source": "y"},
        ):
            with pytest.raises(Invalid):
                commands.add_need(actor, **bad)
        with pytest.raises(NotFound):
            commands.add_need(actor, competency_id=uuid4())
        need = commands.add_need(actor, competency_id=skill.pk, words="first")
        again = commands.add_need(actor, competency_id=skill.pk, words="second", wanted_level=3)
        assert again == need and (again.words, again.wanted_level) == ("first\nsecond", 3)
        assert commands.add_need(actor, words="just words") == commands.add_need(actor, words="just words ")
        assert (events("NeedAdded"), Need.objects.count()) == (2, 2)
        commands.end_need(actor, need_id=need.pk, state="met")
        commands.end_need(actor, need_id=need.pk, state="met")
        assert events("NeedEnded") == 1
        assert [row.words for row in queries.my_needs(actor)] == ["just words"]
        assert {row.state for row in queries.my_needs(actor, state=None)} == {"met", "open"}
        assert queries.get_need(actor, need.pk).ended_at is not None
        with pytest.raises(Invalid):
            commands.end_need(actor, need_id=need.pk, state="lost")
        assert commands.end_need(actor, need_id=need.pk, state="open").ended_at is None
        assert queries.my_open_need(actor, skill.pk) == need


def test_two_needs_on_one_competency_become_one_that_names_both_sources(cast: Cast) -> None:
    skill = competencies_of(cast.framework)[0]
    with acting(cast.novice) as actor:
        for source in ("own_words", "evaluation", "evaluation", "own_words", "class_results"):
            need = commands.add_need(actor, competency_id=skill.pk, source=source)
        assert (need.source, need.also_from) == ("own_words", ["evaluation", "class_results"])
        assert Need.objects.count() == 1
        (told,) = queries.export_for(actor)["needs"]
        assert told["also_from"] == ["evaluation", "class_results"]
    assert sources_in_words(need.source, need.also_from) == (
        "Your own words. Also: Your own evaluation, brought in by you; Your class's results, brought in by you"
    )
    assert sources_in_words("curiosity", []) == "You were curious"


@pytest.mark.parametrize("source", ["evaluation", "class_results", "coach_observation"])
def test_words_that_find_no_room_cut_nothing_that_stands_there(cast: Cast, source: str) -> None:
    skill = competencies_of(cast.framework)[0].pk
    hers = "I began with this. " + "x" * 1970
    with acting(cast.novice) as actor:
        commands.add_need(actor, competency_id=skill, words=hers)
        for mine in ("own_words", "own_rating", "curiosity"):
            with pytest.raises(Invalid) as refused:
                commands.add_need(actor, competency_id=skill, words="Another twenty letters", source=mine)
            assert "room for 10 characters more" in refused.value.fields["words"]
        need = commands.add_need(actor, competency_id=skill, words="Another twenty letters", source=source)
        assert queries.get_need(actor, need.pk).words == hers and not need.says("Another twenty letters")
        assert source in need.also_from
        assert commands.add_need(actor, competency_id=skill, words="began").says("began"), "a part is not the same"
        assert queries.get_need(actor, need.pk).words == f"{hers}\nbegan"


def test_a_need_taken_up_again_beside_the_same_open_one_leaves_one_open(cast: Cast) -> None:
    skill = competencies_of(cast.framework)[0].pk
    with acting(cast.novice) as actor:
        old = commands.add_need(actor, competency_id=skill, words="before", wanted_level=3, source="evaluation")
        commands.end_need(actor, need_id=old.pk, state="put_away")
        new = commands.add_need(actor, competency_id=skill, words="now", source="curiosity")
        assert commands.end_need(actor, need_id=old.pk, state="open") == new
        assert commands.end_need(actor, need_id=old.pk, state="open") == new, "a repeat changes nothing"
        (row,) = queries.my_needs(actor)
        assert (row.pk, row.words, row.wanted_level) == (new.pk, "now\nbefore", 3)
        assert (row.source, row.also_from) == ("curiosity", ["evaluation"])
        assert queries.get_need(actor, old.pk).state == "put_away", "it stays on the list as it ended"
        words = commands.add_need(actor, words="only words")
        commands.end_need(actor, need_id=words.pk, state="met")
        again = commands.add_need(actor, words="only words")
        assert commands.end_need(actor, need_id=words.pk, state="open") == again
        assert queries.my_needs(actor).count() == 2


def test_own_words_become_needs_only_as_far_as_she_says(cast: Cast) -> None:
    said = "I want my feedback to be read, and calmer lessons"
    with acting(cast.novice) as actor:
        matches = needs_from_words.suggest(actor, said)
        assert {match.competency.name for match in matches} == {"Feedback that moves learning", "Calm classrooms"}
        assert not Need.objects.exists()
        needs_from_words.keep(actor, words=said, competency_ids=[matches[0].competency.pk])
        needs_from_words.keep(actor, words="Something else")
        kept = {(row.competency_id, row.words, row.source) for row in queries.my_needs(actor)}
        assert kept == {(matches[0].competency.pk, said, "own_words"), (None, "Something else", "own_words")}
        with pytest.raises(NotFound):
            needs_from_words.keep(actor, words="x", competency_ids=[matches[1].competency.pk, uuid4()])
        assert queries.my_needs(actor).count() == 2


@pytest.mark.requirement("P7.2")
def test_the_map_shows_every_competency_of_my_framework_with_how_sure_it_is(cast: Cast) -> None:
    one, two, *_ = competencies_of(cast.framework)
    elsewhere = competencies_of(cast.para_framework)[0]
    with acting(cast.novice) as actor:
        commands.rate(actor, competency_id=one.pk, level=2)
        commands.add_need(actor, competency_id=two.pk, wanted_level=3)
        commands.rate(actor, competency_id=elsewhere.pk, level=4)
        rows = queries.needs_map(actor)
        assert [row.competency for row in rows] == [*competencies_of(cast.framework), elsewhere]
        assert (rows[0].level, rows[0].low, rows[0].high, rows[0].sources) == (2.0, 1.0, 3.0, ("own_rating",))
        assert (rows[1].level, rows[1].wanted, rows[1].needed) == (None, 3, True)
        Rating.objects.update(at=clock.now() - timedelta(days=365))
        aged = queries.needs_map(actor)[0]
        assert aged.level == 2 and aged.high - aged.low > 2.5
    with acting(cast.coach) as actor:
        assert queries.needs_map(actor) == []


@pytest.mark.requirement("P1.2")
@pytest.mark.parametrize("other", EVERYBODY_ELSE)
def test_nobody_else_of_any_role_finds_my_needs_or_ratings(cast: Cast, other: str) -> None:
    skill = competencies_of(cast.framework)[0]
    with acting(cast.novice) as actor:
        need = commands.add_need(actor, competency_id=skill.pk, words="canary-7f3a")
        commands.rate(actor, competency_id=skill.pk, level=1)
    person: Any = getattr(cast, other)
    with acting(person) as actor:
        assert not queries.my_needs(actor, state=None).exists()
        assert queries.my_ratings(actor) == {} and queries.my_standings(actor) == {}
        assert all(row.level is None and not row.needed for row in queries.needs_map(actor))
        with pytest.raises(NotFound):
            queries.get_need(actor, need.pk)
        with pytest.raises(NotFound):
            commands.end_need(actor, need_id=need.pk, state="met")
        with pytest.raises(NotFound):
            commands.erase(actor, cast.novice.pk)
        assert "canary" not in str(queries.export_for(actor))
    with acting(cast.novice) as actor:
        assert queries.get_need(actor, need.pk).state == "open"
        for row in EventRecord.objects.filter(name__in=("NeedAdded", "CompetencyRated")):
            assert str(skill.pk) not in str(row.data) and "canary" not in str(row.data)


def test_lantern_itself_has_no_needs_and_sees_none(cast: Cast) -> None:
    actor = system_of(cast.district)
    with tenancy.within(actor.tenancy):
        with pytest.raises(NotAllowed):
            commands.add_need(actor, words="x")
        assert not queries.my_needs(actor, state=None).exists()


def test_export_is_whole_and_erasing_leaves_nothing_of_mine(cast: Cast) -> None:
    skill = competencies_of(cast.framework)[0]
    with acting(cast.expert) as actor:
        commands.add_need(actor, words="stays")
    with acting(cast.novice) as actor:
        commands.add_need(actor, competency_id=skill.pk, words="mine", wanted_level=2)
        commands.rate(actor, competency_id=skill.pk, level=1)
        asked = commands.propose_group_need(actor, organisation_id=cast.school.pk, title="Ours")
        sign = commands.Sign(competency_id=skill.pk, level=1.5, words="Five questions")
        commands.note_evidence(actor, kind=EvidenceKind.CHECK, source_id=uuid4(), signs=[sign])
        told = queries.export_for(actor)
        assert told["evidence_of_levels"][0]["words"] == "Five questions"
        assert [row["words"] for row in told["needs"]] == ["mine"] and told["ratings"][0]["level"] == 1
        assert told["group_needs_put_up"][0]["title"] == told["group_votes"][0]["title"] == "Ours"
        assert commands.erase(actor, cast.novice.pk) == {
            "needs": 1,
            "ratings": 1,
            "evidence_of_levels": 1,
            "group_votes": 1,
            "group_needs_kept_without_name": 1,
        }
        assert queries.get_group_need(actor, asked.pk).put_up_by_me is False
        assert Need.objects.get().words == "stays" and not Rating.objects.exists()


def test_each_source_says_one_thing_and_can_be_taken_away(cast: Cast) -> None:
    """The newest word of a source counts; taking one away leaves the others; nobody else has any of it."""
    check, course = uuid4(), uuid4()
    competency_id = competencies_of(cast.framework)[0].pk
    with acting(cast.novice) as actor:
        commands.rate(actor, competency_id=competency_id, level=3)
        for level in (1.2, 1.0):
            sign = commands.Sign(competency_id=competency_id, level=level, sd=0.6, words="Seven questions")
            commands.note_evidence(actor, kind=EvidenceKind.CHECK, source_id=check, signs=[sign])
        sign = commands.Sign(competency_id=competency_id, level=2.0, words="A course")
        commands.note_evidence(actor, kind=EvidenceKind.COMPLETED, source_id=course, signs=[sign])
        said = queries.what_was_said(actor, competency_id)
        assert sorted((one.evidence.kind, one.evidence.level) for one in said) == [
            ("check", 1.0), ("completed", 2.0), ("own_rating", 3.0),
        ]  # fmt: skip
        (row,) = [row for row in queries.needs_map(actor) if row.competency.pk == competency_id]
        assert row.level is not None and 1.0 < row.level < 2.2 and row.low < row.level < row.high
        assert {"check", "own_rating"} <= set(row.sources)
        assert queries.my_levels(actor)[competency_id] == round(row.level)
        for one in said:
            if one.evidence.kind != "own_rating":
                commands.remove_evidence(actor, evidence_id=one.id)
        assert queries.my_levels(actor) == {competency_id: 3}
        rating = queries.what_was_said(actor)[0]
    with acting(cast.expert) as actor:
        assert queries.what_was_said(actor) == []
        with pytest.raises(NotFound):
            commands.remove_evidence(actor, evidence_id=rating.id)
    with acting(cast.novice) as actor:
        commands.remove_evidence(actor, evidence_id=rating.id)
        assert queries.my_standings(actor) == {}


@pytest.mark.parametrize(("level", "sd"), [(4.5, None), (-1, None), (2, 0), (2, -1), (2, 1e-200), (float("nan"), None)])
def test_a_level_or_an_uncertainty_that_cannot_be_is_refused_whole(
    cast: Cast, level: float, sd: float | None
) -> None:
    skill = competencies_of(cast.framework)[0].pk
    good = commands.Sign(competency_id=skill, level=2)
    bad = commands.Sign(competency_id=skill, level=level, sd=sd)
    with acting(cast.novice) as actor:
        with pytest.raises(Invalid):
            commands.note_evidence(actor, kind=EvidenceKind.QUIZ, source_id=uuid4(), signs=[good, bad])
        assert queries.what_was_said(actor) == []


def test_what_is_dated_ahead_of_now_counts_and_hurts_no_page(cast: Cast) -> None:
    """A source that says "today at noon" before noon."""
    skill = competencies_of(cast.framework)[0].pk
    with acting(cast.novice) as actor:
        sign = commands.Sign(competency_id=skill, level=2.0, words="Today at noon")
        later = clock.now() + timedelta(hours=5)
        commands.note_evidence(actor, kind=EvidenceKind.EVALUATION, source_id=uuid4(), signs=[sign], at=later)
        assert queries.my_levels(actor) == {skill: 2}
        found = queries.standing_of(actor, skill)
        assert found is not None and found.standing.level == 2.0 and len(found.points) == 1
