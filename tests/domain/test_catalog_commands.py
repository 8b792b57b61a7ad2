"""Acts on the catalog: happy, refused, invisible, repeated; what an educator keeps; the index job."""

from __future__ import annotations

from uuid import uuid4

import pytest

from lantern.domain.catalog import commands as catalog
from lantern.domain.catalog import queries
from lantern.domain.catalog.commands.matching import level_of_four, without_circles
from lantern.flows import search_index
from lantern.kernel import tenancy
from lantern.kernel.errors import Invalid, NotAllowed, NotFound
from lantern.kernel.events.models import EventRecord
from lantern.kernel.jobs.models import Job
from tests.cast import acting, system_of
from tests.domain.catalog_factory import looking_for, make_resource, make_term, titles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def index_of_its_own(settings, tmp_path):
    settings.LANTERN_INDEX = tmp_path / "index"


def test_only_managers_write(cast) -> None:
    with acting(cast.coordinator) as dana:
        made = make_resource(dana, "Mine")
    for person in (cast.novice, cast.coach, cast.principal):
        with acting(person) as actor:
            with pytest.raises(NotAllowed):
                make_resource(actor, "Not mine to write")
            with pytest.raises(NotAllowed):
                catalog.edit_resource(actor, resource_id=made.pk, title="Changed")
            with pytest.raises(NotAllowed):
                catalog.set_status(actor, resource_id=made.pk, status="retired")
            with pytest.raises(NotAllowed):
                make_term(actor, "Word")
            with pytest.raises(NotAllowed):
                catalog.import_resources(actor, rows=[], source="x")
            assert not queries.list_managed(actor).exists()
    with acting(cast.outsider) as uma, pytest.raises(NotFound):
        catalog.edit_resource(uma, resource_id=made.pk, title="Changed")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "x" * 301),
        ("kind", "dance"),
        ("modality", "by_pigeon"),
        ("evidence_tier", "certain"),
        ("minutes", 0),
        ("level", 5),
        ("url", "ftp://files.example"),
        ("url", "https://user:secret@files.example/"),
        ("grades", ["13"]),
        ("access_features", ["smell"]),
        ("term_ids", [uuid4()]),
        ("competencies", [(uuid4(), 2)]),
        ("prerequisite_ids", [uuid4()]),
        ("initiative_id", uuid4()),
        ("cost_cents", -1),
        ("credit_type", "x" * 41),
    ],
)
def test_bad_fields_are_refused_by_name_and_nothing_is_written(cast, field, value) -> None:
    with acting(cast.coordinator) as dana:
        with pytest.raises(Invalid) as refused:
            make_resource(dana, **{"title": "A", **({field: value})})
        assert set(refused.value.fields) == {field}
        assert not queries.list_managed(dana).exists()


def test_a_prerequisite_cannot_lead_back(cast) -> None:
    with acting(cast.coordinator) as dana:
        first = make_resource(dana, "First")
        second = make_resource(dana, "Second", prerequisite_ids=[first.pk])
        third = make_resource(dana, "Third", prerequisite_ids=[second.pk])
        for wrong in (first, third):
            with pytest.raises(Invalid, match="circle"):
                catalog.edit_resource(dana, resource_id=first.pk, prerequisite_ids=[wrong.pk])
        assert [one.title for one in queries.list_dependents(dana, first.pk)] == ["Second"]


def test_the_same_status_again_changes_nothing(cast) -> None:
    with acting(cast.coordinator) as dana:
        made = make_resource(dana, "Mine")
        before = queries.standing(dana), EventRecord.objects.count()
        catalog.set_status(dana, resource_id=made.pk, status="published")
        assert (queries.standing(dana), EventRecord.objects.count()) == before
        with pytest.raises(Invalid):
            catalog.set_status(dana, resource_id=made.pk, status="lost")


def test_keeping_twice_is_once_and_private(cast) -> None:
    with acting(cast.coordinator) as dana:
        made = make_resource(dana, "Mine")
    with acting(cast.novice) as nia:
        first = catalog.keep(nia, resource_id=made.pk)
        assert catalog.keep(nia, resource_id=made.pk) == first
        assert queries.is_saved(nia, made.pk) and EventRecord.objects.filter(name="ResourceKept").count() == 1
        assert [row["title"] for row in queries.export_for(nia)["kept_resources"]] == ["Mine"]
    with acting(cast.expert) as elena:
        assert not queries.is_saved(elena, made.pk) and not queries.export_for(elena)["kept_resources"]
        with pytest.raises(NotFound):
            catalog.erase(elena, cast.novice.pk)
    with acting(cast.outsider) as uma, pytest.raises(NotFound):
        catalog.keep(uma, resource_id=made.pk)
    with acting(cast.novice) as nia:
        assert catalog.erase(nia, cast.novice.pk) == {"kept_resources": 1, "saved_searches": 0}
        catalog.unkeep(nia, resource_id=made.pk)
    district = system_of(cast.district)
    with tenancy.within(district.tenancy), pytest.raises(NotAllowed):
        catalog.keep(district, resource_id=made.pk)


