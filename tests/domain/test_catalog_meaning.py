"""Search of the catalog by meaning, with the extra installed: found, said, by the same rules; and all without it."""

from __future__ import annotations

import pytest

from lantern.domain.catalog import commands as catalog
from lantern.domain.catalog import queries
from lantern.engine.search import word_vectors
from lantern.flows import search_index
from lantern.kernel import tenancy
from tests.cast import acting, system_of
from tests.domain.catalog_factory import count_of, looking_for, make_resource, titles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def with_the_extra(settings, tmp_path):
    if word_vectors.installed() is None:
        pytest.skip("the extra semantic is not installed (make setup-semantic)")
    settings.LANTERN_INDEX = tmp_path / "index"
    settings.LANTERN_SEMANTIC = True


@pytest.fixture
def shelf(cast):
    """What is offered in the district, and two things alike that the novice may not see."""
    with acting(cast.coordinator) as dana:
        singing = make_resource(dana, "Singing together", kind="video")
        make_resource(dana, "Phonics for beginning readers")
        make_resource(dana, "Planning a school trip")
        make_resource(dana, "Singing together, second part", status="draft")
    with acting(cast.outsider) as other:
        make_resource(other, "Singing together elsewhere")
    return singing


def build_for(organisation) -> int:
    actor = system_of(organisation)
    with tenancy.within(actor.tenancy):
        return search_index.build(actor)


def test_what_holds_none_of_the_words_is_found_and_counted_by_the_same_rules(cast, shelf) -> None:
    build_for(cast.district)
    with acting(cast.novice) as nia:
        page = queries.search(nia, looking_for("music"))
        assert titles(page) == ["Singing together"], "no draft, nothing of another district"
        assert (page.total, page.by_meaning) == (1, 1)
        assert count_of(page, "kind", "video") == 1
        assert queries.search(nia, looking_for("music", kind="course")).by_meaning == 0
        assert queries.search(nia, looking_for("singing")).by_meaning == 0, "it holds the word"


def test_the_words_alone_can_be_asked_for(cast, shelf) -> None:
    build_for(cast.district)
    with acting(cast.novice) as nia:
        assert queries.search(nia, looking_for("music", verbatim="1")).total == 0


def test_without_the_extra_it_is_the_words_that_find(cast, shelf, settings) -> None:
    settings.LANTERN_SEMANTIC = False
    build_for(cast.district)
    with acting(cast.novice) as nia:
        assert queries.search(nia, looking_for("music")).total == 0
        assert titles(queries.search(nia, looking_for("phonisc"))) == ["Phonics for beginning readers"]


def test_a_change_is_found_by_its_meaning_before_the_next_build(cast, shelf) -> None:
    build_for(cast.district)
    with acting(cast.coordinator) as dana:
        catalog.edit_resource(dana, resource_id=shelf.pk, title="Caring for a garden")
    with acting(cast.novice) as nia:
        assert titles(queries.search(nia, looking_for("gardening"))) == ["Caring for a garden"]
        assert queries.search(nia, looking_for("music")).total == 0


def test_an_index_from_before_the_extra_is_built_anew(cast, shelf, settings) -> None:
    settings.LANTERN_SEMANTIC = False
    build_for(cast.district)
    actor = system_of(cast.district)
    with tenancy.within(actor.tenancy):
        assert queries.is_index_current(actor)
        settings.LANTERN_SEMANTIC = True
        assert not queries.is_index_current(actor)
        search_index.rebuild(actor, below=False)
        assert queries.is_index_current(actor)
    with acting(cast.novice) as nia:
        assert queries.search(nia, looking_for("music")).by_meaning == 1
