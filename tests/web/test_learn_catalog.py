"""The catalog's pages for an educator: searching, one resource, keeping, planning. All by plain forms."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lantern.domain.catalog import commands as catalog
from lantern.domain.catalog import queries
from lantern.domain.courses import queries as courses
from lantern.domain.credits import commands as credits
from lantern.domain.plans import queries as plans
from lantern.engine.search import word_vectors
from lantern.kernel import clock, tenancy
from tests.cast import acting, as_, competencies_of, system_of
from tests.domain.catalog_factory import build, make_resource, make_term

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def index_of_its_own(settings, tmp_path):
    settings.LANTERN_INDEX = tmp_path / "index"


@pytest.fixture
def shelf(cast):
    """Three resources, the third building on the first."""
    with acting(cast.coordinator) as dana:
        topic = make_term(dana, "Number sense")
        first = make_resource(
            dana, "Number talks", minutes=30, level=1, term_ids=[topic.pk], cost_cents=0,
            competencies=[(competencies_of(cast.framework)[2].pk, 2)], access_features=["captions"],
            description="## Why\n\n<script>alert(1)</script>", licence="CC BY 4.0", attribution="Ana Ruiz",
        )  # fmt: skip
        second = make_resource(dana, "Reading aloud", "video", minutes=10)
        third = make_resource(dana, "Number strings", minutes=60, prerequisite_ids=[first.pk])
        credits.set_rule(
            dana, name="Local hours", credit_type="Professional growth", effective_from=clock.today(),
            minutes_per_hour=60, step_minutes=15, most_minutes=600, outside_needs_evidence=True,
        )  # fmt: skip
    return first, second, third, topic


def body(response) -> str:
    return response.content.decode()


def test_catalog_shows_cards_counts_and_chips(client, cast, shelf) -> None:
    page = as_(client, cast.novice).get(reverse("learn:catalog"), {"kind": "course", "q": "number"})
    text = body(page)
    assert "Number talks" in text and "Number strings" in text and "Reading aloud" not in text
    assert "<strong>2</strong> of 3 resources fit" in text
    assert "Kind: Course" in text and "data-autosubmit" in text
    assert "alert(1)" not in text


@pytest.mark.requirement("A.6")
def test_every_card_and_page_says_its_hours(client, cast, shelf) -> None:
    signed_in = as_(client, cast.novice)
    assert "Counts as 0.50 hours (Professional growth)" in body(signed_in.get(reverse("learn:catalog")))
    page = body(signed_in.get(reverse("learn:resource", args=[shelf[2].pk])))
    assert "Will it count?" in page and "1.00 hours" in page


def test_htmx_gets_only_what_changes(client, cast, shelf) -> None:
    page = as_(client, cast.novice).get(reverse("learn:catalog"), {"q": "reading"}, headers={"HX-Request": "true"})
    assert "Reading aloud" in body(page) and "<html" not in body(page)


def test_nothing_fits_shows_the_way_on(client, cast, shelf) -> None:
    page = body(as_(client, cast.novice).get(reverse("learn:catalog"), {"kind": "book"}))
    assert "Nothing fits all of this" in page and "Clear all filters" in page
    assert page.count("Unknown") == 0


def test_empty_catalog_says_so(client, cast) -> None:
    assert "The catalog is still empty" in body(as_(client, cast.novice).get(reverse("learn:catalog")))


def test_strange_addresses_are_taken_calmly(client, cast, shelf) -> None:
    signed_in = as_(client, cast.novice)
    for query in (
        "?page=99999",
        "?page=x&sort=best&level=9",
        "?topic=nonsense",
        "?q=" + "x" * 3000,
        "?kind=%00",
        "?open=x",
    ):
        assert signed_in.get(reverse("learn:catalog") + query).status_code == 200, query


@pytest.mark.requirement("P7.2")
def test_a_resource_shows_its_competencies_levels_and_what_comes_first(client, cast, shelf) -> None:
    first, _, third, _ = shelf
    signed_in = as_(client, cast.novice)
    page = body(signed_in.get(reverse("learn:resource", args=[first.pk])))
    competency = competencies_of(cast.framework)[2]
    assert reverse("learn:competency", args=[competency.pk]) in page and "Building" in page
    assert "Captions" in page and "CC BY 4.0" in page and "Ana Ruiz" in page and "Number strings" in page
    assert "<script>alert" not in page
    later = body(signed_in.get(reverse("learn:resource", args=[third.pk])))
    assert "Good to do first" in later and "Not done yet" in later


def test_keeping_and_letting_go(client, cast, shelf) -> None:
    signed_in = as_(client, cast.novice)
    where = reverse("learn:keep", args=[shelf[0].pk])
    answer = signed_in.post(where, {"keep": "yes", "next": "/learn/?q=number"})
    assert (answer.status_code, answer["Location"]) == (303, "/learn/?q=number")
    assert signed_in.post(where, {"keep": "yes", "next": "//evil.example"})["Location"].startswith("/learn/resources/")
    assert "Number talks" in body(signed_in.get(reverse("learn:saved")))
    assert "Number talks" not in body(as_(client, cast.expert).get(reverse("learn:saved"))), "what I keep is mine"
    as_(client, cast.novice).post(where, {"keep": "no"})
    with acting(cast.novice) as nia:
        assert not queries.my_saved(nia).exists()


def test_into_the_plan_and_starting_now(client, cast, shelf) -> None:
    first, second, _, _ = shelf
    signed_in = as_(client, cast.novice)
    answer = signed_in.post(reverse("learn:add_to_plan", args=[first.pk]), {"monday": "", "goal_id": ""})
    assert answer.status_code == 303
    with acting(cast.novice) as nia:
        activity = courses.activity_for_resource(nia, first.pk)
        assert activity is not None
        item = plans.item_for_activity(nia, activity.pk)
        assert item is not None and item.monday is not None
        assert plans.item_for_activity(nia, activity.pk) == item
    assert "You have this already" in body(signed_in.get(reverse("learn:resource", args=[first.pk])))
    started = signed_in.post(reverse("learn:add_to_plan", args=[second.pk]), {"act": "start"})
    assert started.status_code == 303 and "/learn/activities/" in started["Location"]


def test_wrong_week_is_refused_in_the_form(client, cast, shelf) -> None:
    answer = as_(client, cast.novice).post(reverse("learn:add_to_plan", args=[shelf[0].pk]), {"monday": "2001-01-01"})
    assert answer.status_code == 422 and "Something here needs another look" in body(answer)
    with acting(cast.novice) as nia:
        assert courses.activity_for_resource(nia, shelf[0].pk) is None


def test_retired_is_shown_but_not_begun(client, cast, shelf) -> None:
    with acting(cast.coordinator) as dana:
        catalog.set_status(dana, resource_id=shelf[0].pk, status="retired")
    signed_in = as_(client, cast.novice)
    assert "Not offered any more" in body(signed_in.get(reverse("learn:resource", args=[shelf[0].pk])))
    assert signed_in.post(reverse("learn:add_to_plan", args=[shelf[0].pk]), {"act": "start"}).status_code == 409


def test_another_district_finds_nothing_here(client, cast, shelf) -> None:
    outsider = as_(client, cast.outsider)
    for name in ("learn:resource", "learn:keep", "learn:add_to_plan"):
        where = reverse(name, args=[shelf[0].pk])
        answer = outsider.get(where) if name == "learn:resource" else outsider.post(where, {"act": "start"})
        assert answer.status_code == 404, name
    assert "Number talks" not in body(outsider.get(reverse("learn:catalog")))


@pytest.mark.requirement("P5.2")
def test_saved_searches_follow_a_renamed_term(client, cast, shelf) -> None:
    topic = shelf[3]
    signed_in = as_(client, cast.novice)
    refused = signed_in.post(reverse("learn:save_search"), {"name": "", "topic": str(topic.pk)})
    assert refused.status_code == 422 and "Give this search a name." in body(refused)
    saved = signed_in.post(reverse("learn:save_search"), {"name": "Mine", "topic": str(topic.pk), "q": "number"})
    assert saved.status_code == 303 and "number" not in saved["Location"]
    with acting(cast.coordinator) as dana:
        catalog.rename_term(dana, term_id=topic.pk, label="Numeracy")
    assert "“number” · Numeracy" in body(signed_in.get(reverse("learn:saved")))
    with acting(cast.novice) as nia:
        (search,) = queries.my_searches(nia)
    where = reverse("learn:open_search", args=[search.pk])
    assert saved["Location"] == where  # an id: her words stand in the page, never in its address (trust.md C7)
    page = body(signed_in.get(where))
    assert 'value="number"' in page and f'value="{where}"' in page  # whoever keeps something comes back here
    assert "Number talks" in page and "Topic: Numeracy" in page and "Number sense" not in page
    assert as_(client, cast.expert).get(reverse("learn:open_search", args=[search.pk])).status_code == 404
    assert client.post(reverse("learn:delete_search", args=[search.pk])).status_code == 404
    assert as_(client, cast.novice).post(reverse("learn:delete_search", args=[search.pk])).status_code == 303


@pytest.mark.requirement("P4.1")
def test_tools_and_communities_are_found_by_kind(client, cast) -> None:
    with acting(cast.coordinator) as dana:
        make_resource(dana, "Seating planner", "tool")
        make_resource(dana, "First-year circle", "community")
    signed_in = as_(client, cast.novice)
    assert "Seating planner" in body(signed_in.get(reverse("learn:catalog"), {"kind": "tool"}))
    assert "First-year circle" in body(signed_in.get(reverse("learn:catalog"), {"kind": "community"}))


@pytest.mark.parametrize("name", ["learn:catalog", "learn:saved"])
def test_queries_do_not_grow_with_rows(client, cast, name) -> None:
    signed_in = as_(client, cast.novice)
    counted = []
    for rows in (1, 2):
        for number in range(rows):
            with acting(cast.coordinator) as dana:
                made = make_resource(dana, f"Resource {rows} {number}", minutes=10 * rows + number + 5)
            with acting(cast.novice) as nia:
                catalog.keep(nia, resource_id=made.pk)
                catalog.save_search(nia, name=f"{rows} {number}", filters={"kind": "course"})
        signed_in.get(reverse(name))
        with CaptureQueriesContext(connection) as seen:
            signed_in.get(reverse(name))
        counted.append(len(seen))
    assert counted[0] == counted[1] <= 14, counted


def test_queries_of_a_resource_do_not_grow_with_its_links(client, cast) -> None:
    signed_in = as_(client, cast.novice)
    counted = []
    for links in (1, 3):
        with acting(cast.coordinator) as dana:
            before = [make_resource(dana, f"Before {links} {number}").pk for number in range(links)]
            made = make_resource(
                dana, f"Linked {links}", prerequisite_ids=before,
                competencies=[(one.pk, 1) for one in competencies_of(cast.framework)[:links]],
                term_ids=[make_term(dana, f"Term {links} {number}").pk for number in range(links)],
            )  # fmt: skip
        with CaptureQueriesContext(connection) as seen:
            signed_in.get(reverse("learn:resource", args=[made.pk]))
        counted.append(len(seen))
    assert counted[0] == counted[1], counted


class Ids(HTMLParser):
    """Gathers the ids of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.ids += [value for name, value in attrs if name == "id"]


def test_ids_are_unique(client, cast, shelf) -> None:
    for where in (reverse("learn:catalog") + "?q=number", reverse("learn:resource", args=[shelf[0].pk])):
        found = Ids()
        found.feed(body(as_(client, cast.novice).get(where)))
        assert len(found.ids) == len(set(found.ids)), where


def test_the_page_says_what_was_found_by_meaning_only(cast, client, settings):
    if word_vectors.installed() is None:
        pytest.skip("the extra semantic is not installed (make setup-semantic)")
    settings.LANTERN_SEMANTIC = True
    with acting(cast.coordinator) as dana:
        make_resource(dana, "Phonics for beginning readers")
        make_resource(dana, "Singing together")
    system = system_of(cast.district)
    with tenancy.within(system.tenancy):
        build(system)
    page = body(as_(client, cast.novice).get(reverse("learn:catalog"), {"q": "music"}))
    assert "Singing together" in page and "Phonics for beginning readers" not in page
    assert "1 of these has none of your words but is about something similar." in page
    assert "verbatim=1" in page
    page = body(as_(client, cast.novice).get(reverse("learn:catalog"), {"q": "music", "verbatim": "1"}))
    assert "Singing together" not in page and "something similar" not in page
