"""Whose framework is whose, what one may see of it, and finding one's way in it."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from lantern.domain.competencies import commands, queries
from lantern.domain.competencies.models import Competency, Framework, JobFramework
from lantern.domain.competencies.types import AssociationData, FrameworkData, ItemData
from lantern.kernel import tenancy
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord
from tests.cast import Cast, acting, competencies_of, make_framework, system_of

DATA = FrameworkData(
    identifier="fw-1",
    title="Our skills",
    version="1",
    items=(ItemData("a", "Area"), ItemData("b", "Asking open questions.", item_type="Skill")),
    associations=(AssociationData("t1", "isChildOf", "a", "fw-1"), AssociationData("t2", "isChildOf", "b", "a")),
)


@pytest.mark.requirement("C.5")
def test_each_kind_of_job_has_its_own_framework(cast: Cast) -> None:
    with acting(cast.novice) as actor:
        assert queries.my_framework(actor) == cast.framework
    with acting(cast.para) as actor:
        assert queries.my_framework(actor) == cast.para_framework
    with acting(cast.coach) as actor:
        assert queries.my_framework(actor) is None


@pytest.mark.requirement("C.5")
def test_the_nearest_tenant_that_chose_one_wins_and_the_level_above_fills_in(cast: Cast) -> None:
    ours = make_framework(cast.district, "Ours", ("One", "Two"))
    with acting(cast.coordinator) as actor:
        row = commands.assign_framework(actor, job_kind="teacher", framework_id=ours.pk)
        assert commands.assign_framework(actor, job_kind="teacher", framework_id=ours.pk) == row
        assert EventRecord.objects.filter(name="FrameworkAssigned").count() == 1
        told = {one.job_kind: (one.framework, one.own) for one in queries.assignments(actor)}
        assert told["teacher"] == (ours, True) and told["paraprofessional"] == (cast.para_framework, False)
        assert told["nurse"] == (None, False)
    with acting(cast.novice) as actor:
        assert queries.my_framework(actor) == ours
    with acting(cast.coordinator) as actor:
        assert commands.assign_framework(actor, job_kind="teacher", framework_id=None) is None
    with acting(cast.novice) as actor:
        assert queries.my_framework(actor) == cast.framework


def test_a_region_between_state_and_district_is_asked_before_the_state(cast: Cast) -> None:
    regional = make_framework(cast.region, "Regional", ("One",))
    with tenancy.unscoped("factory"):
        JobFramework.objects.create(tenant_id=cast.region.pk, job_kind="teacher", framework=regional)
    with acting(cast.novice) as actor:
        assert queries.my_framework(actor) == regional


def test_assigning_is_for_those_who_run_the_tenant_and_for_frameworks_they_see(cast: Cast) -> None:
    foreign = make_framework(cast.far_district, "Foreign")
    for person in (cast.novice, cast.principal, cast.coach):
        with acting(person) as actor, pytest.raises(NotAllowed):
            commands.assign_framework(actor, job_kind="teacher", framework_id=cast.framework.pk)
    with acting(cast.coordinator) as actor:
        with pytest.raises(NotFound):
            commands.assign_framework(actor, job_kind="teacher", framework_id=foreign.pk)
        with pytest.raises(Invalid):
            commands.assign_framework(actor, job_kind="astronaut", framework_id=cast.framework.pk)
        assert foreign not in queries.frameworks_for(actor)
        with pytest.raises(NotFound):
            queries.get_competency(actor, competencies_of(foreign)[0].pk)
        assert queries.competency_names(actor, [competencies_of(foreign)[0].pk, uuid4()]) == {}


def test_the_tree_and_the_standing_show_where_a_competency_belongs(cast: Cast) -> None:
    with acting(cast.novice) as actor:
        (top,) = queries.tree(actor, cast.framework.pk)
        assert [node.competency.code for node in top.children] == ["A.1", "A.2", "A.3", "A.4"]
        chosen = queries.get_competency(actor, top.children[0].competency.pk)
        assert queries.standing(actor, chosen).above == (top.competency,)
        assert len(queries.standing(actor, top.competency).below) == 4
        with pytest.raises(NotFound):
            queries.tree(actor, uuid4())


def test_a_competency_is_found_by_framework_and_code(cast: Cast) -> None:
    with acting(cast.novice) as actor:
        wanted = competencies_of(cast.framework)[1]
        for reference in ("Teaching well", "teaching WELL", "fw-Teaching well", "teaching"):
            assert queries.find_by_code(actor, reference, "a.2") == wanted
        assert queries.find_by_code(actor, "Teaching well", "Z") is None
        assert queries.find_by_code(actor, "", "A.1") is None
        assert queries.find_by_code(actor, "e", "A.1") is None  # both titles have it, so it means neither


def test_own_words_are_matched_to_my_framework_only(cast: Cast) -> None:
    with acting(cast.novice) as actor:
        (first, *_) = queries.match_words(actor, "better feedback for my class")
        assert first.competency.name == "Feedback that moves learning" and first.matched_terms == ("feedback",)
        assert queries.match_words(actor, "small groups") == []
        assert queries.match_words(actor, "   ") == []
    with acting(cast.para) as actor:
        assert queries.match_words(actor, "small groups")[0].competency.name == "Small groups"
    with acting(cast.coach) as actor:
        assert queries.match_words(actor, "feedback") == []


def test_what_ended_is_matched_no_more(cast: Cast) -> None:
    with acting(cast.coordinator) as actor:
        framework, _ = commands.import_framework(actor, data=DATA)
        assert framework is not None
        commands.assign_framework(actor, job_kind="teacher", framework_id=framework.pk)
    with acting(cast.novice) as actor:
        assert queries.match_words(actor, "questions")[0].competency.code == ""
    gone = replace(DATA, items=DATA.items[:1], associations=DATA.associations[:1])
    with acting(cast.coordinator) as actor:
        commands.import_framework(actor, data=gone)
    with acting(cast.novice) as actor:
        assert queries.match_words(actor, "questions") == []


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (replace(DATA, title=" "), "0 title"),
        (replace(DATA, items=()), "0 items"),
        (replace(DATA, title="x" * 301), "0 title"),
        (replace(DATA, items=(*DATA.items, ItemData("b", "Again"))), "3 identifier"),
        (replace(DATA, items=(ItemData("a", " "),)), "1 statement"),
        (replace(DATA, associations=(DATA.associations[0],) * 2), "2 association identifier"),
        (
            replace(DATA, associations=(AssociationData("t1", "isChildOf", "a", "b"), DATA.associations[1])),
            "associations",
        ),
    ],
)
def test_bad_data_is_refused_with_its_place_and_nothing_is_kept(cast: Cast, data: FrameworkData, place: str) -> None:
    with acting(cast.coordinator) as actor:
        for _ in range(2):
            with pytest.raises(Invalid) as caught:
                commands.import_framework(actor, data=data)
            assert place in caught.value.fields
        assert not Framework.objects.filter(identifier="fw-1").exists()
        assert not Competency.objects.filter(framework__identifier="fw-1").exists()


def test_lantern_itself_may_import_in_any_tenant(cast: Cast) -> None:
    actor = system_of(cast.state)
    with tenancy.within(actor.tenancy):
        framework, counts = commands.import_framework(actor, data=DATA)
        assert framework is not None and framework.tenant_id == cast.state.pk
        assert counts["competencies"] == {"created": 2, "updated": 0, "unchanged": 0, "deactivated": 0}
