"""Search of the catalog: words, facets together with true counts, who sees what, and that changes show at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lantern.domain.catalog import commands as catalog
from lantern.domain.catalog import queries
from lantern.domain.people.types import GRADES
from lantern.kernel import tenancy
from tests.cast import acting, competencies_of, system_of
from tests.domain.catalog_factory import build, count_of, looking_for, make_resource, make_term, titles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def index_of_its_own(settings, tmp_path):
    settings.LANTERN_INDEX = tmp_path / "index"


def test_finds_words_and_shows_corrected_spelling(cast) -> None:
    with acting(cast.coordinator) as dana:
        make_resource(dana, "Number talks that work", minutes=30)
        make_resource(dana, "Phonics from day one", minutes=10)
    build_for(cast.district)
    with acting(cast.novice) as nia:
        found = queries.search(nia, looking_for("nummber"))
        assert titles(found) == ["Number talks that work"]
        assert found.corrected == "number"
        verbatim = queries.search(nia, looking_for("nummber", verbatim="1"))
        assert verbatim.total == 0 and verbatim.corrected is None


def test_title_weighs_more_than_description(cast) -> None:
    with acting(cast.coordinator) as dana:
        make_resource(dana, "Classroom routines", description="Also a word on feedback.")
        make_resource(dana, "Feedback that moves learning")
        make_resource(dana, "Fractions")
    build_for(cast.district)
    with acting(cast.novice) as nia:
        assert titles(queries.search(nia, looking_for("feedback"))) == [
            "Feedback that moves learning",
            "Classroom routines",
        ]


def test_without_an_index_words_are_found_in_the_database(cast) -> None:
    with acting(cast.coordinator) as dana:
        make_resource(dana, "Classroom routines", description="Also a word on feedback.")
        make_resource(dana, "Feedback that moves learning", provider="Riverbend")
        make_resource(dana, "Fractions")
        found = queries.search(dana, looking_for("feedback"))
        assert titles(found) == ["Feedback that moves learning", "Classroom routines"]
        assert titles(queries.search(dana, looking_for("feedback riverbend"))) == ["Feedback that moves learning"]


def test_changes_after_the_build_show_at_once(cast) -> None:
    with acting(cast.coordinator) as dana:
        old = make_resource(dana, "Number talks")
        gone = make_resource(dana, "Number lines")
    build_for(cast.district)
    with acting(cast.coordinator) as dana:
        make_resource(dana, "Number games", kind="video")
        catalog.edit_resource(dana, resource_id=old.pk, title="Talking mathematics")
        catalog.set_status(dana, resource_id=gone.pk, status="retired")
        assert titles(queries.search(dana, looking_for("number"))) == ["Number games"]
        assert titles(queries.search(dana, looking_for("talking"))) == ["Talking mathematics"]
        assert count_of(queries.search(dana, looking_for()), "kind", "video") == 1
        before = queries.search(dana, looking_for("mathematics"))
    build_for(cast.district)
    with acting(cast.novice) as nia:
        after = queries.search(nia, looking_for("mathematics"))
        assert titles(after) == titles(before) == ["Talking mathematics"]
        assert queries.is_index_current(nia)


@pytest.mark.requirement("P3.4")
def test_any_two_dimensions_together_count_right(cast) -> None:
    with acting(cast.coordinator) as dana:
        topic = make_term(dana, "Formative assessment")
        make_resource(dana, "A", "video", minutes=10, level=1, term_ids=[topic.pk])
        make_resource(dana, "B", "video", minutes=60, level=2)
        make_resource(dana, "C", "course", minutes=60, level=2, term_ids=[topic.pk])
        page = queries.search(dana, looking_for(kind="video", level=["1", "2"]))
        assert sorted(titles(page)) == ["A", "B"] and page.total == 2
        assert count_of(page, "kind", "course") == 1, "the other kind is counted under the other filters"
        assert count_of(page, "level", "2") == 1 and count_of(page, "topic", topic.pk) == 1
        both = queries.search(dana, looking_for(kind="video", topic=str(topic.pk), minutes="15"))
        assert titles(both) == ["A"]
        assert queries.search(dana, looking_for(kind="video", topic="not-an-id")).total == 0


rows = st.lists(
    st.tuples(
        st.sampled_from(["video", "course", "tool"]),
        st.sampled_from([None, 5, 40, 90, 500]),
        st.sampled_from([None, 1, 2, 4]),
        st.sets(st.sampled_from(["K", "3", "12"]), max_size=2),
        st.sets(st.integers(0, 2), max_size=2),
        st.sampled_from([None, 0, 900]),
        st.sampled_from(["published", "published", "draft"]),
    ),
    max_size=6,
)
chosen = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.lists(st.sampled_from(["video", "course"]), min_size=1, max_size=2),
        "minutes": st.lists(st.sampled_from(["15", "45", "120", "more"]), min_size=1, max_size=2),
        "level": st.lists(st.sampled_from(["1", "2"]), min_size=1, max_size=2),
        "grade": st.lists(st.sampled_from(["K", "3"]), min_size=1, max_size=2),
        "topic": st.lists(st.integers(0, 2), min_size=1, max_size=2),
        "cost": st.lists(st.sampled_from(["free", "paid"]), min_size=1, max_size=2),
    },
)


def facts(row, topics):
    kind, minutes, level, grades, terms, cost, _ = row
    band = None if minutes is None else {5: "15", 40: "45", 90: "120", 500: "more"}[minutes]
    return {
        "kind": {kind},
        "minutes": {band} - {None},
        "level": {str(level)} - {"None"},
        "grade": grades or set(GRADES),
        "topic": {str(topics[term].pk) for term in terms},
        "cost": set() if cost is None else {"paid" if cost else "free"},
    }


@settings(
    max_examples=10,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=rows, chosen=chosen)
def test_counts_are_those_made_by_hand_through_the_database(cast, rows, chosen) -> None:
    with acting(cast.coordinator) as dana:
        for resource in queries.list_managed(dana):
            catalog.set_status(dana, resource_id=resource.pk, status="retired")
        topics = [
            queries.list_terms(dana, "topic").filter(label=label).first() or make_term(dana, label) for label in "XYZ"
        ]
        for number, row in enumerate(rows):
            kind, minutes, level, grades, terms, cost, status = row
            make_resource(
                dana, f"R{number}", kind, minutes=minutes, level=level, grades=grades, cost_cents=cost, status=status,
                term_ids=[topics[term].pk for term in terms],
            )  # fmt: skip
        wanted: dict[str, Any] = {
            name: [str(topics[v].pk) if name == "topic" else v for v in vs] for name, vs in chosen.items()
        }
        page = queries.search(dana, looking_for(**wanted), size=50)
    known = [facts(row, topics) for row in rows if row[-1] == "published"]

    def fits(one, without=None):
        return all(one[name] & set(values) for name, values in wanted.items() if name != without)

    assert page.total == len(page.resources) == sum(fits(one) for one in known)
    for facet in page.facets:
        if facet.name in wanted or facet.name in ("kind", "minutes", "level", "grade", "topic", "cost"):
            for option in facet.options:
                assert option.count == sum(fits(one, facet.name) and option.value in one[facet.name] for one in known)


def test_another_districts_resources_do_not_exist_and_the_states_are_inherited(cast) -> None:
    state = system_of(cast.state)
    with tenancy.within(state.tenancy):
        shared = make_resource(state, "From the state about reading", "tool")
        hidden = make_resource(state, "State draft about reading", status="draft")
    with acting(cast.outsider) as uma:
        make_resource(uma, "Far reading", "video")
    with acting(cast.coordinator) as dana:
        make_resource(dana, "Own reading")
        retired = make_resource(dana, "Old reading")
        catalog.set_status(dana, resource_id=retired.pk, status="retired")
    build_for(cast.district)
    with acting(cast.novice) as nia:
        assert sorted(titles(queries.search(nia, looking_for("reading")))) == [
            "From the state about reading",
            "Own reading",
        ]
        assert count_of(queries.search(nia, looking_for()), "kind", "video") == 0
        assert queries.get_resource(nia, shared.pk) == shared
        assert [item.title for item in queries.facts_for_ranking(nia)] == [
            "From the state about reading",
            "Own reading",
        ]
        assert list(queries.list_tools(nia)) == [shared]
        assert queries.get_resource(nia, retired.pk).status == "retired", "it stays on plans"
        with pytest.raises(Exception, match="no such resource"):
            queries.get_resource(nia, hidden.pk)
    with tenancy.within(state.tenancy):
        catalog.edit_resource(state, resource_id=shared.pk, title="From the state about writing")
    with acting(cast.novice) as nia:
        assert titles(queries.search(nia, looking_for("writing"))) == ["From the state about writing"]


def test_orders_and_pages(cast) -> None:
    with acting(cast.coordinator) as dana:
        make_resource(dana, "Beta", minutes=60, published_on="2025-01-05")
        make_resource(dana, "alpha", minutes=None, published_on="2025-01-07")
        make_resource(dana, "Gamma", minutes=5, published_on="2025-01-06")
        assert titles(queries.search(dana, looking_for(sort="title"))) == ["alpha", "Beta", "Gamma"]
        assert titles(queries.search(dana, looking_for(sort="shortest"))) == ["Gamma", "Beta", "alpha"]
        assert titles(queries.search(dana, looking_for(sort="newest"))) == ["alpha", "Gamma", "Beta"]
        assert titles(queries.search(dana, looking_for(sort="title", page="2"), size=2)) == ["Gamma"]
        assert titles(queries.search(dana, looking_for(sort="title", page="99"), size=2)) == ["Gamma"]


def test_number_of_queries_does_not_grow(cast) -> None:
    with acting(cast.coordinator) as dana:
        topic = make_term(dana, "Phonics")
        competency = competencies_of(cast.framework)[0]
        for number in range(3):
            make_resource(
                dana, f"Reading {number}", minutes=number + 1, term_ids=[topic.pk], competencies=[(competency.pk, 2)]
            )
        counted = []
        for page in (looking_for("Reading 1"), looking_for()):
            queries.search(dana, page)
            with CaptureQueriesContext(connection) as seen:
                queries.search(dana, page)
            counted.append(len(seen))
    assert counted == [4, 3]


def test_the_facts_for_ranking_are_held_until_the_catalog_changes(cast) -> None:
    with acting(cast.coordinator) as dana:
        first = make_resource(dana, "First", minutes=20, level=2, grades=["K"], language="es-MX")
        item = queries.facts_for_ranking(dana)[0]
        assert (item.id, item.minutes, item.level, item.grades_mask, item.language) == (first.pk, 20, 2, 2, "es")
        assert queries.facts_for_ranking(dana) is queries.facts_for_ranking(dana)
        second = make_resource(dana, "Second", prerequisite_ids=[first.pk])
        assert queries.facts_for_ranking(dana)[1].prerequisites == {first.pk}
        catalog.set_status(dana, resource_id=first.pk, status="retired")
        assert [one.id for one in queries.facts_for_ranking(dana)] == [second.pk]


def build_for(organisation) -> None:
    actor = system_of(organisation)
    with tenancy.within(actor.tenancy):
        build(actor)