def test_a_search_is_kept_by_name_and_belongs_to_one_person(cast) -> None:
    with acting(cast.novice) as nia:
        with pytest.raises(Invalid, match="nothing to save"):
            catalog.save_search(nia, name="Empty", filters={"colour": "red"})
        with pytest.raises(Invalid, match="80"):
            catalog.save_search(nia, name="x" * 81, filters={"q": "a"})
        catalog.save_search(nia, name="Mine", filters={"q": "a"})
        again = catalog.save_search(nia, name=" Mine ", filters={"q": "b", "kind": ["video"], "page": "3"})
        assert queries.my_searches(nia) == [again] and again.filters == {"q": "b", "kind": ["video"]}
    with acting(cast.expert) as elena:
        with pytest.raises(NotFound):
            queries.get_search(elena, again.pk)
        with pytest.raises(NotFound):
            catalog.delete_search(elena, search_id=again.pk)


@pytest.mark.requirement("P5.2")
def test_a_renamed_term_is_followed_by_items_filters_and_words(cast) -> None:
    with acting(cast.coordinator) as dana:
        term = make_term(dana, "Phonics")
        make_resource(dana, "Sounds", term_ids=[term.pk])
        search_index.build(system_of(cast.district))
        catalog.rename_term(dana, term_id=term.pk, label="Letter sounds")
        page = queries.search(dana, looking_for(topic=str(term.pk)))
        assert titles(page) == ["Sounds"] and page.chips == (("topic", str(term.pk), "Letter sounds"),)
        assert titles(queries.search(dana, looking_for("letter"))) == ["Sounds"]
        assert titles(queries.search(dana, looking_for("phonics"))) == []
        make_term(dana, "Algebra")
        with pytest.raises(Invalid, match="Another term"):
            catalog.rename_term(dana, term_id=term.pk, label="algebra")


def test_changes_queue_one_build_and_the_build_goes_below(cast) -> None:
    state = system_of(cast.state)
    with tenancy.within(state.tenancy):
        make_resource(state, "One")
        make_resource(state, "Two")
        assert Job.objects.filter(name=search_index.REBUILD).count() == 1
        assert search_index.rebuild(state) == {"resources": 2, "below": 3}
        built = queries.standing(state).generation
        search_index.rebuild(state)
        assert queries.standing(state).generation == built, "nothing changed, nothing is built"
    district = system_of(cast.district)
    with tenancy.within(district.tenancy):
        assert Job.objects.filter(name=search_index.REBUILD).count() == 1
        search_index.rebuild(district, below=False)
        assert titles(queries.search(district, looking_for("one"))) == ["One"]
        assert queries.is_index_current(district)
    with acting(cast.coordinator) as dana, pytest.raises(NotAllowed):
        catalog.record_index(dana, generation="x", built_from={})


def test_a_lost_or_damaged_index_is_done_without(cast, settings) -> None:
    with acting(cast.coordinator) as dana:
        make_resource(dana, "Number talks")
        search_index.build(system_of(cast.district))
        folder = queries.index_folder(dana.tenancy.own)
        (folder / "CURRENT").write_text("nonsense\n")
        make_resource(dana, "Number lines")
        assert sorted(titles(queries.search(dana, looking_for("number")))) == ["Number lines", "Number talks"]
        settings.LANTERN_INDEX = folder / "elsewhere"
        assert sorted(titles(queries.search(dana, looking_for("number")))) == ["Number lines", "Number talks"]


@pytest.mark.parametrize(
    ("level", "steps", "expected"),
    [
        (None, 6, None),
        (0, 6, None),
        (1, 6, 1),
        (4, 6, 3),
        (6, 6, 4),
        (6, 0, 4),
        (3, 4, 3),
        (3, 3, 4),
        (2, 3, 3),
        (3, 0, 3),
    ],
)
def test_levels_of_other_scales_become_one_of_four(level, steps, expected) -> None:
    assert level_of_four(level, steps) == expected


def test_circles_are_cut_and_nothing_else() -> None:
    a, b, c, outside = uuid4(), uuid4(), uuid4(), uuid4()
    kept, circles = without_circles({a: [b, outside], b: [c], c: [a]})
    assert circles == 1 and kept == {a: [b, outside], b: [c], c: []}
    assert without_circles({a: [a]}) == ({a: []}, 1)
